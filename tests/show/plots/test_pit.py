"""The picture of LOO-PIT draws the curve and the band that it is given."""

from __future__ import annotations

import numpy as np

import trust_router as tr
from trust_router.evaluation.predictive import LooPit, _curve


def test_it_draws_the_curve_in_its_band():
    values = np.random.default_rng(1).random(50)
    found = LooPit(values, _curve(values, 0.99, 1), 0.99)
    ax = tr.plots.pit(found)
    line = next(each for each in ax.lines if len(each.get_xdata()) > 2)
    np.testing.assert_array_equal(line.get_ydata(), found.curve["difference"])
    assert ax.get_xlim() == (0, 1)
    assert "99% band" in str([text.get_text() for text in ax.figure.legends[0].texts])
