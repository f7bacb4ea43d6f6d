"""What knowing more would be worth before a decision, per ticket decided.

Each is a mean over draws: functions give its value under each draw, with the choices that the means
over all draws lead to, so that its Monte Carlo error is that of a mean.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.given import Given
from trust_router.decisions.costs import Costs

if TYPE_CHECKING:
    from trust_router.decisions.ticket_costs import TicketCosts

__all__ = ["least", "value_of_knowing", "value_of_outcome", "value_of_router", "warn_of_noise"]


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
    now = least(need.chance, need.mean, costs)
    after_one = least(need.mean, need.square, costs)
    after_zero = least(need.chance - need.mean, need.mean - need.square, costs)
    return now - after_one - after_zero


def value_of_router(need: Given, routers: Sequence[Given], costs: Costs) -> Array:
    """Worth of knowing the right router."""
    known = sum(least(router.chance, router.mean, costs) for router in routers)
    return least(need.chance, need.mean, costs) - known


def least(chance: Array, need: Array, costs: Costs) -> Array:
    """Cost of the action that is cheaper on average, where something happens by chance."""
    total, mean = chance.mean(axis=0), need.mean(axis=0)
    given = np.divide(mean, total, out=np.zeros_like(total), where=total > 0)
    return costs.paid(costs.escalates(given), chance, need)


def warn_of_noise(noise: object) -> None:
    """Say that a try is worth less where its outcome may be wrong; nothing where there is none."""
    if noise is not None:
        warnings.warn(
            "what a try is worth is told as if its outcome were true, an upper bound where "
            "outcomes may be wrong: try only what will be checked, or take a shorter horizon",
            UserWarning,
            stacklevel=3,
        )
