"""Databases and queries: tables that SQL gives, of DuckDB, SQLite and Postgres."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from trust_router.inputs.reading.formats import chosen
from trust_router.inputs.reading.frames import arrow_table, column_table, frame_table
from trust_router.inputs.reading.looks import reason
from trust_router.inputs.reading.places import Place, is_query, without_secrets
from trust_router.inputs.texts import Table

__all__ = ["query_table", "relation"]

_TABLES = (
    "SELECT table_schema, table_name FROM information_schema.tables "
    "WHERE table_schema NOT IN ('information_schema', 'pg_catalog') ORDER BY 1, 2"
)
_LITE_TABLES = (
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
    "AND name NOT LIKE 'sqlite_%' ORDER BY name"
)
_MAIN = ("main", "public")


def query_table(place: Place, only: set[str]) -> Table:
    """Read what a place in a database holds.

    Parameters
    ----------
    place : Place
        A query, or a database with the name of a table, or a query of it.
    only : set of str
        Columns that are read, if not all are.

    Raises
    ------
    ModuleNotFoundError
        If what the database needs is not installed.
    OSError
        If it cannot be reached, or the query cannot be run.
    ValueError
        If there is no such table, or several and none is named.
    """
    if place.kind == "sqlite":
        return _lite_table(place)
    if place.kind == "postgres":
        return _postgres_table(place)
    with _told("duckdb"):
        return frame_table(relation(place), only=only)


def relation(place: Place) -> Any:
    """Give a query, a table of a DuckDB file, or a data file as a lazy relation of DuckDB."""
    try:
        import duckdb
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "SQL and DuckDB files need duckdb: pip install 'trust-router[sql]'", name=error.name
        ) from None
    with _told("duckdb"):
        if place.kind == "query":
            return duckdb.connect().sql(place.table)
        connection = duckdb.connect(str(place.path), read_only=True)
        if is_query(place.table):
            return connection.sql(place.table)
        known = connection.execute(_TABLES).fetchall()
        return connection.sql(_all_of(_quoted(place, known)))


def _quoted(place: Place, known: list[tuple[str, str]]) -> str:
    """Give the name of a table as SQL has it, with its schema where that is another one."""
    names = {}
    for schema, table in known:
        full = f"{schema}.{table}"
        short = schema in _MAIN and place.table != full
        names[table if short else full] = f'"{_safe(schema)}"."{_safe(table)}"'
    return names[chosen(place.table, names, place.database, "table")]


def _all_of(quoted: str) -> str:
    return f"SELECT * FROM {quoted}"  # noqa: S608 (the name is one that the database listed)


def _safe(name: str) -> str:
    return name.replace('"', '""')


def _lite_table(place: Place) -> Table:
    with _told("sqlite3"):
        address = f"{Path(str(place.path)).resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            query = place.table
            if not is_query(query):
                known = [name for (name,) in connection.execute(_LITE_TABLES)]
                query = _all_of(f'"{_safe(chosen(query, known, place.database, "table"))}"')
            cursor = connection.execute(query)
            names = [name for name, *_ in cursor.description]
            rows = cursor.fetchall()
    return column_table(names, lambda at: [row[at] for row in rows])


def _postgres_table(place: Place) -> Table:
    try:
        from adbc_driver_postgresql import dbapi
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "Postgres needs adbc-driver-postgresql: pip install 'trust-router[sql]'",
            name=error.name,
        ) from None
    with (
        _told("adbc_driver_manager"),
        dbapi.connect(place.url) as connection,
        connection.cursor() as cursor,
    ):
        query = place.table
        if not is_query(query):
            cursor.execute(_TABLES)
            query = _all_of(_quoted(place, cursor.fetchall()))
        cursor.execute(query)
        return arrow_table(cursor.fetch_arrow_table())


@contextmanager
def _told(library: str) -> Iterator[None]:
    """Say what a library says as a sentence, without passwords."""
    try:
        yield
    except Exception as error:
        if type(error).__module__.lstrip("_").partition(".")[0] != library:
            raise
        raise OSError(without_secrets(reason(error))) from None
