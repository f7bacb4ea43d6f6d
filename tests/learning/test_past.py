"""Tickets with an outcome are counted by it, and what was foretold of them is scored."""

from __future__ import annotations

import numpy as np
import pytest
from support.three_routers import TICKET_ROWS

from trust_router.learning.past import Foretold, outcomes_of


def test_outcomes_are_counted():
    counted = outcomes_of(TICKET_ROWS)
    np.testing.assert_array_equal(counted.sum(axis=1), TICKET_ROWS.trials)
    np.testing.assert_array_equal(counted[:, 1], TICKET_ROWS.needs)


def test_chances_are_of_what_happened():
    rows = TICKET_ROWS.take(slice(0, 1))
    past = Foretold(rows, outcomes_of(rows), np.array([[0.2, 0.7]]), np.array([0.5]))
    assert np.exp(past.log_chance[0]) == pytest.approx([0.8, 0.7])
