"""Rates of wrong outcomes, as users ask for them."""

from __future__ import annotations

import pytest
from support.three_routers import COUNTED, PANEL, STATED

import trust_router as tr


def test_rates_move_from_what_was_stated():
    table = tr.insight.noise_rates(tr.solve(PANEL, STATED, COUNTED, noise=tr.Noise()))
    assert table["stated"].tolist() == pytest.approx([1 / 6, 1 / 6])
    assert (table["mean"] != table["stated"]).all()


def test_an_interval_of_no_kind_is_refused():
    posterior = tr.solve(PANEL, STATED, COUNTED, noise=tr.Noise())
    with pytest.raises(ValueError, match="ci_prob"):
        tr.insight.noise_rates(posterior, 1.5)


def test_a_model_that_takes_outcomes_as_true_has_none():
    with pytest.raises(ValueError, match="taken as true"):
        tr.insight.noise_rates(tr.solve(PANEL, STATED, COUNTED))
