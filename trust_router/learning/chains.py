"""Draws in chains: put one after the other, or thinned."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["RECOVERED", "SAMPLE_DIMS", "flat", "number_of_draws", "resampled", "thinned", "without"]

SAMPLE_DIMS = ("chain", "draw")
RECOVERED = {"trust", "seat_posterior", "need"}  # computed from the draws of a model


def number_of_draws(draws: xr.Dataset | xr.DataArray) -> int:
    """Count the draws of all chains."""
    return draws.sizes["chain"] * draws.sizes["draw"]


def flat(values: xr.DataArray, *dims: str) -> Array:
    """Draws of all chains one after the other, shape (sample, ...); other dims as named."""
    array = values.transpose(*SAMPLE_DIMS, *(dims or (...,))).values
    return np.asarray(array.reshape(-1, *array.shape[2:]))


def thinned(draws: xr.Dataset, most: int) -> xr.Dataset:
    """Keep every k-th draw of each chain, so that at most ``most`` are left over all chains."""
    step = -(-number_of_draws(draws) // most)
    return draws.isel(draw=slice(None, None, step))


def without(names: Iterable[str], draws: xr.Dataset) -> xr.Dataset:
    """Leave variables out, and the labels of dims that no other variable has."""
    rest = draws.drop_vars(names, errors="ignore")
    used = {dim for variable in rest.data_vars.values() for dim in variable.dims}
    return rest.drop_vars([name for name, x in rest.coords.items() if not {*x.dims} <= used])


def resampled(draws: xr.Dataset, origin: NDArray[np.intp]) -> xr.Dataset:
    """Take draws by their place in all chains, one after the other."""
    sizes = [draws.sizes[dim] for dim in SAMPLE_DIMS]

    def taken(values: xr.DataArray) -> xr.DataArray:
        ordered = values.transpose(*SAMPLE_DIMS, ...)
        inside = ordered.shape[2:]
        picked = ordered.values.reshape(-1, *inside)[origin].reshape(*sizes, *inside)
        return ordered.copy(data=picked)

    return draws.map(taken).drop_vars(SAMPLE_DIMS, errors="ignore")
