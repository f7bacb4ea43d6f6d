"""What one more outcome would be worth, where tickets of a category differ in need too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.given import Given
from trust_router.decisions.costs import Costs
from trust_router.decisions.worth import least, value_of_outcome
from trust_router.inputs.rows import Rows
from trust_router.learning.posterior import Posterior

__all__ = ["worth_of_outcome"]

_STAND_FOR_ALL = 200  # so many tickets stand for all of a category


def worth_of_outcome(posterior: Posterior, need: Given, costs: Costs) -> Array:
    """Worth of one more outcome under each draw, shape (sample, category).

    In the pool it is that of one of the category's tickets, each of which has a need of its own.
    """
    values = value_of_outcome(need, costs)
    rows, facts = posterior.rows.timeless(), posterior.facts  # of tickets to come
    if not (rows.about == "ticket" and facts.pooled and facts.predicts):
        return values
    for c in range(len(rows.categories)):
        at, weight = _standing_for(rows, c)
        if len(at):
            chance = posterior.need_draws(rows.take(at), len(values))
            values[:, c] = _of_ticket(need.mean[:, c], chance, weight, costs)
    return values


def _of_ticket(need: Array, chance: Array, weight: Array, costs: Costs) -> Array:
    """Worth of the outcome of one of a category's tickets, whose needs differ.

    Parameters
    ----------
    need : ndarray, shape (sample,)
        Mean need of the category under each draw.
    chance : ndarray, shape (sample, ticket)
        Need of its tickets: the probability of a 1.
    weight : ndarray, shape (ticket,)
        How likely the outcome is to be that of each ticket; they sum to 1.
    costs : Costs

    Notes
    -----
    After a 1 of ticket i the mean need of the category is E[need_i need] / E[need_i]: not every
    outcome says as much.
    """
    mean = need[:, None]
    now = least(np.ones_like(mean), mean, costs)[:, 0]
    after_one = least(chance, chance * mean, costs)
    after_zero = least(1 - chance, (1 - chance) * mean, costs)
    return np.asarray(now - (after_one + after_zero) @ weight)


def _standing_for(rows: Rows, category: int) -> tuple[NDArray[np.intp], Array]:
    """Choose tickets that stand for all of a category, and say for how many each does."""
    inside = np.flatnonzero(rows.category == category)
    counts = np.maximum(rows.number[inside], 1)
    if len(inside) > _STAND_FOR_ALL:
        # From the easiest to the hardest, in equal steps; where no judge speaks, last.
        heard = ~np.isnan(rows.mean[inside])
        mean = np.nansum(rows.mean[inside], axis=1) / np.maximum(heard.sum(axis=1), 1)
        order = np.argsort(np.where(heard.any(axis=1), mean, np.inf), kind="stable")
        upto = counts[order].cumsum()
        middles = (np.arange(_STAND_FOR_ALL) + 0.5) / _STAND_FOR_ALL * upto[-1]
        chosen, counts = np.unique(order[np.searchsorted(upto, middles)], return_counts=True)
        inside = inside[chosen]
    return inside, counts / counts.sum()
