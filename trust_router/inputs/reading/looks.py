"""What a file looks like, whatever its name says."""

from __future__ import annotations

from pathlib import Path

from trust_router.basics.checks import shown_path
from trust_router.basics.words import plain

__all__ = ["check_file", "looks_like", "reason"]

_MARKS = (
    (b"PAR1", "a Parquet file", ".parquet"),
    (b"\x1f\x8b", "a gzip file", ".gz"),
    (b"PK\x03\x04", "a zip file, or an Excel workbook", ".xlsx"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", ".xls"),
    (b"\xff\xfe", "text in UTF-16", ""),
    (b"\xfe\xff", "text in UTF-16", ""),
    (b"ARROW1", "an Arrow file", ""),
    (b"SQLite format 3", "an SQLite database", ".sqlite"),
    (b"%PDF", "a PDF file", ""),
    (b"\x89HDF", "an HDF5 or netCDF file", ""),
    (b"\x89PNG", "a picture", ""),
    (b"BZh", "a bzip2 file", ""),
    (b"\xfd7zXZ", "an xz file", ""),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file", ""),
)
_ALIKE = {".xlsx": (".xlsx", ".xlsm", ".xlsb", ".ods")}  # other names of the same
_TOLD = {"text in UTF-16": "save it as UTF-8"}
_MOST_SHOWN = 200  # characters of what a library says of a file


def check_file(path: Path, what: str, kind: str = "") -> None:
    """Refuse what is no file that can be read, in one sentence.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ValueError
        If it is a folder, or its name cannot be one.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(f"there is no {what} file {shown_path(path)}") from None
    except (OSError, ValueError) as error:  # too long; with a null character
        told = error.strerror if isinstance(error, OSError) else str(error)
        raise ValueError(f"{shown_path(path)} cannot be read: {told}") from None
    if path.is_dir():
        raise ValueError(f"{shown_path(path)} is a folder; name {kind or f'a file of {what}'}")


def looks_like(path: Path) -> str:
    """Say what a file looks like if it is not what its name says; '' if nothing speaks against it.

    Examples
    --------
    >>> from trust_router.examples import example_path
    >>> looks_like(example_path("outcomes.csv"))
    ''
    """
    with path.open("rb") as file:
        start = file.read(1024)
    name = path.name.lower()
    for mark, what, ending in _MARKS:
        if start.startswith(mark):
            if ending and name.endswith(_ALIKE.get(ending, ending)):
                return ""
            advice = _TOLD.get(what) or (f"call it {ending}" if ending else "export it as CSV")
            return f"it looks like {what}; {advice}"
    if name.endswith((".parquet", ".gz", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")):
        return ""  # what reads these says so
    if start.count(b"\0") * 4 > len(start):
        return "it looks like text in UTF-16 or UTF-32; save it as UTF-8"
    if b"\0" in start:
        return "it looks like no text at all"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"<!", b"<html", b"<?xml")):
        return "it looks like a web page; was it saved instead of the file?"
    if name.endswith((".csv", ".tsv")) and text.startswith((b"{", b"[{")):
        return "it looks like JSON; call it .json, or .jsonl with one object a line"
    return ""


def reason(error: Exception) -> str:
    """Write what a library says of a file in one line that a terminal may show."""
    text = plain(" ".join(str(error).split()))
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."
