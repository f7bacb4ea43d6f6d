"""One thing has one label, whatever file or frame it came from; what has lost digits is refused."""

from __future__ import annotations

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from trust_router.inputs.reading.beliefs import read_beliefs
from trust_router.inputs.reading.naming import labels, text_labels
from trust_router.inputs.reading.outcomes import read_outcomes

UTC = datetime.UTC
EIGHT = datetime.datetime(2026, 9, 1, 8, tzinfo=UTC)


def label(value, kind="ticket"):
    (given,) = labels([value], kind, "c")
    return given


@pytest.mark.parametrize(
    "value", ["1001.0", "1001", " 1001.00 ", 1001, 1001.0, np.float32(1001), Decimal("1001.0")]
)
def test_whole_numbers_are_one_however_they_are_written(value):
    assert label(value) == "1001"


@pytest.mark.parametrize("value", ["007", "1.5", "1.0.0", "v1.0", "1."])
def test_other_text_with_points_and_zeros_stays(value):
    assert label(value) == value


LOST = [
    4.32158e18, -4.32158e18, 2.0**53, np.float64(1e300), np.float32(2**24), np.float16(2048),
    "4.32158E+18", "4.32158e18", "1E+18", "1e18", "-1.0e-3", "9007199254740993.0", "1" * 50 + ".0",
]  # fmt: skip


@pytest.mark.parametrize("value", LOST, ids=repr)
def test_numbers_that_have_lost_digits_are_no_tickets(value):
    with pytest.raises(
        ValueError, match=r"ticket must .* all its digits; got .* in row 2 \(column"
    ):
        labels(["1", value], "ticket", "id")


@pytest.mark.parametrize(
    "value", [2.0**53 - 1, 2**63, 10**30, Decimal(2**60), "9007199254740993", np.int64(2**62)]
)
def test_numbers_that_have_all_their_digits_are(value):
    assert label(value) == str(int(value))


@pytest.mark.parametrize("value", ["12ab5e10", "e5", "1e", "3fe8", "12e5", "00e1234"])
def test_names_with_an_e_are_no_numbers(value):
    assert label(value) == value


def test_a_short_number_may_name_a_category():
    assert label("1e3", "category") == "1e3"
    with pytest.raises(ValueError, match=r"category must be text that has all its digits"):
        label("4.3E+18", "category")


@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, pa.table])
@pytest.mark.parametrize("width", ["float32", "float64"])
def test_floats_of_frames_are_held_to_the_digits_of_their_width(kind, width):
    most = {"float32": 2**24, "float64": 2**53}[width]
    columns = {"category": ["a", "b"], "outcome": [0, 1]}
    ids = np.array([1, most - 1], dtype=width)
    frame = kind(columns | {"ticket": ids})
    assert read_outcomes(frame).tickets == {"1", str(most - 1)}
    with pytest.raises(ValueError, match=r"all its digits; got .* in row 2"):
        read_outcomes(kind(columns | {"ticket": np.array([1, most], dtype=width)}))


@pytest.mark.parametrize(
    "value",
    [
        "2026-09-01T08:00:00Z",
        "2026-09-01T10:00:00+02:00",
        "2026-09-01 10:00:00+0200",
        "2026-09-01 03:00 -05",
        "2026-09-01t08:00:00.000z",
        "2026-09-01 08:00:00 UTC",
        EIGHT,
        pd.Timestamp(EIGHT).tz_convert("Asia/Tokyo"),
        EIGHT.astimezone(datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))),
    ],
)
def test_an_instant_has_one_label(value):
    assert label(value) == "2026-09-01T08:00:00Z"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["2026-09-01 08:00", datetime.datetime(2026, 9, 1, 8)], "2026-09-01T08:00:00"),
        ([np.datetime64("2026-09-01T08:00:00.000000000")], "2026-09-01T08:00:00"),
        (["2026-09-01 00:00:00", datetime.date(2026, 9, 1), "2026-09-01"], "2026-09-01"),
        ([pd.Timestamp(2026, 9, 1)], "2026-09-01"),
        (["2026-09-01T08:00:00.1200Z", "2026-09-01 09:00:00.12+01"], "2026-09-01T08:00:00.12Z"),
        (["2026-09-01T00:00:00Z"], "2026-09-01T00:00:00Z"),
        (["2026-02-30T08:00:00Z"], "2026-02-30T08:00:00Z"),
        (["9999-12-31T23:00:00-02:00"], "9999-12-31T23:00:00-02:00"),
        ([datetime.time(8, 30)], "08:30:00"),
    ],
)
def test_times_without_a_zone_and_what_only_looks_like_a_time(values, expected):
    assert {label(value) for value in values} == {expected}


def test_outcomes_and_beliefs_meet_whatever_became_of_their_identifiers(tmp_path):
    path = tmp_path / "o.csv"
    path.write_text("ticket,category,outcome\n1001.0,a,0\n2026-09-01T10:00:00+02:00,a,1\n")
    frame = pd.DataFrame({"ticket": pd.Series([1001.0, EIGHT], dtype=object), "x": [0.1, 0.2]})
    assert read_outcomes(path).tickets == set(read_beliefs(frame, judges=["x"]).labels)


@pytest.mark.parametrize("word", ["nan", "NaN", "None", "null", "<NA>", "NaT", "#N/A", "n/a"])
@pytest.mark.parametrize("kind", ["ticket", "category"])
def test_words_for_nothing_are_no_names(word, kind):
    with pytest.raises(ValueError, match=rf"{kind} must be blank where .* in row 1 \(column 'c'\)"):
        text_labels([word], kind, "c")


@pytest.mark.parametrize("value", [Decimal("sNaN"), Decimal("NaN"), np.datetime64("NaT", "s")])
def test_every_kind_of_nothing_is_missing(value):
    assert text_labels([value], "category", "c") == [""]
    with pytest.raises(ValueError, match="ticket is missing in row 1"):
        label(value)


def test_an_endless_decimal_is_refused_at_once():
    with pytest.raises(ValueError, match="must be text, a whole number or a date"):
        label(Decimal("1E+999999"))


def test_names_that_look_alike_are_one_in_files_and_frames(tmp_path):
    path = tmp_path / "o.csv"
    path.write_text("category,outcome\nZürich,1\nZu\u0308rich,0\nZürich\u200b,0\n", "utf-8")
    outcomes = read_outcomes(path)
    assert (outcomes.categories, outcomes.trials.tolist()) == (("Zürich",), [3])
    with pytest.raises(ValueError, match="ticket 'a' stands in rows 1 and 2"):
        read_beliefs(pd.DataFrame({"ticket": ["a", "a\ufeff"], "x": [0.1, 0.2]}), judges=["x"])
    twice = pl.DataFrame({"ticket": ["a"], "x": [0.1], "x\u200b": [0.2]})
    with pytest.raises(ValueError, match="must be unique; 'x' stands 2 times"):
        read_beliefs(twice, judges=["x"])
