"""Moments fall into the days, weeks and months of a place, which have no gaps."""

from __future__ import annotations

import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.copies import COPIERS

from trust_router.inputs.periods import Periods


def moments(*text):
    return np.array(text, dtype="datetime64[us]")


ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
WRITTEN = {
    "day": lambda day: day.isoformat(),
    "week": lambda day: "{}-W{:02d}".format(*day.isocalendar()),
    "month": lambda day: f"{day:%Y-%m}",
}


@pytest.mark.parametrize("every", WRITTEN)
@given(
    when=st.lists(
        st.datetimes(datetime.datetime(2019, 12, 1), datetime.datetime(2021, 2, 1)), min_size=1
    ),
    zone=st.sampled_from(ZONES),
)
def test_a_period_is_that_of_the_calendar_on_the_wall(every, when, zone):
    found = Periods.of(np.array(when, dtype="datetime64[us]"), every, time_zone=zone)
    local = [t.replace(tzinfo=datetime.UTC).astimezone(ZoneInfo(zone)).date() for t in when]
    assert [found.labels[p] for p in found.position] == [WRITTEN[every](day) for day in local]
    assert set(found.position) >= {0, len(found.labels) - 1}
    assert list(found.labels) == sorted(set(found.labels))


@pytest.mark.parametrize("every", WRITTEN)
def test_periods_in_which_nothing_happened_are_there(every):
    found = Periods.of(moments("2019-11-05", "2021-03-02"), every)
    days = [datetime.date(2019, 11, 5) + datetime.timedelta(n) for n in range(484)]
    assert found.labels == tuple(dict.fromkeys(WRITTEN[every](day) for day in days))


def test_a_week_begins_on_monday_and_belongs_to_the_year_of_its_thursday():
    found = Periods.of(moments("2027-01-03T23:59:59", "2027-01-04", "2026-12-28"), "week")
    assert found.labels == ("2026-W53", "2027-W01")
    assert found.position.tolist() == [0, 1, 0]


def test_the_hours_of_a_change_of_clocks_have_their_day():
    night = moments("2026-10-24T22:30", "2026-10-25T22:59", "2026-10-25T23:00")
    assert Periods.of(night, "day", time_zone="Europe/Berlin").labels == (
        "2026-10-25",
        "2026-10-26",
    )
    assert Periods.of(night, "day", time_zone="Europe/Berlin").position.tolist() == [0, 0, 1]


def test_times_before_1970_and_unknown_ones_have_their_place():
    found = Periods.of(moments("NaT", "1969-12-31T23:00", "1970-01-01"), "month")
    assert (found.labels, found.position.tolist()) == (("1969-12", "1970-01"), [-1, 0, 1])
    for nothing in (moments("NaT"), moments()):
        found = Periods.of(nothing, "day")
        assert (found.labels, found.position.tolist()) == ((), [-1] * len(nothing))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"every": "year"}, "`every` must be 'day', 'week' or 'month'; got 'year'"),
        ({"time_zone": "Berlin"}, "`time_zone` must be the name of .*; got 'Berlin'"),
        ({"time_zone": "../x"}, "`time_zone` must be the name of a time zone"),
        ({"time_zone": ""}, "`time_zone` must be the name of a time zone"),
        ({"time_zone": None}, "`time_zone` must be the name of a time zone.*; got None"),
        ({"moments": ["2026-09-01"]}, "`moments` must be a list of datetime64"),
    ],
)
def test_what_is_no_period_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Periods.of(**{"moments": moments("NaT"), "every": "day"} | arguments)


@pytest.mark.parametrize("again", COPIERS)
def test_periods_are_frozen(again):
    held = again(Periods.of(moments("2026-09-01"), "day"))
    with pytest.raises(ValueError, match="read-only"):
        held.position[0] = 3
    assert [a < b for a, b in pairwise(held.labels)] == []
