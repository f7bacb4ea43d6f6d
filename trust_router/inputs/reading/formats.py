"""Files to tables, by their endings."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from trust_router.basics.checks import listed, repeated, shown
from trust_router.inputs.reading.frames import arrow_table, column_table, record_table
from trust_router.inputs.reading.looks import looks_like
from trust_router.inputs.texts import Table

__all__ = ["FORMATS", "WORKBOOKS", "read_format"]

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_LINE_ENDINGS = (".jsonl", ".ndjson")
_TEXT = (".csv", ".tsv", ".json", *_LINE_ENDINGS)
_OTHERS = (";", "\t")  # what separates columns of files that bear the ending .csv
FORMATS = "CSV, TSV, JSON, JSON Lines, Parquet or Excel"
_ENDINGS = f"{', '.join(_TEXT)} (and these with .gz), .parquet, .xlsx, .duckdb or .sqlite"


def read_format(path: Path, sheet: str = "") -> Table:
    """Read a file; of a workbook the sheet that is named, or its only one."""
    odd = looks_like(path)
    if odd:
        raise OSError(odd)
    ending = path.name.lower()
    if ending.endswith(WORKBOOKS):
        return _read_workbook(path, sheet)
    ending = ending.removesuffix(".gz")
    if ending.endswith(_LINE_ENDINGS):
        return record_table(_read_json_lines(path))
    if ending.endswith(".json"):
        return record_table(_read_json(path))
    if ending.endswith((".csv", ".tsv")):
        return arrow_table(_read_csv(path, "\t" if ending.endswith(".tsv") else ","))
    if path.name.lower().endswith(".parquet"):
        from pyarrow import parquet

        return arrow_table(parquet.ParquetFile(path).read())
    raise ValueError(f"the ending is unknown; use {_ENDINGS}")


def _read_csv(path: Path, delimiter: str) -> Any:
    from pyarrow import csv, string

    # Everything as text: the rules for values are ours, and a category "007" stays "007".
    # One thread, because only then do messages about a broken row say which it is.
    read = csv.ReadOptions(use_threads=False)
    parse = csv.ParseOptions(newlines_in_values=True, delimiter=delimiter)
    header = csv.open_csv(str(path), read_options=read, parse_options=parse).schema.names
    if len(header) == 1 and any(sign in header[0] for sign in _OTHERS):
        raise ValueError(
            f"columns must be separated by commas; the header is {shown(header[0])}: save it with "
            "commas, or as .tsv or .xlsx"
        )
    convert = csv.ConvertOptions(
        column_types=dict.fromkeys(header, string()), strings_can_be_null=False
    )
    return csv.read_csv(str(path), read_options=read, parse_options=parse, convert_options=convert)


def _text(path: Path) -> Any:
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")


def _read_json_lines(path: Path) -> list[dict[str, Any]]:
    with _text(path) as lines:
        return _lines(lines)


def _lines(lines: Iterable[str]) -> list[dict[str, Any]]:
    return [
        _record(_parsed(line, f"row {row}"), row)
        for row, line in enumerate(filter(str.strip, lines), start=1)
    ]


def _read_json(path: Path) -> list[dict[str, Any]]:
    with _text(path) as file:
        text = file.read()
    first, _, rest = text.strip().partition("\n")
    if first.startswith("{") and first.rstrip().endswith("}") and rest.lstrip().startswith("{"):
        return _lines(text.splitlines())  # as OpenTelemetry's Collector writes and calls them
    found = _parsed(text, "it")
    if not isinstance(found, list):
        keys = f" with the keys {listed(found)}" if isinstance(found, dict) else ""
        raise ValueError(
            "a .json file must be an array of objects, one for each row; it is "
            f"{'an object' if isinstance(found, dict) else 'a single value'}{keys}; a file with "
            "one object a line is called .jsonl"
        )
    return [_record(record, row) for row, record in enumerate(found, start=1)]


def _parsed(text: str, place: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object)
    except RecursionError:
        raise ValueError(f"{place} is not JSON: it nests too deeply") from None
    except ValueError as error:  # also one of a number with thousands of digits
        lines = "; one object a line is called .jsonl" if str(error).startswith("Extra") else ""
        raise ValueError(f"{place} is not JSON: {error}{lines * (place == 'it')}") from None


def _record(record: Any, row: int) -> dict[str, Any]:
    if not isinstance(record, dict):
        raise ValueError(f"row {row} must be a JSON object; got {shown(record)}")
    return record


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        raise ValueError(f"the key {repeated([key for key, _ in pairs])!r} stands twice")
    return record


def _read_workbook(path: Path, sheet: str) -> Table:
    try:
        import python_calamine as calamine
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "reading workbooks needs python-calamine: pip install 'trust-router[excel]'",
            name=error.name,
        ) from None
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            names = _with_rows(book) if not sheet else book.sheet_names
            rows = book.get_sheet_by_name(chosen(sheet, names, path.name, "sheet")).to_python()
    except calamine.CalamineError as error:
        raise OSError(str(error)) from None
    return _sheet_table(rows)


def _with_rows(book: Any) -> list[str]:
    """Give the sheets that hold anything; a new workbook of some programs has three."""
    return [n for n in book.sheet_names if book.get_sheet_by_name(n).height] or book.sheet_names


def _sheet_table(rows: Sequence[Sequence[Any]]) -> Table:
    if not rows:
        return {}
    header = [str(name).strip() for name in rows[0]]
    named = [place for place, name in enumerate(header) if name]
    # A blank cell is a missing value; a blank row is none.
    held = [row for row in rows[1:] if any(cell not in ("", None) for cell in row)]
    return column_table([header[p] for p in named], lambda at: [row[named[at]] for row in held])


def chosen(asked: str, known: Iterable[str], name: str, kind: str) -> str:
    """Give the sheet or table that was asked for, or the only one."""
    known = list(known)
    if asked in known:
        return asked
    if not asked and len(known) == 1:
        return known[0]
    if asked:
        raise ValueError(f"there is no {kind} {asked!r}; it has {listed(known)}")
    if not known:
        raise ValueError(f"it has no {kind}")
    raise ValueError(f"it has {len(known)} {kind}s, {listed(known)}; say which: {name}#{known[0]}")
