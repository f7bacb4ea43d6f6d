"""Dropping judges: what each of them adds to a fitted panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.basics.checks import check_interval, listed
from trust_router.basics.shown import Shown
from trust_router.basics.words import plain
from trust_router.defaults import CI_PROB, COMMAND_SEED, ModelName
from trust_router.evaluation.comparing import loss_difference
from trust_router.evaluation.loo import ticket_loo
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.expected import expect
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.routers import Router
from trust_router.inputs.ticket_log import UNKNOWN
from trust_router.learning.compiled import compile_model
from trust_router.learning.models.kind import Model
from trust_router.learning.posterior import Posterior

__all__ = ["DroppedJudges", "drop_judge", "without_judge"]


@dataclass(frozen=True, eq=False)
class DroppedJudges(Shown):
    """What happens to the loss without each judge.

    Attributes
    ----------
    judges : pandas.DataFrame
        Index judge; ``loss`` without it, ``change`` against the full panel (positive: the judge is
        missed), its standard error ``se`` over tickets, ``lower`` and ``upper``.
    loss : float
        Log loss per ticket of the full panel.
    tickets : int
        Tickets that the losses are means over.
    of : str
        ``"held-out"`` or ``"left-out"``.
    ci_prob : float
        Probability inside the normal intervals.
    """

    judges: pd.DataFrame
    loss: float
    tickets: int
    of: str
    ci_prob: float

    def table(self) -> pd.DataFrame:
        """Tabulate the judges; columns as in ``judges``."""
        return self.judges.copy()

    def sentences(self) -> list[str]:
        """Say of each judge what dropping it does."""
        return [
            f"dropping {plain(str(judge))} {self._effect(row)}: {row['change']:+.4f} "
            f"± {row['se']:.4f} per ticket"
            for judge, row in self.judges.iterrows()
        ]

    def _effect(self, row: pd.Series[float]) -> str:
        if row["lower"] > 0:
            return f"raises the {self.of} loss"
        if row["upper"] < 0:
            return f"lowers the {self.of} loss"
        return f"leaves the {self.of} loss as it is, as far as known"

    def __repr__(self) -> str:
        return "\n".join(self.sentences())


def drop_judge(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    judges: Sequence[str] | None = None,
    held_out: Outcomes | None = None,
    model: Model | ModelName | None = None,
    random_seed: int = COMMAND_SEED,
    ci_prob: float = CI_PROB,
    **settings: Any,
) -> DroppedJudges:
    """Fit without each judge in turn, and see what it does to the loss.

    Parameters
    ----------
    panel, beliefs, outcomes, model, **settings
        As in `trust_router.fit`. Each panel is compiled and fitted anew.
    judges : sequence of str, optional
        Only these; default: all.
    held_out : Outcomes, optional
        Outcomes of other tickets, which ``beliefs`` know too: the loss is then measured on them.
        By default tickets are left out one at a time, see `trust_router.ticket_loo`.
    random_seed : int
    ci_prob : float
        Probability inside the intervals, change plus or minus so many standard errors.

    Returns
    -------
    DroppedJudges

    Raises
    ------
    ValueError
        If a judge is unknown or the only one, or held-out tickets are among those fitted.

    Notes
    -----
    Differences are taken ticket by ticket, so that how hard tickets are cancels out. The standard
    error is that over tickets the loss is measured on; which tickets happened to be fitted, and the
    draws, add to it.

    Examples
    --------
    >>> print(drop_judge(panel, beliefs, outcomes, held_out=later))  # doctest: +SKIP
    """
    check_interval(ci_prob, "eti")
    for value, kind in ((panel, Panel), (beliefs, Beliefs), (outcomes, Outcomes)):
        expect(value, kind, kind.__name__.lower())
    names = tuple(panel.judge_names if judges is None else judges)
    fewer = {name: without_judge(panel, name) for name in names}
    if held_out is not None:
        _check_held_out(beliefs, outcomes, held_out)

    def fitted(seated: Panel) -> Posterior:
        compiled = compile_model(seated, beliefs, outcomes, model=model, **settings)
        return compiled.fit(beliefs, outcomes, random_seed=random_seed)

    whole = fitted(panel)
    if held_out is None:
        loo = ticket_loo(whole)
        loss, number = loo.loss, int(loo.tickets.sum())
        differences = [loss_difference(whole, fitted(fewer[name])) for name in names]
    else:
        each = _losses(whole, beliefs, held_out)
        loss, number = float(each.mean()), len(each)
        changes = [_losses(fitted(fewer[name]), beliefs, held_out) - each for name in names]
        differences = [(float(c.mean()), float(c.std() / np.sqrt(len(c)))) for c in changes]
    table = pd.DataFrame(differences, columns=["change", "se"], index=pd.Index(names, name="judge"))
    reach = special.ndtri((1 + ci_prob) / 2) * table["se"]
    table.insert(0, "loss", loss + table["change"])
    table = table.assign(lower=table["change"] - reach, upper=table["change"] + reach)
    of = "left-out" if held_out is None else "held-out"
    return DroppedJudges(table, loss, number, of, ci_prob)


def without_judge(panel: Panel, judge: str) -> Panel:
    """Take a judge out of all routers; the others share its weight in proportion.

    A router that it sat in alone goes too, and the other routers share its initial trust.

    Raises
    ------
    ValueError
        If the judge is unknown, or the only one.

    Examples
    --------
    >>> import trust_router as tr
    >>> routers = [tr.Router("one", {"a": 0.5, "b": 0.3, "c": 0.2}), tr.Router("two", {"b": 1.0})]
    >>> panel = tr.Panel(routers)
    >>> [dict(router.judges) for router in without_judge(panel, "b").routers]
    [{'a': 0.7142857142857143, 'c': 0.28571428571428575}]
    """
    expect(panel, Panel, "panel")
    if judge not in panel.judge_names:
        raise ValueError(f"unknown judge {judge!r}; the panel has {listed(panel.judge_names)}")
    routers = []
    for router in panel.routers:
        rest = {name: weight for name, weight in router.judges.items() if name != judge}
        total = sum(rest.values())
        if rest:
            shared = {name: weight / total for name, weight in rest.items()}
            routers.append(Router(router.name, shared, router.nickname, router.price))
    if not routers:
        raise ValueError(f"{judge!r} is the only judge; without it there is no panel")
    trust = {router.name: panel.initial_trust[router.name] for router in routers}
    total = sum(trust.values())
    judges = [each for each in panel.judges if each.name != judge and _declared(panel)]
    return Panel(routers, judges, {name: value / total for name, value in trust.items()})


def _declared(panel: Panel) -> bool:
    return any(judge.speaks or judge.by_ticket for judge in panel.judges)


def _check_held_out(beliefs: Beliefs, outcomes: Outcomes, held_out: Outcomes) -> None:
    expect(held_out, Outcomes, "held_out")
    if beliefs.about != "ticket":
        raise ValueError("`held_out` takes beliefs about tickets; leave it out for categories")
    if held_out.log is None:
        raise ValueError("`held_out` must name its tickets; read it from a table with `ticket`")
    fitted = set() if outcomes.log is None else set(outcomes.log.tickets)
    both = fitted & set(held_out.log.tickets)
    if both:
        raise ValueError(f"ticket {min(both)!r} is held out and fitted; it can only be one")
    unknown = set(held_out.log.tickets) - set(beliefs.labels)
    if unknown:
        raise ValueError(f"there is no belief about the held-out ticket {min(unknown)!r}")


def _losses(posterior: Posterior, beliefs: Beliefs, held_out: Outcomes) -> Array:
    """Log loss of each held-out ticket with a known outcome."""
    log = held_out.log
    if log is None:  # checked before
        raise AssertionError
    known = log.outcome != UNKNOWN
    place = {ticket: i for i, ticket in enumerate(beliefs.labels)}
    at = [place[ticket] for ticket, keep in zip(log.tickets, known, strict=True) if keep]
    names = {
        ticket: held_out.categories[c] for ticket, c in zip(log.tickets, log.category, strict=True)
    }
    need = posterior.predict(beliefs.take(at).with_category(names)).mean
    return np.where(log.outcome[known] == 1, -np.log(need), -np.log1p(-need))
