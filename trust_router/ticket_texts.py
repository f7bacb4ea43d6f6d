"""Texts of tickets: read from files, and assigned to categories by ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from trust_router.categorizer import NO_CATEGORY, Categorizer
from trust_router.tables import Table, labels, named_columns, read_table
from trust_router.validate import is_missing, repeated

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TicketTexts", "assign_tickets", "count_categories", "read_texts"]

_COLUMNS = ("ticket", "text", "outcome")


@dataclass(frozen=True)
class TicketTexts:
    """Identifiers and texts of tickets, and their outcomes as they stand there, if they do.

    In the order of the file; what is missing is ``""``.
    """

    tickets: list[str]
    texts: list[str]
    outcomes: list[str] | None = None

    def __post_init__(self) -> None:
        if len(set(self.tickets)) < len(self.tickets):
            twice = repeated(self.tickets)
            rows = [row for row, ticket in enumerate(self.tickets, start=1) if ticket == twice]
            raise ValueError(f"ticket {twice!r} stands in rows {rows[0]} and {rows[1]}")


def read_texts(path: str | Path, *, columns: Mapping[str, str] | None = None) -> TicketTexts:
    """Read texts of tickets from a CSV, JSON Lines or Parquet file.

    Parameters
    ----------
    path : path
        File ending in ``.csv``, ``.csv.gz``, ``.jsonl``, ``.ndjson`` or ``.parquet``.
    columns : mapping of str to str, optional
        Names of the file's columns for ``ticket``, ``text`` and, if there is one, ``outcome``,
        where they differ.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it cannot be read, lacks a column, has no rows, or a ticket is missing or stands twice.
    """
    return cast("TicketTexts", read_table(path, "tickets", lambda t: _texts(t, columns or {})))


def assign_tickets(categorizer: Categorizer, read: TicketTexts) -> pd.DataFrame:
    """Tabulate ``ticket``, ``category``, ``confidence`` and ``outcome``, if there are outcomes."""
    assigned = categorizer.assign(read.texts)[["category", "confidence"]]
    assigned.insert(0, "ticket", read.tickets)
    return assigned if read.outcomes is None else assigned.assign(outcome=read.outcomes)


def count_categories(categorizer: Categorizer, assigned: pd.DataFrame) -> pd.DataFrame:
    """Count tickets per category: index ``category``, columns ``tickets`` and ``share``."""
    names = [*categorizer.names, NO_CATEGORY]
    counts = assigned["category"].value_counts().reindex(names, fill_value=0)
    return counts.rename_axis("category").to_frame("tickets").assign(share=counts / len(assigned))


def _texts(table: Table, columns: Mapping[str, str]) -> TicketTexts:
    names = named_columns(list(table), _COLUMNS, columns, {"outcome"}) if table else {}
    values = {key: table[name]() for key, name in names.items()}
    if not values or not values["ticket"]:
        raise ValueError("there are no rows; tickets need at least one")
    tickets = labels(values["ticket"], "ticket", names["ticket"])
    outcomes = _texts_of(values["outcome"]) if "outcome" in values else None
    return TicketTexts(tickets, _texts_of(values["text"]), outcomes)


def _texts_of(values: list[Any]) -> list[str]:
    return ["" if is_missing(value) else str(value).strip() for value in values]
