"""Texts of tickets from files, frames and lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from trust_router.basics.checks import is_missing, shown
from trust_router.inputs.reading.naming import labels, text_labels
from trust_router.inputs.reading.tables import (
    column_map,
    frame_table,
    named_columns,
    read_source,
)
from trust_router.inputs.texts import Table, TicketTexts

__all__ = ["as_texts", "read_texts"]

_COLUMNS = ("ticket", "text", "outcome", "category")


def read_texts(source: Any, *, columns: Mapping[str, str] | None = None) -> TicketTexts:
    """Read texts of tickets from a file, a database or a data frame.

    Parameters
    ----------
    source : path, str, data frame, or list of dicts
        As `trust_router.read_beliefs` takes it: a file of CSV, TSV, JSON, JSON Lines, Parquet or
        Excel, a database, a query, or a frame, eager or lazy.
    columns : mapping of str to str, optional
        Names of the table's columns for ``ticket``, ``text`` and, if there are such, ``outcome``
        and ``category``, where they differ.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it cannot be read, lacks a column, has no rows, or a ticket is missing or stands twice.
    """
    mapped = column_map(columns, _COLUMNS)
    wanted = [mapped.get(key, key) for key in _COLUMNS]
    return read_source(source, "tickets", lambda table: _texts(table, mapped), wanted)


def as_texts(tickets: Any, *, columns: Mapping[str, str] | None = None) -> TicketTexts:
    """Take texts of tickets from whatever holds them.

    Parameters
    ----------
    tickets : TicketTexts, mapping, sequence, Series or DataFrame
        A mapping of tickets to texts; texts alone, then tickets are called ``"1"``, ``"2"`` and so
        on; a pandas Series of texts, whose index names the tickets; or a frame, eager or lazy, or a
        list of dicts, with ``ticket`` and ``text``, and perhaps ``category``.
    columns : mapping of str to str, optional
        Names of a frame's columns, where they differ; refused where there are none.

    Raises
    ------
    TypeError
        If it is none of these.
    ValueError
        If there are no tickets, one is missing or stands twice, or ``columns`` are named of what
        has none.

    Examples
    --------
    >>> as_texts(["My card is lost", "Refund please"]).tickets
    ('1', '2')
    """
    mapped = column_map(columns, _COLUMNS)
    held = _without_columns(tickets)
    if held is not None:
        if mapped:
            raise ValueError(
                f"`columns` names columns of a frame; a {type(tickets).__name__} has none"
            )
        return held
    try:
        table = frame_table(tickets, [mapped.get(key, key) for key in _COLUMNS])
    except TypeError:
        raise TypeError(
            "`tickets` must be a mapping, a list of texts, a Series or a data frame; "
            f"got {shown(tickets)}"
        ) from None
    return _texts(table, mapped)


def _without_columns(tickets: Any) -> TicketTexts | None:
    if isinstance(tickets, TicketTexts):
        return tickets
    if isinstance(tickets, str):
        raise TypeError(
            "`tickets` must be several texts; put a single one into a list, or read those of a "
            "file with `read_texts`"
        )
    if isinstance(tickets, Mapping):
        return _listed(list(tickets), list(tickets.values()))
    if isinstance(tickets, list | tuple) and not isinstance((*tickets, "")[0], Mapping):
        return _listed([str(i) for i in range(1, len(tickets) + 1)], tickets)
    if type(tickets).__name__ == "Series" and hasattr(tickets, "index"):
        return _listed(list(tickets.index), tickets.tolist())
    return None


def _listed(tickets: list[Any], texts: Iterable[Any]) -> TicketTexts:
    if not tickets:
        raise ValueError("there are no tickets; give at least one")
    return TicketTexts(labels(tickets, "ticket", "ticket"), _texts_of(list(texts)))


def _texts(table: Table, columns: Mapping[str, str]) -> TicketTexts:
    names = named_columns(list(table), _COLUMNS, columns, {"outcome", "category"}) if table else {}
    values = {key: table[name]() for key, name in names.items()}
    if not values or not values["ticket"]:
        raise ValueError("there are no rows; tickets need at least one")
    category = (
        text_labels(values["category"], "category", names["category"])
        if "category" in values
        else None
    )
    return TicketTexts(
        labels(values["ticket"], "ticket", names["ticket"]),
        _texts_of(values["text"]),
        _texts_of(values["outcome"]) if "outcome" in values else None,
        category,
        table,
    )


def _texts_of(values: list[Any]) -> list[str]:
    return ["" if is_missing(value) else str(value).strip() for value in values]
