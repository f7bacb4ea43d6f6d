"""Tables: columns from files and frames, as lists, with rows counted from 1."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import narwhals as nw

from trust_router.validate import is_missing, listed

__all__ = ["Table", "frame_table", "labels", "named_columns", "read_table", "text_labels"]

# Values of each column, made into a list only when asked for.
Table = Mapping[str, Callable[[], list[Any]]]


def frame_table(frame: Any) -> Table:
    """Give the columns of a pandas, Polars or PyArrow frame.

    Raises
    ------
    TypeError
        If ``frame`` is no data frame.
    """
    data: nw.DataFrame[Any] = nw.from_native(frame, eager_only=True)

    def values(name: str) -> list[Any]:
        return data[name].to_list()

    return {name: partial(values, name) for name in data.columns}


def read_table(path: str | Path, what: str, build: Callable[[Table], Any]) -> Any:
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
        raise ValueError(f"{path.name} cannot be read: {' '.join(str(error).split())}") from None
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
    given = text_labels(values)
    for row, value in enumerate(given, start=1):
        if not value:
            raise ValueError(f"{kind} is missing in row {row} (column {name!r})")
    return given


def text_labels(values: Sequence[Any]) -> list[str]:
    """Give values as text without outer blanks, missing ones as ''."""
    return ["" if is_missing(value) else str(value).strip() for value in values]


def _read(path: Path) -> Table:
    ending = path.name.lower()
    if ending.endswith((".jsonl", ".ndjson")):
        return _record_table(_read_json_lines(path))
    if ending.endswith((".csv", ".csv.gz")):
        return frame_table(_read_csv(path))
    if ending.endswith(".parquet"):
        from pyarrow import parquet

        return frame_table(parquet.read_table(path))
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
    records = []
    with path.open(encoding="utf-8-sig") as lines:
        for row, line in enumerate(lines, start=1):
            if not line.strip():
                continue
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


def _record_table(records: list[dict[str, Any]]) -> Table:
    def values(name: str) -> list[Any]:
        return [record.get(name) for record in records]

    present = dict.fromkeys(key for record in records for key in record)
    return {key: partial(values, key) for key in present}
