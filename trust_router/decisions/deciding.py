"""Decisions: what trust and need mean in money, always with their uncertainty."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trust_router.basics.beta import Array, BetaMixture
from trust_router.basics.checks import check_interval, is_number, shown, whole_number
from trust_router.basics.draws import NeedDraws
from trust_router.defaults import (
    CI_PROB,
    POINTWISE_VALUES,
    PREDICTION_DRAWS,
    SAVINGS_DRAWS,
    TICKETS,
)
from trust_router.inputs.panel import read_toml

if TYPE_CHECKING:
    from trust_router.learning.posterior import Posterior
    from trust_router.learning.prediction import Prediction

__all__ = [
    "Costs",
    "Decision",
    "Routing",
    "Savings",
    "decide",
    "decide_all",
    "decide_tickets",
    "read_costs",
    "route",
    "savings",
]

Action = Literal["simple first", "escalate"]


@dataclass(frozen=True)
class Costs:
    """What answers and failures cost, per ticket.

    Parameters
    ----------
    simple, complex : float
        Price of one call of the simple and of the complex model.
    failure : float
        Cost of a failed simple answer beyond the complex call that follows it.
    wrong_escalation : float
        Cost of giving a ticket to the complex model that the simple one would have resolved,
        beyond the price of the call.
    currency : str
        How amounts are shown.

    Raises
    ------
    ValueError
        If an amount is negative or not finite, or no decision depends on need because ``complex``,
        ``failure`` and ``wrong_escalation`` are all 0.

    Examples
    --------
    >>> round(Costs(simple=0.03, complex=3.0, failure=5.0).threshold, 4)
    0.3713
    """

    simple: float
    complex: float
    failure: float = 0.0
    wrong_escalation: float = 0.0
    currency: str = "USD"

    def __post_init__(self) -> None:
        for name in ("simple", "complex", "failure", "wrong_escalation"):
            value = getattr(self, name)
            if not (is_number(value) and 0 <= value < math.inf):
                raise ValueError(f"cost `{name}` must be a number of 0 or more; got {shown(value)}")
            object.__setattr__(self, name, float(value))
        if not isinstance(self.currency, str):
            raise ValueError(f"`currency` must be text; got {self.currency!r}")
        if self._slope == 0:
            raise ValueError(
                "`complex`, `failure` and `wrong_escalation` cannot all be 0; "
                "then no decision depends on need"
            )

    @property
    def threshold(self) -> float:
        """Need above which escalating is cheaper; may lie outside [0, 1]."""
        return (self.complex + self.wrong_escalation - self.simple) / self._slope

    def simple_first(self, need: Array | float) -> Array:
        """Give the expected cost of trying the simple model first, retry included."""
        return np.asarray(self.simple + np.asarray(need) * (self.complex + self.failure))

    def escalate(self, need: Array | float) -> Array:
        """Give the expected cost of going straight to the complex model."""
        return np.asarray(self.complex + (1 - np.asarray(need)) * self.wrong_escalation)

    @property
    def _slope(self) -> float:
        return self.complex + self.failure + self.wrong_escalation


def read_costs(path: str | Path) -> Costs:
    """Read the table ``[costs]`` of a panel's TOML file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the table is absent, lacks a price, or holds an unknown key or an invalid amount.
    """
    name, table = Path(path).name, read_toml(path, "costs").get("costs")
    if not isinstance(table, dict):
        raise ValueError(f"{name} has no table [costs]; state at least `simple` and `complex`")
    known = [field.name for field in fields(Costs)]
    for key in table:
        if key not in known:
            raise ValueError(f"{name}: unknown key {key!r} in [costs]; allowed are {known}")
    for key in ("simple", "complex"):
        if key not in table:
            raise ValueError(f"{name}: [costs] does not state `{key}`, the price of such a call")
    try:
        return Costs(**table)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


@dataclass(frozen=True)
class Decision:
    """What to do with tickets of one category, and how sure that is.

    Attributes
    ----------
    category : str
    action : {"simple first", "escalate"}
        The cheaper one in posterior expectation.
    need : float
        Expected need.
    threshold : float
        Need above which escalating is cheaper.
    certainty : float
        Probability that the action is right, that is, that need lies on its side.
    cost_simple_first, cost_escalate : float
        Expected cost per ticket of the two actions.
    expected_loss : float
        Expected cost per ticket of being wrong; also what knowing need exactly would be worth.
    value_of_outcome : float
        What one more outcome before deciding would be worth, per ticket decided.
    value_of_router : float
        What knowing the right router would be worth, per ticket decided: no further judge can say
        more about whom to trust. Missing where routers are pooled and none is the right one.
    """

    category: str
    action: Action
    need: float
    threshold: float
    certainty: float
    cost_simple_first: float
    cost_escalate: float
    expected_loss: float
    value_of_outcome: float
    value_of_router: float


def decide(posterior: Posterior, category: str, costs: Costs) -> Decision:
    """Choose the action of least posterior expected cost for a category.

    Raises
    ------
    ValueError
        If the category is unknown.

    Notes
    -----
    Costs are linear in need, so the expected cost needs only its mean, and the value of one more
    outcome its first two moments: after a 1 the mean is E[need^2] / E[need].

    References
    ----------
    .. [1] H. Raiffa and R. Schlaifer, "Applied Statistical Decision Theory", Harvard, 1961.

    Examples
    --------
    >>> from trust_router import Costs, solve
    >>> from trust_router.examples import load_seed
    >>> decision = decide(solve(*load_seed()), "transfer failed", Costs(0.03, 3.0, failure=5.0))
    >>> decision.action, round(decision.certainty, 3)
    ('simple first', 0.993)
    """
    at = posterior.outcomes.position(category)
    row = decide_all(posterior, costs).iloc[[at]].to_dict("records")[0]
    return Decision(category=category, **{str(key): value for key, value in row.items()})


def decide_all(posterior: Posterior, costs: Costs) -> pd.DataFrame:
    """Decide for every category; index category, columns as in `Decision`."""
    need = posterior.need_distribution()
    columns = _columns(need, costs)
    columns["value_of_outcome"] = _value_of_outcome(need, costs)
    columns["value_of_router"] = _value_of_router(posterior, need.mean, costs)
    return pd.DataFrame(columns, index=pd.Index(posterior.outcomes.categories, name="category"))


def decide_tickets(prediction: Prediction, costs: Costs) -> pd.DataFrame:
    """Choose the action of least posterior expected cost for each ticket.

    Parameters
    ----------
    prediction : Prediction
        From `Posterior.predict`.
    costs : Costs

    Returns
    -------
    pandas.DataFrame
        Index ticket; columns ``category``, ``action``, ``need``, ``threshold``, ``certainty``,
        ``cost_simple_first``, ``cost_escalate``, ``expected_loss``, as in `Decision`, and
        ``unseen`` (the category was not fitted).
    """
    by_row = pd.DataFrame(_columns(prediction.need, costs))
    table = by_row.iloc[prediction.row].set_axis(pd.Index(prediction.tickets, name="ticket"))
    table.insert(0, "category", list(prediction.category))
    return table.assign(unseen=prediction.unseen)


def _columns(need: BetaMixture | NeedDraws, costs: Costs) -> dict[str, Any]:
    mean = need.mean
    first, straight = costs.simple_first(mean), costs.escalate(mean)
    escalate = straight < first
    threshold = costs.threshold
    above, excess = need.sf(threshold), need.mean_excess(threshold)
    # Regret is linear beyond the threshold: E(need - t)+ on one side, E(t - need)+ on the other.
    loss = costs._slope * np.where(escalate, excess - (mean - threshold), excess)
    return {
        "action": np.where(escalate, "escalate", "simple first"),
        "need": mean,
        "threshold": threshold,
        "certainty": np.where(escalate, above, need.cdf(threshold)),
        "cost_simple_first": first,
        "cost_escalate": straight,
        "expected_loss": loss.clip(min=0),
    }


@dataclass(frozen=True)
class Routing:
    """One ticket, routed by Thompson sampling.

    Attributes
    ----------
    category : str
    router : str
        The router drawn in proportion to trust.
    need : float
        Need drawn from that router's mixture.
    threshold : float
        Need above which the ticket is escalated.
    escalate : bool
    """

    category: str
    router: str
    need: float
    threshold: float
    escalate: bool


def route(
    posterior: Posterior,
    category: str,
    costs: Costs,
    *,
    tickets: int = 1,
    random_seed: int | np.random.Generator | None = None,
) -> list[Routing]:
    """Route tickets of a category by Thompson sampling.

    For each ticket a router is drawn by trust, need from its mixture (from the common posterior if
    routers are pooled), and the ticket is escalated if that need exceeds the threshold. Uncertain
    categories are thereby explored; `decide` is the rule of least expected cost.

    Parameters
    ----------
    posterior : Posterior
    category : str
        Category of the tickets.
    costs : Costs
        For the threshold.
    tickets : int
        How many to route.
    random_seed : int or Generator, optional
        The same seed routes the same way again.

    Raises
    ------
    ValueError
        If the category is unknown or ``tickets`` is not a positive whole number.

    References
    ----------
    .. [1] W. R. Thompson, "On the likelihood that one unknown probability exceeds another",
       Biometrika 25, 1933.
    """
    whole_number("tickets", tickets, 1)
    rng = np.random.default_rng(random_seed)
    trust = posterior.trust_mean[posterior.outcomes.position(category)]
    names = posterior.panel.router_names
    opinions = _opinions(posterior, category)
    threshold = costs.threshold
    routed = []
    for _ in range(tickets):  # one after the other: more tickets leave the first ones as they were
        pick = rng.choice(len(names), p=trust / trust.sum())
        need = float(np.ravel(opinions[pick].sample(1, rng))[0])
        routed.append(Routing(category, names[pick], need, threshold, need > threshold))
    return routed


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
        tail = (1 - ci_prob) / 2
        cost_low, cost_high = np.quantile(self.draws, [tail, 1 - tail], axis=1)
        saving_low, saving_high = np.quantile(saving, [tail, 1 - tail], axis=1)
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

    Raises
    ------
    ValueError
        If ``volume`` does not fit the categories, is negative, or sums to 0.
    """
    whole_number("tickets", tickets, 1)
    whole_number("draws", draws, 1)
    seen = posterior.outcomes.trials + posterior.outcomes.missing
    share = np.asarray(seen if volume is None else volume, dtype=float)
    if share.shape != seen.shape or not np.all(share >= 0):
        raise ValueError(
            f"`volume` must be {len(seen)} numbers of 0 or more, one a category; got {volume}"
        )
    if volume is None and share.sum() == 0:
        share = np.ones(len(seen))
    if not 0 < share.sum() < np.inf:
        raise ValueError("`volume` must have a positive, finite sum; no category brings tickets")
    share = share / share.sum()
    escalated = (decide_all(posterior, costs)["action"] == "escalate").to_numpy()
    if posterior.rows.level == "category":
        need = posterior.need_distribution()
        drawn, mean, choices = need.sample(draws, random_seed), need.mean, [escalated]
    else:
        rows = posterior.rows.take(np.flatnonzero(posterior.rows.tickets))
        drawn = posterior.need_draws(rows, max(1, min(draws, POINTWISE_VALUES // len(rows))))
        mean = drawn.mean(axis=0)
        each = costs.escalate(mean) < costs.simple_first(mean)
        choices = [escalated[rows.category], each]
        share = share[rows.category] * rows.tickets / (seen * 1.0)[rows.category]
    return _policies(costs, (drawn, mean), choices, share, tickets)


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


def _least(mean: Array, costs: Costs) -> Array:
    return np.minimum(costs.simple_first(mean), costs.escalate(mean))


def _opinions(posterior: Posterior, category: str) -> list[BetaMixture | NeedDraws]:
    """Need in a category if each router is right; where routers are pooled, the same for all."""
    names = posterior.panel.router_names
    if posterior.facts.has_mixtures:
        return [posterior.mixture(category, name) for name in names]
    at = posterior.outcomes.position(category)
    need = posterior.need_distribution()
    return [NeedDraws(need.sample(PREDICTION_DRAWS, 0)[:, at])] * len(names)


def _value_of_outcome(need: BetaMixture | NeedDraws, costs: Costs) -> Array:
    mean, square = need.mean, need.second_moment
    after_one = np.divide(square, mean, out=np.ones_like(mean), where=mean > 0)
    after_zero = np.divide(mean - square, 1 - mean, out=np.zeros_like(mean), where=mean < 1)
    then = mean * _least(after_one, costs) + (1 - mean) * _least(after_zero, costs)
    return _worth(_least(mean, costs), then)


def _value_of_router(posterior: Posterior, mean: Array, costs: Costs) -> Array:
    if not posterior.facts.has_mixtures:
        return np.full(mean.shape, np.nan)  # no router is right; they are pooled
    known = np.stack(
        [_least(posterior.mixtures(name).mean, costs) for name in posterior.panel.router_names],
        axis=-1,
    )
    return _worth(_least(mean, costs), (posterior.trust_mean * known).sum(axis=-1))


def _worth(now: Array, then: Array) -> Array:
    # Knowing more never costs; what is left of a difference of equals is rounding.
    return np.where(now - then > 1e-12 * now, now - then, 0.0)
