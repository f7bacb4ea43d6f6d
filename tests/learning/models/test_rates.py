"""Rates ask no judge."""

from __future__ import annotations

import numpy as np
import xarray as xr
from scipy import special
from support.three_routers import PANEL, TICKET_ROWS

from trust_router.learning.models.rates import Rates


def draws():
    values = {"intercept": -0.5, "category_sd": 2.0}
    held = {name: (("chain", "draw"), np.full((1, 1), x)) for name, x in values.items()}
    effects = (("chain", "draw", "category"), np.array([[[0.5, -0.5, 0.0]]]))
    return xr.Dataset({**held, "category_z": effects})


def test_need_is_that_of_the_category_whatever_judges_say():
    need = Rates().need(draws(), PANEL, TICKET_ROWS, TICKET_ROWS)[0]
    known = TICKET_ROWS.category >= 0
    expected = special.expit([0.5, -1.5, -0.5])[TICKET_ROWS.category[known]]
    np.testing.assert_allclose(need[known], expected)


def test_trust_stays_what_was_stated():
    found = Rates().recover(draws(), PANEL, TICKET_ROWS)
    np.testing.assert_allclose(found["trust"].values[0, 0], PANEL.share)
    np.testing.assert_allclose(found["need"].values[0, 0], special.expit([0.5, -1.5, -0.5]))
