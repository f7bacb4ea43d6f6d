"""A ticket that the complex model alone answered has no outcome, and an escalation is no need."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from trust_router.inputs.observed import Observed
from trust_router.inputs.reading.answered import untried
from trust_router.inputs.reading.outcomes import read_outcomes


def read(outcome, answered_by, **more):
    frame = pd.DataFrame({"category": "a", "outcome": outcome, "answered_by": answered_by} | more)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return read_outcomes(frame)


def test_tickets_that_only_the_complex_model_answered_are_counted_and_have_no_outcome():
    outcomes = read([0, 1, None, None, None], ["simple", " BOTH", "Complex", "complex", "simple"])
    assert outcomes.to_dict() == {
        "categories": ["a"],
        "trials": [2],
        "needs": [1],
        "missing": [3],
        "untried": [2],
    }
    assert outcomes.observed == Observed(tickets=5, untried=2)
    named = read([0, None], ["simple", "complex"], ticket=["t", "u"])
    assert named.log.untried.tolist() == [False, True]


def test_an_escalation_that_is_written_down_as_a_need_is_refused():
    with pytest.raises(
        ValueError, match=r"outcome is 1 on all 2 tickets that .* outcome of such tick"
    ):
        read([0, 1, 1, 1], ["simple", "both", "complex", "complex"])
    with pytest.raises(
        ValueError, match=r"outcome is 1 on the only ticket that .* is no need, for"
    ):
        read([0, 1], ["simple", "complex"])
    turned = pd.DataFrame({"category": "a", "outcome": [1, 0], "answered_by": ["both", "complex"]})
    with pytest.raises(ValueError, match="outcome is 1 on the only ticket"):
        read_outcomes(turned, need=0)


@pytest.mark.parametrize("outcome", [[0, 1, 0], [0, 1, None], [0, None, 0]])
def test_other_outcomes_of_such_tickets_are_not_used_and_it_is_said(outcome):
    frame = pd.DataFrame(
        {"category": "a", "outcome": outcome, "answered_by": ["simple"] + ["complex"] * 2}
    )
    number = int(frame["outcome"][1:].notna().sum())
    row = 2 if outcome[1] is not None else 3
    with pytest.warns(
        UserWarning, match=rf"{number} outcomes? of .* first in row {row}, are not used"
    ):
        outcomes = read_outcomes(frame)
    assert outcomes.to_dict()["trials"] == [1]
    assert outcomes.observed.untried == 2


def test_a_ticket_that_was_tried_in_any_row_was_tried():
    outcomes = read(
        [0, 1, None],
        ["simple", "complex", "complex"],
        ticket=["t", "t", "u"],
        time=["2026-09-01", "2026-09-08", "2026-09-08"],
    )
    assert outcomes.log.outcome.tolist() == [1, -1]
    assert outcomes.log.untried.tolist() == [False, True]
    assert outcomes.corrected == 1


def test_needs_are_not_questioned_for_what_is_not_used():
    outcomes = read([0] * 3 + [None] * 30, ["simple"] * 3 + ["complex"] * 30)
    assert outcomes.needs.tolist() == [0]


@pytest.mark.parametrize("value", ["gpt-4", 1, True, "simple,complex"])
def test_other_words_are_refused_with_their_row(value):
    with pytest.raises(
        ValueError,
        match=r"answered_by must be simple, complex or both; got .* row 2.*names of models",
    ):
        read([0, 1], pd.Series(["simple", value], dtype=object))


@pytest.mark.parametrize("missing", [None, np.nan, "", "n/a"])
def test_who_answered_may_be_missing_only_where_the_outcome_is(missing):
    answered = pd.Series(["both", missing], dtype=object)
    assert read([0, None], answered).to_dict()["missing"] == [1]
    with pytest.raises(
        ValueError, match=r"answered_by is missing in row 2 .*, which has outcome 0"
    ):
        read([0, 0], answered)


def test_no_rows_are_no_mistake():
    assert untried([], "answered_by", np.array([], dtype=np.int8), None).tolist() == []
