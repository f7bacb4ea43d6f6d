"""Policies: what always escalating, never escalating and deciding cost in the long run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trust_router.basics.arrays import Array
from trust_router.basics.bootstrap import percentiles
from trust_router.basics.checks import check_interval, whole_number
from trust_router.basics.shown import Shown
from trust_router.basics.warned import warn_of
from trust_router.decisions.constant import worse_than_constant
from trust_router.decisions.costs import Costs
from trust_router.decisions.needs import Needs, needs_of
from trust_router.defaults import CI_PROB, SAVINGS_DRAWS, TICKETS
from trust_router.inputs.expected import expect
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["TODAY", "Savings", "policies_of", "savings"]

TODAY = "as today"


@dataclass(frozen=True, eq=False, repr=False)
class Savings(Shown):
    """Cost of routing policies as posterior distributions, over all categories.

    Attributes
    ----------
    draws : ndarray, shape (policy, draw)
        Long-run expected cost per ``tickets`` tickets under each draw of need.
    failures : ndarray, shape (policy, draw)
        Share of tickets whose first answer fails: what is lost in quality, though every ticket is
        resolved in the end.
    expected, expected_failures : ndarray, shape (policy,)
        Posterior means of the two, free of Monte Carlo error where the posterior is.
    escalated : ndarray, shape (policy,)
        Share of tickets that go straight to the complex model.
    policies : tuple of str
        ``"all complex"``, ``"all simple first"``, ``"decide"``, the rule of `decide` for whole
        categories, if beliefs are about tickets ``"decide each ticket"``, that of `decide_tickets`,
        and, where `answered_by` tells it, ``"as today"``: the tickets that the complex model alone
        answered are given to it straight.
    tickets : int
        Number of tickets that amounts refer to.
    currency : str
    """

    draws: Array
    failures: Array
    expected: Array
    expected_failures: Array
    escalated: Array
    policies: tuple[str, ...]
    tickets: int
    currency: str

    def saved(self, policy: str, against: str) -> tuple[float, Array]:
        """Give what a policy saves against another one, per ticket: expected, and its draws."""
        one, other = self.policies.index(policy), self.policies.index(against)
        expected = (self.expected[other] - self.expected[one]) / self.tickets
        return float(expected), (self.draws[other] - self.draws[one]) / self.tickets

    def table(self, max_failures: float = 0.2, ci_prob: float = CI_PROB) -> pd.DataFrame:
        """Summarise the policies.

        Parameters
        ----------
        max_failures : float
            Share of failed first answers that would be too many.
        ci_prob : float
            Probability inside the equal-tailed intervals.

        Returns
        -------
        pandas.DataFrame
            Index policy; columns ``cost``, ``cost_lower``, ``cost_upper`` (per ``tickets``
            tickets), ``saving``, ``saving_lower``, ``saving_upper`` (share of the cost of sending
            everything to the complex model), ``p_saves``, ``failures`` (expected share) and
            ``p_too_many_failures``, and ``escalated`` (share of tickets that go straight to the
            complex model).
        """
        check_interval(ci_prob, "eti")
        base = np.broadcast_to(self.draws[0], self.draws.shape)
        none = np.full(self.draws.shape, np.nan)  # nothing can be saved against a free model
        saving = 1 - np.divide(self.draws, base, out=none, where=base > 0)
        cost_low, cost_high = percentiles(self.draws, ci_prob, axis=1)
        saving_low, saving_high = percentiles(saving, ci_prob, axis=1)
        columns = {
            "cost": self.expected,
            "cost_lower": cost_low,
            "cost_upper": cost_high,
            "saving": saving.mean(axis=1),
            "saving_lower": saving_low,
            "saving_upper": saving_high,
            "p_saves": (self.draws < self.draws[0]).mean(axis=1),
            "failures": self.expected_failures,
            "p_too_many_failures": (self.failures > max_failures).mean(axis=1),
            "escalated": self.escalated,
        }
        return pd.DataFrame(columns, index=pd.Index(self.policies, name="policy"))


def savings(
    posterior: Posterior,
    costs: Costs,
    *,
    volume: Sequence[float] | None = None,
    tickets: int = TICKETS,
    draws: int = SAVINGS_DRAWS,
    random_seed: int | None = None,
    allow_unconverged: bool = False,
) -> Savings:
    """Compare policies by their long-run cost.

    Parameters
    ----------
    posterior : Posterior
    costs : Costs
    volume : sequence of float, shape (category,), optional
        How many tickets each category brings; default: as many as were seen.
    tickets : int
        Amounts are stated per this many tickets.
    draws : int
        Number of independent draws of need; if beliefs are about tickets, at most as many as the
        posterior has, and fewer where tickets are many.
    random_seed : int, optional
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Raises
    ------
    ValueError
        If ``volume`` does not fit the categories, is negative, or sums to 0.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Examples
    --------
    >>> import trust_router as tr
    >>> posterior = tr.solve(*tr.examples.load_seed())
    >>> costs = tr.Costs(simple=0.03, complex=3.0, failure=5.0)
    >>> savings(posterior, costs, random_seed=1).table()["cost"].round()
    policy
    all complex         300.0
    all simple first    138.0
    decide              138.0
    Name: cost, dtype: float64
    """
    check_posterior(posterior, allow_unconverged)
    expect(costs, Costs, "costs")
    whole_number("tickets", tickets, 1)
    whole_number("draws", draws, 1)
    ways = [True] if posterior.rows.about == "category" else [True, False]
    past = posterior.foretold
    warn_of(worse_than_constant(past, costs, by_category=way) for way in ways)
    needs = needs_of(posterior, volume=volume, draws=draws, random_seed=random_seed)
    return policies_of(needs, costs, tickets)


def policies_of(needs: Needs, costs: Costs, tickets: int = TICKETS) -> Savings:
    """Cost of escalating always, never, by choice, and as it is done today."""
    every = [np.ones(len(needs.share)), np.zeros(len(needs.share))]
    names = ["all complex", "all simple first", "decide"]
    every.append(needs.escalated(costs, by_category=True))
    if needs.rows.about == "ticket":
        names.append("decide each ticket")
        every.append(needs.escalated(costs, by_category=False))
    if needs.today is not None:
        names.append(TODAY)
        every.append(needs.today)
    paid, failed, expected, expected_failures = [], [], [], []
    for escalated in every:
        drawn = _paid(costs, needs.drawn, needs.share, escalated)
        mean = _paid(costs, needs.mean, needs.share, escalated)
        paid.append(tickets * drawn[0])
        failed.append(drawn[1])
        expected.append(tickets * float(mean[0]))
        expected_failures.append(float(mean[1]))
    return Savings(
        draws=np.stack(paid),
        failures=np.stack(failed),
        expected=np.array(expected),
        expected_failures=np.array(expected_failures),
        escalated=np.stack(every) @ needs.share,
        policies=tuple(names),
        tickets=tickets,
        currency=costs.currency,
    )


def _paid(costs: Costs, need: Array, share: Array, escalated: Array) -> tuple[Array, Array]:
    """Cost per ticket, and share of failed first answers, both linear in need (..., row)."""
    first, straight = share * (1 - escalated), share * escalated
    failed = need @ first
    needless = straight.sum() - need @ straight
    paid = costs.simple * first.sum() + (costs.complex + costs.failure) * failed
    return (
        np.asarray(paid + costs.complex * straight.sum() + costs.wrong_escalation * needless),
        np.asarray(failed),
    )
