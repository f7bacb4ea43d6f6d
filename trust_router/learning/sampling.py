"""Sampling a compiled density: how long, and until when."""

from __future__ import annotations

import time
import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from trust_router import defaults
from trust_router.learning.diagnostics import least_ess
from trust_router.learning.settings import Settings

__all__ = ["Run", "run_nutpie"]

_BLOCK = 250  # draws per chain after which it is asked whether they are enough
_FIRST_LOOK, _LOOKS = 0.2, 0.15  # seconds, and share of the time gone by, between two looks


@dataclass(frozen=True)
class Run:
    """How a density of some rows is sampled.

    Where rows are few a draw costs next to nothing: all are taken, and errors are as small as they
    can be. Where they are many, sampling ends as soon as the draws are enough. What is nearly
    Gaussian needs fewer steps to adapt in.

    Attributes
    ----------
    draws, tune : int
        Per chain.
    until_enough : bool
        Whether ``draws`` are the most, not all, that are taken.
    """

    draws: int
    tune: int
    until_enough: bool

    @classmethod
    def of(cls, settings: Settings, rows: int, gaussian: bool) -> Run:
        """Choose what the settings leave open, see `Model.gaussian`."""
        tune = defaults.TUNE_GAUSSIAN if gaussian else defaults.TUNE
        return cls(
            defaults.DRAWS if settings.draws is None else settings.draws,
            tune if settings.tune is None else settings.tune,
            rows > defaults.MANY_ROWS and settings.draws is None,
        )


def run_nutpie(
    density: Any, seed: int, progress: bool, settings: Settings, run: Run
) -> xr.DataTree:
    """Sample; if interrupted, stop and give nothing.

    Where rows are many, as many chains run at once as there are cores: more of them crowd each
    other out of fast memory. The first say how many draws are enough, and the others take as many.
    """
    if not run.until_enough:
        return _run(density, seed, progress, settings, run, settings.chains)
    together = max(1, min(settings.cores, settings.chains))
    starts = range(0, settings.chains, together)
    seeds = np.random.SeedSequence(seed).generate_state(len(starts)).tolist()
    parts: list[xr.DataTree] = []
    for start, own in zip(starts, seeds, strict=True):
        chains = min(together, settings.chains - start)
        enough = defaults.ENOUGH_ESS * chains / settings.chains
        parts.append(_run(density, own, progress, settings, run, chains, enough))
        run = replace(run, draws=_shortest(parts[0]), until_enough=False)
    return _side_by_side(parts)


def _run(
    density: Any,
    seed: int,
    progress: bool,
    settings: Settings,
    run: Run,
    chains: int,
    enough: float = defaults.ENOUGH_ESS,
) -> xr.DataTree:
    """Sample some chains."""
    import nutpie

    running = nutpie.sample(
        density,
        seed=seed,
        progress_bar=progress,
        save_warmup=False,
        blocking=False,
        draws=run.draws,
        tune=run.tune,
        chains=chains,
        cores=settings.cores,
        target_accept=settings.target_accept,
        adaptation="diag",
    )
    try:
        return _until_enough(running, enough) if run.until_enough else running.wait()
    except BaseException:
        # Left to itself nutpie would return what it has as if it were all that was asked for.
        running.cancel()
        raise


def _side_by_side(parts: list[xr.DataTree]) -> xr.DataTree:
    """Put chains that ran one after the other beside each other."""
    if len(parts) == 1:
        return parts[0]
    joined = {}
    for name in parts[0].children:
        first, chains = 0, []
        for part in parts:
            held = part[name].to_dataset()
            chains.append(held.assign_coords(chain=first + np.arange(held.sizes["chain"])))
            first += held.sizes["chain"]
        joined[name] = xr.concat(chains, "chain")
    return xr.DataTree.from_dict(joined)


def _until_enough(running: Any, enough: float = defaults.ENOUGH_ESS) -> xr.DataTree:
    """Give the first blocks of draws that are enough.

    Which these are depends on the draws alone, not on when they were looked at: blocks are asked
    about in their order, and what was drawn beyond is dropped.
    """
    start, upto = time.monotonic(), _BLOCK
    while True:
        finished = _finished(running)
        tree: xr.DataTree = running.wait() if finished else _so_far(running)
        drawn = _shortest(tree)
        while upto <= drawn:
            first = tree.isel(draw=slice(upto))
            if _enough(first["posterior"].to_dataset(), enough):
                if not finished:
                    running.cancel()
                return first
            upto += _BLOCK
        if finished:
            return tree
        time.sleep(max(_FIRST_LOOK, _LOOKS * (time.monotonic() - start)))


def _finished(running: Any) -> bool:
    try:
        return bool(running.is_finished)
    except TimeoutError:  # so nutpie says that it is busy
        return False


def _so_far(running: Any) -> xr.DataTree:
    with warnings.catch_warnings():
        # Of chains that have hardly begun ArviZ asks whether their dims are in the right order.
        warnings.filterwarnings("ignore", "Found chain dimension", UserWarning)
        tree: xr.DataTree = running.inspect()
    return tree


def _shortest(tree: xr.DataTree) -> int:
    """Draws that all chains have; what one has not drawn yet is NaN."""
    posterior = tree["posterior"].to_dataset()
    values = next(iter(posterior.data_vars.values()))
    inside = [dim for dim in values.dims if dim not in {"chain", "draw"}]
    return int(values.notnull().all(inside).sum("draw").min())


def _enough(draws: xr.Dataset, enough: float = defaults.ENOUGH_ESS) -> bool:
    """Whether every variable has the effective draws that are aimed at, bulk and tail."""
    return all(ess >= enough for ess in least_ess(draws))
