"""Rows know the periods of their tickets where a model asks for them, and nowhere else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support.matching import PANEL, tickets

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.inputs.periods import Clock

WEEK = Clock("week")
DAYS = ["2026-03-02", "2026-03-03", "2026-03-09", "2026-03-23"]


def dated(days=DAYS, outcome=(1, 0, 1, 0)):
    table = pd.DataFrame({"category": "a", "outcome": list(outcome), "time": list(days)})
    return tr.read_outcomes(table.assign(ticket=[f"t{i}" for i in range(len(table))]))


def test_tickets_that_are_alike_are_one_row_only_within_a_period():
    alike = tickets([[0.2, 0.4]] * 4)
    assert len(match(PANEL, alike, dated())) == 1
    rows = match(PANEL, alike, dated(), clock=WEEK)
    assert rows.periods == ("2026-W10", "2026-W11", "2026-W12", "2026-W13")
    found = zip(rows.period.tolist(), rows.trials.tolist(), rows.needs.tolist(), strict=True)
    assert sorted(found) == [(0, 2, 1), (1, 1, 1), (3, 1, 0)]
    assert len(rows.timeless().merged()) == 1


def test_categories_are_told_apart_within_a_period():
    table = pd.DataFrame({"category": ["a", "b"] * 2, "outcome": 1, "time": DAYS})
    outcomes = tr.read_outcomes(table.assign(ticket=[f"t{i}" for i in range(4)]))
    rows = match(PANEL, tickets([[0.2, 0.4]] * 4), outcomes, clock=Clock("month"))
    assert sorted(rows.names) == ["a", "b"]


def test_a_ticket_without_an_outcome_needs_no_time():
    rows = match(PANEL, tickets([[0.2, 0.4]] * 5), dated(), clock=WEEK)  # t4 is in no log
    assert rows.period[rows.trials == 0].tolist() == [-1]
    rows = match(
        PANEL, tickets([[0.2, 0.4]] * 4), dated([*DAYS[:3], None], (1, 0, 1, None)), clock=WEEK
    )
    assert rows.period[rows.trials == 0].tolist() == [-1]


def test_an_outcome_without_a_time_is_refused_by_name():
    with pytest.raises(ValueError, match=r"1 of 4 have none, as that of ticket 't2'"):
        match(PANEL, tickets([[0.2, 0.4]] * 4), dated([*DAYS[:2], None, DAYS[3]]), clock=WEEK)


def test_beliefs_about_categories_are_refused():
    panel = tr.Panel([tr.Router("r", {"x": 1.0})])
    beliefs = tr.Beliefs(["a"], ["x"], [[1]], [[1]])
    with pytest.raises(ValueError, match="single tickets; got beliefs about categories"):
        match(panel, beliefs, dated(), clock=WEEK)


def test_a_day_begins_where_it_is_said_to():
    late = ["2026-03-01T23:30", *DAYS[1:]]
    periods = [
        match(PANEL, tickets([[0.2, 0.4]] * 4), dated(late), clock=clock).periods[0]
        for clock in (WEEK, Clock("week", "Europe/Berlin"))
    ]
    assert periods == ["2026-W09", "2026-W10"]


def test_rows_that_are_taken_keep_their_periods():
    rows = match(PANEL, tickets([[0.2, 0.4]] * 4), dated(), clock=WEEK)
    assert rows.take(np.array([2, 0])).period.tolist() == rows.period[[2, 0]].tolist()
    assert rows.known().periods == rows.periods


@pytest.mark.parametrize(
    ("every", "zone", "said"), [("year", "UTC", "'day', 'week'"), ("day", "Mars", "time zone")]
)
def test_a_clock_that_cannot_be_is_refused(every, zone, said):
    with pytest.raises(ValueError, match=said):
        Clock(every, zone)
