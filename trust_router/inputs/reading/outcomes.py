"""Outcomes from files and frames, counted by category."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.checks import check_rows_once
from trust_router.basics.instants import Instants
from trust_router.defaults import ONE_CATEGORY
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.reading.answered import untried
from trust_router.inputs.reading.categories import categories_of, read_categories
from trust_router.inputs.reading.empty import NoRowsError
from trust_router.inputs.reading.meaning import Meaning
from trust_router.inputs.reading.naming import labels
from trust_router.inputs.reading.tables import column_map, named_columns, read_source
from trust_router.inputs.reading.times import instants
from trust_router.inputs.reading.verified import verified
from trust_router.inputs.texts import Table
from trust_router.inputs.ticket_log import UNKNOWN, TicketLog, counted, latest

__all__ = ["read_outcomes"]

_COLUMNS = ("ticket", "category", "outcome", "time", "answered_by", "verified")
_OPTIONAL = {"ticket", "category", "time", "answered_by", "verified"}


def read_outcomes(
    source: Any,
    *,
    columns: Mapping[str, str | None] | None = None,
    need: Any = None,
    resolved: Any = None,
    categories: Any = None,
) -> Outcomes:
    """Read outcomes from a file, a database or a data frame.

    An outcome is 1 if the complex model was needed. Many tools write 1 where the simple model
    passed: say so with ``need=0``.

    Parameters
    ----------
    source : path, str, data frame, or list of dicts
        As `trust_router.read_beliefs` takes it: a file of CSV, TSV, JSON, JSON Lines, Parquet or
        Excel, a database, a query, or a frame, eager or lazy. One row a ticket, with the columns
        ``category``, ``outcome`` (0, 1, true, false; null, blank or NaN where nobody knows) and, if
        they are there, ``ticket``, ``time``, ``answered_by`` and ``verified``. Other columns are
        left alone. Without ``category`` all tickets are of one, ``"all"``.

        ``time``, a date or a date and time, says when the ticket happened, or was judged; without
        a time zone it is taken as UTC. Where there is a time, a ticket may stand in several rows:
        the latest known outcome holds, and the ticket happened at the earliest time.

        ``answered_by`` is ``simple``, ``complex`` or ``both``: a ticket that the complex model
        alone answered has no outcome, for nobody saw whether the simple one would have resolved it.

        ``verified`` is what somebody found who checked the outcome, in the same values; blank where
        nobody did. It holds, and with `trust_router.Noise` tells how often others are wrong.
    columns : mapping of str to str, optional
        Names of these columns where they differ; for instance ``{"outcome": "needed_complex"}``.
        ``{"category": None}`` says that there are no categories.
    need, resolved : value or sequence of values, optional
        Which values mean that the complex model was needed, and which that the simple model
        resolved the ticket; ``need=0``, or ``need="fail", resolved=["pass", "partly"]``. Texts are
        compared without regard to case; true is 1. Of 0 and 1, and of yes and no, one says what
        the other means. Where nothing is stated, yes and no are read as 1 and 0, escalated and
        resolved too, with a warning that says so; any other words are refused.
    categories : path, data frame, or mapping of str to str, optional
        Category of each ticket, where another table says it: see
        `trust_router.inputs.read_categories`. A column ``category`` of this one is then not read.

    Warns
    -----
    UserWarning
        If 1 may mean the opposite and neither ``need`` nor ``resolved`` is stated: the column has a
        name like ``success``, ``passed`` or ``score``, or nine of ten tickets are needs. Nothing is
        turned. If words are read that nobody gave a meaning, or there are no categories and nobody
        said so. If outcomes of tickets that the complex model alone answered are not used.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If ``source`` is neither a path nor a data frame.
    ValueError
        If the file is empty or cannot be parsed, a column is absent, there are no rows, an outcome
        has a value of which nobody said what it means, a category or ticket is missing or no text,
        whole number or date, or a ticket stands twice and nobody can tell which is later; if
        a time is none, or some have a time zone and others not; if every ticket that the complex
        model alone answered has outcome 1, which is an escalation and no need; if no row is
        without a verified outcome, or tickets have no names. Rows are counted from 1, without
        header and blank lines.

    Examples
    --------
    >>> from trust_router.examples import example_path
    >>> read_outcomes(example_path("outcomes.csv"))
    Outcomes(1 category, 22 trials, 3 needs, 0 missing)
    """
    meaning = Meaning.of(need, resolved)
    mapped = column_map(columns, _COLUMNS, may_lack={"category"})
    wanted = [mapped.get(key, key) for key in _COLUMNS]
    known = None if categories is None else read_categories(categories)
    return read_source(
        source,
        "outcomes",
        lambda table: _count(table, mapped, meaning, known),
        wanted,
        wanted,
    )


def _count(
    table: Table,
    columns: Mapping[str, str],
    meaning: Meaning,
    known: Mapping[str, str] | None = None,
) -> Outcomes:
    names = _names(table, columns, known is not None)
    values = {key: table[name]() for key, name in names.items() if key != "time"}
    if not values or not values["outcome"]:
        raise NoRowsError("there are no rows; outcomes need at least one ticket")
    meaning = meaning.knowing(values["outcome"], names["outcome"])
    outcome = meaning.codes(values["outcome"], names["outcome"])
    tickets = labels(values["ticket"], "ticket", names["ticket"]) if "ticket" in names else None
    category: Sequence[str]
    if known is None or tickets is None:
        category = _category(values, names, columns)
    else:
        category = categories_of(tickets, known, "outcomes")
    alone = np.zeros(len(outcome), dtype=bool)
    if "answered_by" in names:
        alone = untried(values["answered_by"], names["answered_by"], outcome, tickets)
        outcome = np.where(alone, UNKNOWN, outcome).astype(np.int8)
    found = np.full(len(outcome), UNKNOWN, dtype=np.int8)
    if "verified" in names:
        found = verified(values["verified"], names["verified"], meaning, tickets)
    meaning.question(outcome, names["outcome"])
    position = {label: i for i, label in enumerate(dict.fromkeys(category))}
    codes = np.array([position[label] for label in category], dtype=np.int32)
    time = _time(table, names, columns)
    held: dict[str, NDArray[Any]]
    held = {"category": codes, "logged": outcome, "found": found, "untried": alone}
    log = None if tickets is None else _log(tickets, time, held)
    trials, needs, missing, apart = (
        counted(codes, outcome, alone, len(position)) if log is None else log.counts(len(position))
    )
    return Outcomes(tuple(position), trials, needs, missing, untried=apart, log=log)


def _category(
    values: Mapping[str, list[Any]], names: Mapping[str, str], columns: Mapping[str, str]
) -> list[str]:
    if "category" in names:
        return labels(values["category"], "category", names["category"])
    if "category" not in columns:
        warnings.warn(
            f"there is no column 'category', so that all tickets are of one, {ONE_CATEGORY!r}; "
            '`columns={"category": None}` (--column category=) says that this is meant',
            UserWarning,
            stacklevel=4,
        )
    return [ONE_CATEGORY] * len(values["outcome"])


def _names(table: Table, columns: Mapping[str, str], joined: bool) -> dict[str, str]:
    """Find the columns; where categories are joined, a ticket is needed and no category."""
    if not table:
        return {}
    wanted = [key for key in _COLUMNS if not (joined and key == "category")]
    mapped = {key: name for key, name in columns.items() if key in wanted}
    optional = _OPTIONAL - ({"ticket", "category"} if joined else set())
    return named_columns(list(table), wanted, mapped, optional)


def _time(table: Table, names: Mapping[str, str], columns: Mapping[str, str]) -> Instants | None:
    if "time" not in names:
        return None
    if "ticket" in names:
        return instants(table[names["time"]](), names["time"])
    if "time" in columns:
        raise ValueError("`columns` maps time, which is that of a ticket; map `ticket` as well")
    return None


def _log(
    tickets: Sequence[str], time: Instants | None, held: Mapping[str, NDArray[Any]]
) -> TicketLog:
    logged, found = held["logged"], held["found"]
    checked = found != UNKNOWN
    columns = {
        "category": held["category"],
        "outcome": np.where(checked, found, logged),
        "untried": held["untried"] & ~checked,
        "checked": checked,
        "logged": logged,
    }
    if len(set(tickets)) == len(tickets):
        return TicketLog(tickets, **columns, time=time)
    if time is None:
        try:
            check_rows_once(tickets, lambda ticket: f"ticket {ticket!r}")
        except ValueError as error:
            raise ValueError(f"{error}; with a column `time` the latest would hold") from None
        raise AssertionError
    _check_order(tickets, time, held["category"], logged)
    never = np.zeros_like(checked)
    return latest(tickets, time, {**columns, "time": time, "corrected": never})


def _check_order(
    tickets: Sequence[str],
    time: Instants,
    category: NDArray[np.int32],
    outcome: NDArray[np.int8],
) -> None:
    """Refuse a ticket of whose rows nobody can tell which is the latest."""
    number = Counter(tickets)
    said: dict[tuple[str, np.datetime64], tuple[int, int, int]] = {}
    for row, ticket in enumerate(tickets):
        if number[ticket] == 1:
            continue
        if np.isnat(time[row]):
            raise ValueError(
                f"ticket {ticket!r} stands in {number[ticket]} rows, and its time is missing in "
                f"row {row + 1}, so that nobody can tell which of them is the latest"
            )
        if outcome[row] == UNKNOWN:
            continue
        now = (int(category[row]), int(outcome[row]))
        *before, first = said.setdefault((ticket, time[row]), (*now, row))
        if tuple(before) != now:
            raise ValueError(
                f"ticket {ticket!r} has different outcomes, or categories, at the same time in "
                f"rows {first + 1} and {row + 1}; only one can be the latest"
            )
