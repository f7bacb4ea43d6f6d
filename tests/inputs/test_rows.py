"""Rows are put in other categories, hidden and merged without losing a ticket."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.matching import NAN, PANEL, by_ticket, outcomes, tickets

import trust_router as tr
from trust_router.inputs.matching import match, single_tickets
from trust_router.inputs.rows import Rows


def test_recoding_keeps_tickets_without_a_category_apart():
    held = match(PANEL, tickets([[0.2, 0.4]] * 3), outcomes([("t0", "a", 1), ("t1", "b", 0)]))
    moved = held.recoded(("b", "c", "a"))
    assert by_ticket(moved) == by_ticket(held)
    assert moved.counts().trials.tolist() == [1, 0, 1]


def test_recoding_sorts_rows_about_categories():
    stated = tr.Beliefs(["a", "b"], ["x", "y"], [[1, 2], [3, 4]], [[5, 6], [7, 8]])
    held = match(PANEL, stated, tr.Outcomes(["a", "b"], [5, 9], [1, 2])).recoded(("b", "a"))
    assert held.category.tolist() == [0, 1]
    assert held.trials.tolist() == [9, 5]
    np.testing.assert_array_equal(held.alpha, [[3, 4], [1, 2]])


def test_recoding_refuses_categories_that_do_not_fit():
    held = match(PANEL, tickets([[0.2, 0.4]]), outcomes([("t0", "a", 1)]))
    with pytest.raises(ValueError, match="'a' is new"):
        held.recoded(("b",))
    stated = tr.Beliefs(["a"], ["x", "y"], [[1, 2]], [[5, 6]])
    held = match(PANEL, stated, tr.Outcomes(["a"], [5], [1]))
    with pytest.raises(ValueError, match="'b' is missing"):
        held.recoded(("a", "b"))


def test_mean_of_rows_is_that_of_the_beliefs():
    one, zero = np.array([[3.0, NAN]]), np.array([0])
    held = Rows("ticket", ("c",), ("x", "y"), zero, one, 3 * one, zero, zero, zero)
    np.testing.assert_allclose(held.mean, [[0.25, NAN]])


def test_checked_outcomes_go_with_their_tickets():
    log = [("t0", "a", 1), ("t1", "a", 0), ("t2", "a", None), ("t3", "b", 1)]
    apart, _ = single_tickets(PANEL, tickets([[0.2, 0.4]] * 4), outcomes(log))
    checked = np.zeros((4, 2, 3), dtype=int)
    checked[0, 1, 0] = checked[1, 0, 0] = checked[3, 1, 2] = 1  # found, logged
    held = replace(apart, checked=checked)
    assert held.found.tolist() == [[0, 1], [1, 0], [0, 0], [0, 1]]
    assert held.mistakes.tolist() == [[1, 0], [1, 0]]
    assert held.merged().found.tolist() == [[1, 1], [0, 1]]
    assert held.take(np.array([3, 1])).found.tolist() == [[0, 1], [1, 0]]
    assert held.hiding(np.array([True, False, False, False])).mistakes.tolist() == [[1, 0], [0, 0]]
    assert apart.found.sum() == apart.mistakes.sum() == 0
    assert apart.merged().checked is None


def test_merging_loses_no_ticket_and_hiding_no_more_than_outcomes():
    log = [("t0", "a", 1), ("t1", "a", 0), ("t2", "a", None), ("t3", "b", 1)]
    apart, names = single_tickets(PANEL, tickets([[0.2, 0.4]] * 4), outcomes(log))
    assert names == ("t0", "t1", "t2", "t3")
    assert len(apart.merged()) == 2
    assert by_ticket(apart.merged()) == by_ticket(apart)
    hidden = apart.hiding(np.array([True, False, False, False]))
    assert (hidden.trials.tolist(), hidden.number.tolist()) == ([0, 1, 0, 1], [1] * 4)
    assert len(apart.known()) == 3
