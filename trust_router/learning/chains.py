"""Draws in chains: put one after the other, or thinned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trust_router.basics.arrays import Array

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["SAMPLE_DIMS", "flat", "number_of_draws", "thinned"]

SAMPLE_DIMS = ("chain", "draw")


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
