"""Rows of several days are those of all days' tables together, ticket by ticket."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.matching import NAN, PANEL, by_ticket, outcomes, tickets

import trust_router as tr
from trust_router.inputs.joining import joined_rows
from trust_router.inputs.matching import match
from trust_router.inputs.periods import Clock
from trust_router.inputs.ticket_log import TicketLog

SAID = st.sampled_from([NAN, 0.2, 0.5, 0.8])
NAMES = [f"t{i}" for i in range(6)]


@st.composite
def days(draw):
    """What judges say of some tickets, and outcomes of others."""
    said = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    seen = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    mean = [[draw(SAID), draw(SAID)] for _ in said]
    results = [draw(st.sampled_from([0, 1, None])) for _ in seen]
    return said, mean, list(zip(seen, results, strict=True))


def tables(day, kinds):
    said, mean, seen = day
    rows = [(name, kinds[int(name[1])], result) for name, result in seen]
    return tickets(mean, said, [kinds[int(n[1])] for n in said]), outcomes(rows)


def later(beliefs, seen):
    return match(PANEL, beliefs, seen, warn=False, partly=True)


@settings(max_examples=40)
@given(
    st.lists(days(), min_size=2, max_size=4),
    st.lists(st.sampled_from("ab"), min_size=6, max_size=6),
)
def test_day_after_day_is_all_days_at_once(several, kinds):
    each = [tables(day, kinds) for day in several]
    rows = later(*each[0])
    for day in each[1:]:
        rows, _ = joined_rows(rows, later(*day))
    beliefs, seen = each[0]
    for more, news in each[1:]:
        beliefs, seen = beliefs + more, seen + news
    assert by_ticket(rows) == by_ticket(later(beliefs, seen))
    assert int(rows.number.sum()) == len(rows.tickets)
    np.testing.assert_array_equal(
        np.bincount(rows.tickets.row, rows.tickets.outcome == 1, len(rows)), rows.needs
    )


@st.composite
def checked_days(draw):
    """Days of a log in which some tickets were checked, with the week of each."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    rows = []
    for name in names:
        logged, found = draw(st.sampled_from([-1, 0, 1])), draw(st.sampled_from([-1, -1, 0, 1]))
        rows.append((name, logged, found, draw(st.integers(0, 3))))
    return rows


def dated(day):
    """Outcomes of a day, and nothing that judges say."""
    names, logged, found, week = zip(*day, strict=True)
    logged, found = np.array(logged), np.array(found)
    log = TicketLog(
        names,
        np.zeros(len(names), dtype=int),
        np.where(found < 0, logged, found),
        time=np.datetime64("2026-12-21", "us") + np.timedelta64(7, "D") * np.array(week),
        checked=found >= 0,
        logged=logged,
    )
    trials, needs, missing, _ = log.counts(1)
    return tr.Outcomes(["a"], trials, needs, missing, log=log)


def told(held):
    """What is known of each of the tickets, by what judges say of it."""
    order = np.argsort(held.beta[:, 1])
    checked = np.zeros((len(held), 2, 3)) if held.checked is None else held.checked
    np.testing.assert_array_equal(held.tickets.found(len(held)), checked)
    when = np.array([*held.periods, ""])[held.period]
    return [x[order].tolist() for x in (held.trials, held.needs, held.alpha, checked, when)]


@settings(max_examples=60)
@given(st.lists(checked_days(), min_size=2, max_size=4))
def test_what_was_found_and_when_a_ticket_was_hold_day_after_day(several):
    said = tickets([[0.2, 0.3 + i / 10] for i in range(6)], NAMES, ["a"] * 6)
    each = [dated(day) for day in several]
    empty = tr.Beliefs((), ("x", "y"), np.empty((0, 2)), np.empty((0, 2)), about="ticket")

    def rows_of(beliefs, seen):
        return match(PANEL, beliefs, seen, warn=False, partly=True, clock=Clock("week"))

    rows, seen = rows_of(said, each[0]), each[0]
    for news in each[1:]:
        before, seen = seen, seen + news
        rows, changes = joined_rows(rows, rows_of(empty, news))
        assert changes.corrected == before.changed_by(news).corrected
    whole = rows_of(said, seen)
    assert set(whole.periods) <= set(rows.periods)
    assert told(rows) == told(whole)


def test_the_same_again_changes_nothing_and_a_correction_replaces():
    day = tickets([[0.2, 0.3], [0.6, 0.7]]), outcomes([("t0", "a", 0), ("t1", "a", None)])
    rows = later(*day)
    again, changes = joined_rows(rows, later(*day))
    assert by_ticket(again) == by_ticket(rows)
    assert str(changes) == "0 added, 0 corrected, 2 the same"
    empty = tr.Beliefs((), ("x", "y"), np.empty((0, 2)), np.empty((0, 2)), about="ticket")
    news = outcomes([("t0", "a", 1), ("t1", "a", 1), ("t9", "a", 1)])
    corrected, changes = joined_rows(rows, later(empty, news))
    assert str(changes) == "2 added, 1 corrected, 0 the same"
    assert by_ticket(corrected) == by_ticket(later(day[0], news))
    assert corrected.matches.silent == 1  # t9, which no judge has seen


def test_counts_without_names_simply_add():
    beliefs = tr.Beliefs(["a"], ("x", "y"), [[2, 3]], [[4, 5]])
    rows = match(PANEL, beliefs, tr.Outcomes(["a"], [3], [1]))
    twice, changes = joined_rows(rows, rows)
    assert (twice.trials.tolist(), twice.needs.tolist(), changes.added) == ([6], [2], 3)
    named = tr.Outcomes(["a"], [2], [1], log=TicketLog(["t1", "t2"], [0, 0], [0, 1]))
    once, _ = joined_rows(rows, match(PANEL, beliefs, named))
    again, changes = joined_rows(once, match(PANEL, beliefs, named))
    assert again.trials.tolist() == once.trials.tolist() == [5]
    assert changes.same == 2


def test_other_beliefs_about_a_category_are_refused():
    beliefs = tr.Beliefs(["a"], ("x", "y"), [[2, 3]], [[4, 5]])
    rows = match(PANEL, beliefs, tr.Outcomes(["a"], [3], [1]))
    other = replace(rows, alpha=rows.alpha + np.array([[0, 1]]))
    with pytest.raises(ValueError, match=r"judge 'y' states something else about category 'a'"):
        joined_rows(rows, other)


def test_a_blank_outcome_replaces_neither_outcome_nor_category():
    beliefs = tr.Beliefs(["a", "b"], ("x", "y"), [[2, 3], [3, 3]], [[4, 5], [2, 1]])
    seen = outcomes([("t1", "a", 1), ("t2", "b", None)])
    held = match(PANEL, beliefs, seen)
    for news, said in (
        ([("t1", "b", None)], "0 added, 0 corrected, 1 the same"),
        ([("t1", "b", 1)], "0 added, 1 corrected, 0 the same"),
        ([("t2", "a", None)], "0 added, 0 corrected, 1 the same"),
        ([("t2", "a", 0)], "1 added, 0 corrected, 0 the same"),
    ):
        day = outcomes(news)
        known = tr.Beliefs.select(beliefs, day.categories, ("x", "y"))
        rows, changes = joined_rows(held, match(PANEL, known, day))
        assert str(changes) == str(seen.changed_by(day)) == said
        assert by_ticket(rows) == by_ticket(match(PANEL, beliefs, seen + day))


def test_a_belief_that_comes_late_is_added_and_another_one_corrects():
    nothing = tickets(np.empty((0, 2)), [])
    rows = later(nothing, outcomes([("t0", "a", 1)]))
    first, changes = joined_rows(rows, later(tickets([[0.2, NAN]]), outcomes([("t0", "a", 1)])))
    assert str(changes) == "1 added, 0 corrected, 0 the same"
    blank = outcomes([("t0", "a", None)])
    assert str(joined_rows(first, later(tickets([[0.3, 0.1]]), blank))[1]).startswith("0 added, 1")


@pytest.mark.parametrize("about", ["category", "ticket"])
def test_tickets_of_the_complex_model_alone_count_once_and_until_somebody_knows(about):
    def read(name, result, who):
        row = {"ticket": [name], "category": "a", "outcome": [result], "answered_by": who}
        return tr.read_outcomes(pd.DataFrame(row))

    alone, tried = read("t0", None, "complex"), read("t0", 1, "both")
    if about == "category":
        beliefs = tr.Beliefs(["a"], ("x", "y"), [[2, 3]], [[4, 5]])
    else:
        beliefs = tickets([[0.2, 0.3]])
    rows = later(beliefs, alone)
    for day, untried in ((alone, 1), (read("t0", None, "simple"), 1), (tried, 0), (alone, 0)):
        rows, _ = joined_rows(rows, later(beliefs, day))
        assert rows.matches.observed.untried == untried
