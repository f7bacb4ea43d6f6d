"""Outcomes from files and frames, counted by category."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trust_router.inputs.outcomes import UNKNOWN, Outcomes, TicketLog
from trust_router.inputs.reading.meaning import Meaning
from trust_router.inputs.reading.naming import labels
from trust_router.inputs.reading.tables import column_map, named_columns, read_source
from trust_router.inputs.texts import Table

__all__ = ["read_outcomes"]

_COLUMNS = ("ticket", "category", "outcome")


def read_outcomes(
    source: Any,
    *,
    columns: Mapping[str, str] | None = None,
    need: Any = None,
    resolved: Any = None,
) -> Outcomes:
    """Read outcomes from a file or a data frame.

    An outcome is 1 if the complex model was needed. Many tools write 1 where the simple model
    passed: say so with ``need=0``.

    Parameters
    ----------
    source : path or data frame
        File ending in ``.csv``, ``.csv.gz``, ``.jsonl``, ``.ndjson`` or ``.parquet``, or a frame of
        pandas, Polars, PyArrow or another library that Narwhals knows. One row a ticket, with the
        columns ``category``, ``outcome`` (0, 1, true, false; null, blank or NaN where nobody knows)
        and, if there is one, ``ticket``. Other columns are left alone.
    columns : mapping of str to str, optional
        Names of the columns for ``ticket``, ``category`` and ``outcome``, where they differ; for
        instance ``{"outcome": "needed_complex"}``.
    need, resolved : value or sequence of values, optional
        Which values mean that the complex model was needed, and which that the simple model
        resolved the ticket; ``need=0``, or ``need="fail", resolved=["pass", "partly"]``. Texts are
        compared without regard to case; true is 1. Of 0 and 1 one says what the other means.

    Warns
    -----
    UserWarning
        If 1 may mean the opposite and neither ``need`` nor ``resolved`` is stated: the column has a
        name like ``success``, ``passed`` or ``score``, or nine of ten tickets are needs. Nothing is
        turned.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If ``source`` is neither a path nor a data frame.
    ValueError
        If the file is empty or cannot be parsed, a column is absent, there are no rows, an outcome
        has a value of which nobody said what it means, a category or ticket is missing or no text,
        whole number or date, or a ticket stands twice. Rows are counted from 1, without header and
        blank lines.

    Examples
    --------
    >>> from trust_router.examples import example_path
    >>> read_outcomes(example_path("outcomes.csv"))
    Outcomes(1 category, 22 trials, 3 needs, 0 missing)
    """
    meaning = Meaning.of(need, resolved)
    mapped = column_map(columns, _COLUMNS)
    wanted = [mapped.get(key, key) for key in _COLUMNS]
    return read_source(source, "outcomes", lambda table: _count(table, mapped, meaning), wanted)


def _count(table: Table, columns: Mapping[str, str], meaning: Meaning) -> Outcomes:
    names = named_columns(list(table), _COLUMNS, columns, {"ticket"}) if table else {}
    values = {key: table[name]() for key, name in names.items()}
    if not values or not values["outcome"]:
        raise ValueError("there are no rows; outcomes need at least one ticket")
    category = labels(values["category"], "category", names["category"])
    outcome = meaning.codes(values["outcome"], names["outcome"])
    tickets = labels(values["ticket"], "ticket", names["ticket"]) if "ticket" in names else None
    position = {label: i for i, label in enumerate(dict.fromkeys(category))}
    codes = np.array([position[label] for label in category], dtype=np.int32)
    log = None if tickets is None else TicketLog(tuple(tickets), codes, outcome)
    trials, needs, missing = (
        np.bincount(codes[chosen], minlength=len(position))
        for chosen in (outcome != UNKNOWN, outcome == 1, outcome == UNKNOWN)
    )
    return Outcomes(tuple(position), trials, needs, missing, log=log)
