"""The log: outcomes of single tickets, told by their identifiers, which later ones may correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trust_router.basics.arrays import Counts, floats
from trust_router.basics.checks import check_names, check_rows_once, shown
from trust_router.basics.frozen import Frozen
from trust_router.basics.instants import INSTANT, Instants, instants
from trust_router.basics.shown import Shown
from trust_router.inputs.changes import Changes, placed

__all__ = ["UNKNOWN", "TicketLog", "counted", "latest", "whole"]

UNKNOWN = -1  # an outcome that nobody knows


@dataclass(frozen=True, eq=False, repr=False)
class TicketLog(Shown, Frozen):
    """Outcomes of single tickets, which beliefs about single tickets are matched with.

    Parameters
    ----------
    tickets : sequence of str
        Identifiers, each once and not blank.
    category : array_like of int, shape (ticket,)
        Positions in ``Outcomes.categories``.
    outcome : array_like of int, shape (ticket,)
        0, 1, or -1 where nobody knows; of a ticket that somebody checked, what was found.
    time : array_like of datetime64, shape (ticket,), optional
        When each ticket happened, as instants of UTC; NaT where nobody knows.
    untried : array_like of bool, shape (ticket,), optional
        Whether the complex model alone answered; such a ticket has no outcome.
    corrected : array_like of bool, shape (ticket,), optional
        Whether the outcome, or the category, replaced another one.
    checked : array_like of bool, shape (ticket,), optional
        Whether somebody looked whether the outcome is right, so that it is.
    logged : array_like of int, shape (ticket,), optional
        The outcome before that; default, and of all other tickets: ``outcome``.

    Raises
    ------
    ValueError
        If a ticket is blank or stands twice, a number is none of these, a ticket that only the
        complex model answered has an outcome, or one that was checked has none.
    """

    tickets: tuple[str, ...]
    category: NDArray[np.int32]
    outcome: NDArray[np.int8]
    time: Instants
    untried: NDArray[np.bool_]
    corrected: NDArray[np.bool_]
    checked: NDArray[np.bool_]
    logged: NDArray[np.int8]

    def __init__(
        self,
        tickets: Sequence[str],
        category: ArrayLike,
        outcome: ArrayLike,
        *,
        time: ArrayLike | None = None,
        untried: ArrayLike | None = None,
        corrected: ArrayLike | None = None,
        checked: ArrayLike | None = None,
        logged: ArrayLike | None = None,
    ) -> None:
        tickets = tuple(tickets)
        check_rows_once(tickets, lambda ticket: f"ticket {ticket!r}")
        check_names("tickets", "ticket", tickets)
        object.__setattr__(self, "tickets", tickets)
        position = "positions of categories, whole numbers of 0 or more"
        codes = whole("category", category, (0, 2**31 - 1), position, tickets, "ticket")
        known = "0, 1, or -1 where nobody knows"
        results = whole("outcome", outcome, (UNKNOWN, 1), known, tickets, "ticket")
        before = outcome if logged is None else logged
        before = whole("logged", before, (UNKNOWN, 1), known, tickets, "ticket")
        for name, values in (
            ("category", codes.astype(np.int32)),
            ("outcome", results.astype(np.int8)),
            ("time", _times(time, tickets)),
            ("untried", _flags("untried", untried, tickets)),
            ("corrected", _flags("corrected", corrected, tickets)),
            ("checked", _flags("checked", checked, tickets)),
            ("logged", before.astype(np.int8)),
        ):
            values.setflags(write=False)
            object.__setattr__(self, name, values)
        seen = np.flatnonzero(self.untried & (self.outcome != UNKNOWN))
        if len(seen):
            raise ValueError(
                f"`untried` tickets have no outcome, for the complex model alone answered; got "
                f"{self.outcome[seen[0]]} on ticket {tickets[seen[0]]!r}"
            )

        unknown = np.flatnonzero(self.checked & (self.outcome == UNKNOWN))
        if len(unknown):
            raise ValueError(
                "`checked` tickets have an outcome, which was found; got none on ticket "
                f"{tickets[unknown[0]]!r}"
            )

    def __len__(self) -> int:
        return len(self.tickets)

    def counts(self, categories: int) -> Counts:
        """Count trials, needs, missing and untried, shape (4, category)."""
        return counted(self.category, self.outcome, self.untried, categories)

    def recoded(self, position: ArrayLike) -> TicketLog:
        """Give each category its place in another list."""
        return TicketLog(
            self.tickets,
            np.asarray(position, dtype=np.int32)[self.category],
            self.outcome,
            time=self.time,
            untried=self.untried,
            corrected=self.corrected,
            checked=self.checked,
            logged=self.logged,
        )

    def found(self, categories: int) -> Counts | None:
        """Count checked tickets, shape (category, 2, 3); see `Rows.checked`. None: none was."""
        return self._found(self.category, categories) if self.checked.any() else None

    def found_of(self, tickets: Sequence[str]) -> Counts | None:
        """Give the same of tickets, all of the log's among them, shape (ticket, 2, 3)."""
        if not self.checked.any():
            return None
        place = {ticket: i for i, ticket in enumerate(tickets)}
        return self._found(np.array([place[t] for t in self.tickets], dtype=np.intp), len(tickets))

    def _found(self, cell: NDArray[Any], cells: int) -> Counts:
        at, counts = np.flatnonzero(self.checked), np.zeros((cells, 2, 3), dtype=np.int64)
        before = np.where(self.logged == UNKNOWN, 2, self.logged)
        np.add.at(counts, (cell[at], self.outcome[at], before[at]), 1)
        return counts

    def joined(self, later: TicketLog) -> TicketLog:
        """Bring another log of the same categories in; see `latest`."""
        names = [field.name for field in fields(self)[1:]]
        both = {n: np.concatenate([getattr(self, n), getattr(later, n)]) for n in names}
        table = np.repeat([0, 1], [len(self), len(later)])
        return latest(self.tickets + later.tickets, table, both)

    def changed_by(self, later: TicketLog) -> Changes:
        """Count what a later log of the same categories changes."""
        at = placed(self.tickets, later.tickets)[1]
        both = np.flatnonzero(at < len(self))
        old = at[both]
        known, knows = self.outcome[old] != UNKNOWN, later.outcome[both] != UNKNOWN
        holds = self.checked[old] & ~later.checked[both]  # what was found, whatever is logged
        other = ~holds & (self.outcome[old] != later.outcome[both])
        other |= self.category[old] != later.category[both]
        corrected = int((known & knows & other).sum())
        looked = ~self.checked[old] & later.checked[both]
        filled = int(((~known & knows) | (looked & ~(known & knows & other))).sum())
        return Changes(len(later) - len(both) + filled, corrected, len(both) - corrected - filled)


def latest(
    tickets: Sequence[str],
    order: NDArray[Any],
    held: Mapping[str, NDArray[Any]],
) -> TicketLog:
    """Make a log of rows in which a ticket may stand several times.

    The last row with a known outcome holds, or the last one if none has; an unknown outcome
    replaces nothing. What was found last of a ticket holds whatever was logged before or after. The
    ticket happened at the earliest time that is stated.

    Parameters
    ----------
    tickets : sequence of str
        One for each row, as everything else.
    order : ndarray
        By which rows are earlier or later; of equals the later row is.
    held : mapping of str to ndarray
        The columns of a log.
    """
    category, logged, time = held["category"], held["logged"], held["time"]
    found = np.where(held["checked"], held["outcome"], UNKNOWN)
    names, code = placed((), tickets)
    at = np.lexsort((np.arange(len(code)), order, code))
    starts = np.flatnonzero(np.diff(code[at], prepend=-1))
    known = (logged != UNKNOWN)[at]
    last, seen = at[_last(known, starts)], found[at[_last((found != UNKNOWN)[at], starts)]]
    outcome = np.where(seen == UNKNOWN, logged[last], seen)
    said = 2 * category.astype(np.int64)[at] + logged[at]
    least = np.minimum.reduceat(np.where(known, said, said.max(initial=0)), starts)
    most = np.maximum.reduceat(np.where(known, said, -1), starts)
    unseen, again = (np.logical_or.reduceat(held[n][at], starts) for n in ("untried", "corrected"))
    return TicketLog(
        names,
        category[last],
        outcome,
        time=np.fmin.reduceat(time[at], starts),
        untried=unseen & (outcome == UNKNOWN),
        corrected=again | (least < most),
        checked=seen != UNKNOWN,
        logged=logged[last],
    )


def _last(known: NDArray[np.bool_], starts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Give the place of the last row that is known of each group of rows, or else of the last."""
    number = len(known)
    rank = np.arange(number) + number * known  # the known ones above all others
    return np.asarray(np.maximum.reduceat(rank, starts) % max(1, number))


def counted(
    category: NDArray[np.int32],
    outcome: NDArray[np.int8],
    untried: NDArray[np.bool_],
    categories: int,
) -> Counts:
    """Count trials, needs, missing and untried of rows, shape (4, category)."""
    unknown = outcome == UNKNOWN
    chosen = (~unknown, outcome == 1, unknown, untried)
    return np.stack([np.bincount(category[rows], minlength=categories) for rows in chosen])


def whole(
    name: str,
    given: ArrayLike,
    limits: tuple[float, float],
    rule: str,
    labels: Sequence[str],
    of: str,
) -> Counts:
    """Give whole numbers within limits, one for each label."""
    try:
        array = floats(given)
    except (OverflowError, TypeError, ValueError):
        raise ValueError(f"`{name}` must be {rule}, one a {of}; got {shown(given)}") from None
    if array.shape != (len(labels),):
        raise ValueError(f"`{name}` must have shape ({of},) = {(len(labels),)}; got {array.shape}")
    low, high = limits
    wrong = np.flatnonzero(~((array >= low) & (array <= high) & (array == np.floor(array))))
    if len(wrong):
        at = f"{'on' if of == 'ticket' else 'in'} {of} {labels[wrong[0]]!r}"
        raise ValueError(f"`{name}` must be {rule}; got {array[wrong[0]]:g} {at}")
    counts = array.astype(np.int64)
    counts.setflags(write=False)
    return counts


def _times(given: ArrayLike | None, tickets: Sequence[str]) -> Instants:
    if given is None:
        return np.full(len(tickets), "NaT", dtype=INSTANT)
    array = instants("time", given)
    if len(array) != len(tickets):
        raise ValueError(
            f"`time` must have one for each of {len(tickets)} tickets; got {len(array)}"
        )
    return array


def _flags(name: str, given: ArrayLike | None, tickets: Sequence[str]) -> NDArray[np.bool_]:
    array = np.zeros(len(tickets), dtype=bool) if given is None else np.array(given)
    if array.dtype != bool or array.shape != (len(tickets),):
        raise ValueError(f"`{name}` must be true or false, one a ticket; got {shown(given)}")
    return array
