"""Tables of beliefs: the door for both kinds, and wide ones made into arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trust_router.basics.checks import check_rows_once, listed, number
from trust_router.defaults import CONCENTRATION, PROBABILITY_FLOOR
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.panel import Panel
from trust_router.inputs.reading.chosen import Chosen
from trust_router.inputs.reading.long import COLUMNS, from_long
from trust_router.inputs.reading.naming import labels, text_labels
from trust_router.inputs.reading.tables import column_map, named_columns, numbers, read_source
from trust_router.inputs.texts import Table

__all__ = ["read_beliefs"]

_WIDE = ("ticket", "category")
_OF_OUTCOMES = {
    "outcome",
    "time",
    "answered_by",
    "verified",
}  # what one table for both holds beside them


def read_beliefs(
    source: Any,
    *,
    columns: Mapping[str, str] | None = None,
    judges: Sequence[str] | Panel | None = None,
    concentration: float | None = None,
) -> Beliefs:
    """Read beliefs from a file or a data frame, long or wide.

    Parameters
    ----------
    source : path or data frame
        File ending in ``.csv``, ``.csv.gz``, ``.jsonl``, ``.ndjson`` or ``.parquet``, or a frame of
        pandas, Polars, PyArrow or another library that Narwhals knows.
        *Long*, with a column ``judge``: one row for each belief, with ``ticket`` or ``category`` or
        both, and ``alpha, beta``, or ``mean, concentration``, or ``probability`` (and
        ``concentration``). A row without a ticket is what the judge believes about the whole
        category; it stands in for tickets of that category on which the judge has no row.
        *Wide*, without that column: one row for each ticket, with ``ticket``, optionally
        ``category``, and a column of probabilities for each judge.
    columns : mapping of str to str, optional
        Names of the columns where they differ, as ``{"ticket": "id"}``; of those that are read.
    judges : sequence of str or Panel, optional
        Whose beliefs are read, everything else is left alone; of a panel those of its judges that
        the table knows. By default all; in a wide table every column but ``ticket``, ``category``
        and those of outcomes: ``outcome``, ``time``, ``answered_by`` and ``verified``.
    concentration : float, optional
        Of probabilities stated without one; by default 10. Refused where all shapes are stated.

    Returns
    -------
    Beliefs
        About tickets; about categories if the table knows only those.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If ``source`` is neither a path nor a data frame.
    ValueError
        If the file is empty or cannot be parsed, a column is absent, a (ticket, judge) stands
        twice, a value is no belief, or an argument would not be used. Rows are counted from 1,
        without header and blank lines.

    Notes
    -----
    A missing value is a missing belief. Probabilities below 0.01 count as 0.01, those above 0.99 as
    0.99: no judge can be so sure that a single ticket outweighs all others.
    """
    mapped = column_map(columns, COLUMNS)
    if concentration is not None and not number("concentration", concentration) > 0:
        raise ValueError(f"`concentration` must be positive; got {concentration:g}")
    chosen = Chosen.of(judges)
    wanted = [mapped.get(key, key) for key in COLUMNS]
    return read_source(
        source, "beliefs", lambda table: _from_table(table, mapped, chosen, concentration), wanted
    )


def _from_table(
    table: Table, columns: Mapping[str, str], chosen: Chosen | None, concentration: float | None
) -> Beliefs:
    if columns.get("judge", "judge") in table:
        return from_long(table, columns, chosen, concentration)
    unused = [key for key in columns if key not in _WIDE]
    if unused:
        why = (
            f"there is no column {columns['judge']!r} for `judge`"
            if "judge" in columns
            else "a wide table, without a column `judge`, has a column for each judge instead"
        )
        raise ValueError(
            f"`columns` maps {listed(unused)}, which would not be read: {why}; columns are "
            f"{listed(table)}"
        )
    return _from_wide(
        table, columns, chosen, CONCENTRATION if concentration is None else concentration
    )


def _from_wide(
    table: Table, columns: Mapping[str, str], chosen: Chosen | None, concentration: float
) -> Beliefs:
    names = named_columns(list(table), _WIDE, columns, {"category"})
    judges = [c for c in table if c not in names.values()]
    if chosen is None:
        judges = [c for c in judges if c not in _OF_OUTCOMES]
    else:
        judges = chosen.among(judges, "column")
    if not judges:
        raise ValueError(f"there is no column of a judge; columns are {listed(table)}")
    tickets = labels(table[names["ticket"]](), "ticket", names["ticket"])
    if not tickets:
        raise ValueError("there are no rows; beliefs need at least one ticket")
    check_rows_once(tickets, lambda ticket: f"ticket {ticket!r}")
    given = [numbers(table[judge](), judge, (0, 1)) for judge in judges]
    mean = np.stack(given, axis=-1).clip(PROBABILITY_FLOOR, 1 - PROBABILITY_FLOOR)
    category = (
        text_labels(table[names["category"]](), "category", names["category"])
        if "category" in names
        else None
    )
    return Beliefs(
        tickets,
        judges,
        mean * concentration,
        (1 - mean) * concentration,
        about="ticket",
        category=category,
    )
