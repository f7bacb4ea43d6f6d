"""Texts of tickets, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from trust_router.basics.checks import check_rows_once
from trust_router.basics.shown import Shown

__all__ = ["Table", "TicketTexts"]

# Values of each column, made into a list only when asked for.
Table = Mapping[str, Callable[[], list[Any]]]


@dataclass(frozen=True, repr=False)
class TicketTexts(Shown):
    """Identifiers and texts of tickets, and what else stands beside them.

    Parameters
    ----------
    tickets, texts : sequence of str
        In the order of the file; a missing text is ``""``.
    outcomes : sequence of str, optional
        As they stand there, if they do; missing ones are ``""``.
    category : sequence of str, optional
        The same.
    table : mapping of str to callable
        Gives the values of any column.

    Raises
    ------
    ValueError
        If a ticket stands twice, or there are not as many texts, outcomes or categories as tickets.
    """

    tickets: tuple[str, ...]
    texts: tuple[str, ...]
    outcomes: tuple[str, ...] | None
    category: tuple[str, ...] | None
    table: Table = field(repr=False, compare=False)

    def __init__(
        self,
        tickets: Sequence[str],
        texts: Sequence[str],
        outcomes: Sequence[str] | None = None,
        category: Sequence[str] | None = None,
        table: Table | None = None,
    ) -> None:
        parts = {"tickets": tickets, "texts": texts, "outcomes": outcomes, "category": category}
        for name, values in parts.items():
            if values is not None and len(values) != len(tickets):
                raise ValueError(
                    f"`{name}` must be one for each of {len(tickets)} tickets; got {len(values)}"
                )
            object.__setattr__(self, name, None if values is None else tuple(values))
        object.__setattr__(self, "table", {} if table is None else table)
        check_rows_once(self.tickets, lambda ticket: f"ticket {ticket!r}")

    def __len__(self) -> int:
        return len(self.tickets)

    def __reduce__(self) -> tuple[type[TicketTexts], tuple[Any, ...]]:
        """Copy and pickle with the values of all columns; what gives them knows an open frame."""
        table = {name: _Column(tuple(values())) for name, values in self.table.items()}
        return TicketTexts, (self.tickets, self.texts, self.outcomes, self.category, table)


@dataclass(frozen=True)
class _Column:
    """Values of a column that were taken out of their table."""

    values: tuple[Any, ...]

    def __call__(self) -> list[Any]:
        return list(self.values)
