"""Outcomes from files and frames, counted by category."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.checks import is_missing, shown
from trust_router.inputs.outcomes import UNKNOWN, Outcomes, TicketLog
from trust_router.inputs.reading.tables import (
    MISSING_WORDS,
    labels,
    named_columns,
    read_source,
)
from trust_router.inputs.texts import Table

__all__ = ["read_outcomes"]

_COLUMNS = ("ticket", "category", "outcome")
_WORDS = {"0": 0, "1": 1, "false": 0, "true": 1}


def read_outcomes(source: Any, *, columns: Mapping[str, str] | None = None) -> Outcomes:
    """Read outcomes from a file or a data frame.

    Parameters
    ----------
    source : path or data frame
        File ending in ``.csv``, ``.csv.gz``, ``.jsonl``, ``.ndjson`` or ``.parquet``, or a frame of
        pandas, Polars, PyArrow or another library that Narwhals knows. One row a ticket, with the
        columns ``category``, ``outcome`` (0, 1, true, false; null, blank or NaN where nobody knows)
        and, if there is one, ``ticket``. Other columns are left alone.
    columns : mapping of str to str, optional
        Names of the columns for ``ticket``, ``category`` and ``outcome``, where they differ; for
        instance ``{"outcome": "escalated"}``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If ``source`` is neither a path nor a data frame.
    ValueError
        If the file is empty or cannot be parsed, a column is absent, there are no rows, an outcome
        is neither 0 nor 1, a category or ticket is missing or no text, whole number or date, or a
        ticket stands twice. Rows are counted from 1, without header and blank lines.

    Examples
    --------
    >>> from trust_router.examples import example_path
    >>> read_outcomes(example_path("outcomes.csv"))
    Outcomes(1 category, 22 trials, 3 needs, 0 missing)
    """
    return read_source(source, "outcomes", lambda table: _count(table, columns or {}))


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
