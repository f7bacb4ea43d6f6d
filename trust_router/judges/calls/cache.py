"""The cache of raw answers: SQLite, one commit an answer, JSON inside, no key and no pickle."""

from __future__ import annotations

import json
import os
import secrets
import socket
import sqlite3
import stat
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import batched
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from trust_router.basics.checks import shown_path
from trust_router.defaults import CLAIM_SECONDS

__all__ = ["AnswerCache", "check_path"]

_FORMAT = 1  # of the file; raise it when columns change meaning
_APPLICATION = 0x74727573  # "trus"
_SCHEMA = """
CREATE TABLE answers (
    key TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    way TEXT NOT NULL,
    prompt TEXT NOT NULL,
    ticket_hash TEXT NOT NULL,
    text TEXT,
    raw TEXT NOT NULL,
    usage TEXT NOT NULL,
    answered TEXT NOT NULL
) WITHOUT ROWID
"""
# Which process asks for what now; a claim that nobody renews runs out.
_CLAIMS = """
CREATE TABLE IF NOT EXISTS claims (
    key TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    expires REAL NOT NULL
) WITHOUT ROWID
"""
_COLUMNS = "key, model, way, prompt, ticket_hash, text, raw, usage, answered"
_NAMES = "SELECT name FROM pragma_table_info(?)"
_AT_ONCE = 500  # keys in one question to SQLite
_BETWEEN = 0.02  # seconds between tries
_PATIENCE = 30.0  # seconds to wait for another process that writes


class AnswerCache:
    """Raw answers on disk, or in memory only.

    Parameters
    ----------
    path : path, optional
        SQLite file; made if there is none, readable by its owner only. Without a path answers are
        kept in memory and forgotten.

    Raises
    ------
    ValueError
        If the file is something else, or was written by a later version.

    Notes
    -----
    Every answer is committed by itself (write-ahead log), so a process that is killed loses the
    calls in flight and nothing else. Several processes may use one file: each claims an answer
    before it asks for it, so that none is paid for twice.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self._name = ":memory:" if path is None else str(path)
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        if path is not None:
            check_path(path)
            _make(Path(path))
        try:
            self._connection = sqlite3.connect(
                self._name if path is None else Path(path).absolute(),
                timeout=_PATIENCE,
                isolation_level=None,
                check_same_thread=False,
            )
        except sqlite3.OperationalError as error:
            raise ValueError(f"the cache {self._name!r} cannot be opened: {error}") from None
        try:
            # What is no text any more is no JSON either, and is asked again.
            self._connection.text_factory = partial(str, encoding="utf-8", errors="replace")
            self._open()
        except (sqlite3.DatabaseError, ValueError) as error:
            self.close()
            if isinstance(error, ValueError):
                raise
            if isinstance(error, sqlite3.OperationalError):
                raise ValueError(f"the cache {self._name!r} cannot be opened: {error}") from None
            raise ValueError(f"{self._name!r} is no cache of answers; name another file") from None

    def get(self, keys: Iterable[str]) -> dict[str, Mapping[str, Any]]:
        """Give the raw answers that are held for some keys."""
        found: dict[str, Mapping[str, Any]] = {}
        for chunk in batched(keys, _AT_ONCE):
            marks = ",".join("?" * len(chunk))
            rows = self._read(
                f"SELECT key, raw FROM answers WHERE key IN ({marks})",  # noqa: S608
                chunk,
            )
            for key, text in rows:
                raw = _loaded(text)
                if raw is not None:  # what no longer reads as JSON is asked again
                    found[key] = raw
        return found

    def put(
        self,
        key: str,
        raw: Mapping[str, Any],
        usage: Mapping[str, Any],
        described: Mapping[str, str | None],
    ) -> None:
        """Keep an answer; ``described`` has ``model, way, prompt, ticket_hash`` and ``text``."""
        text = described["text"]
        row = (
            key,
            *(described[name] for name in ("model", "way", "prompt", "ticket_hash")),
            None if text is None else text.encode("utf-8", "replace").decode(),
            json.dumps(raw),
            json.dumps(usage),
            datetime.now(UTC).isoformat(timespec="seconds"),
        )
        self._write(
            f"INSERT OR REPLACE INTO answers ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)",  # noqa: S608
            row,
        )

    def claim(self, key: str) -> bool:
        """Say that this process asks for an answer now; False if another one does."""
        now = time.time()
        claimed = self._write(
            "INSERT INTO claims (key, owner, expires) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE "
            "SET owner = excluded.owner, expires = excluded.expires WHERE expires < ?",
            (key, self._owner, now + CLAIM_SECONDS, now),
        )
        if claimed:
            return True
        for (owner,) in self._read("SELECT owner FROM claims WHERE key = ?", (key,)):
            if not _is_gone(owner):
                return False
            self._write("DELETE FROM claims WHERE key = ? AND owner = ?", (key, owner))
        return self.claim(key)

    def renew(self) -> None:
        """Keep the claims of this process from running out."""
        expires = time.time() + CLAIM_SECONDS
        self._write("UPDATE claims SET expires = ? WHERE owner = ?", (expires, self._owner))

    def release(self, key: str) -> None:
        """Let others ask for an answer again."""
        self._write("DELETE FROM claims WHERE key = ? AND owner = ?", (key, self._owner))

    def mean_usage(self, model: str, way: str, prompt: str) -> tuple[float, float] | None:
        """Mean (input, output) tokens of the answers that were got this way; None if none."""
        ((sent, said),) = self._read(
            "SELECT avg(json_extract(usage, '$.input_tokens')), "
            "avg(json_extract(usage, '$.output_tokens')) "
            "FROM answers WHERE model = ? AND way = ? AND prompt = ? AND json_valid(usage)",
            (model, way, prompt),
        )
        return None if sent is None or said is None else (float(sent), float(said))

    def _read(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Execute a statement that finds rows."""
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise OSError(
                f"the cache {self._name!r} cannot be read: {error}; name another file, or mend it "
                "with `sqlite3 FILE .recover`"
            ) from None

    def _write(self, statement: str, values: Sequence[Any]) -> int:
        """Execute a statement that changes rows, and count them."""
        try:
            return self._connection.execute(statement, values).rowcount
        except sqlite3.Error as error:
            raise OSError(f"the cache {self._name!r} cannot be written to: {error}") from None

    def __len__(self) -> int:
        return int(self._read("SELECT count(*) FROM answers")[0][0])

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self) -> None:
        execute = self._connection.execute
        patience = time.monotonic() + _PATIENCE
        while True:  # SQLite does not wait by itself while another one changes this
            try:
                execute("PRAGMA journal_mode = WAL")
                break
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                    raise
                time.sleep(_BETWEEN)
        execute("PRAGMA synchronous = NORMAL")
        execute("BEGIN IMMEDIATE")
        (application,) = execute("PRAGMA application_id").fetchone()
        (version,) = execute("PRAGMA user_version").fetchone()
        (tables,) = execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not tables:
            execute(f"PRAGMA application_id = {_APPLICATION}")
            execute(f"PRAGMA user_version = {_FORMAT}")
            execute(_SCHEMA)
        if not tables or application == _APPLICATION:
            execute(_CLAIMS)
        execute("COMMIT")
        if tables and application != _APPLICATION:
            raise ValueError(f"{self._name!r} is another SQLite file; name one for answers")
        if tables and version > _FORMAT:
            raise ValueError(
                f"the cache {self._name!r} was written by a later version of trust_router"
            )
        for table, wanted in (("answers", _COLUMNS), ("claims", "key, owner, expires")):
            self._check_columns(table, wanted)

    def _check_columns(self, table: str, wanted: str) -> None:
        there = {name for (name,) in self._connection.execute(_NAMES, (table,))}
        lost = [name for name in wanted.split(", ") if name not in there]
        if lost:
            raise ValueError(
                f"the cache {self._name!r} has no column {lost[0]!r} in its table {table!r}: "
                "another program made it, or it is damaged; name another file"
            )


def check_path(path: str | Path) -> None:
    """Refuse a path that SQLite would take for something else than a file."""
    if str(path).startswith((":memory:", "file:")):
        raise ValueError(
            f"`cache` must be the path of a file; {shown_path(path)} would lose what is paid for "
            "(leave `cache` out to keep nothing)"
        )


def _is_gone(owner: str) -> bool:
    """Tell whether a process of this machine has ended; of others nobody knows."""
    host, _, process = owner.partition(":")
    pid = process.partition(":")[0]
    if not pid.isdecimal():
        return True  # nobody writes such claims
    if host != socket.gethostname() or os.name != "posix":
        return False
    try:
        os.kill(int(pid), 0)  # sends nothing
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _make(path: Path) -> None:
    if path.is_dir():
        raise ValueError(f"`cache` must name a file; {shown_path(path)} is a folder")
    if not path.parent.is_dir():
        raise ValueError(f"`cache`: there is no folder {shown_path(path.parent)}")
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, stat.S_IRUSR | stat.S_IWUSR))


def _loaded(text: str) -> Mapping[str, Any] | None:
    try:
        value = json.loads(text)
    except (RecursionError, TypeError, ValueError):
        return None
    return value if isinstance(value, dict) else None
