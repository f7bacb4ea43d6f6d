"""Ranking: how well a score puts ones above zeros, with its error."""

from __future__ import annotations

import numpy as np

from trust_router.basics.arrays import Array, Counts

__all__ = ["auc_with_error"]


def auc_with_error(score: Array, zeros: Counts, ones: Counts) -> tuple[float, float]:
    """Area under the ROC curve of scores with counts, and its standard error.

    Parameters
    ----------
    score : ndarray, shape (row,)
    zeros, ones : ndarray, shape (row,)
        How many zeros and ones have that score.

    Returns
    -------
    auc, error : float
        NaN if there are not two of each.

    Notes
    -----
    DeLong's error [1]_, from how each one stands among the zeros and the other way round; where all
    are told apart it would be 0, and is that of a score that says nothing.

    References
    ----------
    .. [1] E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, "Comparing the areas under two or
       more correlated receiver operating characteristic curves", Biometrics 44, 1988.

    Examples
    --------
    >>> auc_with_error(np.array([1.0, 2.0]), np.array([3, 1]), np.array([1, 3]))[0]
    0.75
    """
    place = np.unique(score, return_inverse=True)[1]
    m, n = (np.bincount(place, counts) for counts in (zeros, ones))
    total_m, total_n = m.sum(), n.sum()
    if min(total_m, total_n) < 2:
        return np.nan, np.nan
    above = (m.cumsum() - m / 2) / total_m  # share of zeros below a one
    below = 1 - (n.cumsum() - n / 2) / total_n  # share of ones above a zero
    auc = float(above @ n / total_n)
    spread = [
        (counts @ (shares - auc) ** 2) / (total - 1) / total
        for shares, counts, total in ((above, n, total_n), (below, m, total_m))
    ]
    blind = (total_m + total_n + 1) / (12 * total_m * total_n)
    separate = auc in (0.0, 1.0)
    return auc, float(np.sqrt(blind if separate else sum(spread)))
