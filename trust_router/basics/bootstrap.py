"""Bootstrap: a statistic of samples drawn again, and the interval that it falls into."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from trust_router.basics.arrays import Array, blocks

__all__ = ["percentiles", "replicates"]


def replicates(
    draw: Callable[[int], Array], statistic: Callable[[Array], Array], number: int, values: int
) -> Array:
    """Compute a statistic of samples that are drawn a few at a time, to bound memory.

    Parameters
    ----------
    draw : callable
        Gives so many samples, shape (sample, ...): weights of cases, counts, or whatever
        ``statistic`` takes. Drawn one after the other, they are the same however many are drawn
        at a time.
    statistic : callable
        Gives its value for each of some samples, shape (sample, ...).
    number : int
        Of samples.
    values : int
        That are held for one sample.

    Returns
    -------
    ndarray, shape (number, ...)

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> waits = np.array([3.0, 8.0, 5.0, 9.0])
    >>> def draw(number):
    ...     return rng.multinomial(4, [1 / 4] * 4, number)
    >>> means = replicates(draw, lambda weight: weight @ waits / 4, 500, values=4)
    >>> low, high = percentiles(means, 0.9)
    >>> bool(low < waits.mean() < high)
    True
    """
    parts = [np.asarray(statistic(draw(part.stop - part.start))) for part in blocks(number, values)]
    return np.concatenate(parts)


def percentiles(drawn: ArrayLike, ci_prob: float, axis: int = 0) -> tuple[Array, Array]:
    """Give the equal-tailed interval of what was drawn, along an axis.

    Draws that are NaN, where a statistic is not defined, are left out; where all are, so are the
    ends.

    Returns
    -------
    tuple of ndarray
        Lower and upper end, without the axis.
    """
    values = np.asarray(drawn, dtype=float)
    tails = [(1 - ci_prob) / 2, (1 + ci_prob) / 2]
    unknown = np.isnan(values)
    if not unknown.any():
        low, high = np.quantile(values, tails, axis=axis)
        return np.asarray(low), np.asarray(high)
    empty = unknown.all(axis=axis, keepdims=True)
    ends = np.nanquantile(np.where(empty, 0.0, values), tails, axis=axis)
    low, high = np.where(empty.squeeze(axis), np.nan, ends)
    return low, high
