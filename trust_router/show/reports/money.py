"""Money: what to do at the stated costs, what that saves, and the same at other costs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from trust_router.basics.arrays import Array
from trust_router.decisions.costs import Costs
from trust_router.decisions.deciding import decided
from trust_router.decisions.gains import CONSTANT, Gain, advised, compared_with, gain_of
from trust_router.decisions.needs import Needs, needs_of
from trust_router.decisions.policies import Savings, policies_of
from trust_router.defaults import COMMAND_SEED
from trust_router.learning.posterior import Posterior

__all__ = ["Advised", "Money", "money_of"]

_STEPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)  # of each decade of costs
_DECADES = (-1, 0, 1)  # about the largest stated amount


@dataclass(frozen=True, eq=False)
class Advised:
    """What to do at some costs.

    Attributes
    ----------
    costs : Costs
    policy : str
        The one that is advised, as `Savings.policies` calls it.
    against : tuple of str
        Sentences that say so where decisions would have cost more than always doing the same.
    escalated : ndarray, shape (category,)
        Share of each category's tickets that it escalates.
    certainty : ndarray, shape (category,)
        Probability that the decision for the category as a whole is right.
    gain : Gain
        Of the policy against what it is compared with.
    savings : Savings
        Of all policies.
    holds : bool
        Whether some rule has stood up to the past; if none has, what policies cost is not to be
        told by a model that was wrong about it.
    """

    costs: Costs
    policy: str
    against: tuple[str, ...]
    escalated: Array
    certainty: Array
    gain: Gain
    savings: Savings
    holds: bool


@dataclass(frozen=True, eq=False)
class Money:
    """Decisions and what they cost.

    Attributes
    ----------
    stated : Advised
        At the stated costs.
    sweep : tuple of Advised
        At other costs of a failure, in their order, the stated ones among them.
    base : str
        The policy that others are compared with: ``"as today"``, or ``"all complex"`` where it is
        not known who answers today.
    decisions : pandas.DataFrame
        As `decide_all` gives them.
    policies : pandas.DataFrame
        As `Savings.table` gives them; with ``gain``, the share saved against ``base``.
    """

    stated: Advised
    sweep: tuple[Advised, ...]
    base: str
    decisions: pd.DataFrame
    policies: pd.DataFrame

    @property
    def costs(self) -> Costs:
        """What was stated."""
        return self.stated.costs

    @property
    def against(self) -> tuple[str, ...]:
        """What speaks against deciding so, at the stated costs."""
        return self.stated.against

    @property
    def tickets(self) -> int:
        """Number of tickets that amounts of policies refer to."""
        return self.stated.savings.tickets


def money_of(posterior: Posterior, costs: Costs) -> Money:
    """Compute what to do, and what that saves, at the stated costs and at others of a failure."""
    needs = needs_of(posterior, random_seed=COMMAND_SEED)
    sweep = [
        _advised(posterior, needs, replace(costs, failure=failure)) for failure in _failures(costs)
    ]
    stated = next(each for each in sweep if each.costs == costs)
    table, base = stated.savings.table(), compared_with(stated.savings.policies)
    gains = [gain_of(stated.savings, name, base).share for name in table.index]
    return Money(stated, tuple(sweep), base, decided(posterior, costs), table.assign(gain=gains))


def _failures(costs: Costs) -> list[float]:
    """Costs of a failure to play with: round ones about those that are stated, and these."""
    largest = max(costs.failure, costs.complex, costs.simple, costs.wrong_escalation)
    decade = int(np.floor(np.log10(largest)))
    around = [float(f"{step}e{decade + by}") for by in _DECADES for step in _STEPS]
    nothing = [0.0] * bool(costs.complex + costs.wrong_escalation)
    return sorted({*nothing, *around, costs.failure})


def _advised(posterior: Posterior, needs: Needs, costs: Costs) -> Advised:
    found = policies_of(needs, costs)
    policy, against = advised(posterior.foretold, costs, found.policies)
    above = posterior.need_distribution().given(costs.threshold).above.mean(axis=0)
    straight = costs.escalates(needs.of_category)
    return Advised(
        costs,
        policy,
        against,
        _by_category(needs, costs, policy),
        np.where(straight, above, 1 - above),
        gain_of(found, policy, compared_with(found.policies)),
        found,
        policy not in CONSTANT,
    )


def _by_category(needs: Needs, costs: Costs, policy: str) -> Array:
    """Share of each category's tickets that a policy escalates; by its need where none came."""
    whole = costs.escalates(needs.of_category).astype(float)
    if policy in CONSTANT:
        return np.full(len(whole), float(policy == "all complex"))
    if policy == "decide":
        return whole
    rows, escalated = needs.rows, needs.escalated(costs, by_category=False)
    inside = rows.category >= 0
    tickets, straight = (
        np.bincount(rows.category[inside], weight[inside], minlength=len(whole))
        for weight in (rows.number, rows.number * escalated)
    )
    return np.asarray(np.divide(straight, tickets, out=whole, where=tickets > 0))
