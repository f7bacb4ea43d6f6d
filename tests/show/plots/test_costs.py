"""Bars of costs."""

from __future__ import annotations

import numpy as np
from support.pictures import is_cut

import trust_router as tr


def test_cost_bars_are_the_expected_costs(exact_posterior, costs):
    saved = tr.savings(exact_posterior, costs, random_seed=1)
    ax = tr.plots.costs(saved)
    np.testing.assert_allclose([bar.get_width() for bar in ax.patches], saved.expected)
    assert not is_cut(ax.figure)


def test_small_prices_are_not_shown_as_nothing(exact_posterior):
    costs = tr.Costs(0.0003, 0.004, 0.002, currency="$ or $")
    ax = tr.plots.costs(tr.savings(exact_posterior, costs, tickets=1, random_seed=1))
    assert ax.texts[0].get_text() == "0.004"
    assert ax.texts[1].get_text().startswith("0.0013")
    assert ax.get_xlabel() == "$ or $ per 1 tickets, failures included"
