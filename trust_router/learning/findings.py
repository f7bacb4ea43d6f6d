"""Findings: what outcomes say against judges and against the panel, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from trust_router.basics.arrays import Array, Counts
from trust_router.basics.checks import listed
from trust_router.basics.ranking import auc_with_error
from trust_router.basics.shown import Shown
from trust_router.basics.words import percent
from trust_router.inputs.rows import Rows
from trust_router.learning.past import Foretold
from trust_router.learning.posterior import Posterior

__all__ = ["Finding", "constant_judges", "find", "judge_findings", "panel_findings"]

Kind = Literal["reversed", "coin", "constant", "copies", "panel"]

_WIDE = 2.575829  # of a 99 % interval: panels have many judges, and are fitted often
_HARDLY = 0.6  # an interval that ends below it and holds .5 says that a judge is of little use
_COPY = 0.999  # correlation of beliefs
_ENOUGH_TICKETS, _ENOUGH_CATEGORIES = 20, 10  # shared, to call two judges one
_SAME = 1e-9
_FEW_OF_A_KIND = 5  # outcomes, to say how a judge ranks
_TURNED = {
    True: "this model turns it round by itself, and it can be used as it is",
    False: "a score that is high for easy tickets has to be turned round (1 - score) before it is "
    "read, or fit the pool, which does so",
}
_FEW, _MANY = 20, 100  # outcomes, to say that judges foretell worse, and no better, than a rate


@dataclass(frozen=True, repr=False)
class Finding(Shown):
    """Something that outcomes say against judges.

    Attributes
    ----------
    kind : {"reversed", "coin", "constant", "copies", "panel"}
        Ranks backwards; cannot be told from a coin; always says the same; the same under several
        names; all together foretell no better than a rate.
    judges : tuple of str
        Whom it is about; all, if about the panel.
    sentence : str
    numbers : mapping of str to float
        What the sentence rests on.
    """

    kind: Kind
    judges: tuple[str, ...]
    sentence: str
    numbers: Mapping[str, float]


def find(posterior: Posterior) -> tuple[Finding, ...]:
    """Find what the outcomes say against judges and against the panel."""
    rows, panel, facts = posterior.rows, posterior.panel, posterior.facts
    weight = np.zeros(len(panel.judges))
    np.add.at(weight, panel.seats.judge, posterior.seat_posterior.mean(axis=0))
    found = judge_findings(rows, weight, pooled=facts.pooled)
    past = posterior.foretold
    return found if past is None else (*found, *panel_findings(past))


def judge_findings(rows: Rows, weight: Array, *, pooled: bool) -> tuple[Finding, ...]:
    """Find what the outcomes say against single judges.

    Parameters
    ----------
    rows : Rows
    weight : ndarray, shape (judge,)
        Trust in each judge, over its routers.
    pooled : bool
        Whether only the order of a judge's beliefs counts.
    """
    constant = constant_judges(rows, pooled=pooled)
    found = [_constant(rows, j, weight[j], pooled) for j in np.flatnonzero(constant).tolist()]
    copies = list(_copies(rows, weight))
    return (*_rankings(rows, pooled), *found, *copies)


def constant_judges(rows: Rows, *, pooled: bool) -> NDArray[np.bool_]:
    """Tell which judges always say the same where that says nothing, shape (judge,).

    One who states the same about all categories may still be right about how often, unless only the
    order of what it states counts.
    """
    if len(rows) < 2 or not (pooled or rows.about == "ticket"):
        return np.zeros(len(rows.judges), dtype=bool)
    mean = rows.mean
    heard = ~np.isnan(mean)
    span = np.where(heard, mean, -np.inf).max(axis=0) - np.where(heard, mean, np.inf).min(axis=0)
    return np.asarray((heard.sum(axis=0) > 0) & (span <= _SAME) & (_heard_of(rows) >= _FEW))


def _heard_of(rows: Rows) -> Array:
    """Tickets, or categories, that each judge speaks of."""
    each = rows.number if rows.about == "ticket" else np.full(len(rows), _FEW)
    return np.asarray(each @ ~np.isnan(rows.mean))


def _constant(rows: Rows, j: int, weight: float, pooled: bool) -> Finding:
    stated = float(np.nanmean(rows.mean[:, j]))
    what = (
        "its trust cannot be learned from these outcomes"
        if pooled
        else "which tickets it is right about cannot be learned from these outcomes"
    )
    sentence = (
        f"Judge {rows.judges[j]!r} always says the same ({percent(stated)}): {what}, and the "
        f"{percent(weight)} that it holds say nothing of it."
    )
    return Finding("constant", (rows.judges[j],), sentence, {"stated": stated, "trust": weight})


def _rankings(rows: Rows, pooled: bool) -> Iterator[Finding]:
    known = rows.known()
    for j, name in enumerate(rows.judges):
        heard = ~np.isnan(known.mean[:, j])
        ones, score = known.needs[heard], known.mean[heard, j]
        zeros = known.trials[heard] - ones
        if not heard.any() or np.ptp(score) <= _SAME:
            continue
        auc, error = auc_with_error(score, zeros, ones)
        if min(zeros.sum(), ones.sum()) < _FEW_OF_A_KIND:
            continue
        low, high = max(0.0, auc - _WIDE * error), min(1.0, auc + _WIDE * error)
        count = int(zeros.sum() + ones.sum())
        numbers = {"auc": auc, "lower": low, "upper": high, "outcomes": float(count)}
        figures = f"AUC {auc:.2f}, 99 % interval {low:.2f} to {high:.2f}, {count:,} outcomes"
        if high < 0.5:
            yield Finding(
                "reversed",
                (name,),
                f"Judge {name!r} ranks tickets backwards ({figures}): the surer it is that the "
                f"complex model is needed, the less often it was; {_TURNED[pooled]}.",
                numbers,
            )
        elif low <= 0.5 and high < _HARDLY and rows.about == "ticket":
            yield Finding(
                "coin",
                (name,),
                f"Judge {name!r} cannot be told from a coin ({figures}).",
                numbers,
            )


def _copies(rows: Rows, weight: Array) -> Iterator[Finding]:
    """Find groups of judges that say the same, or nearly, of what they share."""
    group = np.arange(len(rows.judges))
    least, enough = np.ones(len(group)), _ENOUGH_TICKETS
    number = rows.number.astype(float)
    if rows.about == "category":
        number, enough = np.ones(len(rows)), _ENOUGH_CATEGORIES
    for i, j in combinations(range(len(group)), 2):
        shared = ~np.isnan(rows.mean[:, i] + rows.mean[:, j])
        if number[shared].sum() < enough:
            continue
        r = _correlation(rows.mean[shared][:, [i, j]], number[shared])
        if r > _COPY:
            group[group == group[j]] = group[i]
            least[group[i]] = min(least[group[i]], r)
    for g in np.unique(group):
        members = np.flatnonzero(group == g)
        if len(members) < 2:
            continue
        names = tuple(rows.judges[m] for m in members)
        total = float(weight[members].sum())
        yield Finding(
            "copies",
            names,
            f"Judges {listed(names)} say the same (correlation {least[g]:.4f}): they are one judge "
            f"under {len(names)} names, which together hold {percent(total)}, and no outcome can "
            "tell them apart; leave all but one out, or its voice counts more than once.",
            {"correlation": float(least[g]), "trust": total},
        )


def _correlation(pair: Array, number: Array) -> float:
    """Correlation of two columns with counts; 0 where one does not vary."""
    centred = pair - np.average(pair, axis=0, weights=number)
    spread = np.sqrt((number[:, None] * centred**2).sum(axis=0))
    if spread.min() <= _SAME:
        return 0.0
    return float((number * centred.prod(axis=1)).sum() / spread.prod())


def panel_findings(past: Foretold) -> tuple[Finding, ...]:
    """Compare what was foretold of each ticket from all others with what rates foretell."""
    rows, count = past.rows, past.tickets
    total = int(count.sum())
    loss = -past.log_chance
    rates = {"the share of all tickets that needed the complex model": _rate_loss(count)}
    if rows.about == "ticket":
        rates["such a share for each category"] = _rate_loss(count, rows.slot)
    name, base = min(rates.items(), key=lambda item: np.sum(count * item[1]))
    there = count > 0
    difference, weight = (loss - base)[there], count[there]
    mean = float(np.average(difference, weights=weight))
    error = float(np.sqrt(np.average((difference - mean) ** 2, weights=weight) / total))
    worse = total >= _FEW and mean > 2 * error
    if not (worse or (total >= _MANY and mean >= 0 and rows.about == "ticket")):
        return ()
    rate = float(np.average(np.broadcast_to(base, loss.shape)[there], weights=weight))
    foretold = rate + mean
    sentence = (
        f"All judges together foretell outcomes {'worse' if worse else 'no better'} than {name}: "
        f"log loss {foretold:.3f} against {rate:.3f} a ticket, each of {total} foretold from all "
        "others."
    )
    numbers = {"loss": foretold, "rate_loss": rate, "difference": mean, "error": error}
    return (Finding("panel", rows.judges, sentence, numbers),)


def _rate_loss(count: Counts, group: NDArray[np.intp] | None = None) -> Array:
    """Log loss of the rate of all other tickets, or those of the same group, (row, 2)."""
    n, k = count.sum(), count[:, 1].sum()
    one = np.array([0.0, 1.0])
    rate = (k - one + 0.5) / n  # half a ticket of each kind more, and one less
    if group is not None:
        trials = np.bincount(group, count.sum(axis=1))[group][:, None]
        needs = np.bincount(group, count[:, 1])[group][:, None]
        rate = (needs - one + rate) / trials
    rate = np.broadcast_to(rate, count.shape)
    return -np.asarray(special.xlogy(1 - one, 1 - rate) + special.xlogy(one, rate))
