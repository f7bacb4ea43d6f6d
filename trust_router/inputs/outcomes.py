"""Outcomes: which tickets needed the complex model, counted per category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trust_router.basics.checks import check_names, is_missing, repeated, shown
from trust_router.inputs.reading.tables import (
    MISSING_WORDS,
    Table,
    frame_table,
    labels,
    named_columns,
    read_table,
)

__all__ = ["Outcomes", "TicketLog", "outcomes_from_frame", "read_outcomes"]

Counts = NDArray[np.int64]

_COLUMNS = ("ticket", "category", "outcome")
_WORDS = {"0": 0, "1": 1, "false": 0, "true": 1}
UNKNOWN = -1  # an outcome that nobody knows, in `TicketLog`
_MOST = 1e15  # whole numbers are exact in float64 up to here


@dataclass(frozen=True, eq=False)
class TicketLog:
    """Outcomes of single tickets, which beliefs about single tickets are matched with.

    Parameters
    ----------
    tickets : tuple of str
        Identifiers, each once.
    category : ndarray of int, shape (ticket,)
        Positions in ``Outcomes.categories``.
    outcome : ndarray of int, shape (ticket,)
        0, 1, or -1 where nobody knows.

    Raises
    ------
    ValueError
        If a ticket stands twice.
    """

    tickets: tuple[str, ...]
    category: NDArray[np.int32]
    outcome: NDArray[np.int8]

    def __post_init__(self) -> None:
        if len(set(self.tickets)) == len(self.tickets):
            return
        twice = repeated(self.tickets)
        rows = [row for row, ticket in enumerate(self.tickets, start=1) if ticket == twice]
        raise ValueError(
            f"ticket {twice!r} stands in rows {rows[0]} and {rows[1]}; each counts once"
        )


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Counts of outcomes per category.

    Parameters
    ----------
    categories : sequence of str
        Labels, unique and not blank.
    trials : array_like of int, shape (category,)
        Tickets with a known outcome.
    needs : array_like of int, shape (category,)
        Of these, how many needed the complex model (outcome 1).
    missing : array_like of int, shape (category,), optional
        Tickets whose outcome nobody knows; they are reported and do not count as trials.
    log : TicketLog, optional
        The single tickets behind the counts: lets ``+`` refuse to count a ticket twice, and models
        learn from beliefs about single tickets.

    Raises
    ------
    ValueError
        If a count is negative or no whole number, or needs exceed trials.

    Examples
    --------
    >>> monday = Outcomes(["refund", "login"], trials=[5, 2], needs=[1, 0])
    >>> monday + Outcomes(["login"], trials=[3], needs=[2])
    Outcomes(2 categories, 10 trials, 3 needs, 0 missing)
    """

    categories: tuple[str, ...]
    trials: Counts
    needs: Counts
    missing: Counts
    log: TicketLog | None

    def __init__(
        self,
        categories: Sequence[str],
        trials: ArrayLike,
        needs: ArrayLike,
        missing: ArrayLike | None = None,
        *,
        log: TicketLog | None = None,
    ) -> None:
        names = tuple(categories)
        check_names("categories", "category", names)
        if not names:
            raise ValueError("outcomes need at least one category; got none")
        object.__setattr__(self, "categories", names)
        absent = np.zeros(len(names), dtype=np.int64) if missing is None else missing
        for name, values in (("trials", trials), ("needs", needs), ("missing", absent)):
            object.__setattr__(self, name, _checked_counts(name, values, names))
        for label, n, k in zip(names, self.trials, self.needs, strict=True):
            if k > n:
                raise ValueError(
                    f"`needs` cannot exceed `trials`; got {k} of {n} in category {label!r}"
                )
        object.__setattr__(self, "log", log)

    def __repr__(self) -> str:
        number = len(self.categories)
        return (
            f"Outcomes({number} categor{'y' if number == 1 else 'ies'}, "
            f"{self.trials.sum()} trials, {self.needs.sum()} needs, {self.missing.sum()} missing)"
        )

    def __add__(self, other: Outcomes) -> Outcomes:
        if not isinstance(other, Outcomes):
            return NotImplemented
        twice = self.tickets & other.tickets
        if twice:
            raise ValueError(
                f"ticket {min(twice)!r} is in both sets of outcomes "
                f"({len(twice)} shared in all); counting it twice would be wrong"
            )
        names = tuple(dict.fromkeys(self.categories + other.categories))
        position = {label: i for i, label in enumerate(names)}
        sums = np.zeros((3, len(names)), dtype=np.int64)
        for part in (self, other):
            at = [position[label] for label in part.categories]
            sums[:, at] += np.stack([part.trials, part.needs, part.missing])
        return Outcomes(names, *sums, log=_joined(self, other, position))

    @cached_property
    def tickets(self) -> frozenset[str]:
        """Identifiers of the tickets counted, as far as they are known."""
        return frozenset() if self.log is None else frozenset(self.log.tickets)

    def select(self, categories: Sequence[str]) -> Outcomes:
        """Keep only some categories (their tickets are no longer told apart)."""
        at = [self.position(category) for category in categories]
        return Outcomes(categories, self.trials[at], self.needs[at], self.missing[at])

    def position(self, category: str) -> int:
        """Position of a category; an unknown one is a ValueError that lists the known."""
        if category not in self.categories:
            raise ValueError(
                f"unknown category {category!r}; outcomes know {len(self.categories)}: "
                + ", ".join(repr(known) for known in self.categories[:10])
            )
        return self.categories.index(category)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, without the identifiers of tickets."""
        return {
            "categories": list(self.categories),
            "trials": self.trials.tolist(),
            "needs": self.needs.tolist(),
            "missing": self.missing.tolist(),
        }


def read_outcomes(path: Any, *, columns: Mapping[str, str] | None = None) -> Outcomes:
    """Read outcomes from a CSV, JSON Lines or Parquet file.

    Parameters
    ----------
    path : path
        File ending in ``.csv``, ``.jsonl``, ``.ndjson`` or ``.parquet``; CSV may be compressed
        (``.csv.gz``). One row a ticket.
    columns : mapping of str to str, optional
        Names of the file's columns for ``ticket``, ``category`` and ``outcome``, where they
        differ; for instance ``{"outcome": "escalated"}``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is empty, cannot be parsed, or holds an invalid value (see
        `outcomes_from_frame`).

    Examples
    --------
    >>> from trust_router.examples import example_path
    >>> read_outcomes(example_path("outcomes.csv"))
    Outcomes(1 category, 22 trials, 3 needs, 0 missing)
    """
    if not isinstance(path, (str, Path)):
        return outcomes_from_frame(path, columns=columns)
    return cast("Outcomes", read_table(path, "outcomes", lambda t: _count(t, columns or {})))


def outcomes_from_frame(frame: Any, *, columns: Mapping[str, str] | None = None) -> Outcomes:
    """Count the outcomes in a pandas, Polars or PyArrow frame.

    Parameters
    ----------
    frame : DataFrame
        One row a ticket, with the columns ``category``, ``outcome`` (0, 1, true, false; null,
        blank or NaN where nobody knows) and, if there is one, ``ticket``. Other columns are left
        alone.
    columns : mapping of str to str, optional
        Names of the frame's columns for ``ticket``, ``category``, ``outcome``, where they differ.

    Raises
    ------
    TypeError
        If ``frame`` is no data frame.
    ValueError
        If a column is absent, the frame has no rows, an outcome is neither 0 nor 1, a category or
        ticket is missing or no text, whole number or date, or a ticket stands twice. Rows are
        counted from 1, without header and blank lines.
    """
    return _count(frame_table(frame), columns or {})


def _count(table: Table, columns: Mapping[str, str]) -> Outcomes:
    names = named_columns(list(table), _COLUMNS, columns, {"ticket"}) if table else {}
    values = {key: table[name]() for key, name in names.items()}
    if not values or not values["outcome"]:
        raise ValueError("there are no rows; outcomes need at least one ticket")
    category = labels(values["category"], "category", names["category"])
    outcome = _outcome_codes(values["outcome"], names["outcome"])
    tickets = labels(values["ticket"], "ticket", names["ticket"]) if "ticket" in names else None
    position = {label: i for i, label in enumerate(dict.fromkeys(category))}
    codes = np.array([position[label] for label in category], dtype=np.int32)
    log = None if tickets is None else TicketLog(tuple(tickets), codes, outcome)
    trials, needs, missing = (
        np.bincount(codes[chosen], minlength=len(position))
        for chosen in (outcome != UNKNOWN, outcome == 1, outcome == UNKNOWN)
    )
    return Outcomes(tuple(position), trials, needs, missing, log=log)


def _joined(a: Outcomes, b: Outcomes, position: Mapping[str, int]) -> TicketLog | None:
    logs = [(part.log, part.categories) for part in (a, b)]
    known = [(log, names) for log, names in logs if log is not None]
    if not known:
        return None
    moved = [np.array([position[c] for c in names])[log.category] for log, names in known]
    return TicketLog(
        tuple(ticket for log, _ in known for ticket in log.tickets),
        np.concatenate(moved).astype(np.int32),
        np.concatenate([log.outcome for log, _ in known]),
    )


def _outcome_codes(values: list[Any], name: str) -> NDArray[np.int8]:
    codes = np.empty(len(values), dtype=np.int8)
    for i, value in enumerate(values):
        code = _outcome_code(value)
        if code is None:
            raise ValueError(
                f"outcome must be 0, 1 or missing; got {shown(value)} in row {i + 1} "
                f"(column {name!r})"
            )
        codes[i] = code
    return codes


def _outcome_code(value: Any) -> int | None:
    if is_missing(value):
        return UNKNOWN
    if isinstance(value, str):
        word = value.strip().lower()
        if word in MISSING_WORDS:
            return UNKNOWN
        if word in _WORDS:
            return _WORDS[word]
        try:
            value = float(word)
        except ValueError:
            return None
    if isinstance(value, (bool, int, float, Decimal, np.generic)) and value in (0, 1):
        return int(value)
    return None


def _checked_counts(name: str, values: ArrayLike, labels: tuple[str, ...]) -> Counts:
    try:
        array = np.asarray(values, dtype=float)
    except (OverflowError, TypeError, ValueError):
        raise ValueError(
            f"`{name}` must be whole numbers from 0 to {_MOST:g}, one a category; "
            f"got {shown(values)}"
        ) from None
    if array.shape != (len(labels),):
        raise ValueError(
            f"`{name}` must have shape (category,) = {(len(labels),)}; got {array.shape}"
        )
    wrong = np.flatnonzero(~((array >= 0) & (array <= _MOST) & (array == np.floor(array))))
    if len(wrong):
        i = wrong[0]
        raise ValueError(
            f"`{name}` must be whole numbers from 0 to {_MOST:g}; "
            f"got {array[i]:g} in category {labels[i]!r}"
        )
    counts = array.astype(np.int64)
    counts.setflags(write=False)
    return counts
