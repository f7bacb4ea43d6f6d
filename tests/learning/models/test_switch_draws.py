"""Draws of the switch say who is right, exactly."""

from __future__ import annotations

import numpy as np
import pytest
from support.three_routers import (
    CATEGORY_ROWS,
    COUNTED,
    FIXED,
    PANEL,
    STATED,
    TICKET_ROWS,
    one_draw,
    switch_by_hand,
)

from trust_router.learning.exact import closed_form
from trust_router.learning.models.switch_draws import SwitchDraws, draw_seats


def test_seat_posterior_with_stated_weights_is_the_closed_form():
    exact = closed_form(PANEL, STATED, COUNTED)
    found = SwitchDraws.of(one_draw(**FIXED), PANEL).seat_posterior(CATEGORY_ROWS)[0]
    np.testing.assert_allclose(found, exact.seat_posterior, rtol=1e-9)


def test_seats_are_drawn_as_often_as_they_are_probable():
    probability = np.tile([[[0.1, 0.0, 0.9]], [[0.1, 0.0, 0.9]]], (500, 2, 1))
    seat = draw_seats(probability, np.random.default_rng(1))
    for c in range(2):
        assert np.bincount(seat[:, c], minlength=3).tolist() == [100, 0, 900]
    assert (seat[:, 0] != seat[:, 1]).any()


def test_log_likelihood_of_the_switch_is_that_of_each_row_given_the_others():
    rows = TICKET_ROWS.take(np.arange(8))
    given = SwitchDraws.of(one_draw(**FIXED, silent_logit=0.3), PANEL)
    values = {name: x[0] for name, x in given.values.items()}
    joint = switch_by_hand({n: x[None] for n, x in values.items()}, rows)
    found = given.log_likelihood(rows)[0]
    for r in range(8):
        rest = rows.take(np.delete(np.arange(8), r))
        without = switch_by_hand({n: x[None] for n, x in values.items()}, rest)
        assert found[r] == pytest.approx(joint - without, abs=1e-9)
