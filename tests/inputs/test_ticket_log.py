"""A log knows each ticket once; of several rows the latest known outcome holds."""

from __future__ import annotations

import numpy as np
import pytest

from trust_router.inputs.changes import Changes
from trust_router.inputs.ticket_log import UNKNOWN, TicketLog, counted, latest, whole

DAYS = np.array(["2026-09-01", "2026-09-03", "NaT"], dtype="datetime64[D]")


def made(tickets, order, outcome, *, category=None, time=None, untried=None):
    number = len(tickets)
    held = {
        "category": np.array([0] * number if category is None else category, dtype=np.int32),
        "outcome": np.array(outcome, dtype=np.int8),
        "time": np.array(["NaT"] * number if time is None else time, dtype="datetime64[us]"),
        "untried": np.array([False] * number if untried is None else untried),
        "corrected": np.zeros(number, dtype=bool),
        "checked": np.zeros(number, dtype=bool),
        "logged": np.array(outcome, dtype=np.int8),
    }
    return latest(tickets, np.array(order), held)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["t", "u"], [0, 0], [0, 7]), "`outcome` must be 0, 1, or -1 .*; got 7 on ticket 'u'"),
        ((["t"], [0], [0.5]), "`outcome` must be 0, 1, or -1 .*; got 0.5 on ticket 't'"),
        ((["t"], [0], ["yes"]), "`outcome` must be 0, 1, or -1 .*one a ticket; got .*'yes'"),
        ((["t"], [0], [0, 1]), r"`outcome` must have shape \(ticket,\) = \(1,\); got \(2,\)"),
        ((["t"], [-1], [0]), "`category` must be positions .*; got -1 on ticket 't'"),
        ((["t"], [], [0]), r"`category` must have shape \(ticket,\) = \(1,\); got \(0,\)"),
        ((["t", ""], [0, 0], [0, 0]), "ticket 2 must have a non-empty name; got ''"),
        ((["t", 3], [0, 0], [0, 0]), "ticket 2 must have a non-empty name; got 3"),
        ((["t", "u", "t"], [0] * 3, [0] * 3), "ticket 't' stands in rows 1 and 3; each counts"),
    ],
)
def test_an_invalid_log_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        TicketLog(*arguments)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"time": ["2026-09-01"]}, "`time` must be a list of datetime64, instants of UTC; got"),
        ({"time": DAYS}, "`time` must have one for each of 1 tickets; got 3"),
        ({"time": np.array(["9999-12-31"], "M8[D]")}, "`time` must lie in the years 1000 to 2999"),
        ({"untried": [1]}, r"`untried` must be true or false, one a ticket; got \[1\]"),
        ({"corrected": [True, False]}, "`corrected` must be true or false, one a ticket"),
        ({"untried": [True]}, "`untried` tickets have no outcome, .* got 1 on ticket 't'"),
    ],
)
def test_what_else_is_said_of_a_ticket_is_checked(given, message):
    with pytest.raises(ValueError, match=message):
        TicketLog(["t"], [0], [1], **given)


def test_times_are_kept_in_microseconds_and_are_unknown_unless_stated():
    log = TicketLog(["t", "u", "v"], [0, 0, 0], [0, 1, 0], time=DAYS)
    assert log.time.dtype == "datetime64[us]"
    np.testing.assert_array_equal(log.time, DAYS)
    assert np.isnat(TicketLog(["t"], [0], [1]).time).all()
    moved = log.recoded([1])
    np.testing.assert_array_equal(moved.time, DAYS)
    assert moved.category.tolist() == [1, 1, 1]


def test_the_latest_known_row_holds_and_the_earliest_time_is_when_it_happened():
    log = made(
        ["t", "u", "t", "u", "t"],
        [2, 0, 0, 1, 1],
        [1, 1, 0, UNKNOWN, UNKNOWN],
        category=[3, 1, 2, 4, 5],
        time=["2026-09-03", "2026-09-02", "NaT", "2026-09-05", "2026-09-01"],
    )
    assert log.tickets == ("t", "u")
    assert (log.outcome.tolist(), log.category.tolist()) == ([1, 1], [3, 1])
    assert log.time.astype("M8[D]").astype(str).tolist() == ["2026-09-01", "2026-09-02"]
    assert log.corrected.tolist() == [True, False]


def test_of_equal_rows_the_lower_one_is_later():
    assert made(["t", "t"], [0, 0], [0, 1]).outcome.tolist() == [1]
    assert made(["t", "t"], [1, 0], [0, 1]).outcome.tolist() == [0]
    assert made(["t", "t"], [0, 0], [1, 1]).corrected.tolist() == [False]
    assert made(["t", "t"], [0, 0], [1, 1], category=[0, 1]).corrected.tolist() == [True]


def test_an_outcome_says_that_a_ticket_was_tried():
    both = ["t", "t"]
    assert made(both, [0, 1], [UNKNOWN, UNKNOWN], untried=[True, False]).untried.tolist() == [True]
    assert made(both, [0, 1], [0, UNKNOWN], untried=[False, True]).untried.tolist() == [False]
    assert made(both, [0, 1], [0, UNKNOWN], untried=[False, True]).outcome.tolist() == [0]


def test_no_tickets_are_a_log_too():
    nothing, one = TicketLog((), [], []), TicketLog(["t"], [0], [1])
    assert len(nothing.joined(nothing)) == 0
    assert nothing.joined(one).tickets == one.joined(nothing).tickets == ("t",)
    assert nothing.changed_by(one) == Changes(1, 0, 0)


def test_rows_are_counted_by_category():
    outcome = np.array([0, 1, UNKNOWN, UNKNOWN, 1], dtype=np.int8)
    untried = np.array([False, False, True, False, False])
    found = counted(np.array([0, 0, 0, 2, 2], dtype=np.int32), outcome, untried, 3)
    assert found.tolist() == [[2, 0, 1], [1, 0, 1], [1, 0, 1], [1, 0, 0]]


def test_whole_numbers_are_read_only_and_named_where_they_are_none():
    assert whole("n", [1.0, 2], (0, 5), "small", ["a", "b"], "ticket").tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        whole("n", [1], (0, 5), "small", ["a"], "ticket")[0] = 2
    with pytest.raises(ValueError, match="`n` must be small; got 6 in category 'a'"):
        whole("n", [6], (0, 5), "small", ["a"], "category")


def test_what_was_found_is_kept_through_other_categories_and_counted_by_ticket():
    log = TicketLog(
        ["t", "u", "v"], [0, 1, 1], [1, 0, 1], checked=[True, True, False], logged=[0, -1, 1]
    )
    moved = log.recoded([1, 0])
    assert moved.found(2).tolist() == [[[0, 0, 1], [0, 0, 0]], [[0, 0, 0], [1, 0, 0]]]
    of_tickets = moved.found_of(["u", "x", "t", "v"])
    assert of_tickets.sum(axis=(1, 2)).tolist() == [1, 0, 1, 0]
    assert TicketLog(["t"], [0], [1]).found(1) is None
    assert TicketLog(["t"], [0], [1]).found_of(["t"]) is None


def test_a_checked_ticket_has_an_outcome():
    with pytest.raises(
        ValueError, match=r"`checked` .* have an outcome, .* got none on ticket 't'"
    ):
        TicketLog(["t"], [0], [UNKNOWN], checked=[True])
