"""Beliefs about single tickets are labelled arrays in which a judge may be missing."""

from __future__ import annotations

import numpy as np
import pytest

from trust_router.inputs.tickets import TicketBeliefs

NAN = np.nan


def beliefs(alpha=((3, NAN), (1, 2)), beta=((9, NAN), (1, 8)), **changes):
    arguments = {"tickets": ["t1", "t2"], "judges": ["x", "y"], "alpha": alpha, "beta": beta}
    return TicketBeliefs(**(arguments | changes))


def test_missing_is_missing_and_not_a_half():
    held = beliefs()
    np.testing.assert_allclose(held.mean, [[0.25, NAN], [0.5, 0.2]])
    assert repr(held) == "TicketBeliefs(2 tickets, 2 judges, 1 belief missing)"
    assert len(held) == 2


def test_arrays_cannot_be_changed_afterwards():
    with pytest.raises(ValueError, match="read-only"):
        beliefs().alpha[0, 0] = 1


def test_take_keeps_labels_and_values_together():
    taken = beliefs(category=["refund", "login"]).take([1, 0])
    assert taken.tickets == ("t2", "t1")
    assert taken.category == ("login", "refund")
    np.testing.assert_array_equal(taken.alpha, [[1, 2], [3, NAN]])
    assert len(beliefs().take([])) == 0


def test_categories_are_set_by_identifier_or_in_order():
    held = beliefs(category=["refund", ""])
    assert held.with_category({"t2": "login"}).category == ("refund", "login")
    assert held.with_category(["a", "b"]).category == ("a", "b")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tickets": ["t1", "t1"]}, "`tickets` must be unique; 't1' is used twice"),
        ({"judges": ["x", "x"]}, "`judges` must be unique; 'x' is used twice"),
        ({"category": ["a"]}, "`category` must name one for each of 2 tickets; got 1"),
        ({"alpha": [[1, 2]]}, r"`alpha` must have shape \(ticket, judge\) = \(2, 2\); got \(1, 2"),
        (
            {"beta": ((0, NAN), (1, 8))},
            "`beta` must be positive and between 1e-06 and 1e.09, or missing; "
            "got 0 for judge 'x' on ticket 't1'",
        ),
        ({"alpha": ((3, NAN), (1, np.inf))}, "got inf for judge 'y' on ticket 't2'"),
        (
            {"alpha": ((3, 1), (1, 2))},
            "must be missing together; only one is for judge 'y' on ticket 't1'",
        ),
    ],
)
def test_invalid_beliefs_say_what_is_wrong_and_where(changes, message):
    with pytest.raises(ValueError, match=message):
        beliefs(**changes)
