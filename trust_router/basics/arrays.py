"""Arrays: what they are called, and how long ones are taken a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Array", "Counts", "blocks", "floats"]

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

_AT_ONCE = 4_000_000  # values


def blocks(rows: int, values: int, at_once: int = _AT_ONCE) -> Iterator[slice]:
    """Cut rows into blocks, to bound memory.

    Parameters
    ----------
    rows : int
        How many there are.
    values : int
        That are held for each row while it is worked on.
    at_once : int
        Values of a block, at most; a block has at least one row.

    Examples
    --------
    >>> [(part.start, part.stop) for part in blocks(5, values=10, at_once=20)]
    [(0, 2), (2, 4), (4, 5)]
    """
    step = max(1, at_once // max(1, values))
    for start in range(0, rows, step):
        yield slice(start, min(start + step, rows))


def floats(values: ArrayLike) -> Array:
    """Copy numbers to floats, NaN where they are masked or missing.

    Raises
    ------
    TypeError
        If they are text, times or complex numbers, which NumPy would make numbers of.
    ValueError
        If they are no array.

    Examples
    --------
    >>> floats(np.ma.array([1, 2], mask=[False, True]))
    array([ 1., nan])
    """
    if isinstance(values, list | tuple) and any(isinstance(v, np.ma.MaskedArray) for v in values):
        values = np.ma.stack(values)
    if isinstance(values, np.ma.MaskedArray):
        given = values.data
        _refuse_others(given)
        array = np.array(given, dtype=float)
        array[np.ma.getmaskarray(values)] = np.nan
        return array
    given = np.asarray(values)
    _refuse_others(given)
    return np.array(given, dtype=float)


def _refuse_others(given: NDArray[Any]) -> None:
    wrong = (str, bytes, complex, np.complexfloating, np.datetime64, np.timedelta64)
    if given.dtype.kind not in "biufO" or (
        given.dtype == object and any(isinstance(value, wrong) for value in given.flat)
    ):
        raise TypeError("not numbers")
