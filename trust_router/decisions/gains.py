"""Gains: which policy is advised, and what it saves against another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from trust_router.basics.bootstrap import percentiles
from trust_router.decisions.constant import cheaper_constant, worse_than_constant
from trust_router.decisions.costs import Costs
from trust_router.decisions.policies import TODAY, Savings
from trust_router.defaults import CI_PROB
from trust_router.learning.past import Foretold

__all__ = ["CONSTANT", "Gain", "advised", "compared_with", "gain_of"]

CONSTANT = ("all complex", "all simple first")


@dataclass(frozen=True)
class Gain:
    """What a policy saves against another one, per ticket: less than nothing is a cost.

    Attributes
    ----------
    mean, lower, upper : float
    share : float
        Of what the other one costs; NaN if that is nothing.
    probability : float
        That it saves anything.
    """

    mean: float
    lower: float
    upper: float
    share: float
    probability: float


def advised(
    past: Foretold | None, costs: Costs, policies: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """Choose the finest rule that stood up to the past; else the constant that was cheaper.

    Parameters
    ----------
    past : Foretold or None
        What was foretold of tickets with an outcome.
    costs : Costs
    policies : tuple of str
        Those there are, as `Savings.policies` calls them.

    Returns
    -------
    str, tuple of str
        The policy, and sentences on the rules that would have cost more than always doing the same.
    """
    against: list[str] = []
    for name in ("decide each ticket", "decide"):
        if name not in policies:
            continue
        said = worse_than_constant(past, costs, by_category=name == "decide")
        if past is None or not said:
            return name, tuple(against)
        against.append(said)
    return cheaper_constant(cast("Foretold", past), costs), tuple(against)


def compared_with(policies: tuple[str, ...]) -> str:
    """Name what a policy is compared with first: today's, or all complex where it is not known."""
    return TODAY if TODAY in policies else CONSTANT[0]


def gain_of(found: Savings, policy: str, against: str) -> Gain:
    """Compute what a policy saves against another one, per ticket."""
    mean, draws = found.saved(policy, against)
    lower, upper = percentiles(draws, CI_PROB)
    paid = float(found.expected[found.policies.index(against)]) / found.tickets
    share = mean / paid if paid > 0 else np.nan
    return Gain(mean, float(lower), float(upper), share, float((draws > 0).mean()))
