"""What judges say of tickets: from the table, from the panel, or nothing."""

from __future__ import annotations

import numpy as np
import pytest
from support.matching import NAN, tickets

import trust_router as tr
from trust_router.inputs.said import said

PANEL = tr.Panel(
    [tr.Router("r", {"x": 0.5, "y": 0.5})],
    [tr.Judge("x", by_ticket=True), tr.Judge("y", tr.Beta(2, 6))],
)
GIVEN = tickets([[0.2], [NAN], [0.7]], judges=("x",))


def test_the_table_speaks_of_tickets_and_the_panel_of_their_categories():
    alpha, beta = said(PANEL, GIVEN, ["a", "b", "a"], np.array([2, 1, -1]))
    np.testing.assert_allclose(alpha, [[7, 2], [NAN, 2], [NAN, 2]])
    np.testing.assert_allclose(beta, [[3, 6], [NAN, 6], [NAN, 6]])


def test_a_judge_that_never_speaks_is_refused_unless_that_is_all_right():
    lone = tr.Panel([tr.Router("r", {"x": 1.0})])
    with pytest.raises(ValueError, match="judge 'x' never speaks"):
        said(lone, GIVEN, ["a"], np.array([1]))
    assert np.isnan(said(lone, GIVEN, ["a"], np.array([1]), must_speak=False)[0]).all()


def test_of_an_empty_table_nothing_is_said():
    lone = tr.Panel([tr.Router("r", {"x": 1.0})])
    empty = tr.Beliefs((), ("x",), np.empty((0, 1)), np.empty((0, 1)), about="ticket")
    assert np.isnan(said(lone, empty, ["a"], np.array([-1]), must_speak=False)[0]).all()
