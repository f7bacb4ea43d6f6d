"""Tables: columns from files, frames and databases, as lists, with rows counted from 1."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.characters import canonical
from trust_router.basics.checks import is_missing, listed, shown
from trust_router.inputs.reading.databases import query_table
from trust_router.inputs.reading.empty import NoRowsError
from trust_router.inputs.reading.formats import read_format
from trust_router.inputs.reading.frames import frame_table
from trust_router.inputs.reading.looks import check_file, reason
from trust_router.inputs.reading.places import Place
from trust_router.inputs.texts import Table

__all__ = [
    "Table",
    "column_map",
    "frame_table",
    "named_columns",
    "numbers",
    "read_source",
    "read_table",
]

_CSV_ROW = re.compile(r"Row #(\d+)")

_HOW = (
    '; say which it is, as columns={{"{key}": "its name"}} (--column, of beliefs '
    "--belief-column, {key}=NAME)"
)
_MISSING_WORDS = {"", "na", "n/a", "nan", "null", "none"}


def read_source[T](
    source: Any,
    what: str,
    build: Callable[[Table], T],
    wanted: Iterable[str] = (),
    only: Collection[str] = (),
) -> T:
    """Build something from the columns of a file, a database, a query, a frame or records.

    Parameters
    ----------
    source : path, str, frame, or list of dicts
        As `read_table` or `frame_table` take it.
    what : str
        What it holds, for messages.
    build : callable
        Gets the columns.
    wanted : iterable of str
        Columns that may also be the index of a pandas frame.
    only : collection of str
        Where these are all that is read, lazy frames and queries bring no other columns in.
    """
    if isinstance(source, (str, Path)):
        return read_table(source, what, build, only)
    return build(frame_table(source, wanted, only))


def read_table[T](
    path: str | Path, what: str, build: Callable[[Table], T], only: Collection[str] = ()
) -> T:
    """Read a file, or what SQL gives, and build something from its columns.

    Parameters
    ----------
    path : path or str
        File of CSV, TSV, JSON (an array of objects), JSON Lines (all also with ``.gz``), Parquet or
        Excel; ``"book.xlsx#Sheet 2"`` names a sheet. A DuckDB or SQLite file or the URL of a
        Postgres database, with a table or a query after ``#`` if it holds several:
        ``"desk.duckdb#tickets"``, ``"postgresql://host/desk#SELECT ..."``. Or a query for DuckDB,
        which reads files: ``"SELECT * FROM 'tickets/*.parquet'"``.
    what : str
        What the file holds, for messages.
    build : callable
        Gets the columns. Its errors are given the name of the file.
    only : collection of str
        As in `read_source`.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ModuleNotFoundError
        If what the format needs is not installed; the message says what to install.
    ValueError
        If the file is empty, cannot be parsed, or ``build`` refuses it.
    """
    place = Place.of(path)
    if place.path is not None:
        check_file(place.path, what)
        if place.path.stat().st_size == 0:
            raise ValueError(f"{place.name} is empty; {what} need a header and at least one ticket")
    import pyarrow as pa

    try:
        if place.path is not None and place.kind == "file":
            return build(read_format(place.path, place.table))
        return build(query_table(place, set(only)))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        said = _CSV_ROW.sub(_without_header, reason(error))
        raise ValueError(f"{place.name} cannot be read: {said}") from None
    except ValueError as error:
        kind = NoRowsError if isinstance(error, NoRowsError) else ValueError
        raise kind(f"{place.name}: {error}") from None


def _without_header(row: re.Match[str]) -> str:
    return f"row {int(row.group(1)) - 1}"


def column_map(
    columns: Mapping[str, str | None] | None,
    known: Collection[str],
    may_lack: Collection[str] = (),
) -> dict[str, str]:
    """Check what users state as names of columns; keys are ours, values theirs.

    None, or "", says that there is no such column; it is "" in what is returned.
    """
    if columns is None:
        return {}
    if not isinstance(columns, Mapping):
        raise TypeError(f"`columns` must map our names of columns to yours; got {shown(columns)}")
    for key, name in columns.items():
        if key not in known:
            raise ValueError(f"`columns` may map {listed(known)}; got {key!r}")
        if not name and key in may_lack:
            continue
        if not isinstance(name, str):
            raise ValueError(f"`columns` must give the name of a column for {key!r}; got {name!r}")
    return {key: canonical(name or "") for key, name in columns.items()}


def named_columns(
    present: Sequence[Any], wanted: Sequence[str], mapped: Mapping[str, str], optional: set[str]
) -> dict[str, str]:
    """Find the table's name of each wanted column; optional ones may be absent."""
    names = {key: mapped.get(key, key) for key in wanted}
    for key in optional:
        if not mapped.get(key, key) or (key not in mapped and key not in present):
            del names[key]
    for key, name in names.items():
        if name not in present:
            raise ValueError(
                f"there is no column {name!r} for `{key}`; columns are {listed(present)}"
                f"{'' if key in mapped else _HOW.format(key=key)}"
            )
    return names


def numbers(
    values: list[Any],
    name: str,
    limits: tuple[float, float],
    rows: NDArray[np.intp] | None = None,
) -> Array:
    """Make floats of a column, NaN where missing; what is no number in the limits is refused.

    With ``rows``, positions from 0, only those are read.
    """
    at = np.arange(len(values)) if rows is None else rows
    chosen = [values[i] for i in at.tolist()]
    try:
        array = np.array([np.nan if v is None else v for v in chosen], dtype=float)
    except (OverflowError, TypeError, ValueError):
        array = np.array([_number(v, i + 1, name) for v, i in zip(chosen, at, strict=True)])
    low, high = limits
    wrong = np.flatnonzero(~(np.isnan(array) | ((array >= low) & (array <= high))))
    if len(wrong):
        raise ValueError(
            f"{name!r} must lie between {low:g} and {high:g}; "
            f"got {array[wrong[0]]:g} in row {at[wrong[0]] + 1}"
        )
    return array


def _number(value: Any, row: int, name: str) -> float:
    if is_missing(value) or (isinstance(value, str) and value.strip().lower() in _MISSING_WORDS):
        return np.nan
    try:
        return float(value)
    except (OverflowError, TypeError, ValueError):
        raise ValueError(
            f"{name!r} must be a number or missing; got {shown(value)} in row {row}"
        ) from None
