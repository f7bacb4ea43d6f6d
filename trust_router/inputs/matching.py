"""Matching: the beliefs of a panel's judges brought together with outcomes, as rows."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trust_router.defaults import ONE_CATEGORY
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.counted import CountedBeliefs, counted_rows
from trust_router.inputs.expected import expect
from trust_router.inputs.keyed import UNCHECKED, UNTRIED, Keyed
from trust_router.inputs.matches import Matches
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.periods import Clock
from trust_router.inputs.rows import Rows, positions
from trust_router.inputs.said import said
from trust_router.inputs.selection import warn_of_selection
from trust_router.inputs.span import Span
from trust_router.inputs.ticket_log import UNKNOWN, TicketLog
from trust_router.inputs.timing import timed

__all__ = ["match", "single_tickets"]


def match(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    warn: bool = True,
    partly: bool = False,
    clock: Clock | None = None,
) -> Rows:
    """Bring the beliefs of a panel's judges and the outcomes together.

    Parameters
    ----------
    panel : Panel
    beliefs : Beliefs
        About categories, then every category of the outcomes is one row; or about single tickets,
        then tickets with the same category and beliefs are one row. A judge without beliefs about
        tickets speaks through what it states about their category in the panel.
    outcomes : Outcomes
        For beliefs about tickets with the ``log`` of single tickets.
    warn : bool
        Whether to say that few outcomes found a belief; False where they are matched once more.
    partly : bool
        Whether these are later ones that others stand beside: no outcome need find its belief, and
        a judge may be silent throughout.
    clock : Clock, optional
        Into which periods tickets are told apart; tickets without an outcome may lack a time.

    Raises
    ------
    ValueError
        If a judge never speaks, a category has no belief, outcomes cannot be matched with tickets,
        a ticket has two categories, or one with an outcome has no time.

    Warns
    -----
    UserWarning
        If less than half of the outcomes found a belief; if beliefs are about categories and only
        some tickets of one were tried by the simple model.
    """
    _expect_three(panel, beliefs, outcomes)
    if isinstance(beliefs, CountedBeliefs):
        return counted_rows(panel, beliefs, outcomes, clock, partly=partly)
    if beliefs.about == "ticket":
        rows, names = single_tickets(panel, beliefs, outcomes, warn=warn, partly=partly)
        return timed(rows, names, outcomes.log, clock).merged()
    if clock is not None:
        raise ValueError("drift is learned from single tickets; got beliefs about categories")
    held, log = beliefs.select(outcomes.categories, panel.judge_names), outcomes.log
    return Rows(
        beliefs.about,
        outcomes.categories,
        panel.judge_names,
        np.arange(len(outcomes.categories)),
        held.alpha,
        held.beta,
        outcomes.trials,
        outcomes.needs,
        outcomes.trials + outcomes.missing,
        matches=_of_categories(beliefs, outcomes, warn),
        tickets=None if log is None else _keyed(log.tickets, log.category, log.outcome, log),
        checked=outcomes.checked,
    )


def single_tickets(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    warn: bool = True,
    partly: bool = False,
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
    _expect_three(panel, beliefs, outcomes)
    log = _log(outcomes)
    if beliefs.about == "category":
        beliefs = beliefs.select(outcomes.categories, panel.judge_names)
        category = [outcomes.categories[code] for code in log.category.tolist()]
        joined = _Joined(log.tickets, category, log.outcome, log.category.astype(np.intp))
    else:
        joined = _join(beliefs, outcomes, log, partly)
    tickets, category, outcome, at = joined
    stated = [*outcomes.categories, *(c for c in beliefs.category if c)]
    if outcomes.categories == (ONE_CATEGORY,):  # all may have those of the beliefs
        stated = [c for c in category if c] or stated
    categories = tuple(dict.fromkeys(stated))
    alpha, beta = said(panel, beliefs, category, at, must_speak=not partly)
    rows = Rows(
        beliefs.about,
        categories,
        panel.judge_names,
        positions(category, categories),
        alpha,
        beta,
        (outcome != UNKNOWN).astype(np.int64),
        (outcome == 1).astype(np.int64),
        np.ones(len(tickets), dtype=np.int64),
        tickets=_keyed(tickets, np.arange(len(tickets)), outcome, log),
        checked=log.found_of(tickets),
    )
    if beliefs.about == "category":
        return replace(rows, matches=_of_categories(beliefs, outcomes, warn)), tickets
    matches = replace(_of_tickets(rows, at), observed=outcomes.observed, span=Span.of(log))
    if matches.few and warn:
        _question(matches, joined)
    return replace(rows, matches=matches), tickets


class _Joined(NamedTuple):
    """Tickets with their category and outcome, and their place in the beliefs (-1: none)."""

    tickets: tuple[str, ...]
    category: list[str]
    outcome: NDArray[np.int8]
    at: NDArray[np.intp]


def _keyed(
    tickets: Sequence[str], row: NDArray[Any], outcome: NDArray[np.int8], log: TicketLog
) -> Keyed:
    """Know tickets again, also those that the complex model alone answered, or somebody checked."""
    alone = {log.tickets[i] for i in np.flatnonzero(log.untried)}
    seen = {log.tickets[i]: log.logged[i] for i in np.flatnonzero(log.checked)}
    gone = np.array([ticket in alone for ticket in tickets], dtype=bool)
    logged = np.array([seen.get(ticket, UNCHECKED) for ticket in tickets], dtype=np.int8)
    return Keyed.of(tickets, row, np.where(gone, UNTRIED, outcome), logged)


def _of_categories(beliefs: Beliefs, outcomes: Outcomes, warn: bool) -> Matches:
    if warn:
        warn_of_selection(outcomes, stacklevel=4)
    known = {c for c, n in zip(outcomes.categories, outcomes.trials, strict=True) if n}
    trials = int(outcomes.trials.sum())
    return Matches(
        "category",
        outcomes=trials,
        matched=trials,  # a category without beliefs is refused
        beliefs=len(beliefs),
        without_outcome=len(set(beliefs.labels) - known),
        silent=0,
        unseen=len(outcomes.categories) - len(known),
        observed=outcomes.observed,
        span=Span.of(outcomes.log),
    )


def _of_tickets(rows: Rows, at: NDArray[np.intp]) -> Matches:
    known, held = rows.trials > 0, at >= 0
    return Matches(
        "ticket",
        outcomes=int(known.sum()),
        matched=int((known & held).sum()),
        beliefs=int(held.sum()),
        without_outcome=int((held & ~known).sum()),
        silent=int(np.isnan(rows.alpha).all(axis=1).sum()),
        unseen=int((rows.counts().trials == 0).sum()),
    )


def _question(matches: Matches, joined: _Joined) -> None:
    held = joined.at >= 0
    lost, lone = (
        repr(joined.tickets[int(np.flatnonzero(those)[0])])
        for those in (
            ~held,
            held & (joined.outcome == UNKNOWN) if matches.without_outcome else held,
        )
    )
    warnings.warn(
        f"{matches}; do the names of tickets agree? Outcomes know {lost}, beliefs {lone}",
        UserWarning,
        stacklevel=3,
    )


def _expect_three(panel: object, beliefs: object, outcomes: object) -> None:
    expect(panel, Panel, "panel")
    expect(beliefs, Beliefs, "beliefs")
    expect(outcomes, Outcomes, "outcomes")


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


def _join(beliefs: Beliefs, outcomes: Outcomes, log: TicketLog, partly: bool) -> _Joined:
    """Find the tickets of the outcomes among those of the beliefs; either may know more."""
    place = {ticket: i for i, ticket in enumerate(beliefs.labels)}
    known = [t for t, o in zip(log.tickets, log.outcome, strict=True) if o != UNKNOWN]
    looked = known or log.tickets
    if looked and not partly and not any(ticket in place for ticket in looked):
        raise ValueError(
            "no ticket with an outcome has a belief; outcomes know "
            f"{looked[0]!r}, beliefs know {beliefs.labels[0]!r}"
            if beliefs.labels
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
        if category[at] and outcomes.categories == (ONE_CATEGORY,):
            name = category[at]  # outcomes have none
        if category[at] and category[at] != name:
            raise ValueError(
                f"ticket {ticket!r} has category {name!r} in the outcomes and {category[at]!r} in "
                "the beliefs; make them agree"
            )
        category[at], outcome[at] = name, result
    at_all = np.r_[np.arange(len(beliefs)), np.full(len(extra), -1)].astype(np.intp)
    results = np.array([r for _, _, r in extra], dtype=np.int8)
    return _Joined(
        beliefs.labels + tuple(t for t, _, _ in extra),
        category + [c for _, c, _ in extra],
        np.r_[outcome, results],
        at_all,
    )
