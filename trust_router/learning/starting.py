"""Draws that updates start from, and how they learn of categories and periods that are new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import xarray as xr

from trust_router.basics.arrays import Array
from trust_router.basics.chance import generator_of
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import RECOVERED, SAMPLE_DIMS
from trust_router.learning.models.kind import Model
from trust_router.learning.models.vector import Vector, log_prior_of_rates
from trust_router.learning.models.walks import WALKS, drifts, stepped
from trust_router.learning.reweighting import Affine

if TYPE_CHECKING:
    from trust_router.learning.posterior import Posterior

__all__ = ["BASE", "Base", "density_of", "grown", "log_density", "starting"]

BASE = "base"  # group of the draws of the last fit, which every update starts from
_MOST = 200  # coordinates; of more, draws tell too little about covariances


@dataclass(frozen=True, eq=False)
class Base:
    """Draws that updates start from.

    Attributes
    ----------
    draws : xarray.Dataset
        Of the free parameters.
    log_density : ndarray, shape (sample,)
        Up to a constant, of what they are draws of.
    way : Affine or None
        Where the last update moved them; None where they are not moved.
    """

    draws: xr.Dataset
    log_density: Array
    way: Affine | None


def starting(posterior: Posterior) -> Base:
    """Take the draws that updates start from: those of the last fit."""
    if BASE in posterior.data.children:
        held = posterior.data[BASE].to_dataset()
        own = {"log_density", "scale", "shift"}
        way = Affine(held["scale"].values, held["shift"].values) if "scale" in held else None
        return Base(held.drop_vars(own & set(held)), held["log_density"].values.ravel(), way)
    options, panel, rows = posterior.options, posterior.panel, posterior.rows
    sampled = posterior.data["posterior"].to_dataset()
    draws = sampled.drop_vars(RECOVERED, errors="ignore")
    vector = options.vector(panel, rows)
    if vector is None or vector.size > _MOST or options.clock() is not None:
        return Base(draws, log_density(options, draws, panel, rows), None)
    points = vector.pack(draws)
    density = density_of(options, vector, panel, rows)
    return Base(
        vector.unpack(points, draws.sizes["chain"]), density(points), Affine.none(vector.size)
    )


def grown(base: Base, options: Model, panel: Panel, old: Rows, rows: Rows) -> Base | None:
    """Give the draws effects of new categories and steps into new periods, from the prior.

    None if that cannot be done.
    """
    if rows.periods != old.periods:
        if rows.categories != old.categories or not drifts(old):
            return None
        return replace(base, draws=_walked_on(base.draws, options, old, rows))
    return _with_categories(base, options, panel, old, rows)


def density_of(
    options: Model, vector: Vector, panel: Panel, rows: Rows
) -> Callable[[Array], Array]:
    """Log density of the posterior at vectors, up to a constant."""
    known = options.likelihood(panel, rows)

    def density(points: Array) -> Array:
        return np.asarray(known(vector.unpack(points)) + vector.log_prior(points))

    return density


def log_density(options: Model, draws: xr.Dataset, panel: Panel, rows: Rows) -> Array:
    """Log density of the posterior at draws that are not moved, up to a constant.

    Priors are left out, but of what other outcomes, or other periods, make other draws.
    """
    total = options.likelihood(panel, rows)(draws)
    noise = getattr(options, "noise", None)
    if options.clock() is not None:
        vector = cast("Vector", options.vector(panel, rows))
        return np.asarray(total + vector.log_prior(vector.pack(draws)))
    if noise is not None:
        return np.asarray(total + log_prior_of_rates(noise.after(rows.mistakes), draws))
    return total


def _walked_on(draws: xr.Dataset, options: Model, old: Rows, rows: Rows) -> xr.Dataset:
    """Let the walks go on into periods after those of old, and come from some before them.

    Parameters that walk are those of the last period, so that each new step moves them.
    """
    first = rows.periods.index(old.periods[0])
    before, after = rows.periods[1 : first + 1], rows.periods[first + len(old.periods) :]
    tail = float(getattr(options, "drift_tail", 0.0))
    present = {"level": "intercept", "gain": "gain", "judge": "judge_gain"}
    changed: dict[str, Any] = {}
    for name in WALKS:
        if f"{name}_step" not in draws:
            continue
        z = draws[f"{name}_step"].transpose(*SAMPLE_DIMS, ..., "step")
        fresh = [
            np.stack([_fresh("step", name, label, z.shape[:-1]) for label in labels], axis=-1)
            if labels
            else np.empty((*z.shape[:-1], 0))
            for labels in (before, after)
        ]
        steps = np.concatenate([fresh[0], z.values, fresh[1]], axis=-1)
        changed[f"{name}_step"] = (z.dims, steps)
        scale = draws[f"{name}_scale"].values.reshape(*z.shape[:2], *[1] * (z.ndim - 2))
        moved = stepped(fresh[1], scale, tail).sum(axis=-1)
        changed[present[name]] = draws[present[name]] + xr.DataArray(moved, dims=z.dims[:-1])
    kept = draws.drop_dims("step").drop_vars([present[n] for n in WALKS], errors="ignore")
    rest = {name: draws[name] for name in present.values() if name in draws}
    return kept.assign(rest | changed)


def _fresh(*names: Any) -> Array:
    *labels, sizes = names
    return np.asarray(generator_of(*labels).standard_normal(sizes))


def _with_categories(
    base: Base, options: Model, panel: Panel, old: Rows, rows: Rows
) -> Base | None:
    new = rows.categories[len(old.categories) :]
    if not new:
        return base
    vector = options.vector(panel, rows)
    alike = len(old.categories) > 1 or (vector is not None and vector.category_scale is None)
    if "category" not in base.draws.dims and alike:
        return base
    if "category_z" not in base.draws or base.way is None:
        return None
    before = cast("Vector", options.vector(panel, old))
    values = before.unpack(base.way(before.pack(base.draws)), base.draws.sizes["chain"])
    sizes = [values.sizes[dim] for dim in SAMPLE_DIMS]
    fresh = np.stack([_fresh("new category", name, sizes) for name in new], axis=-1)
    spread = np.sqrt(1 + 1 / len(old.categories))
    effects = np.concatenate([values["category_z"].values, spread * fresh], axis=-1)
    middle = effects.mean(axis=-1)
    with_new = values.drop_dims("category").assign(
        intercept=values["intercept"] + values["category_sd"] * middle,
        category_z=((*SAMPLE_DIMS, "category"), effects - middle[..., None]),
    )
    size = cast("Vector", vector).size
    density = base.log_density - (fresh**2).sum(axis=-1).ravel() / 2
    return Base(with_new, density, Affine.none(size))
