"""A budget: the share of tickets that may be escalated at most."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array, Counts
from trust_router.basics.checks import is_number, shown

__all__ = ["check_share", "limit"]


def check_share(share: float) -> float:
    """Check a share of tickets.

    Raises
    ------
    ValueError
        If it is no number from 0 to 1.
    """
    if not (is_number(share) and 0 <= share <= 1):
        raise ValueError(f"`share` must be a number from 0 to 1; got {shown(share)}")
    return float(share)


def limit(
    worth: Array, share: float, number: Counts | None = None
) -> tuple[float, NDArray[np.bool_]]:
    """Find above which worth tickets are escalated, so that no more than a share are.

    Tickets of equal worth are treated alike, and so are later ones that are held against the limit:
    where not all of them fit, none is escalated.

    Parameters
    ----------
    worth : ndarray, shape (ticket,)
    share : float
    number : ndarray of int, shape (ticket,), optional
        How many tickets each stands for; default: for itself.

    Returns
    -------
    limit : float
    escalates : ndarray of bool, shape (ticket,)

    Examples
    --------
    >>> limit(np.array([0.1, 0.9, 0.4, 0.4]), 0.5)
    (0.4, array([False,  True, False, False]))
    """
    each = np.ones(len(worth), dtype=np.int64) if number is None else number
    fit = math.floor(share * int(each.sum()) + 1e-9)  # 0.29 * 100 is 28.999...
    if fit >= each.sum():
        return -math.inf, np.ones(len(worth), dtype=bool)
    order = np.argsort(worth)[::-1]
    # The first ticket, from the top, that no longer fits.
    least = float(worth[order][np.searchsorted(each[order].cumsum(), fit, side="right")])
    return least, worth > least
