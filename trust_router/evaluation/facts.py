"""Facts about single tickets that only evaluation may know: quality of answers, length of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trust_router.basics.arrays import Array, floats
from trust_router.basics.checks import is_missing, listed, shown
from trust_router.basics.shown import Shown
from trust_router.inputs.reading.naming import labels
from trust_router.inputs.reading.tables import (
    Table,
    column_map,
    named_columns,
    numbers,
    read_table,
)

__all__ = ["TicketFacts", "read_facts"]

_COLUMNS = ("ticket", "simple_quality", "complex_quality", "length", "text")


@dataclass(frozen=True, eq=False, repr=False)
class TicketFacts(Shown):
    """What is known of single tickets beyond beliefs and outcomes; used to evaluate, never to fit.

    Parameters
    ----------
    tickets : sequence of str
        Identifiers.
    simple_quality, complex_quality : array_like, shape (ticket,), optional
        How good the answer of either model is, from 0 (wrong) to 1 (right). Without them an outcome
        of 1 says that the simple answer is wrong, and the complex model is taken to be right.
    length : array_like, shape (ticket,), optional
        Characters of the text, for the baseline that knows nothing else.

    Raises
    ------
    ValueError
        If a length differs, or a quality lies outside [0, 1].
    """

    tickets: Sequence[str]
    simple_quality: ArrayLike | None = None
    complex_quality: ArrayLike | None = None
    length: ArrayLike | None = None

    def __post_init__(self) -> None:
        for name, top in (("simple_quality", 1.0), ("complex_quality", 1.0), ("length", np.inf)):
            if getattr(self, name) is None:
                continue
            try:
                values = floats(getattr(self, name))
            except (OverflowError, TypeError, ValueError):
                raise ValueError(
                    f"`{name}` must be numbers; got {shown(getattr(self, name))}"
                ) from None
            if values.shape != (len(self.tickets),):
                raise ValueError(
                    f"`{name}` must have shape (ticket,) = {(len(self.tickets),)}; "
                    f"got {values.shape}"
                )
            wrong = np.flatnonzero(~((values >= 0) & (values <= top)))
            if len(wrong):
                raise ValueError(
                    f"`{name}` must lie between 0 and {top:g}; got {values[wrong[0]]:g} "
                    f"for ticket {self.tickets[wrong[0]]!r}"
                )
            object.__setattr__(self, name, values)

    def aligned(self, names: Sequence[str], known: NDArray[np.bool_]) -> dict[str, Array | None]:
        """Arrays in the order of ``names``; where ``known``, a ticket must be here."""
        place = {ticket: i for i, ticket in enumerate(self.tickets)}
        at = np.array([place.get(name, -1) for name in names])
        lacking = np.flatnonzero((at < 0) & known)
        if len(lacking):
            raise ValueError(
                f"facts must cover every ticket with an outcome; {names[lacking[0]]!r} is absent "
                f"({len(lacking)} in all)"
            )
        given = {n: getattr(self, n) for n in ("simple_quality", "complex_quality", "length")}
        return {n: None if v is None else np.asarray(v)[at] for n, v in given.items()}


def read_facts(path: str | Path, *, columns: Mapping[str, str] | None = None) -> TicketFacts:
    """Read facts from a CSV, JSON Lines or Parquet file.

    Parameters
    ----------
    path : path
        One row a ticket, with ``ticket`` and any of ``simple_quality``, ``complex_quality``,
        ``length``, ``text`` (whose length is taken).
    columns : mapping of str to str, optional
        Names of the file's columns where they differ.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file cannot be parsed, knows none of these columns, or holds an invalid value.

    Examples
    --------
    >>> read_facts("facts.csv", columns={"text": "question"}).length  # doctest: +SKIP
    """
    mapped = column_map(columns, _COLUMNS)
    return read_table(path, "facts", lambda table: _facts(table, mapped))


def _facts(table: Table, columns: Mapping[str, str]) -> TicketFacts:
    names = named_columns(list(table), _COLUMNS, columns, set(_COLUMNS) - {"ticket"})
    if "text" in columns and "length" in names:
        raise ValueError(
            f"`columns` maps 'text' to {columns['text']!r}, which would not be read beside the "
            f"column {names['length']!r} with lengths"
        )
    if len(names) == 1:
        raise ValueError(f"no column tells a fact; known are {listed(_COLUMNS[1:])}")
    given = {
        key: numbers(table[name](), name, (0, 1 if "quality" in key else np.inf))
        for key, name in names.items()
        if key not in ("ticket", "text")
    }
    if "text" in names and "length" not in given:
        texts = table[names["text"]]()
        given["length"] = np.array([0 if is_missing(t) else len(str(t)) for t in texts], float)
    return TicketFacts(labels(table[names["ticket"]](), "ticket", names["ticket"]), **given)
