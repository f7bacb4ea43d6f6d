"""Needs: what the cost of any policy is told from, whatever calls and failures cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.decisions.costs import Costs
from trust_router.defaults import POINTWISE_VALUES, SAVINGS_DRAWS
from trust_router.inputs.keyed import UNTRIED
from trust_router.inputs.rows import Rows
from trust_router.learning.posterior import Posterior

__all__ = ["Needs", "alone", "needs_of", "shares"]


@dataclass(frozen=True, eq=False)
class Needs:
    """What policies are told from, whatever the costs.

    Attributes
    ----------
    rows : Rows
        Those that bring tickets.
    drawn : ndarray, shape (draw, row)
        Need of their tickets.
    mean : ndarray, shape (row,)
    of_category : ndarray, shape (category,)
        Expected need, by which whole categories are decided.
    share : ndarray, shape (row,)
        Of all tickets.
    today : ndarray, shape (row,), or None
        Share of the tickets of each row that the complex model alone answered; None where it is
        not known who answered.
    """

    rows: Rows
    drawn: Array
    mean: Array
    of_category: Array
    share: Array
    today: Array | None

    def escalated(self, costs: Costs, *, by_category: bool) -> Array:
        """Tell which share of each row's tickets is escalated, shape (row,): 0 or 1."""
        whole = costs.escalates(self.of_category)
        if self.rows.about == "category":
            return whole.astype(float)
        if by_category:
            return _as_a_whole(self.rows, whole, self.mean, costs).astype(float)
        return costs.escalates(self.mean).astype(float)


def needs_of(
    posterior: Posterior,
    *,
    volume: Sequence[float] | None = None,
    draws: int = SAVINGS_DRAWS,
    random_seed: int | None = None,
) -> Needs:
    """Draw need of all tickets, of what has been checked; see `savings`."""
    need, rows, today = posterior.need_distribution(), posterior.rows, alone(posterior.rows)
    of_category = need.given(0.0).mean.mean(axis=0)
    if rows.about == "category":
        drawn, mean = need.sample(draws, random_seed), need.mean
    else:
        some = np.flatnonzero(rows.number)
        # What is decided is decided now, whenever such tickets came.
        rows, today = rows.timeless().take(some), None if today is None else today[some]
        drawn = posterior.need_draws(rows, max(1, min(draws, POINTWISE_VALUES // len(rows))))
        mean = drawn.mean(axis=0)
    return Needs(rows, drawn, mean, of_category, shares(rows, volume), today)


def alone(rows: Rows) -> Array | None:
    """Share of each row's tickets that the complex model alone answered.

    None where nobody said who answered, or not of which tickets.
    """
    held, matches = rows.tickets, rows.matches
    if held is None or matches is None or not matches.observed.untried:
        return None
    if held.untried != matches.observed.untried:
        return None
    gone = np.bincount(held.row[held.outcome == UNTRIED], minlength=len(rows))
    return np.asarray(gone / np.maximum(rows.number, 1))


def shares(rows: Rows, volume: Sequence[float] | None) -> Array:
    """Share of all tickets that each row stands for; they sum to 1.

    A stated volume is one of categories, so tickets without a category have no share in it.
    """
    if volume is None:
        number = rows.number.astype(float)
        return number / number.sum() if number.any() else np.full(len(rows), 1 / len(rows))
    stated = np.asarray(volume, dtype=float)
    if stated.shape != (len(rows.categories),) or not np.all(stated >= 0):
        raise ValueError(
            f"`volume` must be {len(rows.categories)} numbers of 0 or more, one a category; "
            f"got {volume}"
        )
    if not 0 < stated.sum() < np.inf:
        raise ValueError("`volume` must have a positive, finite sum; no category brings tickets")
    if rows.about == "category":
        return np.asarray(stated / stated.sum())
    counts = rows.counts()
    seen = counts.trials + counts.missing
    if (without := (seen == 0) & (stated > 0)).any():
        name = rows.categories[int(without.argmax())]
        raise ValueError(
            f"`volume` gives tickets to category {name!r}, of which no ticket was seen; "
            "their need is not known"
        )
    each = np.divide(stated, seen, out=np.zeros_like(stated), where=seen > 0)
    return rows.of_category(each / stated.sum(), 0.0) * rows.number


def _as_a_whole(
    rows: Rows, by_category: NDArray[np.bool_], need: Array, costs: Costs
) -> NDArray[np.bool_]:
    """Choose for each row by its category; those without one are decided for together."""
    outside = rows.category < 0
    if not outside.any():
        return by_category[rows.category]
    together = np.average(need[outside], weights=rows.number[outside])
    return rows.of_category(by_category.astype(float), float(costs.escalates(together))) > 0
