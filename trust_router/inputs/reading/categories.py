"""Categories of tickets that stand in a table of their own, as `categorize` writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trust_router.basics.checks import check_rows_once
from trust_router.inputs.reading.naming import labels
from trust_router.inputs.reading.tables import column_map, named_columns, read_source
from trust_router.inputs.texts import Table

__all__ = ["categories_of", "read_categories"]

_COLUMNS = ("ticket", "category")


def read_categories(source: Any, *, columns: Mapping[str, str] | None = None) -> dict[str, str]:
    """Read which category each ticket has, to join it to outcomes and beliefs that do not say.

    Parameters
    ----------
    source : path, data frame, or mapping of str to str
        A table with the columns ``ticket`` and ``category``, as `trust-router categorize --out`
        writes it, others are left alone; or the categories by ticket.
    columns : mapping of str to str, optional
        Names of these columns where they differ.

    Raises
    ------
    ValueError
        If a column is absent, a ticket or category missing, or a ticket stands twice.

    Examples
    --------
    >>> read_categories({"t1": "refund"})
    {'t1': 'refund'}
    """
    if isinstance(source, Mapping):
        held: Table = {"ticket": lambda: list(source), "category": lambda: list(source.values())}
        return _pairs(held, {})
    mapped = column_map(columns, _COLUMNS)
    wanted = [mapped.get(key, key) for key in _COLUMNS]
    return read_source(source, "categories", lambda table: _pairs(table, mapped), wanted)


def categories_of(tickets: Sequence[str], known: Mapping[str, str], what: str) -> tuple[str, ...]:
    """Give the category of each ticket; one without is refused.

    Parameters
    ----------
    tickets : sequence of str
    known : mapping of str to str
        From `read_categories`.
    what : str
        What the tickets are those of, for messages.
    """
    lacking = [ticket for ticket in tickets if ticket not in known]
    if lacking:
        raise ValueError(
            f"{len(lacking):,} of {len(tickets):,} tickets of the {what} are not in the table of "
            f"categories, the first is {lacking[0]!r}; give them one there (`trust-router "
            "categorize --using` finds saved categories in other tickets)"
        )
    return tuple(known[ticket] for ticket in tickets)


def _pairs(table: Table, columns: Mapping[str, str]) -> dict[str, str]:
    names = named_columns(list(table), _COLUMNS, columns, set())
    tickets = labels(table[names["ticket"]](), "ticket", names["ticket"])
    check_rows_once(tickets, lambda ticket: f"ticket {ticket!r}")
    category = labels(table[names["category"]](), "category", names["category"])
    if not tickets:
        raise ValueError("there are no rows; categories need at least one ticket")
    return dict(zip(tickets, category, strict=True))
