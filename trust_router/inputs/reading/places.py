"""Where a table is: a file, a sheet of a workbook, a table or query of a database, or a query."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from trust_router.basics.checks import shown_path
from trust_router.basics.words import plain
from trust_router.inputs.reading.formats import WORKBOOKS

__all__ = ["Kind", "Place", "is_query", "without_secrets"]

Kind = Literal["file", "query", "duckdb", "sqlite", "postgres"]
_QUERY = re.compile(r"\s*(select|with|from)\s", re.IGNORECASE)
_URL = re.compile(r"(postgres|postgresql|sqlite|duckdb)://", re.IGNORECASE)
_SECRET = re.compile(r"(?<=://)[^/]*@|\?.*")  # user, password and options of a URL
_USER = re.compile(r"(\w+://)[^/\s]*@")
_PASSWORD = re.compile(r"(password\s*=\s*)[^\s&#]+", re.IGNORECASE)
_DATABASES = (".duckdb", ".ddb", ".db", ".db3", ".sqlite", ".sqlite3")
_LITE = b"SQLite format 3\x00"


def is_query(text: str) -> bool:
    """Tell whether a text is a query, and no name.

    Examples
    --------
    >>> is_query("SELECT * FROM tickets"), is_query("selected.csv")
    (True, False)
    """
    return _QUERY.match(text) is not None


def without_secrets(text: str) -> str:
    """Take user and password out of a URL, wherever it stands in a text.

    Examples
    --------
    >>> without_secrets("postgresql://me:secret@host/desk?password=secret#tickets")
    'postgresql://...@host/desk?password=...#tickets'
    """
    return _PASSWORD.sub(r"\1...", _USER.sub(r"\1...@", text))


@dataclass(frozen=True)
class Place:
    """Where a table is.

    Attributes
    ----------
    kind : str
    path : Path or None
        Of the file.
    table : str
        Name of the sheet or table, or a query; "" where none was named.
    url : str
        Of a server, with its password.
    """

    kind: Kind
    path: Path | None = None
    table: str = ""
    url: str = ""

    @classmethod
    def of(cls, source: str | Path) -> Place:
        """Tell what a user means: a path or URL, ``#`` and a table, or a query.

        Examples
        --------
        >>> Place.of("postgresql://me:secret@host/desk#tickets").name
        'postgresql://host/desk#tickets'
        """
        text = str(source)
        if isinstance(source, str) and is_query(text) and not _exists(text):
            return cls("query", table=text)
        if isinstance(source, str) and (scheme := _URL.match(text)):
            address, _, table = text.partition("#")
            if scheme[1].lower().startswith("postgres"):
                return cls("postgres", table=table, url=address)
            return cls._of_file(Path(address[scheme.end() :].removeprefix("/")), table)
        return cls._of_file(*_split(text))

    @classmethod
    def _of_file(cls, path: Path, table: str) -> Place:
        if not path.name.lower().endswith(_DATABASES):
            return cls("file", path, table)
        try:
            with path.open("rb") as file:
                start = file.read(len(_LITE))
        except (OSError, ValueError):  # there is none, which is said where it is read
            return cls("duckdb", path, table)
        return cls("sqlite" if start == _LITE else "duckdb", path, table)

    @property
    def database(self) -> str:
        """Name of the file or server for messages, without user and password."""
        return plain(_SECRET.sub("", self.url) or (self.path.name if self.path else "the query"))

    @property
    def name(self) -> str:
        """Name of the table for messages."""
        if not self.table or self.kind == "query":
            return self.database
        return f"{self.database}#{'query' if is_query(self.table) else plain(self.table)}"

    def __repr__(self) -> str:
        return f"Place({shown_path(self.name)})"


def _exists(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):  # too long for a name
        return False


def _split(text: str) -> tuple[Path, str]:
    """Take a table off a file that can hold several; a name may hold a # as well."""
    if "#" in text and not _exists(text):
        at = text.find("#")
        while at >= 0:
            if text[:at].lower().endswith((*WORKBOOKS, *_DATABASES)):
                return Path(text[:at]), text[at + 1 :]
            at = text.find("#", at + 1)
    return Path(text), ""
