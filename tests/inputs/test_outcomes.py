"""Counts of outcomes cannot be invalid, add up, and never count a ticket twice."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support.copies import COPIERS

from trust_router.inputs.outcomes import Outcomes, TicketLog


def logged(*tickets: str) -> TicketLog:
    zeros = np.zeros(len(tickets), dtype=int)
    return TicketLog(tickets, zeros, zeros)


def test_adding_joins_counts_by_category_and_remembers_tickets():
    monday = Outcomes(["a", "b"], [5, 2], [1, 0], [0, 4], log=logged("1", "2"))
    total = monday + Outcomes(["c", "b"], [3, 1], [2, 1], log=logged("3"))
    assert total.to_dict() == {
        "categories": ["a", "b", "c"],
        "trials": [5, 3, 3],
        "needs": [1, 1, 2],
        "missing": [0, 4, 0],
    }
    assert total.tickets == {"1", "2", "3"}


def test_adding_refuses_to_count_a_ticket_twice():
    monday = Outcomes(["a"], [2], [1], log=logged("1", "2"))
    with pytest.raises(ValueError, match=r"ticket '2' is in both .*\(1 shared in all\)"):
        monday + Outcomes(["b"], [2], [0], log=logged("2", "3"))


def test_select_and_position_go_by_label():
    outcomes = Outcomes(["a", "b", "c"], [1, 2, 3], [0, 1, 2], [7, 8, 9])
    assert outcomes.select(["c", "a"]).to_dict() == {
        "categories": ["c", "a"],
        "trials": [3, 1],
        "needs": [2, 0],
        "missing": [9, 7],
    }
    for ask in (outcomes.position, lambda label: outcomes.select([label])):
        with pytest.raises(ValueError, match="unknown category 'z'; outcomes know 3: 'a', 'b'"):
            ask("z")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["a"], [1], [2]), "`needs` cannot exceed `trials`; got 2 of 1 in category 'a'"),
        ((["a"], [-1], [0]), "`trials` must be whole numbers from 0 to .*got -1 in category 'a'"),
        ((["a"], [2], [0.5]), "`needs` must be whole .*; got 0.5 in category 'a'"),
        ((["a"], [1], [0], [math.nan]), "`missing` must be whole .*; got nan in category 'a'"),
        ((["a"], [1e30], [0]), "`trials` must .*1e[+]30 in category 'a'"),
        ((["a"], [1, 2], [0]), r"`trials` must have shape \(category,\) = \(1,\); got \(2,\)"),
        ((["a", "a"], [1, 1], [0, 0]), "`categories` must be unique; 'a' is used twice"),
        (([" "], [1], [0]), "category 1 must have a non-empty name; got ' '"),
        (([7], [1], [0]), "category 1 must have a non-empty name; got 7"),
        ((["a\0"], [1], [0]), "category 1 must have a name without control .*got 'a.x00'"),
        (([], [], []), "outcomes need at least one category; got none"),
    ],
)
def test_invalid_counts_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Outcomes(*arguments)


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


def test_a_log_cannot_be_changed_afterwards_and_belongs_to_its_categories():
    outcome = np.array([0, 1])
    log = TicketLog(["t", "u"], [0, 1], outcome)
    outcome[:] = -1
    assert (log.tickets, log.outcome.tolist()) == (("t", "u"), [0, 1])
    with pytest.raises(ValueError, match="read-only"):
        log.outcome[0] = 1
    with pytest.raises(ValueError, match=r"`log` must place its tickets .*; got position 1"):
        Outcomes(["a"], [2], [1], log=log)


@pytest.mark.parametrize("again", COPIERS)
def test_outcomes_are_copied_and_pickled_with_their_log_and_stay_frozen(again):
    held = again(Outcomes(["a"], [2], [1], [3], log=logged("1", "2")))
    assert held.to_dict() == Outcomes(["a"], [2], [1], [3]).to_dict()
    assert held.tickets == {"1", "2"}
    with pytest.raises(ValueError, match="read-only"):
        held.log.outcome[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        held.trials[0] = 1


def test_the_only_category_need_not_be_named():
    one, two = Outcomes(["a"], [2], [1]), Outcomes(["a", "b"], [2, 3], [1, 0])
    assert (one.meant(None), one.meant("a"), two.meant("b")) == ("a", "a", "b")
    with pytest.raises(ValueError, match="`category` must be given, there are 2: 'a', 'b'"):
        two.meant(None)
    for outcomes in (one, two):
        with pytest.raises(ValueError, match="unknown category 'z'"):
            outcomes.meant("z")


@pytest.mark.parametrize(
    "counts",
    [np.ma.array([5], mask=[1]), np.array(["1970-01-05"], "datetime64[D]"), [1 + 0j], ["5"]],
    ids=["masked", "times", "complex", "text"],
)
def test_what_is_no_number_is_no_count(counts):
    with pytest.raises(ValueError, match="`trials` must be whole numbers"):
        Outcomes(["a"], counts, [0])
