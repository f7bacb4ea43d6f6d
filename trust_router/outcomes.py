"""Outcomes: which tickets needed the complex model, counted per category."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import ArrayLike, NDArray

from trust_router.validate import is_missing, listed

__all__ = ["Outcomes", "outcomes_from_frame", "read_outcomes"]

Counts = NDArray[np.int64]

_COLUMNS = ("ticket", "category", "outcome")
_MISSING_WORDS = {"", "na", "n/a", "nan", "null", "none"}
_WORDS = {"0": 0, "1": 1, "false": 0, "true": 1}
_MISSING = -1
_MOST = 1e15  # whole numbers are exact in float64 up to here


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Counts of outcomes per category.

    Parameters
    ----------
    categories : sequence of str
        Labels, unique and not blank.
    trials : array_like of int, shape (category,)
        Tickets with a known outcome.
    needs : array_like of int, shape (category,)
        Of these, how many needed the complex model (outcome 1).
    missing : array_like of int, shape (category,), optional
        Tickets whose outcome nobody knows; they are reported and do not count as trials.
    tickets : iterable of str, optional
        Identifiers of the tickets counted; lets ``+`` refuse to count a ticket twice.

    Raises
    ------
    ValueError
        If a count is negative or no whole number, or needs exceed trials.

    Examples
    --------
    >>> monday = Outcomes(["refund", "login"], trials=[5, 2], needs=[1, 0])
    >>> monday + Outcomes(["login"], trials=[3], needs=[2])
    Outcomes(2 categories, 10 trials, 3 needs, 0 missing)
    """

    categories: tuple[str, ...]
    trials: Counts
    needs: Counts
    missing: Counts
    tickets: frozenset[str]

    def __init__(
        self,
        categories: Sequence[str],
        trials: ArrayLike,
        needs: ArrayLike,
        missing: ArrayLike | None = None,
        *,
        tickets: Iterable[str] = (),
    ) -> None:
        labels = tuple(categories)
        _check_labels(labels)
        object.__setattr__(self, "categories", labels)
        absent = np.zeros(len(labels), dtype=np.int64) if missing is None else missing
        for name, values in (("trials", trials), ("needs", needs), ("missing", absent)):
            object.__setattr__(self, name, _checked_counts(name, values, labels))
        for label, n, k in zip(labels, self.trials, self.needs, strict=True):
            if k > n:
                raise ValueError(
                    f"`needs` cannot exceed `trials`; got {k} of {n} in category {label!r}"
                )
        object.__setattr__(self, "tickets", frozenset(tickets))

    def __repr__(self) -> str:
        number = len(self.categories)
        return (
            f"Outcomes({number} categor{'y' if number == 1 else 'ies'}, "
            f"{self.trials.sum()} trials, {self.needs.sum()} needs, {self.missing.sum()} missing)"
        )

    def __add__(self, other: Outcomes) -> Outcomes:
        if not isinstance(other, Outcomes):
            return NotImplemented
        twice = self.tickets & other.tickets
        if twice:
            raise ValueError(
                f"ticket {min(twice)!r} is in both sets of outcomes "
                f"({len(twice)} shared in all); counting it twice would be wrong"
            )
        labels = tuple(dict.fromkeys(self.categories + other.categories))
        position = {label: i for i, label in enumerate(labels)}
        sums = np.zeros((3, len(labels)), dtype=np.int64)
        for part in (self, other):
            at = [position[label] for label in part.categories]
            sums[:, at] += np.stack([part.trials, part.needs, part.missing])
        return Outcomes(labels, *sums, tickets=self.tickets | other.tickets)

    def select(self, categories: Sequence[str]) -> Outcomes:
        """Keep only some categories (their tickets are no longer told apart)."""
        at = [self.position(category) for category in categories]
        return Outcomes(categories, self.trials[at], self.needs[at], self.missing[at])

    def position(self, category: str) -> int:
        """Position of a category; an unknown one is a ValueError that lists the known."""
        if category not in self.categories:
            raise ValueError(
                f"unknown category {category!r}; outcomes know {len(self.categories)}: "
                + ", ".join(repr(known) for known in self.categories[:10])
            )
        return self.categories.index(category)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, without the identifiers of tickets."""
        return {
            "categories": list(self.categories),
            "trials": self.trials.tolist(),
            "needs": self.needs.tolist(),
            "missing": self.missing.tolist(),
        }


def read_outcomes(path: str | Path, *, columns: Mapping[str, str] | None = None) -> Outcomes:
    """Read outcomes from a CSV, JSON Lines or Parquet file.

    Parameters
    ----------
    path : path
        File ending in ``.csv``, ``.jsonl``, ``.ndjson`` or ``.parquet``; CSV may be compressed
        (``.csv.gz``). One row a ticket.
    columns : mapping of str to str, optional
        Names of the file's columns for ``ticket``, ``category`` and ``outcome``, where they
        differ; for instance ``{"outcome": "escalated"}``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is empty, cannot be parsed, or holds an invalid value (see
        `outcomes_from_frame`).

    Examples
    --------
    >>> from trust_router.examples import example_path
    >>> read_outcomes(example_path("outcomes.csv"))
    Outcomes(1 category, 22 trials, 3 needs, 0 missing)
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"there is no outcomes file {str(path)!r}")
    if path.is_dir():
        raise ValueError(f"{str(path)!r} is a folder; name a file of outcomes")
    if path.stat().st_size == 0:
        raise ValueError(f"{path.name} is empty; outcomes need a header and at least one ticket")
    import pyarrow as pa

    try:
        return _read_file(path, columns or {})
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} cannot be read: {' '.join(str(error).split())}") from None
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None


def outcomes_from_frame(frame: Any, *, columns: Mapping[str, str] | None = None) -> Outcomes:
    """Count the outcomes in a pandas, Polars or PyArrow frame.

    Parameters
    ----------
    frame : DataFrame
        One row a ticket, with the columns ``category``, ``outcome`` (0, 1, true, false; null,
        blank or NaN where nobody knows) and, if there is one, ``ticket``. Other columns are left
        alone.
    columns : mapping of str to str, optional
        Names of the frame's columns for ``ticket``, ``category``, ``outcome``, where they differ.

    Raises
    ------
    TypeError
        If ``frame`` is no data frame.
    ValueError
        If a column is absent, the frame has no rows, an outcome is neither 0 nor 1, a category or
        ticket is missing, or a ticket stands twice. Rows are counted from 1, without the header.
    """
    data: nw.DataFrame[Any] = nw.from_native(frame, eager_only=True)
    names = _column_names(data.columns, columns or {})
    return _count({key: data[name].to_list() for key, name in names.items()}, names)


def _count(table: Mapping[str, list[Any]], names: Mapping[str, str]) -> Outcomes:
    if not table["outcome"]:
        raise ValueError("there are no rows; outcomes need at least one ticket")
    category = _labels(table["category"], "category", names["category"])
    outcome = _outcome_codes(table["outcome"], names["outcome"])
    tickets: list[str] = []
    if "ticket" in table:
        tickets = _labels(table["ticket"], "ticket", names["ticket"])
        _check_each_once(tickets)
    position = {label: i for i, label in enumerate(dict.fromkeys(category))}
    codes = np.array([position[label] for label in category])
    trials, needs, missing = (
        np.bincount(codes[chosen], minlength=len(position))
        for chosen in (outcome != _MISSING, outcome == 1, outcome == _MISSING)
    )
    return Outcomes(tuple(position), trials, needs, missing, tickets=tickets)


def _read_file(path: Path, columns: Mapping[str, str]) -> Outcomes:
    ending = path.name.lower()
    if ending.endswith((".jsonl", ".ndjson")):
        return _count_records(_read_json_lines(path), columns)
    if ending.endswith((".csv", ".csv.gz")):
        return outcomes_from_frame(_read_csv(path), columns=columns)
    if ending.endswith(".parquet"):
        from pyarrow import parquet

        return outcomes_from_frame(parquet.read_table(path), columns=columns)
    raise ValueError("the ending is unknown; use .csv, .csv.gz, .jsonl, .ndjson or .parquet")


def _read_csv(path: Path) -> Any:
    from pyarrow import csv, string

    # Everything as text: the rules for outcomes are ours, and a category "007" stays "007".
    # One thread, because only then do messages about a broken row say which it is.
    read = csv.ReadOptions(use_threads=False)
    parse = csv.ParseOptions(newlines_in_values=True)
    header = csv.open_csv(str(path), read_options=read, parse_options=parse).schema.names
    convert = csv.ConvertOptions(
        column_types=dict.fromkeys(header, string()), strings_can_be_null=False
    )
    return csv.read_csv(str(path), read_options=read, parse_options=parse, convert_options=convert)


def _read_json_lines(path: Path) -> list[dict[str, Any]]:
    records = []
    with path.open(encoding="utf-8-sig") as lines:
        for row, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"row {row} is not JSON: {error}") from None
            if not isinstance(record, dict):
                raise ValueError(f"row {row} must be a JSON object; got {line.strip()[:40]}")
            records.append(record)
    return records


def _count_records(records: list[dict[str, Any]], columns: Mapping[str, str]) -> Outcomes:
    if not records:
        raise ValueError("there are no rows; outcomes need at least one ticket")
    present = list(dict.fromkeys(key for record in records for key in record))
    names = _column_names(present, columns)
    return _count({key: [r.get(name) for r in records] for key, name in names.items()}, names)


def _column_names(present: Sequence[Any], mapped: Mapping[str, str]) -> dict[str, str]:
    for key in mapped:
        if key not in _COLUMNS:
            raise ValueError(f"`columns` may map {listed(_COLUMNS)}; got {key!r}")
    names = {key: mapped.get(key, key) for key in _COLUMNS}
    if "ticket" not in mapped and "ticket" not in present:
        del names["ticket"]
    for key, name in names.items():
        if name not in present:
            raise ValueError(
                f"there is no column {name!r} for `{key}`; columns are {listed(present)}"
            )
    return names


def _labels(values: list[Any], kind: str, name: str) -> list[str]:
    for row, value in enumerate(values, start=1):
        if is_missing(value) or not str(value).strip():
            raise ValueError(f"{kind} is missing in row {row} (column {name!r})")
    return [str(value).strip() for value in values]


def _outcome_codes(values: list[Any], name: str) -> NDArray[np.int8]:
    codes = np.empty(len(values), dtype=np.int8)
    for i, value in enumerate(values):
        code = _outcome_code(value)
        if code is None:
            raise ValueError(
                f"outcome must be 0, 1 or missing; got {value!r} in row {i + 1} (column {name!r})"
            )
        codes[i] = code
    return codes


def _outcome_code(value: Any) -> int | None:
    if is_missing(value):
        return _MISSING
    if isinstance(value, str):
        word = value.strip().lower()
        if word in _MISSING_WORDS:
            return _MISSING
        if word in _WORDS:
            return _WORDS[word]
        try:
            value = float(word)
        except ValueError:
            return None
    if isinstance(value, (bool, int, float, Decimal, np.generic)) and value in (0, 1):
        return int(value)
    return None


def _check_each_once(tickets: list[str]) -> None:
    if len(set(tickets)) == len(tickets):
        return
    twice = next(ticket for ticket, count in Counter(tickets).items() if count > 1)
    rows = [row for row, ticket in enumerate(tickets, start=1) if ticket == twice]
    raise ValueError(f"ticket {twice!r} stands in rows {rows[0]} and {rows[1]}; each counts once")


def _check_labels(labels: tuple[Any, ...]) -> None:
    for i, label in enumerate(labels):
        if not isinstance(label, str) or not label.strip():
            raise ValueError(f"category {i + 1} must be non-empty text; got {label!r}")
    if len(set(labels)) < len(labels):
        twice = next(label for label, count in Counter(labels).items() if count > 1)
        raise ValueError(f"`categories` must be unique; {twice!r} is used twice")
    if not labels:
        raise ValueError("outcomes need at least one category; got none")


def _checked_counts(name: str, values: ArrayLike, labels: tuple[str, ...]) -> Counts:
    array = np.asarray(values, dtype=float)
    if array.shape != (len(labels),):
        raise ValueError(
            f"`{name}` must have shape (category,) = {(len(labels),)}; got {array.shape}"
        )
    wrong = np.flatnonzero(~((array >= 0) & (array <= _MOST) & (array == np.floor(array))))
    if len(wrong):
        i = wrong[0]
        raise ValueError(
            f"`{name}` must be whole numbers from 0 to {_MOST:g}; "
            f"got {array[i]:g} in category {labels[i]!r}"
        )
    counts = array.astype(np.int64)
    counts.setflags(write=False)
    return counts
