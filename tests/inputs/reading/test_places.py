"""A path, a URL or a query says where a table is, and no message says a password."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from trust_router.inputs.reading.places import Place, is_query


@pytest.mark.parametrize(
    ("source", "kind", "path", "table"),
    [
        ("t.csv", "file", "t.csv", ""),
        ("a#b.csv", "file", "a#b.csv", ""),
        ("book.xlsx#Sheet 2", "file", "book.xlsx", "Sheet 2"),
        ("BOOK.XLSX#a#b", "file", "BOOK.XLSX", "a#b"),
        ("dir#1/book.xlsx#a", "file", "dir#1/book.xlsx", "a"),
        ("desk.duckdb", "duckdb", "desk.duckdb", ""),
        ("desk.duckdb#SELECT 1 AS a", "duckdb", "desk.duckdb", "SELECT 1 AS a"),
        ("duckdb:///x/desk.duckdb#t", "duckdb", "x/desk.duckdb", "t"),
        ("duckdb:////x/desk.duckdb#t", "duckdb", "/x/desk.duckdb", "t"),
        ("SELECT 1", "query", None, "SELECT 1"),
        ("\n  with a as (select 1) from a", "query", None, "\n  with a as (select 1) from a"),
        ("select.csv", "file", "select.csv", ""),
    ],
)
def test_what_is_meant_is_told_from_the_text(source, kind, path, table):
    place = Place.of(source)
    assert (place.kind, place.table) == (kind, table)
    assert place.path == (None if path is None else Path(path))


def test_a_file_that_is_there_goes_before_what_its_name_could_mean(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("select it.csv", "book.xlsx#1.csv"):
        Path(name).touch()
        assert Place.of(name).path == Path(name)


def test_a_database_is_told_by_its_content(tmp_path):
    sqlite3.connect(path := tmp_path / "desk.db").execute("CREATE TABLE t (a)").connection.close()
    assert Place.of(path).kind == "sqlite"
    assert Place.of(f"{path}#t").kind == "sqlite"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:se@cret@host:5432/desk",
        "postgres://me:secret@host:5432/desk?password=secret",
        "postgresql://host:5432/desk?user=me&password=secret",
    ],
)
def test_a_server_is_named_without_user_and_password(url):
    place = Place.of(f"{url}#tickets")
    assert (place.kind, place.table, place.url) == ("postgres", "tickets", url)
    assert place.name.partition("://")[2] == "host:5432/desk#tickets"
    assert "cret" not in repr(place)
    assert Place.of(f"{url}#SELECT 1").name.endswith("desk#query")


def test_a_name_is_no_query():
    assert not is_query("selection")
    assert not is_query("from")
    assert is_query("FROM tickets")
