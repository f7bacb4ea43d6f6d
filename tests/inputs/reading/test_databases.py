"""Tables and queries of databases say what files say; nothing but what was named is read."""

from __future__ import annotations

import sqlite3
import sys

import pandas as pd
import pytest

import trust_router as tr
from trust_router.inputs.reading.databases import relation
from trust_router.inputs.reading.places import Place
from trust_router.inputs.reading.texts import read_texts

duckdb = pytest.importorskip("duckdb")

FRAME = pd.DataFrame(
    {
        "ticket": ["a", "b"],
        "category": ["x", "y"],
        "haiku": [0.1, 0.9],
        "outcome": [0, 1],
        "text": ["hello", "bye"],
    }
)

NOPE = "#SELECT * FROM nope"
INSERT = "#WITH a AS (SELECT 1) INSERT INTO tickets SELECT * FROM tickets"


@pytest.fixture
def duck(tmp_path):
    path = tmp_path / "desk.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.register("frame", FRAME)
        connection.execute("CREATE TABLE tickets AS SELECT * FROM frame")
    return path


@pytest.fixture
def lite(tmp_path):
    path = tmp_path / "desk.db"
    connection = sqlite3.connect(path)
    FRAME.to_sql("tickets", connection, index=False)
    connection.close()
    return path


@pytest.fixture(params=["duck", "lite"])
def database(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize(
    "table", ["", "#tickets", "#SELECT * FROM tickets", "#select * from tickets order by ticket"]
)
def test_a_table_or_a_query_of_a_database_is_read(database, table):
    source = f"{database}{table}"
    assert tr.read_beliefs(source, judges=["haiku"]).mean[:, 0] == pytest.approx([0.1, 0.9])
    assert tr.read_outcomes(source).needs.tolist() == [0, 1]
    assert read_texts(source).texts == ("hello", "bye")


def test_several_tables_must_be_told_apart(database):
    if database.suffix == ".db":
        connection = sqlite3.connect(database)
        connection.execute('CREATE VIEW "odd ""name" AS SELECT * FROM tickets')
        connection.close()
    else:
        with duckdb.connect(str(database)) as connection:
            connection.execute('CREATE VIEW "odd ""name" AS SELECT * FROM tickets')
    with pytest.raises(ValueError, match=r"has 2 tables, .*; say which: desk[.].*#"):
        tr.read_outcomes(database)
    assert tr.read_outcomes(f'{database}#odd "name').trials.sum() == 2
    with pytest.raises(ValueError, match="#nope: there is no table 'nope'; it has "):
        tr.read_outcomes(f"{database}#nope")


def test_what_the_database_says_of_a_query_is_one_sentence(database):
    with pytest.raises(ValueError, match=r"#query cannot be read: .*nope") as caught:
        tr.read_outcomes(f"{database}{NOPE}")
    assert str(caught.value).isprintable()


def test_a_database_is_opened_to_be_read_alone(database):
    with pytest.raises(ValueError, match="cannot be read"):
        tr.read_outcomes(f"{database}{INSERT}")


def test_a_schema_other_than_the_main_one_is_named(duck):
    with duckdb.connect(str(duck)) as connection:
        connection.execute("CREATE SCHEMA old")
        connection.execute("CREATE TABLE old.tickets AS SELECT * FROM tickets LIMIT 1")
    assert tr.read_outcomes(f"{duck}#old.tickets").trials.sum() == 1
    assert tr.read_outcomes(f"{duck}#tickets").trials.sum() == 2
    assert tr.read_outcomes(f"{duck}#main.tickets").trials.sum() == 2


def test_a_query_reads_files_and_no_variables(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    FRAME.to_parquet("one.parquet")
    FRAME.assign(ticket=["c", "d"]).to_parquet("two.parquet")
    outcomes = tr.read_outcomes("SELECT * FROM '*.parquet' WHERE category = 'x'")
    assert outcomes.tickets == {"a", "c"}
    source = FRAME  # a name of Python is no table
    with pytest.raises(ValueError, match=r"the query cannot be read: .*source"):
        tr.read_outcomes("SELECT * FROM source")
    assert len(source) == 2


def test_a_relation_brings_nothing_into_memory(duck):
    held = relation(Place.of(f"{duck}#tickets"))
    assert isinstance(held, duckdb.DuckDBPyRelation)
    assert held.columns == list(FRAME)


@pytest.mark.parametrize(
    ("module", "source", "extra"),
    [
        ("duckdb", "SELECT 1", "sql"),
        ("adbc_driver_postgresql", "postgresql://host/desk#t", "sql"),
        ("python_calamine", "book.xlsx", "excel"),
    ],
)
def test_what_is_not_installed_is_told_with_the_command(
    tmp_path, monkeypatch, module, source, extra
):
    monkeypatch.chdir(tmp_path)
    FRAME.to_excel("book.xlsx", index=False)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModuleNotFoundError, match=rf"pip install 'trust-router\[{extra}\]'"):
        tr.read_outcomes(source)


def test_a_server_that_cannot_be_reached_is_told_without_the_password():
    pytest.importorskip("adbc_driver_postgresql")
    with pytest.raises(
        ValueError, match=r"^postgresql://localhost:1/desk#t cannot be read"
    ) as said:
        tr.read_outcomes("postgresql://me:secret@localhost:1/desk#t")
    assert "secret" not in str(said.value)
