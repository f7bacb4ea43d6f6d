"""Instants: moments of UTC as an array, NaT where nobody knows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trust_router.basics.checks import shown

__all__ = ["INSTANT", "Instants", "instants"]

INSTANT = np.dtype("datetime64[us]")
Instants = NDArray[np.datetime64]

# What is outside is a slip, or a stand-in for "never".
_FIRST, _END = np.array(["1000-01-01", "3000-01-01"], dtype=INSTANT)


def instants(name: str, given: ArrayLike) -> Instants:
    """Give a list of datetime64 as instants in microseconds.

    Raises
    ------
    ValueError
        If they are no datetime64, have more than one dimension, or lie outside the years 1000 to
        2999.

    Examples
    --------
    >>> instants("time", np.array(["2026-09-01", "NaT"], dtype="datetime64[D]"))
    array(['2026-09-01T00:00:00.000000',                        'NaT'],
          dtype='datetime64[us]')
    """
    array = np.asarray(given)
    if array.dtype.kind != "M" or array.ndim != 1:
        raise ValueError(
            f"`{name}` must be a list of datetime64, instants of UTC; got {shown(given)}"
        )
    array = array.astype(INSTANT)
    wrong = np.flatnonzero((array < _FIRST) | (array >= _END))
    if len(wrong):
        raise ValueError(
            f"`{name}` must lie in the years 1000 to 2999; got {array[wrong[0]]} at position "
            f"{wrong[0]}"
        )
    return array
