"""Flags: answers far from what the same judge says of the same kind of ticket."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.defaults import FLAG_SCALE_LEAST, FLAG_SCORE, FLAG_TICKETS

__all__ = ["unusual"]

_NORMAL = 1.4826  # median absolute deviations in a standard deviation of normal values


def unusual(need: Array, category: Sequence[str]) -> Array:
    r"""Score how far each answer lies from what the same judge says of such tickets.

    Parameters
    ----------
    need : ndarray, shape (ticket, judge)
        Expected need under each belief; NaN where missing.
    category : sequence of str
        Category of each ticket.

    Returns
    -------
    ndarray, shape (ticket, judge)
        Robust standard deviations from the median; NaN where there are too few answers to say.
        Above 3.5 an answer is flagged.

    Notes
    -----
    With :math:`x` the log-odds of need, the score is
    :math:`|x - m| / \max(1.4826\,d, 0.5)`, where :math:`m` is the median and :math:`d` the median
    absolute deviation of all answers of the judge about the category; of all its answers if those
    are 8 or fewer. A judge that always says the same has no deviation, so 0.5 is the least that
    counts.

    Examples
    --------
    >>> need = np.array([0.2, 0.25, 0.2, 0.3, 0.2, 0.25, 0.2, 0.3, 0.22, 0.97])[:, None]
    >>> (unusual(need, ["refund"] * 10) > 3.5).ravel().nonzero()
    (array([9]),)
    """
    with np.errstate(divide="ignore"):
        x = np.log(need) - np.log1p(-need)
    names, code = np.unique(np.asarray(category, dtype=str), return_inverse=True)
    scores = np.full(x.shape, np.nan)
    for judge in range(x.shape[1]):
        column = x[:, judge]
        scores[:, judge] = _scores(column)
        for place in range(len(names)):
            at = np.flatnonzero((code == place) & ~np.isnan(column))
            if len(at) > FLAG_TICKETS:
                scores[at, judge] = _scores(column[at])
    return scores


def flagged(scores: Array) -> NDArray[np.bool_]:
    """Tell which scores are for a person to look at."""
    return np.nan_to_num(scores) > FLAG_SCORE


def _scores(x: Array) -> Array:
    """Score each value; NaN where it or the rest is missing."""
    from scipy.stats import median_abs_deviation

    known = ~np.isnan(x)
    if known.sum() <= FLAG_TICKETS:
        return np.full(x.shape, np.nan)
    spread = _NORMAL * median_abs_deviation(x[known])
    return np.asarray(np.abs(x - np.median(x[known])) / max(float(spread), FLAG_SCALE_LEAST))
