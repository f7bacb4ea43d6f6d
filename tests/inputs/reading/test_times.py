"""The same instant is the same, however it was written and whatever frame held it."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from trust_router.inputs.reading.outcomes import read_outcomes
from trust_router.inputs.reading.times import instants

BERLIN = ZoneInfo("Europe/Berlin")
NAIVE = [datetime.datetime(2026, 9, 1, 8, 30), None]
AWARE = [datetime.datetime(2026, 9, 1, 10, 30, tzinfo=BERLIN), None]
THE_INSTANT = np.array(["2026-09-01T08:30", "NaT"], dtype="datetime64[us]")
ROWS = {"ticket": ["t", "u"], "category": ["a", "a"], "outcome": [0, 1]}


def read(frame):
    return read_outcomes(frame).log.time


@pytest.mark.parametrize("times", [NAIVE, AWARE], ids=["naive", "aware"])
@pytest.mark.parametrize(
    "made",
    [
        pd.DataFrame,
        pl.DataFrame,
        lambda held: pl.DataFrame(held).lazy(),
        pa.table,
        lambda held: pa.table(held).cast(
            pa.schema(
                [
                    *((name, pa.string()) for name in ("ticket", "category")),
                    ("outcome", pa.int64()),
                    ("time", pa.timestamp("ns", tz=pa.table(held)["time"].type.tz)),
                ]
            )
        ),
        lambda held: pd.DataFrame(held).set_index("time"),
        lambda held: pd.DataFrame(held).convert_dtypes(dtype_backend="pyarrow"),
        lambda held: pd.DataFrame(held, dtype=object),
    ],
    ids=["pandas", "polars", "lazy", "arrow", "ns", "index", "pandas on arrow", "objects"],
)
def test_every_frame_gives_the_same_instants(made, times):
    np.testing.assert_array_equal(read(made(ROWS | {"time": times})), THE_INSTANT)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-01T08:30:00",
        "2026-09-01 08:30",
        " 2026-09-01T08:30Z ",
        "2026-09-01 08:30:00 UTC",
        "2026-09-01 08:30:00.000 utc",
        "2026-09-01T10:30:00+02:00",
        "2026-09-01T10:30+0200",
        "2026-09-01T03:30:00-05",
        "20260901T083000Z",
        np.datetime64("2026-09-01T08:30"),
        pd.Timestamp("2026-09-01 08:30"),
        pd.Timestamp("2026-09-01 04:30", tz="America/New_York"),
    ],
)
def test_an_instant_may_be_written_in_any_usual_way(text):
    np.testing.assert_array_equal(instants([text, "n/a"], "time"), THE_INSTANT)


def test_a_date_is_its_midnight_and_what_is_finer_than_microseconds_is_cut():
    found = instants(
        ["2026-09-01", datetime.date(2026, 9, 1), "2026-09-01T00:00:00.1234567Z"][:2], "t"
    )
    assert (found == np.datetime64("2026-09-01")).all()
    assert instants(["2026-09-01T00:00:00.1234567Z"], "t")[0] == np.datetime64(
        "2026-09-01T00:00:00.123456"
    )


@pytest.mark.parametrize(
    "missing", [None, np.nan, pd.NaT, pd.NA, np.datetime64("NaT", "s"), "", " NaT "]
)
def test_a_missing_time_is_not_a_time(missing):
    assert np.isnat(instants([missing], "time")).all()


def test_times_with_and_without_a_zone_are_not_mixed():
    mixed = ["", "2026-09-01T08:30", "2026-09-02", "2026-09-01T08:30Z"]
    with pytest.raises(ValueError, match=r"column 'when' has one in row 4 and none in row 2"):
        instants(mixed, "when")


@pytest.mark.parametrize(
    "value",
    [3.2, 1_756_710_000, "yesterday", "01/09/2026", "12.5", True, "9999-12-31", "0001-01-01T00:00Z",
     datetime.datetime(9999, 12, 31, tzinfo=datetime.UTC), datetime.time(8), b"2026-09-01",
     np.datetime64("20260-01-01")],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_its_row(value):
    with pytest.raises(
        ValueError, match=r"time must be a date.* in row 2 \(column 'when'\); a column"
    ):
        instants(["2026-09-01", value], "when")
