"""Arrays: what they are called, and how long ones are taken a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["Array", "Counts", "blocks"]

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
