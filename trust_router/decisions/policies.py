"""Policies: what always escalating, never escalating and deciding cost in the long run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.bootstrap import percentiles
from trust_router.basics.checks import check_interval, whole_number
from trust_router.basics.warned import warn_of
from trust_router.decisions.constant import worse_than_constant
from trust_router.decisions.costs import Costs
from trust_router.decisions.deciding import decided
from trust_router.defaults import CI_PROB, POINTWISE_VALUES, SAVINGS_DRAWS, TICKETS
from trust_router.inputs.expected import expect
from trust_router.inputs.rows import Rows
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["Savings", "savings", "shares"]


@dataclass(frozen=True, eq=False)
class Savings:
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
        categories, and, if beliefs are about tickets, ``"decide each ticket"``, that of
        `decide_tickets`.
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
    """
    check_posterior(posterior, allow_unconverged)
    expect(costs, Costs, "costs")
    whole_number("tickets", tickets, 1)
    whole_number("draws", draws, 1)
    ways = [True] if posterior.rows.about == "category" else [True, False]
    past = posterior.foretold
    warn_of(worse_than_constant(past, costs, by_category=way) for way in ways)
    by_category = (decided(posterior, costs)["action"] == "escalate").to_numpy()
    if posterior.rows.about == "category":
        need = posterior.need_distribution()
        drawn, mean, choices = need.sample(draws, random_seed), need.mean, [by_category]
        rows = posterior.rows
    else:
        rows = posterior.rows.take(np.flatnonzero(posterior.rows.number))
        drawn = posterior.need_draws(rows, max(1, min(draws, POINTWISE_VALUES // len(rows))))
        mean = drawn.mean(axis=0)
        choices = [_as_a_whole(rows, by_category, mean, costs), costs.escalates(mean)]
    return _policies(costs, (drawn, mean), choices, shares(rows, volume), tickets)


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


def _policies(
    costs: Costs,
    need: tuple[Array, Array],
    choices: Sequence[NDArray[np.bool_]],
    share: Array,
    tickets: int,
) -> Savings:
    """Cost of escalating always, never and by choice, given need (drawn, and its mean)."""
    every = [np.ones(len(share), dtype=bool), np.zeros(len(share), dtype=bool), *choices]
    escalates = np.stack(every)[:, None]

    def per_policy(need: Array) -> tuple[Array, Array]:
        paid = np.where(escalates, costs.escalate(need), costs.simple_first(need))
        return tickets * (paid @ share), np.where(escalates, 0.0, need) @ share

    (costs_drawn, failures), (expected, expected_failures) = (
        per_policy(need[0]),
        per_policy(need[1][None]),
    )
    return Savings(
        draws=costs_drawn,
        failures=failures,
        expected=expected[:, 0],
        expected_failures=expected_failures[:, 0],
        escalated=escalates[:, 0] @ share,
        policies=("all complex", "all simple first", "decide", "decide each ticket")[: len(every)],
        tickets=tickets,
        currency=costs.currency,
    )
