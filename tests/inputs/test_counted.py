"""Counted beliefs are beliefs of many tickets each, and go with the outcomes counted with them."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest

import trust_router as tr
from trust_router.inputs.counted import CountedBeliefs
from trust_router.inputs.matching import match
from trust_router.inputs.periods import Clock

PANEL = tr.Panel([tr.Router("r", {"x": 1.0})])
NAN = np.nan
BELIEFS = tr.Beliefs(
    ["1", "2", "3"], ["x"], [[1], [NAN], [1]], [[3], [NAN], [3]],
    about="ticket", category=["a", "b", "a"],
)  # fmt: skip
HELD = CountedBeliefs(BELIEFS, [10, 5, 2], [8, 0, 1], [2, 0, 1])
OUTCOMES = tr.Outcomes(["b", "a"], [0, 9], [0, 3], [5, 3])


def test_rows_have_the_counts_and_those_that_are_alike_are_one():
    rows = match(PANEL, HELD, OUTCOMES)
    found = {n: (int(t), int(k), int(m)) for n, t, k, m in zip(
        rows.names, rows.trials, rows.needs, rows.number, strict=True
    )}  # fmt: skip
    assert found == {"a": (9, 3, 12), "b": (0, 0, 5)}
    assert str(rows.matches) == (
        "9 of 9 outcomes have a belief; 8 tickets with beliefs have no outcome; on 5 tickets no "
        "judge speaks; 1 category without any outcome"
    )


def test_other_outcomes_are_refused():
    other = tr.Outcomes(["b", "a"], [0, 8], [0, 3], [5, 4])
    with pytest.raises(ValueError, match="go with the outcomes that were counted with them; got 9"):
        match(PANEL, HELD, other)


def test_periods_and_sums_need_single_tickets():
    with pytest.raises(ValueError, match="drift is learned from single tickets"):
        match(PANEL, HELD, OUTCOMES, clock=Clock("month"))
    with pytest.raises(ValueError, match="do not add up"):
        HELD + BELIEFS


def test_copies_are_the_same_and_cannot_be_changed():
    for again in (copy.deepcopy(HELD), pickle.loads(pickle.dumps(HELD))):  # noqa: S301
        np.testing.assert_array_equal(again.number, HELD.number)
        assert (again.labels, repr(again)) == (HELD.labels, repr(HELD))
        with pytest.raises(ValueError, match="read-only"):
            again.number[0] = 1


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (([1, 2],), "`number` must be a count of 0 or more for each of 3 rows"),
        (([1, 2, -3],), "`number` must be a count"),
        (([1, 2, 3], [2, 0, 0]), "`needs` cannot exceed `trials`, nor these `number`"),
        (([1, 2, 3], [1, 0, 0], [0, 1, 0]), "`needs` cannot exceed `trials`"),
    ],
)
def test_what_counts_nothing_is_refused(counts, said):
    with pytest.raises(ValueError, match=said):
        CountedBeliefs(BELIEFS, *counts)


def test_beliefs_about_categories_are_none_of_tickets():
    with pytest.raises(ValueError, match="must be about tickets"):
        CountedBeliefs(tr.Beliefs(["a"], ["x"], [[1]], [[1]]), [1])
