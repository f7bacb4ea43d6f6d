"""Tickets counted in an engine are those read into memory; each gets the decision of its row."""

from __future__ import annotations

import contextlib

import numpy as np
import pandas as pd
import polars as pl
import pytest
from support.engines import ENGINES, collected, held

import trust_router as tr
from trust_router.inputs.matching import match, single_tickets
from trust_router.inputs.reading.counting import count_tickets

PANEL = tr.Panel([tr.Router("r", {"x": 0.5, "y": 0.25, "z": 0.25})])
STATED = {
    "scale": {"x": (0, 1), "y": "percent", "z": (1, 5)},
    "high_means": {"x": "need", "y": "resolved", "z": "need"},
}
COLUMNS = {"ticket": "id", "outcome": "verdict"}
MEANING = {"need": "failed", "resolved": "ok"}


def table(number=400, seed=1):
    """Numbers, texts and whole numbers as scores, of which some are missing; words as outcomes."""
    rng = np.random.default_rng(seed)
    x, z = rng.integers(0, 5, number) / 4, rng.integers(1, 6, number)
    return pl.DataFrame(
        {
            "id": [f"t{i}" for i in range(number)],
            "category": rng.choice(["a", "b", "c"], number).tolist(),
            "x": [None if i % 7 == 0 else v for i, v in enumerate(x.tolist())],
            "y": rng.choice(["85%", "20", ""], number).tolist(),
            "z": [None if i % 5 == 0 else v for i, v in enumerate(z.tolist())],
            "verdict": [[None, "failed", "OK "][i] for i in rng.integers(0, 3, number)],
            "answered_by": rng.choice(["simple", "both"], number).tolist(),
            "priority": rng.random(number).tolist(),
        }
    )  # fmt: skip


def rows_of(rows):
    return sorted(
        (
            rows.names[i],
            *np.nan_to_num(rows.alpha[i], nan=-1).round(12).tolist(),
            *np.nan_to_num(rows.beta[i], nan=-1).round(12).tolist(),
            int(rows.trials[i]),
            int(rows.needs[i]),
            int(rows.number[i]),
        )
        for i in range(len(rows))
    )


def counted(source, **changes):
    return count_tickets(source, judges=PANEL, columns=COLUMNS, **MEANING, **STATED, **changes)


@pytest.mark.parametrize("engine", ENGINES)
def test_counts_are_those_of_the_table_read_into_memory(engine):
    frame = table()
    found = counted(held(engine, frame))
    beliefs = tr.read_beliefs(frame, judges=PANEL, columns={"ticket": "id"}, **STATED)
    outcomes = tr.read_outcomes(frame, columns=COLUMNS, **MEANING)
    rows, expected = match(PANEL, found.beliefs, found.outcomes), match(PANEL, beliefs, outcomes)
    assert rows_of(rows) == rows_of(expected)
    assert rows.matches == expected.matches
    assert found.beliefs.number.sum() == len(frame)
    counts = found.outcomes.select(outcomes.categories).to_dict()
    assert counts == outcomes.to_dict()


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_same_rows_in_the_same_order(engine):
    frame = table()
    found, expected = counted(held(engine, frame)), counted(frame.lazy())
    np.testing.assert_array_equal(found.beliefs.alpha, expected.beliefs.alpha)
    assert found.beliefs.category == expected.beliefs.category
    np.testing.assert_array_equal(found.beliefs.number, expected.beliefs.number)
    np.testing.assert_array_equal(found.beliefs.needs, expected.beliefs.needs)


@pytest.mark.parametrize("engine", ENGINES)
def test_each_ticket_gets_what_was_found_for_its_row_in_its_own_engine(engine):
    frame = table()
    source = held(engine, frame)
    found = counted(source)
    labels = list(found.beliefs.labels)
    mean = np.nan_to_num(found.beliefs.mean, nan=-1)
    by_row = pd.DataFrame(mean, columns=["of_x", "of_y", "of_z"], index=labels)
    by_row = by_row.assign(category=found.beliefs.category, kind=found.beliefs.category)
    joined = found.join(source, by_row)
    assert type(joined).__module__ == type(source).__module__
    answer = collected(joined)
    assert answer.columns == [*frame.columns, "of_x", "of_y", "of_z", "kind"]
    place = {ticket: i for i, ticket in enumerate(frame["id"])}
    answer = answer[np.argsort([place[ticket] for ticket in answer["id"]])]
    assert answer["id"].to_list() == frame["id"].to_list()
    assert answer["kind"].to_list() == frame["category"].to_list()
    assert answer["x"].to_list() == frame["x"].to_list()  # the source as it was
    beliefs = tr.read_beliefs(frame, judges=PANEL, columns={"ticket": "id"}, **STATED)
    expected = np.nan_to_num(beliefs.mean, nan=-1)
    np.testing.assert_allclose(answer.select("of_x", "of_y", "of_z").to_numpy(), expected)


def test_a_query_and_files_are_counted_where_they_lie(tmp_path):
    pytest.importorskip("duckdb")
    frame = table()
    frame[:300].write_parquet(tmp_path / "one.parquet")
    frame[300:].write_parquet(tmp_path / "two.parquet")
    frame.write_parquet(tmp_path / "all's.parquet")
    expected = counted(frame.lazy())
    sources = (
        f"FROM '{tmp_path}/*o*.parquet'",
        tmp_path / "all's.parquet",
        str(tmp_path / "all's.parquet"),
    )
    for source in sources:
        found = counted(source)
        np.testing.assert_array_equal(found.beliefs.number, expected.beliefs.number)
        by_row = pd.DataFrame({"action": "x"}, index=list(found.beliefs.labels))
        assert found.join(source, by_row).aggregate("count(action)").fetchall() == [(400,)]
    with pytest.raises(ValueError, match=r"t\.xlsx cannot be counted where it lies; a query, a Du"):
        counted("t.xlsx")


def test_counts_of_tickets_that_nobody_observed_are_those_of_the_table():
    frame = table().with_columns(
        answered_by=pl.Series(["complex", "both"] * 200), verdict=pl.Series(["failed", "ok"] * 200)
    )
    for change in (None, "ok"):  # as the table is, and with outcomes that are not used
        given = frame.with_columns(
            verdict=pl.when(pl.col("answered_by") == "complex")
            .then(pl.lit(change, dtype=pl.String))
            .otherwise("verdict")
        )
        with (
            pytest.warns(UserWarning, match="200 outcomes of tickets")
            if change
            else contextlib.nullcontext()
        ):
            found = counted(given.lazy())
        assert found.outcomes.observed.untried == 200
        assert found.outcomes.trials.sum() == 200
    with pytest.raises(ValueError, match="outcome is 1 on all 200 tickets that the complex model"):
        counted(frame.lazy())


def test_a_share_of_needs_that_is_rare_is_questioned_by_the_number_of_tickets():
    frame = pl.DataFrame({"category": "a", "x": [0.5] * 20, "outcome": [1] * 19 + [0]})
    with pytest.warns(UserWarning, match="19 of 20 tickets needs; that is many"):
        count_tickets(frame.lazy(), judges=["x"])


def test_a_table_without_outcomes_or_categories_is_counted_too():
    frame = table().drop("verdict", "category")
    found = count_tickets(frame, judges=["x"], columns={"ticket": "id"})
    assert found.outcomes is None
    assert found.beliefs.number.sum() == 400
    assert set(found.beliefs.category) == {"all"}


FRAME = table()


@pytest.mark.parametrize(
    ("frame", "changes", "said"),
    [
        (
            pl.concat([FRAME, FRAME[:2]]),
            {},
            "each ticket must stand in one row; 402 rows hold",
        ),
        (
            FRAME.with_columns(id=pl.Series([None, *FRAME["id"][1:]])),
            {},
            "ticket is missing in 1 of 400 rows",
        ),
        (FRAME.with_columns(verified=1), {}, "'verified' is about single tickets"),
        (FRAME.drop("verdict"), {"columns": {"ticket": "id"}}, "the table has no outcomes"),
        (FRAME.drop("x", "y", "z"), {"judges": PANEL}, "no judge of the panel has a belief"),
        (FRAME, {"judges": ["w"]}, "there is no column 'w' of a judge"),
        (FRAME, {"scale": None, "high_means": None}, "must lie between 0 and 1; got 20 in row"),
        (FRAME, {"need": "bad", "resolved": "ok"}, "outcome must be among .* got 'failed'"),
        (
            FRAME.with_columns(category=pl.Series([None, *FRAME["category"][1:]])),
            {},
            "category is missing in 1 rows",
        ),
        (FRAME[:0], {}, "there are no rows"),
        ([1, 2], {}, "must be a lazy frame"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_one_sentence(frame, changes, said):
    arguments = {"judges": PANEL, "columns": COLUMNS, **MEANING, **STATED}
    with pytest.raises((TypeError, ValueError), match=said):
        count_tickets(frame, **(arguments | changes))


def test_a_table_that_does_not_fit_is_not_joined():
    found = counted(FRAME.lazy())
    by_row = pd.DataFrame({"priority": 1}, index=list(found.beliefs.labels))
    with pytest.raises(ValueError, match="has the columns priority already; take only others"):
        found.join(FRAME.lazy(), by_row)
    with pytest.raises(ValueError, match="lacks the columns x that were counted"):
        found.join(FRAME.lazy().drop("x"), by_row.rename(columns={"priority": "p"}))


def test_what_needs_single_tickets_says_so():
    found = counted(FRAME.lazy())
    with pytest.raises(ValueError, match="belong to no named ticket"):
        single_tickets(PANEL, found.beliefs, found.outcomes)
