"""Effects of categories not seen belong to their names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from support.three_routers import TICKET_ROWS

from trust_router.learning.models.strangers import fresh_effects


def test_they_vary_as_one_more_category_than_those_seen():
    rows = replace(TICKET_ROWS, others=("", "new"))
    drawn = fresh_effects(rows, 20_000)
    expected = np.sqrt(1 + 1 / len(rows.categories))
    np.testing.assert_allclose(drawn.std(axis=0), expected, atol=5 * expected / np.sqrt(40_000))
    assert abs(np.corrcoef(drawn.T)[0, 1]) < 5 / np.sqrt(20_000)


def test_a_name_has_its_draws_wherever_it_stands():
    first = fresh_effects(replace(TICKET_ROWS, others=("", "new", "newer")), 50)
    again = fresh_effects(replace(TICKET_ROWS, others=("newer", "")), 50)
    np.testing.assert_array_equal(first[:, [2, 0]], again)
