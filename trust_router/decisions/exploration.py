"""Exploration: which tickets to try with the simple model although the rule escalates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.chance import generator_of
from trust_router.basics.checks import is_number, shown
from trust_router.basics.shown import Shown
from trust_router.basics.warned import warn_of
from trust_router.basics.words import money
from trust_router.decisions.bandit import trying
from trust_router.decisions.constant import worse_than_constant
from trust_router.decisions.costs import Costs
from trust_router.decisions.needs import shares
from trust_router.decisions.tries import Coming, choose_tries
from trust_router.decisions.worth import warn_of_noise
from trust_router.inputs.beliefs import About, Beliefs
from trust_router.inputs.expected import expect
from trust_router.inputs.predicted import rows_to_predict
from trust_router.inputs.rows import Rows
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["Exploration", "explore"]

_DRAWS = 4000  # at most, that moments are taken of
_ROWS = 300  # stand for all tickets to come; and so many kinds are looked at
_MOST = 1e9


@dataclass(frozen=True, eq=False)
class Exploration(Shown):
    """What to try although the rule escalates, and what that costs and is worth.

    Attributes
    ----------
    decisions : pandas.DataFrame
        Index category, or ticket with the column ``category``. ``rule``, the action of least
        expected cost now; ``action``, what to do; ``probability``, with which that action was
        chosen; ``need``; ``cost``, the expected loss of a try now; ``worth``, what its outcome is
        expected to save on tickets to come, beyond what other tries save. For categories
        ``at_once``: how many tries pay most if no outcome is known before all are made.
    about : {"category", "ticket"}
    horizon : float
    total_cost, total_worth : float
        Of all tries: of the next one in each category, or of the tickets.
    mcse : float
        Monte Carlo standard error of ``total_worth``; 0 where it is exact, NaN where need in a
        category was drawn.
    currency : str
    left_out : int
        Kinds of escalated tickets that were not looked at, as trying them costs most.
    """

    decisions: pd.DataFrame
    about: About
    horizon: float
    total_cost: float
    total_worth: float
    mcse: float
    currency: str
    left_out: int = 0

    @property
    def tried(self) -> list[str]:
        """Categories or tickets that are tried although the rule escalates."""
        return list(self.decisions.index[self.decisions["action"] != self.decisions["rule"]])

    def table(self) -> pd.DataFrame:
        """Tabulate the decisions; columns as in ``decisions``."""
        return self.decisions.copy()

    def warnings(self) -> list[str]:
        """Say what was not looked at; nothing if all was."""
        if not self.left_out:
            return []
        return [f"{self.left_out} kinds of tickets that cost most to try were not looked at"]

    def __repr__(self) -> str:
        escalated = int((self.decisions["rule"] == "escalate").sum())
        plural = {"category": "categories", "ticket": "tickets"}[self.about]
        many = plural if escalated != 1 else self.about
        over = f"over about {self.horizon:,.0f} ticket{'s' * (self.horizon > 1)} to come"
        if not self.tried:
            return (
                f"none of {escalated} escalated {many} is worth a try: what would be learned is "
                f"not seen to save more {over} than it costs"
            )
        error = f" (Monte Carlo error {money(self.mcse)})" if self.mcse > 0 else ""
        return (
            f"{len(self.tried)} of {escalated} escalated {many} to be tried: that costs "
            f"{money(self.total_cost)} {self.currency} now and is expected to save "
            f"{money(self.total_worth)}{error} {over}"
        )


def explore(
    posterior: Posterior,
    costs: Costs,
    *,
    horizon: float,
    beliefs: Beliefs | None = None,
    volume: Sequence[float] | None = None,
    random_seed: int = 0,
    allow_unconverged: bool = False,
) -> Exploration:
    """Tell what to try with the simple model although the rule escalates.

    A ticket that goes straight to the complex model teaches nothing, so a category that is wrongly
    escalated stays so. A try costs its expected loss; it is worth what later tickets save by its
    outcome. Where it is not worth its cost, nothing is tried.

    Parameters
    ----------
    posterior : Posterior
    costs : Costs
    horizon : float
        Expected number of tickets to come, in all categories, for which what is learned is of use:
        until models, prices or customers change. Each may be the last, so it is the same tomorrow.
    beliefs : Beliefs, optional
        About the tickets to choose from, where the posterior is about tickets.
    volume : sequence of float, shape (category,), optional
        How many of them each category brings; default: as many as were seen.
    random_seed : int
        Of tickets that are alike, where only some are tried: which. The same ticket has the same
        draw in every process.
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Returns
    -------
    Exploration

    Raises
    ------
    ValueError
        If ``horizon`` is no number from 1 to 1e9, or ``beliefs`` are not of the posterior's kind.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Warns
    -----
    UserWarning
        If the posterior knows that outcomes may be wrong: a try is worth less than is said.

    Notes
    -----
    **Categories** are each a one-armed bandit, solved exactly for the mixture of Betas that need
    is, so that decisions are those of the Gittins index [1]_. Where shapes or weights differ
    between draws each seat counts as one Beta of its moments, and what a try tells of judges, and
    so of other categories, is not counted.

    **Tickets** are chosen together, greedily, for the outcomes of one batch: what is learned of one
    tells of others, less the more are tried, and less where outcomes come anyway [2]_;
    ``docs/model.md`` has the equations. A gain within two Monte Carlo errors counts as none.

    References
    ----------
    .. [1] J. C. Gittins, "Bandit processes and dynamic allocation indices", Journal of the Royal
       Statistical Society B 41(2), 1979.
    .. [2] P. Frazier, W. Powell and S. Dayanik, "The knowledge-gradient policy for correlated
       normal beliefs", INFORMS Journal on Computing 21(4), 2009.

    Examples
    --------
    >>> from trust_router import Costs, Outcomes, solve
    >>> from trust_router.examples import load_seed
    >>> panel, beliefs, _ = load_seed()
    >>> nothing = solve(panel, beliefs, Outcomes(["transfer failed"], trials=[0], needs=[0]))
    >>> explore(nothing, Costs(0.03, 3.0, failure=5.0), horizon=1000).tried
    ['transfer failed']
    """
    check_posterior(posterior, allow_unconverged)
    expect(costs, Costs, "costs")
    if not (is_number(horizon) and 1 <= horizon <= _MOST):
        raise ValueError(f"`horizon` must be a number from 1 to {_MOST:g}; got {shown(horizon)}")
    by_category = posterior.rows.about == "category"
    if by_category != (beliefs is None):
        raise ValueError(
            "`beliefs` are those the posterior was fitted to, about categories; leave them out"
            if by_category
            else "`beliefs` must be given, about the tickets to choose from"
        )
    warn_of([worse_than_constant(posterior.foretold, costs, by_category=by_category)])
    warn_of_noise(posterior.noise)
    share = shares(posterior.rows, volume)
    if beliefs is None:
        return _categories(posterior, costs, float(horizon), share)
    return _tickets(posterior, beliefs, costs, float(horizon), (share, random_seed))


def _categories(posterior: Posterior, costs: Costs, horizon: float, share: Array) -> Exploration:
    distribution = posterior.need_distribution()
    need, mixtures = distribution.mean, distribution.matched
    given = distribution.given(costs.threshold)
    error = costs.slope * given.error(given.mean)[0]
    escalated = costs.escalates(need)
    cost, worth = _loss(costs, need), np.zeros(len(need))
    at_once = np.zeros(len(need), dtype=np.int64)
    for c in np.flatnonzero(escalated).tolist():
        found = trying(mixtures.at(c), costs, horizon * share[c])
        worth[c], at_once[c] = found.worth, found.at_once
    tried = escalated & (worth - cost > 2 * error)
    columns = _columns(escalated, tried, np.ones(len(need)), need, cost, worth)
    index = pd.Index(posterior.rows.categories, name="category")
    table = pd.DataFrame(columns | {"at_once": np.where(tried, at_once, 0)}, index=index)
    mcse = np.nan if error.any() else 0.0
    total = float(cost[tried].sum()), float(worth[tried].sum()), mcse
    return Exploration(table, "category", horizon, *total, costs.currency)


def _tickets(
    posterior: Posterior, beliefs: Beliefs, costs: Costs, horizon: float, dealt: tuple[Array, int]
) -> Exploration:
    share, random_seed = dealt
    prediction = posterior.predict(beliefs, allow_unconverged=True)
    rows, _ = rows_to_predict(posterior.panel, beliefs, posterior.rows.categories)
    need, chains = prediction.need.mean, prediction.need.chains
    cost, count = _loss(costs, need), np.bincount(prediction.row, minlength=len(need))
    kinds = np.flatnonzero(costs.escalates(need))
    looked = kinds[np.argsort(cost[kinds], kind="stable")[:_ROWS]]
    number, worth = np.zeros(len(need), dtype=np.int64), np.zeros(len(need))
    total, mcse = 0.0, 0.0
    if len(looked):
        at, weight = _standing_for(posterior.rows, share)
        coming = posterior.need_draws(posterior.rows.timeless().take(at), _DRAWS)
        drawn = posterior.need_draws(rows.take(looked), _DRAWS)
        tries = choose_tries(
            Coming(coming, weight, horizon, chains, len(prediction.tickets)),
            drawn,
            count[looked],
            cost[looked],
            costs,
        )
        number[looked], worth[looked] = tries.number, tries.marginal
        total, mcse = tries.worth, tries.mcse
    chosen, chance = _dealt(prediction.tickets, prediction.row, number, random_seed)
    row = prediction.row
    columns = _columns(costs.escalates(need)[row], chosen, chance, need[row], cost[row], worth[row])
    table = pd.DataFrame(columns, index=pd.Index(prediction.tickets, name="ticket"))
    table.insert(0, "category", list(prediction.category))
    paid = float(cost @ number)
    left = len(kinds) - len(looked)
    return Exploration(table, "ticket", horizon, paid, total, mcse, costs.currency, left)


def _loss(costs: Costs, need: Array) -> Array:
    """Give the expected loss of trying; 0 where that is the rule."""
    return np.maximum(costs.simple_first(need) - costs.escalate(need), 0.0)


def _columns(
    escalated: NDArray[np.bool_],
    tried: NDArray[np.bool_],
    probability: Array,
    need: Array,
    cost: Array,
    worth: Array,
) -> dict[str, Array | NDArray[np.str_]]:
    return {
        "rule": np.where(escalated, "escalate", "simple first"),
        "action": np.where(escalated & ~tried, "escalate", "simple first"),
        "probability": probability,
        "need": need,
        "cost": cost,
        "worth": worth,
    }


def _dealt(
    tickets: Sequence[str], row: NDArray[np.intp], number: NDArray[np.int64], seed: int
) -> tuple[NDArray[np.bool_], Array]:
    """Choose among tickets that are alike; and the probability of what each was chosen for."""
    chosen, chance = np.zeros(len(tickets), dtype=bool), np.ones(len(tickets))
    for kind in np.flatnonzero(number):
        at = np.flatnonzero(row == kind)
        luck = [generator_of("explore", tickets[i], seed).random() for i in at.tolist()]
        chosen[at[np.argsort(luck)[: number[kind]]]] = True
        share = number[kind] / len(at)
        chance[at] = np.where(chosen[at], share, 1 - share)
    return chosen, chance


def _standing_for(rows: Rows, share: Array) -> tuple[NDArray[np.intp], Array]:
    """Choose rows that stand for all tickets, from each category in proportion, easy to hard."""
    heard = ~np.isnan(rows.mean)
    stated = np.nansum(rows.mean, axis=1) / np.maximum(heard.sum(axis=1), 1)
    order = np.lexsort((stated, rows.slot))
    upto = share[order].cumsum()
    middles = (np.arange(_ROWS) + 0.5) / _ROWS * upto[-1]
    chosen, counts = np.unique(order[np.searchsorted(upto, middles)], return_counts=True)
    return chosen, counts / _ROWS
