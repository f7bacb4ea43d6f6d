"""Rows: beliefs and outcomes brought together, tickets that look alike merged into one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.beta import Array
from trust_router.basics.checks import listed
from trust_router.inputs.beliefs import Beliefs, stated_beliefs
from trust_router.inputs.outcomes import UNKNOWN, Outcomes, TicketLog
from trust_router.inputs.panel import Panel
from trust_router.inputs.tickets import TicketBeliefs

__all__ = ["AnyBeliefs", "Level", "Rows", "match", "rows_to_predict", "single_tickets"]

AnyBeliefs = Beliefs | TicketBeliefs
Level = Literal["category", "ticket"]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Rows:
    """What models learn from: distinct combinations of category and beliefs, with their counts.

    Attributes
    ----------
    level : {"category", "ticket"}
        Whether beliefs are about the need of a whole category, or about single tickets.
    categories, judges : tuple of str
        Labels.
    category : ndarray of int, shape (row,)
        Position in ``categories``; -1 for one that is not among them.
    alpha, beta : ndarray, shape (row, judge)
        Beta shapes of the beliefs; NaN where a judge is missing.
    trials, needs : ndarray of int, shape (row,)
        Tickets with a known outcome, and how many of them needed the complex model.
    tickets : ndarray of int, shape (row,)
        All tickets of the row, with those whose outcome nobody knows.
    """

    level: Level
    categories: tuple[str, ...]
    judges: tuple[str, ...]
    category: NDArray[np.intp]
    alpha: Array
    beta: Array
    trials: Counts
    needs: Counts
    tickets: Counts

    def __len__(self) -> int:
        return len(self.category)

    @property
    def mean(self) -> Array:
        """Expected need under each belief, shape (row, judge); NaN where missing."""
        return self.alpha / (self.alpha + self.beta)

    def counts(self) -> Outcomes:
        """Outcomes of each category."""
        known = self.category >= 0
        trials, needs, tickets = (
            np.bincount(self.category[known], counts[known], minlength=len(self.categories))
            for counts in (self.trials, self.needs, self.tickets)
        )
        return Outcomes(self.categories, trials, needs, tickets - trials)

    def recoded(self, categories: tuple[str, ...]) -> Rows:
        """Express rows in other categories, which must hold all of theirs.

        Raises
        ------
        ValueError
            If a category is not among them, or if beliefs are about categories and one is missing.
        """
        if categories == self.categories:
            return self
        place = _codes(self.categories, categories)
        extra = [name for name, at in zip(self.categories, place, strict=True) if at < 0]
        lacking = set(categories) - set(self.categories) if self.level == "category" else set()
        if extra or lacking:
            what = f"{extra[0]!r} is new" if extra else f"{min(lacking)!r} is missing"
            raise ValueError(f"categories must be those the model was compiled for; {what}")
        place = np.append(place, -1)  # position -1, no category, stays -1
        moved = replace(self, categories=categories, category=place[self.category])
        return moved.take(np.argsort(moved.category)) if self.level == "category" else moved

    def known(self) -> Rows:
        """Keep the rows with outcomes."""
        return self.take(np.flatnonzero(self.trials > 0))

    def merged(self) -> Rows:
        """Merge rows that are alike; of beliefs about categories, those of the same category."""
        if self.level == "category":
            first, inverse = np.unique(self.category, return_index=True, return_inverse=True)[1:]
        else:
            first, inverse = _distinct(self.category, self.alpha, self.beta)

        def total(counts: Counts) -> Counts:
            return np.bincount(inverse, counts, minlength=len(first)).astype(np.int64)

        return replace(
            self.take(first),
            trials=total(self.trials),
            needs=total(self.needs),
            tickets=total(self.tickets),
        )

    def hiding(self, hidden: NDArray[np.bool_]) -> Rows:
        """Forget the outcomes of some rows."""
        return replace(
            self, trials=np.where(hidden, 0, self.trials), needs=np.where(hidden, 0, self.needs)
        )

    def take(self, index: NDArray[np.intp]) -> Rows:
        """Keep some rows."""
        names = ("category", "alpha", "beta", "trials", "needs", "tickets")
        return replace(self, **{name: getattr(self, name)[index] for name in names})


def match(panel: Panel, beliefs: AnyBeliefs, outcomes: Outcomes) -> Rows:
    """Bring the beliefs of a panel's judges and the outcomes together.

    Parameters
    ----------
    panel : Panel
    beliefs : Beliefs or TicketBeliefs
        About categories, then every category of the outcomes is one row; or about single tickets,
        then tickets with the same category and beliefs are one row. A judge without beliefs about
        tickets speaks through what it states about their category in the panel.
    outcomes : Outcomes
        For beliefs about tickets with the ``log`` of single tickets.

    Raises
    ------
    ValueError
        If a judge never speaks, a category has no belief, outcomes cannot be matched with tickets,
        or a ticket has two categories.
    """
    if isinstance(beliefs, Beliefs):
        held = beliefs.select(outcomes.categories, panel.judge_names)
        return Rows(
            "category",
            outcomes.categories,
            panel.judge_names,
            np.arange(len(outcomes.categories)),
            held.alpha,
            held.beta,
            outcomes.trials,
            outcomes.needs,
            outcomes.trials + outcomes.missing,
        )
    return single_tickets(panel, beliefs, outcomes)[0].merged()


def single_tickets(
    panel: Panel, beliefs: AnyBeliefs, outcomes: Outcomes
) -> tuple[Rows, tuple[str, ...]]:
    """Bring beliefs and outcomes together, one row a ticket; see `match`.

    Returns
    -------
    rows : Rows
        Not merged; where beliefs are about categories, each ticket has those about its category.
    tickets : tuple of str
        Identifiers, in the order of the rows.

    Raises
    ------
    ValueError
        As `match`, and if outcomes have no ``log``.
    """
    if isinstance(beliefs, Beliefs):
        log = _log(outcomes)
        held = beliefs.select(outcomes.categories, panel.judge_names)
        codes, outcome, tickets = log.category.astype(np.intp), log.outcome, log.tickets
        categories, alpha, beta = outcomes.categories, held.alpha[codes], held.beta[codes]
        level: Level = "category"
    else:
        category, outcome, at, tickets = _join(beliefs, outcomes)
        categories = tuple(
            dict.fromkeys([*outcomes.categories, *(c for c in beliefs.category if c)])
        )
        codes = _codes(category, categories)
        alpha, beta = _shapes(panel, beliefs, category, at)
        level = "ticket"
    rows = Rows(
        level,
        categories,
        panel.judge_names,
        codes,
        alpha,
        beta,
        (outcome != UNKNOWN).astype(np.int64),
        (outcome == 1).astype(np.int64),
        np.ones(len(codes), dtype=np.int64),
    )
    return rows, tickets


def rows_to_predict(
    panel: Panel, beliefs: AnyBeliefs, categories: Sequence[str]
) -> tuple[Rows, NDArray[np.intp]]:
    """Make rows of new tickets, or categories, whose need is asked for.

    Returns
    -------
    rows : Rows
        Distinct rows, without outcomes; a category not among ``categories`` has the position -1.
    inverse : ndarray of int, shape (ticket,) or (category,)
        Row of each ticket or category, in the order of ``beliefs``.
    """
    if isinstance(beliefs, Beliefs):
        held = beliefs.select(beliefs.categories, panel.judge_names)
        codes, alpha, beta = _codes(beliefs.categories, categories), held.alpha, held.beta
        level: Level = "category"
    else:
        codes = _codes(beliefs.category, categories)
        at = np.arange(len(beliefs))
        alpha, beta = _shapes(panel, beliefs, beliefs.category, at, must_speak=False)
        level = "ticket"
    first, inverse = _distinct(codes, alpha, beta)
    zeros = np.zeros(len(first), dtype=np.int64)
    tickets = np.bincount(inverse, minlength=len(first)).astype(np.int64)
    known = tuple(categories)
    rows = Rows(
        level, known, panel.judge_names, codes[first], alpha[first], beta[first], zeros, zeros,
        tickets,
    )  # fmt: skip
    return rows, inverse


def _log(outcomes: Outcomes) -> TicketLog:
    log = outcomes.log
    named = 0 if log is None else int((log.outcome != UNKNOWN).sum())
    if log is None or named < outcomes.trials.sum():
        raise ValueError(
            f"single tickets are asked for, but {outcomes.trials.sum() - named} of "
            f"{outcomes.trials.sum()} outcomes belong to no named ticket; "
            "read outcomes from a table with a column `ticket`"
        )
    return log


def _join(
    beliefs: TicketBeliefs, outcomes: Outcomes
) -> tuple[list[str], NDArray[np.int8], NDArray[np.intp], tuple[str, ...]]:
    """Category and outcome of every ticket, its place in the beliefs (-1: none) and its name."""
    log = _log(outcomes)
    place = {ticket: i for i, ticket in enumerate(beliefs.tickets)}
    if log.tickets and not any(ticket in place for ticket in log.tickets):
        raise ValueError(
            "no ticket with an outcome has a belief; outcomes know "
            f"{log.tickets[0]!r}, beliefs know {beliefs.tickets[0]!r}"
            if beliefs.tickets
            else "there are no beliefs about any ticket"
        )
    category = list(beliefs.category)
    outcome = np.full(len(beliefs), UNKNOWN, dtype=np.int8)
    extra: list[tuple[str, str, int]] = []
    for ticket, code, result in zip(
        log.tickets, log.category.tolist(), log.outcome.tolist(), strict=True
    ):
        name, at = outcomes.categories[code], place.get(ticket)
        if at is None:
            extra.append((ticket, name, result))
            continue
        if category[at] and category[at] != name:
            raise ValueError(
                f"ticket {ticket!r} has category {name!r} in the outcomes and {category[at]!r} in "
                "the beliefs; make them agree"
            )
        category[at], outcome[at] = name, result
    at_all = np.r_[np.arange(len(beliefs)), np.full(len(extra), -1)].astype(np.intp)
    results = np.array([r for _, _, r in extra], dtype=np.int8)
    return (
        category + [c for _, c, _ in extra],
        np.r_[outcome, results],
        at_all,
        beliefs.tickets + tuple(t for t, _, _ in extra),
    )


def _shapes(
    panel: Panel,
    beliefs: TicketBeliefs,
    category: Sequence[str],
    tickets: NDArray[np.intp],
    *,
    must_speak: bool = True,
) -> tuple[Array, Array]:
    columns = []
    unlisted = [name for name in beliefs.judges if name not in panel.judge_names]
    for judge in panel.judges:
        if judge.name in beliefs.judges:
            j = beliefs.judges.index(judge.name)
            held = np.stack([beliefs.alpha[:, j], beliefs.beta[:, j]])
            column = np.where(tickets >= 0, held[:, tickets], np.nan)
        elif judge.speaks:
            single = {c: _of_category(judge.name, panel, c) for c in dict.fromkeys(category)}
            column = np.array([single[c] for c in category]).reshape(-1, 2).T
        else:
            column = np.full((2, len(tickets)), np.nan)
        if must_speak and np.isnan(column).all():
            raise ValueError(
                f"judge {judge.name!r} never speaks: neither the beliefs nor the panel state any "
                f"of its; leave it out of the panel"
                + (f" (beliefs also know {listed(unlisted)})" if unlisted else "")
            )
        columns.append(column)
    alpha, beta = np.stack(columns, axis=-1)
    return alpha, beta


def _of_category(judge: str, panel: Panel, category: str) -> tuple[float, float]:
    try:
        held = stated_beliefs(panel, [category], [judge])
    except ValueError:
        return np.nan, np.nan
    return float(held.alpha[0, 0]), float(held.beta[0, 0])


def _codes(category: Sequence[str], categories: Sequence[str]) -> NDArray[np.intp]:
    position = {name: i for i, name in enumerate(categories)}
    return np.array([position.get(name, -1) for name in category], dtype=np.intp)


def _distinct(
    codes: NDArray[np.intp], alpha: Array, beta: Array
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First place of each distinct row, and the row of each place."""
    key = np.unique(codes, return_inverse=True)[1]
    for column in (*alpha.T, *beta.T):
        # Missing ones are alike here: NaN differs from itself elsewhere.
        inverse = np.unique(column, return_inverse=True, equal_nan=True)[1]
        key = np.unique(key * (inverse.max(initial=0) + 1) + inverse, return_inverse=True)[1]
    first = np.unique(key, return_index=True)[1]
    return first.astype(np.intp), key.astype(np.intp)
