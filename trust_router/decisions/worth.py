"""What knowing more would be worth before a decision, per ticket decided.

Each is a mean over draws: functions give its value under each draw, with the choices that the means
over all draws lead to, so that its Monte Carlo error is that of a mean.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.given import Given
from trust_router.decisions.costs import Costs
from trust_router.decisions.ticket_costs import TicketCosts

__all__ = ["value_of_knowing", "value_of_outcome", "value_of_router", "value_of_ticket_outcome"]


def value_of_knowing(
    need: Given, costs: Costs | TicketCosts, escalates: NDArray[np.bool_]
) -> Array:
    """Worth of knowing need exactly: what a choice is expected to cost beyond the best."""
    # Regret is linear beyond the threshold: E(need - t)+ on one side, E(t - need)+ on the other.
    above = need.mean - costs.threshold * need.chance
    return costs.slope * np.where(escalates, need.excess - above, need.excess)


def value_of_outcome(need: Given, costs: Costs) -> Array:
    """Worth of one more outcome, that of a ticket drawn at random from the category.

    After a 1 the mean of need is E[need**2] / E[need]. What judges say about the ticket is not
    looked at.
    """
    now = _least(need.chance, need.mean, costs)
    after_one = _least(need.mean, need.square, costs)
    after_zero = _least(need.chance - need.mean, need.mean - need.square, costs)
    return now - after_one - after_zero


def value_of_ticket_outcome(need: Array, chance: Array, weight: Array, costs: Costs) -> Array:
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
    now = _least(np.ones_like(mean), mean, costs)[:, 0]
    after_one = _least(chance, chance * mean, costs)
    after_zero = _least(1 - chance, (1 - chance) * mean, costs)
    return np.asarray(now - (after_one + after_zero) @ weight)


def value_of_router(need: Given, routers: Sequence[Given], costs: Costs) -> Array:
    """Worth of knowing the right router."""
    known = sum(_least(router.chance, router.mean, costs) for router in routers)
    return _least(need.chance, need.mean, costs) - known


def _least(chance: Array, need: Array, costs: Costs) -> Array:
    """Cost of the action that is cheaper on average, where something happens by chance."""
    total, mean = chance.mean(axis=0), need.mean(axis=0)
    given = np.divide(mean, total, out=np.zeros_like(total), where=total > 0)
    return costs.paid(costs.escalates(given), chance, need)
