"""A sampler that pretends: draws made by NumPy, so that fits need neither nutpie nor a compiler."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import xarray as xr
from scipy import special, stats
from support.toy import Deaf

import trust_router as tr
from trust_router.learning.compiled import CompiledModel, compile_model

VARIABLES = ("row_category", "trials", "observed")  # that a density needs; there may be others


@dataclass
class Pretended:
    """Stands for nutpie, for the toy model; keeps what it was asked for."""

    asked: dict[str, Any] = field(default_factory=dict)
    shift: float = 0.0  # of the first chain
    cancelled: bool = False

    def compile_pymc_model(self, model) -> Density:
        self.model = model
        return Density(self, {})

    def sample(self, density, **settings) -> Running:
        self.asked = {"data": density.data, **settings}
        sizes = (settings["chains"], settings["draws"])
        return Running(self, drawn(density.data, sizes, settings["seed"], self.shift))


@dataclass
class Density:
    """Stands for a compiled density, which takes data by name."""

    sampler: Pretended
    data: dict[str, Any]

    @property
    def shared_var_keys(self) -> list[Any]:
        return [SimpleNamespace(name=name) for name in VARIABLES]

    def with_data(self, **data) -> Density:
        return Density(self.sampler, data)


@dataclass
class Running:
    """Stands for sampling that goes on elsewhere."""

    sampler: Pretended
    tree: xr.DataTree

    def wait(self) -> xr.DataTree:
        return self.tree

    def cancel(self) -> None:
        self.sampler.cancelled = True


def drawn(data, sizes, seed, shift=0.0) -> xr.DataTree:
    """Levels about those of counts, as the toy model could have them."""
    rng = np.random.default_rng(seed)
    trials, needs = (np.bincount(data["row_category"], data[k]) for k in ("trials", "observed"))
    even = stats.norm(0, 0.3).ppf((np.arange(sizes[1]) + 0.5) / sizes[1])  # in any order
    noise = rng.permuted(np.broadcast_to(even, (sizes[0], len(trials), sizes[1])), axis=2)
    noise = noise.swapaxes(1, 2).copy()
    noise[0] += shift
    level = special.logit((needs + 1) / (trials + 2)) + noise
    still = np.zeros(sizes, dtype=bool)
    flags = dict.fromkeys(("diverging", "maxdepth_reached"), (("chain", "draw"), still))
    flags["energy"] = (("chain", "draw"), rng.normal(size=sizes))
    flags["message"] = (("chain", "draw"), np.full(sizes, None, dtype=object))
    coords = {"chain": np.arange(sizes[0]), "draw": np.arange(sizes[1])}
    held = {"level": (("chain", "draw", "category"), level)}
    return xr.DataTree.from_dict(
        {"posterior": xr.Dataset(held, coords), "sample_stats": xr.Dataset(flags, coords)}
    )


SEATS = tr.Panel(
    [tr.Router("r", {"a": 0.25, "b": 0.75})],
    [tr.Judge("a", tr.Beta(2, 3)), tr.Judge("b", tr.Beta(4, 1))],
)
STATED = tr.stated_beliefs(SEATS, ["x", "y"])
COUNTS = tr.Outcomes(["x", "y"], [9, 4], [2, 3])
SHORT = {"draws": 300, "tune": 20, "chains": 3, "cores": 2, "target_accept": 0.7}


def compiled_toy(**settings) -> CompiledModel:
    """Compile the toy model for two categories; with the sampler above in a moment."""
    return compile_model(SEATS, STATED, COUNTS, model=Deaf(1.2), **SHORT | settings)
