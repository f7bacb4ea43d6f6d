"""Drift: what changed, when, by how much and how sure that is, from a pool that drifts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from trust_router.basics.arrays import Array
from trust_router.basics.checks import check_interval
from trust_router.basics.shown import Shown
from trust_router.basics.words import plain
from trust_router.defaults import ALARM_RATE, ALL_CATEGORIES, CI_KIND, CI_PROB, CiKind
from trust_router.inputs.periods import spoken
from trust_router.inputs.rows import Rows
from trust_router.insight.alarm import Alarm, alarm_of
from trust_router.learning.chains import thinned
from trust_router.learning.gate import check_posterior
from trust_router.learning.judge_table import drawn_interval
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.pool_draws import PoolDraws
from trust_router.learning.models.pooling import Pooling
from trust_router.learning.posterior import Posterior

__all__ = ["Change", "Drift", "drift"]

_DRAWS, _TICKETS = 400, 3000  # that stand for all
_AROUND = 4  # periods before and after that are compared
_LEAST = {"need": 0.03, "judge": 0.15}  # what counts as a change: share of tickets, log odds
_SURE = 0.95  # of what is said in words


@dataclass(frozen=True, repr=False)
class Change(Shown):
    """Something that changed.

    Attributes
    ----------
    of : {"need", "judge"}
    name : str
        Category, or judge.
    period : str
        The first one after it.
    before, after : float
        Means over up to four periods: need, or by how much the log odds of need rise with the
        judge's score.
    probability : float
        That it changed in this direction, by more than would matter.
    """

    of: str
    name: str
    period: str
    before: float
    after: float
    probability: float

    @property
    def sentence(self) -> str:
        """Say it in words."""
        name, when = plain(self.name), f"{spoken(self.period)}, probability {self.probability:.2f}"
        if self.of == "need":
            verb = "rose" if self.after > self.before else "fell"
            what = "need" if self.name == ALL_CATEGORIES else f"need in {name}"
            return f"{what} {verb} from {self.before:.0%} to {self.after:.0%} {when}"
        least = _LEAST["judge"]
        change = f"({self.before:+.2f} to {self.after:+.2f}) {when}"
        if abs(self.after) < least < abs(self.before):
            return f"{name} stopped being informative {change}"
        if abs(self.before) < least < abs(self.after):
            return f"{name} began to be informative {change}"
        if self.before * self.after < 0:
            return f"{name} turned round {change}"
        less = "less" if abs(self.after) < abs(self.before) else "more"
        return f"{name} counts for {less} {change}"


@dataclass(frozen=True, eq=False)
class Drift(Shown):
    """How need, and what judges are worth, went over time.

    Attributes
    ----------
    need : pandas.DataFrame
        Index (category, period), also of all categories; ``mean``, ``lower``, ``upper`` of need as
        the mix of tickets would have it that all periods have together, and ``p_changed``: the
        probability that it differs by 3 points or more between the four periods before and the four
        from this one on.
    judges : pandas.DataFrame
        Index (judge, period); the same for how much the log odds of need rise where the judge's
        score is one standard deviation higher, and the others' are not; a change is one of 0.15.
    changes : tuple of Change
        Those that are at least 95 % sure, the surest first.
    alarm : Alarm
    ci_prob : float
    """

    need: pd.DataFrame
    judges: pd.DataFrame
    changes: tuple[Change, ...]
    alarm: Alarm
    ci_prob: float

    def table(self) -> pd.DataFrame:
        """Tabulate need; columns as in ``need``."""
        return self.need.copy()

    def sentences(self) -> list[str]:
        """Say what changed."""
        return [change.sentence for change in self.changes]

    def __repr__(self) -> str:
        return "\n".join(
            [*(self.sentences() or ["nothing changed that is sure"]), repr(self.alarm)]
        )


def drift(
    posterior: Posterior,
    *,
    alarm_rate: float = ALARM_RATE,
    ci_prob: float = CI_PROB,
    ci_kind: CiKind = CI_KIND,
    allow_unconverged: bool = False,
) -> Drift:
    """Tell when what changed, by how much, and how sure that is.

    Parameters
    ----------
    posterior : Posterior
        Of a pool that drifts, ``Pool(drift="week")``.
    alarm_rate : float
        Probability of a false alarm, see `drift_alarm`.
    ci_prob, ci_kind
        Of the intervals.
    allow_unconverged : bool
        Go on also from draws that may not be trusted.

    Raises
    ------
    ValueError
        If the model does not drift, or has seen one period only.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Notes
    -----
    Need of a period is the average, over the tickets of all periods (3,000 that stand for them), of
    the need that they would have had in it: what changes because other tickets come in is no drift.

    Examples
    --------
    >>> found = drift(posterior)  # doctest: +SKIP
    >>> found  # doctest: +SKIP
    b turned round (+0.42 to -0.35) in the week of 25 May 2026, probability 1.00
    >>> found.need[["mean", "lower", "upper"]]  # doctest: +SKIP
    """
    check_posterior(posterior, allow_unconverged)
    check_interval(ci_prob, ci_kind)
    rows, panel = posterior.rows, posterior.panel
    given = _given(posterior)
    need, judges = _need(given, rows), _weights(given, panel.judge_names)
    tables, changes = {}, []
    for of, paths, key in (("need", need, "category"), ("judge", judges, "judge")):
        parts = {}
        for name, path in paths.items():
            rise, fall = _changed(path, _LEAST[of])
            lower, upper = drawn_interval(path, ci_prob, ci_kind)
            columns = {"mean": path.mean(axis=0), "lower": lower, "upper": upper}
            columns["p_changed"] = rise + fall
            parts[name] = pd.DataFrame(columns, index=pd.Index(rows.periods, name="period"))
            changes += _surest(of, name, path, np.maximum(rise, fall), rows.periods)
        tables[of] = pd.concat(parts, names=[key])
    changes.sort(key=lambda change: -change.probability)
    alarm = alarm_of(rows, panel, alarm_rate)
    return Drift(tables["need"], tables["judge"], tuple(changes), alarm, ci_prob)


def _given(posterior: Posterior) -> PoolDraws:
    draws = posterior.data["posterior"].to_dataset() if posterior.has_draws else None
    options = posterior.options if posterior.has_draws else None
    if draws is None or not isinstance(options, Pool) or "level_step" not in draws:
        raise ValueError(
            'drift is told from a pool that drifts over several periods, as `Pool(drift="week")`; '
            f"got a posterior of the {posterior.model} model without drift"
        )
    pooling = Pooling.of(posterior.panel, posterior.rows, options.scale)
    return PoolDraws.of(thinned(draws, _DRAWS), pooling, options.drift_tail)


def _need(given: PoolDraws, rows: Rows) -> dict[str, Array]:
    """Need of all tickets, and of those of each category, in each period, (sample, period)."""
    some = rows.take(np.unique(np.linspace(0, len(rows) - 1, min(len(rows), _TICKETS)).astype(int)))
    member = {ALL_CATEGORIES: some.number.astype(float)}
    if len(rows.categories) > 1:
        inside = {
            name: some.number * (some.category == c) for c, name in enumerate(rows.categories)
        }
        member |= {name: weight for name, weight in inside.items() if weight.any()}
    shares = np.stack([weight / weight.sum() for weight in member.values()], axis=1)
    periods = [
        given.need(replace(some, period=np.full(len(some), t))) @ shares
        for t in range(len(rows.periods))
    ]
    return dict(zip(member, np.stack(periods, axis=-1).transpose(1, 0, 2), strict=True))


def _weights(given: PoolDraws, names: tuple[str, ...]) -> dict[str, Array]:
    """How much the pooled score rises with that of each judge, in each period, (sample, period)."""
    pooling, walks = given.pooling, given.walks
    weight = pooling.weight / pooling.weight.sum()
    apart = np.eye(len(weight)) - weight
    parts = np.vstack([weight, pooling.within @ apart, apart * pooling.heard_once[:, None]])
    steps = np.zeros((*given.linear.shape, walks["gain"].shape[-1]))
    steps += given.linear[..., None]
    steps[:, 0] += walks["gain"]
    if "judge" in walks:
        steps[:, -len(weight) :] += walks["judge"]
    held = np.einsum("scp,cj->jsp", steps, parts)
    return dict(zip(names, held, strict=True))


def _changed(path: Array, least: float) -> tuple[Array, Array]:
    """Probability that it rose, and that it fell, by so much or more around each period."""
    before, after = _around(path)
    return ((after - before) >= least).mean(axis=0), ((before - after) >= least).mean(axis=0)


def _around(path: Array) -> tuple[Array, Array]:
    """Give means of up to four periods before each, and of up to four from it on."""
    total = np.concatenate([np.zeros((len(path), 1)), path.cumsum(axis=1)], axis=1)
    at = np.arange(path.shape[1])
    first, end = np.maximum(at - _AROUND, 0), np.minimum(at + _AROUND, path.shape[1])
    after = (total[:, end] - total[:, at]) / (end - at)
    before = (total[:, at] - total[:, first]) / np.maximum(at - first, 1)
    before[:, 0] = after[:, 0]
    return before, after


def _surest(
    of: str, name: str, path: Array, probability: Array, periods: tuple[str, ...]
) -> list[Change]:
    """Find changes that are sure, none within four periods of a larger one."""
    before, after = (side.mean(axis=0) for side in _around(path))
    size = np.where(probability >= _SURE, np.abs(after - before), 0.0)
    found = []
    while size.max() > 0:
        t = int(size.argmax())
        found.append(
            Change(of, name, periods[t], float(before[t]), float(after[t]), float(probability[t]))
        )
        size[max(0, t - _AROUND) : t + _AROUND + 1] = 0
    return found
