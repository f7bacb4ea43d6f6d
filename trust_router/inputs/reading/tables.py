"""Tables: columns from files and frames, as lists, with rows counted from 1."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import narwhals as nw
import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.characters import unprintable
from trust_router.basics.checks import is_missing, is_number, listed, shown
from trust_router.inputs.texts import Table

__all__ = [
    "MISSING_WORDS",
    "Table",
    "frame_table",
    "labels",
    "named_columns",
    "numbers",
    "read_source",
    "read_table",
    "text_labels",
]

_DATES = (datetime.date, datetime.time, np.datetime64)
_CSV_ROW = re.compile(r"Row #(\d+)")

MISSING_WORDS = {"", "na", "n/a", "nan", "null", "none"}


def read_source[T](source: Any, what: str, build: Callable[[Table], T]) -> T:
    """Build something from the columns of a file, or of a data frame.

    Parameters
    ----------
    source : path or data frame
        As `read_table` or `frame_table` take it.
    what : str
        What it holds, for messages.
    build : callable
        Gets the columns.
    """
    if isinstance(source, (str, Path)):
        return read_table(source, what, build)
    return build(frame_table(source))


def frame_table(frame: Any) -> Table:
    """Give the columns of a frame that Narwhals knows: pandas, Polars, PyArrow and others.

    A lazy one is collected.

    Raises
    ------
    TypeError
        If ``frame`` is no data frame.
    ValueError
        If its columns are not unique; in PyArrow's, only once such a column is asked for.
    """
    if nw.dependencies.is_pyarrow_table(frame):
        return _arrow_table(frame)
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

    def values(name: str) -> list[Any]:
        return data[name].to_list()

    return {name: partial(values, name) for name in data.columns}


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
    if not path.exists():
        raise FileNotFoundError(f"there is no {what} file {str(path)!r}")
    if path.is_dir():
        raise ValueError(f"{str(path)!r} is a folder; name a file of {what}")
    if path.stat().st_size == 0:
        raise ValueError(f"{path.name} is empty; {what} need a header and at least one ticket")
    import pyarrow as pa

    try:
        return build(_read(path))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = _CSV_ROW.sub(_without_header, " ".join(str(error).split()))
        raise ValueError(f"{path.name} cannot be read: {reason}") from None
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None


def named_columns(
    present: Sequence[Any], wanted: Sequence[str], mapped: Mapping[str, str], optional: set[str]
) -> dict[str, str]:
    """Find the table's name of each wanted column; optional ones may be absent."""
    for key in mapped:
        if key not in wanted:
            raise ValueError(f"`columns` may map {listed(wanted)}; got {key!r}")
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


def labels(values: Sequence[Any], kind: str, name: str) -> list[str]:
    """Give values as text without outer blanks; a missing one is refused with its row."""
    given = text_labels(values, kind, name)
    for row, value in enumerate(given, start=1):
        if not value:
            raise ValueError(f"{kind} is missing in row {row} (column {name!r})")
    return given


def text_labels(values: Sequence[Any], kind: str, name: str) -> list[str]:
    """Give values as text without outer blanks, missing ones as ''.

    A value that is no text, whole number or date is refused with its row, and so are control
    characters.
    """
    given = []
    for row, value in enumerate(values, start=1):
        text = _label(value)
        if text is None or unprintable(text):
            rule = (
                "text, a whole number or a date" if text is None else "without control characters"
            )
            raise ValueError(
                f"{kind} must be {rule}; got {shown(value)} in row {row} (column {name!r})"
            )
        given.append(text)
    return given


def _label(value: Any) -> str | None:
    """Give the text of a label, or None where the value cannot be one."""
    if isinstance(value, str):
        return value.strip()
    if is_missing(value):
        return ""
    if isinstance(value, (*_DATES, UUID)):
        return str(value)
    if isinstance(value, Decimal):
        whole = value.is_finite() and value == value.to_integral_value()
    else:
        whole = is_number(value) and value % 1 == 0
    # Frames turn whole numbers into floats where one is missing: 7.0 is the 7 of other tables.
    return str(int(value)) if whole else None


def _arrow_table(data: Any) -> Table:
    count = Counter(data.column_names)

    def values(name: str) -> list[Any]:
        if count[name] > 1:
            raise ValueError(
                f"columns that are read must be unique; {name!r} stands {count[name]} times"
            )
        return cast("list[Any]", data.column(name).to_pylist())

    return {name: partial(values, name) for name in count}


def _read(path: Path) -> Table:
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
                record = json.loads(line)
            except RecursionError:
                raise ValueError(f"row {row} is not JSON: it nests too deeply") from None
            except ValueError as error:  # also one of a number with thousands of digits
                raise ValueError(f"row {row} is not JSON: {error}") from None
            if not isinstance(record, dict):
                raise ValueError(f"row {row} must be a JSON object; got {line.strip()[:40]}")
            records.append(record)
    return records


def _without_header(row: re.Match[str]) -> str:
    return f"row {int(row.group(1)) - 1}"


def _record_table(records: list[dict[str, Any]]) -> Table:
    def values(name: str) -> list[Any]:
        return [record.get(name) for record in records]

    present = dict.fromkeys(key for record in records for key in record)
    return {key: partial(values, key) for key in present}


def numbers(values: list[Any], name: str, limits: tuple[float, float]) -> Array:
    """Make floats of a column, NaN where missing; what is no number in the limits is refused."""
    try:
        array = np.array([np.nan if v is None else v for v in values], dtype=float)
    except (OverflowError, TypeError, ValueError):
        array = np.array([_number(v, row, name) for row, v in enumerate(values, start=1)])
    low, high = limits
    wrong = np.flatnonzero(~(np.isnan(array) | ((array >= low) & (array <= high))))
    if len(wrong):
        raise ValueError(
            f"{name!r} must lie between {low:g} and {high:g}; "
            f"got {array[wrong[0]]:g} in row {wrong[0] + 1}"
        )
    return array


def _number(value: Any, row: int, name: str) -> float:
    if is_missing(value) or (isinstance(value, str) and value.strip().lower() in MISSING_WORDS):
        return np.nan
    try:
        return float(value)
    except (OverflowError, TypeError, ValueError):
        raise ValueError(
            f"{name!r} must be a number or missing; got {shown(value)} in row {row}"
        ) from None
