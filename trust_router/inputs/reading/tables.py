"""Tables: columns from files and frames, as lists, with rows counted from 1."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.characters import canonical
from trust_router.basics.checks import is_missing, listed, repeated, shown
from trust_router.basics.words import plain
from trust_router.inputs.reading.looks import check_file, looks_like, reason
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

_MISSING_WORDS = {"", "na", "n/a", "nan", "null", "none"}


def read_source[T](
    source: Any, what: str, build: Callable[[Table], T], wanted: Iterable[str] = ()
) -> T:
    """Build something from the columns of a file, or of a data frame.

    Parameters
    ----------
    source : path or data frame
        As `read_table` or `frame_table` take it.
    what : str
        What it holds, for messages.
    build : callable
        Gets the columns.
    wanted : iterable of str
        Columns that may also be the index of a pandas frame.
    """
    if isinstance(source, (str, Path)):
        return read_table(source, what, build)
    return build(frame_table(source, wanted))


def frame_table(frame: Any, wanted: Iterable[str] = ()) -> Table:
    """Give the columns of a frame that Narwhals knows: pandas, Polars, PyArrow and others.

    A lazy one is collected. Levels of a pandas index are columns if they are ``wanted`` by name.

    Raises
    ------
    TypeError
        If ``frame`` is no data frame.
    ValueError
        If its columns are not unique; in PyArrow's, only once such a column is asked for.
    """
    if nw.dependencies.is_pyarrow_table(frame):
        return _arrow_table(frame)
    if nw.dependencies.is_pandas_like_dataframe(frame):
        frame = _with_index(frame, set(wanted))
    try:
        known = nw.from_native(frame)
        data: nw.DataFrame[Any] = known.collect() if isinstance(known, nw.LazyFrame) else known
    except nw.exceptions.DuplicateError as error:
        raise ValueError(" ".join(str(error).split())) from None
    except TypeError:
        raise TypeError(
            "the source must be the path of a file, or a data frame of pandas, Polars, PyArrow "
            f"or another library that Narwhals knows; got {shown(frame)}"
        ) from None

    def values(place: int) -> list[Any]:
        column = data[:, place]
        return _of_width(column.to_list(), column.dtype == nw.Float32)

    return _table(data.columns, values)


def _with_index(frame: Any, wanted: set[str]) -> Any:
    """Make columns of the levels of an index that are wanted by name."""
    names = [canonical(str(name)) for name in frame.columns]
    if len(set(names)) < len(names):
        twice = repeated(names)
        raise ValueError(
            f"a frame must have unique column names; got {twice!r} {names.count(twice)} times"
        )
    levels = [name for name in frame.index.names if canonical(str(name)) in wanted - set(names)]
    return frame.reset_index(level=levels) if levels else frame


def _table(names: Sequence[Any], values: Callable[[int], list[Any]]) -> Table:
    """Give columns by the canonical form of their names; those that are read must be unique."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(canonical(str(name)), []).append(place)

    def column(name: str) -> list[Any]:
        if len(places[name]) > 1:
            raise ValueError(
                f"columns that are read must be unique; {name!r} stands {len(places[name])} times"
            )
        return values(places[name][0])

    return {name: partial(column, name) for name in places}


def read_table[T](path: str | Path, what: str, build: Callable[[Table], T]) -> T:
    """Read a CSV, JSON Lines or Parquet file and build something from its columns.

    Parameters
    ----------
    path : path
        File ending in ``.csv``, ``.csv.gz``, ``.jsonl``, ``.ndjson`` or ``.parquet``.
    what : str
        What the file holds, for messages.
    build : callable
        Gets the columns. Its errors are given the name of the file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is empty, cannot be parsed, or ``build`` refuses it.
    """
    path = Path(path)
    check_file(path, what)
    name = plain(path.name)
    if path.stat().st_size == 0:
        raise ValueError(f"{name} is empty; {what} need a header and at least one ticket")
    import pyarrow as pa

    try:
        return build(_read(path))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        said = _CSV_ROW.sub(_without_header, reason(error))
        raise ValueError(f"{name} cannot be read: {said}") from None
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def column_map(columns: Mapping[str, str] | None, known: Collection[str]) -> dict[str, str]:
    """Check what users state as names of columns; keys are ours, values theirs."""
    if columns is None:
        return {}
    if not isinstance(columns, Mapping):
        raise TypeError(f"`columns` must map our names of columns to yours; got {shown(columns)}")
    for key, name in columns.items():
        if key not in known:
            raise ValueError(f"`columns` may map {listed(known)}; got {key!r}")
        if not isinstance(name, str):
            raise ValueError(f"`columns` must give the name of a column for {key!r}; got {name!r}")
    return {key: canonical(name) for key, name in columns.items()}


def named_columns(
    present: Sequence[Any], wanted: Sequence[str], mapped: Mapping[str, str], optional: set[str]
) -> dict[str, str]:
    """Find the table's name of each wanted column; optional ones may be absent."""
    names = {key: mapped.get(key, key) for key in wanted}
    for key in optional:
        if key not in mapped and key not in present:
            del names[key]
    for key, name in names.items():
        if name not in present:
            raise ValueError(
                f"there is no column {name!r} for `{key}`; columns are {listed(present)}"
            )
    return names


def _arrow_table(data: Any) -> Table:
    def values(place: int) -> list[Any]:
        column = data.column(place)
        return _of_width(column.to_pylist(), str(column.type) == "float")

    return _table(data.column_names, values)


def _of_width(values: list[Any], single: bool) -> list[Any]:
    """Keep floats of 32 bits apart, which have lost digits that wider ones still have."""
    return [None if v is None else np.float32(v) for v in values] if single else values


def _read(path: Path) -> Table:
    odd = looks_like(path)
    if odd:
        raise OSError(odd)
    ending = path.name.lower()
    if ending.endswith((".jsonl", ".ndjson")):
        return _record_table(_read_json_lines(path))
    if ending.endswith((".csv", ".csv.gz")):
        return _arrow_table(_read_csv(path))
    if ending.endswith(".parquet"):
        from pyarrow import parquet

        return _arrow_table(parquet.ParquetFile(path).read())
    raise ValueError("the ending is unknown; use .csv, .csv.gz, .jsonl, .ndjson or .parquet")


def _read_csv(path: Path) -> Any:
    from pyarrow import csv, string

    # Everything as text: the rules for values are ours, and a category "007" stays "007".
    # One thread, because only then do messages about a broken row say which it is.
    read = csv.ReadOptions(use_threads=False)
    parse = csv.ParseOptions(newlines_in_values=True)
    header = csv.open_csv(str(path), read_options=read, parse_options=parse).schema.names
    convert = csv.ConvertOptions(
        column_types=dict.fromkeys(header, string()), strings_can_be_null=False
    )
    return csv.read_csv(str(path), read_options=read, parse_options=parse, convert_options=convert)


def _read_json_lines(path: Path) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = []
    with path.open(encoding="utf-8-sig") as lines:
        for line in lines:
            if not line.strip():
                continue
            row = len(records) + 1
            try:
                record = json.loads(line, object_pairs_hook=_object)
            except RecursionError:
                raise ValueError(f"row {row} is not JSON: it nests too deeply") from None
            except ValueError as error:  # also one of a number with thousands of digits
                raise ValueError(f"row {row} is not JSON: {error}") from None
            if not isinstance(record, dict):
                raise ValueError(f"row {row} must be a JSON object; got {shown(line.strip())}")
            records.append(record)
    return records


def _without_header(row: re.Match[str]) -> str:
    return f"row {int(row.group(1)) - 1}"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError(f"the key {repeated([key for key, _ in pairs])!r} stands twice")
    return record


def _record_table(records: list[dict[str, Any]]) -> Table:
    keys = list(dict.fromkeys(key for record in records for key in record))
    return _table(keys, lambda place: [record.get(keys[place]) for record in records])


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
