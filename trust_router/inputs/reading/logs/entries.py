"""Entries: the scores of an export, each with its ticket, name, value, source and time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.checks import is_number, listed
from trust_router.basics.instants import Instants
from trust_router.basics.words import many
from trust_router.inputs.reading.logs.exports import Export, Source, seems
from trust_router.inputs.reading.logs.fields import field, first_field, is_blank, unfolded
from trust_router.inputs.reading.logs.moments import Found, moments
from trust_router.inputs.reading.naming import text_labels
from trust_router.inputs.texts import Table

__all__ = ["FIELDS", "Entries", "read_entries", "read_wide"]

FIELDS = ("ticket", "name", "value", "label", "kind", "source", "time", "model")
_WORDS = {"CATEGORICAL", "TEXT"}  # types of scores whose number is no measure


@dataclass(frozen=True, eq=False)
class Entries:
    """Scores that name a ticket and hold a value.

    Attributes
    ----------
    ticket, name, text, model : list of str, shape (score,)
        ``text`` is the label, or a value that is no number; "" where there is none.
    number : ndarray of float, shape (score,)
        NaN where the value is text.
    boolean : ndarray of bool, shape (score,)
        Whether the value is true or false.
    source, said : list of str, shape (score,)
        Who gave the score, and the tool's own word for it.
    time : ndarray of datetime64, shape (score,)
    rows : int
        Of the export.
    notes : tuple of str
        What was left out, and why.
    """

    ticket: list[str]
    name: list[str]
    number: Array
    text: list[str]
    boolean: NDArray[np.bool_]
    source: list[Source]
    said: list[str]
    time: Instants
    model: list[str]
    rows: int
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ticket)

    def take(self, at: NDArray[np.intp]) -> Entries:
        """Keep the entries at some positions."""
        rows = at.tolist()
        return replace(
            self,
            ticket=[self.ticket[i] for i in rows],
            name=[self.name[i] for i in rows],
            number=self.number[at],
            text=[self.text[i] for i in rows],
            boolean=self.boolean[at],
            source=[self.source[i] for i in rows],
            said=[self.said[i] for i in rows],
            time=self.time[at],
            model=[self.model[i] for i in rows],
        )

    def named(self, name: str) -> NDArray[np.intp]:
        """Give the positions of the scores of one name."""
        return np.flatnonzero([each == name for each in self.name])


def read_entries(table: Table, export: Export, columns: Mapping[str, str]) -> Entries:
    """Read a long export: one row, or one entry of a list, for each score.

    Parameters
    ----------
    table : Table
        Its columns.
    export : Export
        Where things stand in it.
    columns : mapping of str to str
        Where they stand instead, by `FIELDS`.
    """
    if export.lists:
        table = unfolded(table, export.lists)
    held = {name: _field(table, export, columns, name) for name in FIELDS}
    tickets = held["ticket"]
    # Where there are no types a label may stand alone.
    value = held["value"] or (None if export.kind else held["label"])
    for name, found in (("ticket", tickets), ("name", held["name"]), ("value", value)):
        if found is None:
            raise ValueError(_absent(table, export, name))
    rows = len(_cells(tickets))
    given = value if "value" in columns else _filled(table, export, value)
    label = held["label"]
    values = _values(_cells(given), None if label is None else label[1], _texts(held, "kind", rows))
    void = first_field(table, export.void) if export.void else None
    gone = [False] * rows if void is None else [str(v).casefold() == "false" for v in void[1]]
    return _whole(held, export, values, np.array(gone, dtype=bool))


def read_wide(
    table: Table, export: Export, columns: Mapping[str, str], asked: Collection[str]
) -> Entries:
    """Read a wide export: one row for each ticket, and a column for each score.

    ``asked`` names columns of scores; where the export's names of scores have a common start, those
    are read as well.
    """
    held = {name: _field(table, export, columns, name) for name in FIELDS}
    if held["ticket"] is None:
        raise ValueError(_absent(table, export, "ticket"))
    scores = {
        name[len(export.wide) :]: table[name]()
        for name in table
        if export.wide and name.startswith(export.wide)
    }
    for name in asked:
        values = field(table, name) if name not in scores else None
        if values is not None:
            scores[name] = values
    if not scores:
        raise ValueError(_absent(table, export, "name"))
    rows = len(held["ticket"][1])
    copies = len(scores)
    repeated = {
        name: None if found is None else (found[0], found[1] * copies)
        for name, found in held.items()
    }
    repeated["name"] = ("name", [name for name in scores for _ in range(rows)])
    cells = [value for each in scores.values() for value in each]
    parts = _values(cells, None, [""] * len(cells))
    entries = _whole(repeated, export, parts, np.zeros(len(cells), dtype=bool))
    return replace(entries, rows=rows)


def _field(table: Table, export: Export, columns: Mapping[str, str], name: str) -> Found:
    if name in columns:
        path = columns[name].partition(":")[0] if name == "time" else columns[name]
        values = field(table, path)
        if values is None:
            raise ValueError(
                f"there is no column {path!r} for `{name}`; columns are {listed(table)}"
            )
        return columns[name], values
    paths = {path.partition(":")[0]: path for path in getattr(export, name)}
    found = first_field(table, list(paths))
    return found and (paths[found[0]], found[1])


def _filled(table: Table, export: Export, found: Found) -> Found:
    """Give values, from the next field where one is blank: feedback, or else what was expected."""
    if found is None:
        return None
    values = found[1]
    for path in export.value:
        others = field(table, path) if path != found[0] else None
        if others is not None:
            values = [o if is_blank(v) else v for v, o in zip(values, others, strict=True)]
    return found[0], values


def _cells(found: Found) -> list[Any]:
    return [] if found is None else found[1]


def _texts(held: Mapping[str, Found], name: str, rows: int) -> list[str]:
    found = held[name]
    if found is None:
        return [""] * rows
    known: dict[str, str] = {}  # there are few words, in many rows
    given = []
    for value in found[1]:
        word = known.get(value) if isinstance(value, str) else None
        if word is None:
            word = "" if is_blank(value) else str(value).strip()
        if isinstance(value, str):
            known[value] = word
        given.append(word)
    return given


Values = tuple[Array, list[str], NDArray[np.bool_]]


def _values(values: Sequence[Any], labels: list[Any] | None, kinds: Sequence[str]) -> Values:
    """Part values into numbers and texts; the number of a category is no measure."""
    number, text = np.full(len(values), np.nan), [""] * len(values)
    boolean = np.zeros(len(values), dtype=bool)
    for i, (value, kind) in enumerate(zip(values, kinds, strict=True)):
        number[i], text[i], boolean[i] = _value(value)
        label = labels[i] if labels else None
        if isinstance(label, str) and not is_blank(label) and value is not label:
            text[i] = label.strip()
        if kind.upper() in _WORDS:
            number[i], boolean[i] = np.nan, False
        elif kind.upper() == "BOOLEAN":
            boolean[i], text[i] = True, ""
    return number, text, boolean


def _value(value: Any) -> tuple[float, str, bool]:
    if isinstance(value, (bool, np.bool_)):
        return float(value), "", True
    if isinstance(value, str) and not is_blank(value):
        word = value.strip()
        if word.casefold() in {"true", "false"}:
            return float(word.casefold() == "true"), "", True
        try:
            return float(word), "", False
        except ValueError:
            return np.nan, word, False
    if is_number(value):
        return float(value), "", False
    return np.nan, "", False


def _whole(
    held: Mapping[str, Found], export: Export, values: Values, void: NDArray[np.bool_]
) -> Entries:
    """Bring the parts together, without scores that name no ticket or hold no value."""
    number, text, boolean = values
    (where, tickets), named = held["ticket"] or ("", []), held["name"] or ("", [])
    ticket = text_labels([None if is_blank(t) else t for t in tickets], "ticket", where)
    name = text_labels([None if is_blank(n) else n for n in named[1]], "score", named[0])
    said = _texts(held, "source", len(ticket))
    words = {word.casefold(): source for word, source in export.sources.items()}
    nothing = np.isnan(number) & np.array([not t for t in text], dtype=bool)
    homeless = np.array([not t for t in ticket], dtype=bool)
    nameless = np.array([not n for n in name], dtype=bool)
    notes = []
    for gone, why in (
        (homeless, f"without a ticket (column {where!r} is blank)"),
        (nameless & ~homeless, "without a name"),
        (void & ~homeless & ~nameless, "that no longer count (column 'valid' is false)"),
        (nothing & ~homeless & ~nameless & ~void, "without a value"),
    ):
        if gone.any():
            notes.append(f"{many(int(gone.sum()), 'score')} {why}")
    entries = Entries(
        ticket=ticket,
        name=name,
        number=number,
        text=text,
        boolean=boolean,
        source=[words.get(word.casefold(), "") for word in said],
        said=said,
        time=moments(held["time"], len(ticket)),
        model=_texts(held, "model", len(ticket)),
        rows=len(ticket),
        notes=tuple(notes),
    )
    return entries.take(np.flatnonzero(~(homeless | nameless | void | nothing)))


def _absent(table: Table, export: Export, name: str) -> str:
    """Say which column is not there, and what the table seems to be instead."""
    wanted = " or ".join(repr(path.partition(":")[0]) for path in getattr(export, name))
    what = {"ticket": "the ticket", "name": "the name of a score", "value": "the value of a score"}[
        name
    ]
    if export.wide and name == "name":
        wanted = f"{export.wide + '...'!r}"
    hint = seems(table)
    advice = hint or "`columns` says where it stands"
    return (
        f"there is no column {wanted or 'of a score'} for {what}; columns are {listed(table)}; "
        f"{advice}"
    )
