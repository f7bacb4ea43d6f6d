"""Counts of tickets that were chosen for trying are questioned, and only those."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

import trust_router as tr
from trust_router.inputs.matching import match, single_tickets
from trust_router.inputs.selection import warn_of_selection

PANEL = tr.Panel([tr.Router("r", {"x": 1})], [tr.Judge("x", tr.Beta(1, 3))])
SOME = pd.DataFrame(
    {
        "ticket": ["1", "2", "3", "4"],
        "category": ["a", "a", "b", "c"],
        "outcome": [0, None, None, 1],
        "answered_by": ["simple", "complex", "complex", "both"],
    }
)


def test_a_category_of_which_only_some_were_tried_is_named():
    with pytest.warns(UserWarning, match="answered 1 ticket of category 'a'; if tickets are"):
        warn_of_selection(tr.read_outcomes(SOME))
    more = SOME.assign(category=["a", "a", "d", "d"])
    with pytest.warns(UserWarning, match=r"of category 'a' \(and some of 1 more\); if"):
        warn_of_selection(tr.read_outcomes(more))


def test_categories_that_were_tried_whole_or_not_at_all_are_not_questioned():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_selection(tr.read_outcomes(SOME.iloc[2:]))
        warn_of_selection(tr.Outcomes(["a"], [3], [1], [5]))


def test_whoever_learns_from_beliefs_about_categories_is_told_once():
    outcomes = tr.read_outcomes(SOME)
    beliefs = tr.stated_beliefs(PANEL, outcomes.categories)
    for learn in (tr.solve, match, single_tickets):
        with pytest.warns(UserWarning, match="the complex model alone answered") as caught:
            learn(PANEL, beliefs, outcomes)
        assert len(caught) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        match(PANEL, beliefs, outcomes, warn=False)


def test_beliefs_about_tickets_tell_them_apart():
    beliefs = tr.Beliefs("1234", ["x"], [[1], [2], [3], [4]], [[3]] * 4, about="ticket")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = match(PANEL, beliefs, tr.read_outcomes(SOME))
    assert str(rows.matches.observed).startswith("observed 50.0% of 4 tickets; 2 that only")
