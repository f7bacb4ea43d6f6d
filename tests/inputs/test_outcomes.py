"""Counts of outcomes cannot be invalid, add up, and know each ticket by its identifier."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.copies import COPIERS

from trust_router.inputs.changes import Changes
from trust_router.inputs.observed import Observed
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.ticket_log import UNKNOWN, TicketLog

ALONE = -2  # in tests: the complex model alone answered


def logged(*tickets: str) -> TicketLog:
    zeros = np.zeros(len(tickets), dtype=int)
    return TicketLog(tickets, zeros, zeros)


def counted(*rows):
    """Outcomes of rows (ticket, category, outcome)."""
    categories = list(dict.fromkeys(category for _, category, _ in rows))
    log = TicketLog(
        [ticket for ticket, _, _ in rows],
        [categories.index(category) for _, category, _ in rows],
        [max(outcome, UNKNOWN) for *_, outcome in rows],
        untried=[outcome == ALONE for *_, outcome in rows],
    )
    trials, needs, missing, untried = log.counts(len(categories))
    return Outcomes(categories, trials, needs, missing, untried=untried, log=log)


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


def test_a_ticket_is_counted_once_and_the_later_outcome_holds():
    monday = counted(("1", "a", 0), ("2", "a", 1))
    reopened = counted(("1", "b", 1), ("3", "b", 0))
    total = monday + reopened
    assert total.to_dict() == {
        "categories": ["a", "b"],
        "trials": [1, 2],
        "needs": [1, 1],
        "missing": [0, 0],
    }
    assert total.corrected == 1
    assert repr(total) == "Outcomes(2 categories, 3 trials, 2 needs, 0 missing, 1 corrected)"
    assert monday.changed_by(reopened) == Changes(added=1, corrected=1, same=0)
    assert monday.changed_by(total) == Changes(added=1, corrected=1, same=1)


def test_what_nobody_knows_replaces_nothing_and_a_late_outcome_is_added():
    early, late = counted(("1", "a", UNKNOWN), ("2", "a", 1)), counted(("1", "a", 0))
    later = counted(("2", "a", UNKNOWN))
    assert (early + late + later).to_dict() == counted(("1", "a", 0), ("2", "a", 1)).to_dict()
    assert early.changed_by(late) == Changes(added=1, corrected=0, same=0)
    assert early.changed_by(later) == Changes(added=0, corrected=0, same=1)
    assert (early + late + later).corrected == 0


def test_counts_without_identifiers_have_no_identity_and_add():
    plain = Outcomes(["a"], [3], [1], [2], untried=[1])
    assert (plain + plain).to_dict() == Outcomes(["a"], [6], [2], [4], untried=[2]).to_dict()
    both = plain + counted(("1", "b", 1))
    again = both + counted(("1", "b", 0))
    assert again.to_dict() == (plain + counted(("1", "b", 0))).to_dict()
    assert both.changed_by(plain) == Changes(added=5, corrected=0, same=0)
    assert plain.changed_by(both) == Changes(added=6, corrected=0, same=0)


rows = st.lists(
    st.tuples(
        st.sampled_from("1234"), st.sampled_from("abc"), st.sampled_from([0, 1, UNKNOWN, ALONE])
    ),
    min_size=1,
    unique_by=lambda row: row[0],
)
tables = st.one_of(
    rows.map(lambda given: counted(*given)),
    st.builds(lambda n, k: Outcomes(["b"], [n + k], [k]), st.integers(0, 9), st.integers(0, 9)),
)


def content(outcomes):
    """All that outcomes say, whatever the order of categories and tickets."""
    counts = np.stack([outcomes.trials, outcomes.needs, outcomes.missing, outcomes.untried])
    log = outcomes.log or TicketLog((), [], [])
    return (
        {c: tuple(row) for c, row in zip(outcomes.categories, counts.T.tolist(), strict=True)},
        {
            ticket: (outcomes.categories[log.category[i]], *(each[i] for each in rest))
            for i, ticket in enumerate(log.tickets)
            for rest in [(log.outcome.tolist(), log.untried.tolist(), log.corrected.tolist())]
        },
    )


@given(rows.map(lambda some: counted(*some)))
def test_the_same_tickets_twice_change_nothing(some):
    assert content(some + some) == content(some)
    assert some.changed_by(some) == Changes(0, 0, len(some.tickets))


@given(tables, tables)
def test_the_order_of_tables_without_a_common_ticket_makes_no_difference(one, two):
    assume(not one.tickets & two.tickets)
    assert content(one + two) == content(two + one)


@given(tables, tables, tables)
def test_tables_may_be_added_in_any_grouping(one, two, three):
    assert content((one + two) + three) == content(one + (two + three))


@given(rows, rows)
def test_a_known_outcome_of_the_later_table_holds(one, two):
    held = content(counted(*one) + counted(*two))[1]
    for ticket, category, outcome in two:
        if outcome >= 0:
            assert held[ticket][:2] == (category, outcome)
    assert sum(n for n, *_ in content(counted(*one) + counted(*two))[0].values()) == sum(
        row[1] != UNKNOWN for row in held.values()
    )


@given(rows, rows)
def test_changes_are_what_adding_does(one, two):
    before, after = content(counted(*one))[1], content(counted(*one) + counted(*two))[1]
    changes = counted(*one).changed_by(counted(*two))
    new = [t for t in after if t not in before]
    late = [t for t, row in before.items() if row[1] == UNKNOWN != after[t][1]]
    other = [t for t, row in before.items() if row[1] != UNKNOWN and row[:2] != after[t][:2]]
    assert changes == Changes(
        len(new) + len(late), len(other), len(two) - len(new) - len(late) - len(other)
    )
    assert len(other) == (counted(*one) + counted(*two)).corrected


def test_a_ticket_that_was_not_tried_is_missing_until_it_has_an_outcome():
    log = TicketLog(["1", "2"], [0, 0], [0, UNKNOWN], untried=[False, True])
    outcomes = Outcomes(["a"], [1], [0], [1], untried=[1], log=log)
    assert outcomes.observed == Observed(tickets=2, untried=1)
    assert repr(outcomes) == (
        "Outcomes(1 category, 1 trials, 0 needs, 1 missing; observed 50.0% of 2 tickets; 1 that "
        "only the complex model answered has no outcome)"
    )
    assert outcomes.to_dict()["untried"] == [1]
    assert outcomes.select(["a"]).observed == outcomes.observed
    assert (outcomes + counted(("2", "a", UNKNOWN))).observed.untried == 1
    tried = outcomes + counted(("2", "a", 1))
    assert tried.observed == Observed(tickets=2, untried=0)
    assert tried.to_dict() == counted(("1", "a", 0), ("2", "a", 1)).to_dict()


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
        ((["a"], [1], [0], [1], [2]), "`untried` cannot exceed `missing`; got 2 of 1 in category"),
    ],
)
def test_invalid_counts_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Outcomes(*arguments[:4], untried=arguments[4] if arguments[4:] else None)


def test_a_log_cannot_be_changed_afterwards_and_belongs_to_its_categories():
    outcome = np.array([0, 1])
    log = TicketLog(["t", "u"], [0, 1], outcome)
    outcome[:] = -1
    assert (log.tickets, log.outcome.tolist()) == (("t", "u"), [0, 1])
    with pytest.raises(ValueError, match="read-only"):
        log.outcome[0] = 1
    with pytest.raises(ValueError, match=r"`log` must place its tickets .*; got position 1"):
        Outcomes(["a"], [2], [1], log=log)


@pytest.mark.parametrize(
    "counts", [([1], [0], [1]), ([2], [1], [1]), ([2], [0], [0]), ([3], [3], [1])]
)
def test_counts_hold_at_least_the_tickets_of_their_log(counts):
    log = TicketLog(["t", "u", "v"], [0, 0, 0], [0, 0, UNKNOWN])
    Outcomes(["a"], [3], [1], [1], log=log)
    with pytest.raises(ValueError, match=r"`log` must not hold more tickets .* in category 'a'"):
        Outcomes(["a"], *counts, log=log)


@pytest.mark.parametrize("again", COPIERS)
def test_outcomes_are_copied_and_pickled_with_their_log_and_stay_frozen(again):
    held = again(Outcomes(["a"], [2], [0], [3], log=logged("1", "2")))
    assert held.to_dict() == Outcomes(["a"], [2], [0], [3]).to_dict()
    assert held.tickets == {"1", "2"}
    with pytest.raises(ValueError, match="read-only"):
        held.log.outcome[0] = 1
    for values in (held.trials, held.log.time, held.log.untried, held.log.corrected):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = values[0]


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
