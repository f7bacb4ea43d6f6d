"""Decisions held against always doing the same, on outcomes foretold from all others."""

from __future__ import annotations

import numpy as np

from trust_router.basics.arrays import Array, Counts
from trust_router.decisions.costs import Costs
from trust_router.learning.past import Foretold

__all__ = ["cheaper_constant", "worse_than_constant"]

FIRST = "all simple first"

_FEW = 20  # outcomes; with fewer a single one turns the decision that it is foretold by


def worse_than_constant(past: Foretold | None, costs: Costs, *, by_category: bool) -> str:
    """Say so if decisions would have cost more than always doing the same; else nothing.

    Parameters
    ----------
    past : Foretold or None
        What was foretold of tickets with an outcome.
    costs : Costs
    by_category : bool
        Decide for categories as a whole instead of for each ticket. Nothing is said of that where
        the complex model alone answered some tickets: those with an outcome are then easier than
        their category.
    """
    if past is None or past.tickets.sum() < _FEW or (by_category and _one_sided(past)):
        return ""
    there = past.tickets > 0
    count = past.tickets[there]
    need = np.broadcast_to([0.0, 1.0], past.tickets.shape)[there]
    believed = np.broadcast_to(past.of_category[:, None], past.need.shape)
    chosen = costs.escalates((believed if by_category else past.need)[there])
    straight, first = costs.escalate(need), costs.simple_first(need)
    constants = {"always trying the simple model first": first, "always escalating": straight}
    name, constant = min(constants.items(), key=lambda item: _mean(item[1], count))
    more = np.where(chosen, straight, first) - constant
    mean = _mean(more, count)
    error = float(np.sqrt(_mean((more - mean) ** 2, count) / count.sum()))
    if mean <= error:
        return ""
    paid, least = mean + _mean(constant, count), _mean(constant, count)
    return (
        f"Deciding {'by category' if by_category else 'ticket by ticket'} would have cost "
        f"{paid:.4g} {costs.currency} a ticket, and {name} {least:.4g} (difference {mean:.2g}, "
        f"standard error {error:.1g}) for the {count.sum()} tickets with an outcome"
        f"{'' if by_category else ', each foretold from all others'}. Do not decide so before the "
        "judges have been looked at."
    )


def cheaper_constant(past: Foretold, costs: Costs) -> str:
    """Name the policy that would have been cheaper of always doing the same, as `Savings` does."""
    need = np.broadcast_to([0.0, 1.0], past.tickets.shape)
    straight = _mean(costs.escalate(need), past.tickets)
    return "all complex" if straight < _mean(costs.simple_first(need), past.tickets) else FIRST


def _one_sided(past: Foretold) -> bool:
    """Tell whether only some tickets were tried: they are not like the others of their category."""
    matches = past.rows.matches
    return matches is not None and matches.observed.untried > 0


def _mean(values: Array, count: Counts) -> float:
    return float(np.average(values, weights=count))
