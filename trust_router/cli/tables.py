"""Tables that commands write as CSV, for programs or for spreadsheets."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trust_router.basics.files import write_text
from trust_router.cli.output import say

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SpreadsheetSafe", "as_csv", "write_csv"]

SpreadsheetSafe = Annotated[
    bool,
    typer.Option(
        "--spreadsheet-safe",
        help="Put a ' before text that a spreadsheet would take for a formula.",
    ),
]
_FORMULA = tuple("=+-@\t\r\n")


def as_csv(table: pd.DataFrame, digits: int | None = 6, *, safe: bool = False) -> str:
    """Write a table as CSV; numbers with some significant digits, or all.

    Names and identifiers stay as they are, also where a spreadsheet would take them for a formula,
    unless ``safe``: then a ' stands before them, and they can no longer be matched with others.
    """
    if safe:
        table = table.map(_harmless)
    return str(table.to_csv(index=False, float_format=None if digits is None else f"%.{digits}g"))


def write_csv(
    table: pd.DataFrame, path: Path, digits: int | None = 6, *, safe: bool = False
) -> None:
    """Write a table to a file, whole or not at all; see `as_csv`."""
    write_text(path, as_csv(table, digits, safe=safe))
    say(f"wrote {path}")


def _harmless(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    # Signs of full width count as well, and blanks before them do not.
    starts = value.startswith(_FORMULA) or unicodedata.normalize(
        "NFKC", value.lstrip()[:1]
    ).startswith(_FORMULA)
    return f"'{value}" if starts else value
