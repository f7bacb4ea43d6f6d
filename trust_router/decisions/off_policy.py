"""Off-policy estimates: what another rule would have cost, from a log of what was done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from trust_router.basics.arrays import Array, floats
from trust_router.basics.checks import check_interval, check_rows_once, listed, shown
from trust_router.basics.shown import Shown
from trust_router.decisions.costs import Costs
from trust_router.defaults import CI_PROB
from trust_router.inputs.expected import expect

__all__ = ["OffPolicy", "off_policy"]

_ACTIONS = ("simple first", "escalate")
_FEW = 100  # effective tickets; with fewer an interval of a mean is too short


@dataclass(frozen=True, eq=False)
class OffPolicy(Shown):
    """What another rule would have cost, estimated from a log.

    Attributes
    ----------
    estimates : pandas.DataFrame
        Index ``"inverse propensity"``, ``"self-normalised"``, ``"doubly robust"``; columns
        ``cost`` per ticket, ``se``, ``lower``, ``upper``.
    logged : float
        What the log cost per ticket.
    effective : float
        How many tickets of the new rule the log is worth.
    tickets : int
    ci_prob : float
    currency : str
    """

    estimates: pd.DataFrame
    logged: float
    effective: float
    tickets: int
    ci_prob: float
    currency: str

    def table(self) -> pd.DataFrame:
        """Tabulate the estimates; columns as in ``estimates``."""
        return self.estimates.copy()

    def warnings(self) -> list[str]:
        """Say if the log is worth too little; nothing if it is not."""
        if self.effective >= _FEW:
            return []
        return [
            f"{self.tickets} tickets of the log are worth {self.effective:.0f} of this rule; "
            f"with fewer than {_FEW} intervals are too short"
        ]

    def __repr__(self) -> str:
        best = self.estimates.loc["doubly robust"]
        said = (
            f"this rule would have cost {best['cost']:.4g} {self.currency} a ticket "
            f"[{best['lower']:.4g}, {best['upper']:.4g}], and the log cost {self.logged:.4g}; "
            f"effective sample {self.effective:.0f} of {self.tickets}"
        )
        return "\n".join([said, *self.warnings()])


def off_policy(
    log: pd.DataFrame,
    rule: pd.DataFrame,
    costs: Costs,
    *,
    noise: pd.DataFrame | None = None,
    ci_prob: float = CI_PROB,
) -> OffPolicy:
    r"""Estimate what a rule would have cost on tickets that were routed by another one.

    Parameters
    ----------
    log : pandas.DataFrame
        What was done, a row a ticket (column ``ticket``, or the index): ``action``
        (``"simple first"`` or ``"escalate"``), ``probability``, with which that action was chosen,
        and ``outcome`` (0 or 1; may be missing where the action was to escalate), or in its place
        ``cost``, what the ticket cost in the end.
    rule : pandas.DataFrame
        What the other rule does with the same tickets, as `trust_router.decide_tickets` and
        `Exploration.table` give it: ``action``, ``need``, by which costs are foretold, and
        ``probability`` of the action (1 if there is none).
    costs : Costs
    noise : pandas.DataFrame, optional
        How often the log's outcomes are wrong, as `trust_router.insight.noise_rates` gives it:
        index ``"false_needed"`` and ``"false_resolved"``, columns ``mean`` and ``sd``. Default:
        they are true.
    ci_prob : float
        Probability inside the intervals.

    Returns
    -------
    OffPolicy

    Raises
    ------
    ValueError
        If a ticket lacks a decision, an outcome or a cost, a probability is none, or the rule does
        something that the log could not have done: nothing is known of what that costs; or if
        ``noise`` holds no two rates, or belongs to a log that holds no outcomes.

    Notes
    -----
    With :math:`w_i` the probability that the rule does what was done over that with which it was
    done, and :math:`c_i` what it cost, inverse propensity weighting is the mean of
    :math:`w_i c_i`, its self-normalised form :math:`\sum w_i c_i / \sum w_i`, and the doubly
    robust estimate [1]_ the mean of :math:`\hat c_i + w_i (c_i - \hat c(a_i))`, where costs are
    foretold from need. All are right where probabilities are; the last also where need is, and
    mostly has the shortest interval. Need should come from other tickets than the log's. The
    intervals are those of means of many tickets; the effective sample is
    :math:`(\sum w_i)^2 / \sum w_i^2`.

    With noise, :math:`(y_i - f_n) / (1 - f_n - f_r)` takes the place of an outcome [2]_: right on
    average, but spread wider. What is not known of the rates adds to the errors, as if the two had
    nothing to do with each other.

    References
    ----------
    .. [1] M. Dudík, D. Erhan, J. Langford and L. Li, "Doubly robust policy evaluation and
       optimization", Statistical Science 29(4), 2014.
    .. [2] W. J. Rogan and B. Gladen, "Estimating prevalence from the results of a screening test",
       American Journal of Epidemiology 107(1), 1978.

    Examples
    --------
    >>> log = pd.DataFrame(
    ...     {"ticket": ["a", "b"], "action": "simple first", "probability": 1, "outcome": [0, 1]}
    ... )
    >>> rule = pd.DataFrame({"ticket": ["a", "b"], "action": "simple first", "need": 0.5})
    >>> estimate = off_policy(log, rule, Costs(0.0, 3.0, failure=5.0))
    >>> estimate.table()["cost"].tolist(), estimate.logged
    ([4.0, 4.0, 4.0], 4.0)
    """
    expect(costs, Costs, "costs")
    check_interval(ci_prob, "eti")
    log, rule = _by_ticket(log, "log"), _by_ticket(rule, "rule")
    if lacking := sorted(set(log.index) - set(rule.index)):
        raise ValueError(f"`rule` has no row for ticket {lacking[0]!r} of the log")
    rule = rule.loc[log.index]
    tried, chance = _done(log, "log")
    would_try, would = _done(rule, "rule")
    try_new = np.where(would_try, would, 1 - would)
    _refuse_unseen(log, tried, chance, try_new)
    weight = np.where(tried, try_new, 1 - try_new) / chance
    need, paid = _needs(rule), _paid(log, tried, costs, noise)
    first, straight = costs.simple_first(need), costs.escalate(need)
    foretold = try_new * first + (1 - try_new) * straight
    less = np.where(tried, first, straight)
    parts = [_parts(weight, each, foretold, less) for each in paid]
    table = _estimates(parts, ci_prob)
    effective = float(weight.sum() ** 2 / (weight**2).sum()) if weight.any() else 0.0
    logged = float(paid[0].mean())
    return OffPolicy(table, logged, effective, len(log), ci_prob, costs.currency)


def _parts(weight: Array, paid: Array, foretold: Array, less: Array) -> list[Array]:
    """Give what tickets are to each estimate, which is their mean."""
    total = weight.mean()
    share = float((weight * paid).mean() / total) if total > 0 else np.nan
    normalised = share + weight * (paid - share) / total if total > 0 else paid * np.nan
    return [weight * paid, normalised, foretold + weight * (paid - less)]


def _estimates(parts: list[list[Array]], ci_prob: float) -> pd.DataFrame:
    """Means of parts of tickets, with their errors.

    After the first come pairs in which something else that is estimated is one standard deviation
    higher, and lower.
    """
    mean = np.array([[part.mean() for part in each] for each in parts])
    cost, off = mean[0], (mean[1::2] - mean[2::2]) / 2
    error = np.array([part.std(ddof=1) / np.sqrt(len(part)) for part in parts[0]])
    error = np.sqrt(error**2 + (off**2).sum(axis=0))
    far = special.ndtri((1 + ci_prob) / 2) * error
    columns = {"cost": cost, "se": error, "lower": cost - far, "upper": cost + far}
    names = ["inverse propensity", "self-normalised", "doubly robust"]
    return pd.DataFrame(columns, index=pd.Index(names, name="estimator"))


def _by_ticket(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Index a table by its tickets."""
    expect(table, pd.DataFrame, name)
    if "ticket" in table:
        table = table.set_index("ticket")
    needed = ["action", "probability"] if name == "log" else ["action", "need"]
    if missing := [column for column in needed if column not in table]:
        raise ValueError(f"`{name}` has no column {missing[0]!r}; it has {listed(table.columns)}")
    if name == "log" and len(table) < 2:
        raise ValueError(f"`log` must have two tickets or more; got {len(table)}")
    table = table.set_axis(table.index.astype(str))
    check_rows_once(list(table.index), lambda ticket: f"ticket {ticket!r} of `{name}`")
    return table


def _done(table: pd.DataFrame, name: str) -> tuple[NDArray[np.bool_], Array]:
    """Whether the simple model is tried, and with which probability what is done is done."""
    action = table["action"].to_numpy()
    _check(table, name, "action", ~np.isin(action, _ACTIONS), f"be one of {listed(_ACTIONS)}")
    given = table["probability"] if "probability" in table else np.ones(len(table))
    chance = floats(given)
    least = "above 0 and at most 1" if name == "log" else "from 0 to 1"
    wrong = ~((chance <= 1) & (chance > 0 if name == "log" else chance >= 0))
    _check(table, name, "probability", wrong, f"be {least}")
    return action == "simple first", chance


def _needs(rule: pd.DataFrame) -> Array:
    need = floats(rule["need"])
    _check(rule, "rule", "need", ~((need >= 0) & (need <= 1)), "be from 0 to 1")
    return need


def _paid(
    log: pd.DataFrame, tried: NDArray[np.bool_], costs: Costs, noise: pd.DataFrame | None
) -> list[Array]:
    """Give what each ticket cost: as stated, or by its outcome.

    With noise, also if either rate was one standard deviation higher, and lower.
    """
    if "cost" in log:
        if noise is not None:
            raise ValueError("`noise` is about outcomes, and the log states what tickets cost")
        paid = floats(log["cost"])
        _check(log, "log", "cost", ~np.isfinite(paid), "be a number")
        return [paid]
    if "outcome" not in log:
        raise ValueError(f"`log` has no column 'outcome' or 'cost'; it has {listed(log.columns)}")
    outcome = floats(log["outcome"])
    unneeded = ~tried & (costs.wrong_escalation == 0) & np.isnan(outcome)
    rule = "be 0 or 1 where the simple model was tried"
    if costs.wrong_escalation > 0:
        rule = "be 0 or 1 everywhere where a wrong escalation costs something; or state `cost`"
    _check(log, "log", "outcome", ~(np.isin(outcome, [0, 1]) | unneeded), rule)
    known = [np.nan_to_num(outcome)]
    if noise is not None:
        known = [
            (known[0] - needed) / (1 - needed - resolved) for needed, resolved in _rates(noise)
        ]
    return [np.where(tried, costs.simple_first(each), costs.escalate(each)) for each in known]


def _rates(noise: pd.DataFrame) -> Array:
    """Both rates: as they are expected, and with either a standard deviation higher and lower."""
    expect(noise, pd.DataFrame, "noise")
    names, columns = ["false_needed", "false_resolved"], ["mean", "sd"]
    if not (set(names) <= set(noise.index) and set(columns) <= set(noise)):
        raise ValueError("`noise` must be a table as `tr.insight.noise_rates` gives it")
    mean, sd = floats(noise.loc[names, columns].to_numpy()).T
    steps = np.vstack([np.zeros(2), *([sign * each] for each in np.diag(sd) for sign in (1, -1))])
    rates = mean + steps
    if not ((mean >= 0).all() and (sd >= 0).all() and (rates.sum(axis=1) < 1).all()):
        raise ValueError(
            "the rates of `noise` must be 0 or more and add up to less than 1, also if either is a "
            f"standard deviation higher; got {mean[0]:.3g} and {mean[1]:.3g}"
        )
    return np.asarray(rates)


def _refuse_unseen(
    log: pd.DataFrame, tried: NDArray[np.bool_], chance: Array, try_new: Array
) -> None:
    """Refuse a rule that does what the log never does."""
    try_old = np.where(tried, chance, 1 - chance)
    unseen = ((try_old <= 0) & (try_new > 0)) | ((try_old >= 1) & (try_new < 1))
    if unseen.any():
        at = int(unseen.argmax())
        does = _ACTIONS[0] if try_old[at] <= 0 else _ACTIONS[1]
        raise ValueError(
            f"`rule` may choose {does!r} for ticket {log.index[at]!r}, which the log could not "
            f"have done (probability 0), and so for {unseen.sum()} of {len(log)} tickets; nothing "
            "is known of what that costs"
        )


def _check(
    table: pd.DataFrame, name: str, column: str, wrong: NDArray[np.bool_], rule: str
) -> None:
    if wrong.any():
        at = int(wrong.argmax())
        got = shown(table[column].tolist()[at])
        raise ValueError(
            f"`{column}` of `{name}` must {rule}; got {got} for ticket {table.index[at]!r}"
        )
