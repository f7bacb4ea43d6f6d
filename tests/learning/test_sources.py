"""Exact and drawn numbers come through the same door, and agree where both are known."""

from __future__ import annotations

import numpy as np
import pytest
from support.drawn import drawn
from support.three_routers import COUNTED, FIXED, NUMBER, PANEL, STATED

import trust_router as tr
from trust_router.learning.sources import DrawnSource, ExactSource


@pytest.fixture(scope="module")
def pair():
    """The closed form, and the switch with stated weights: the same posterior twice."""
    weights = {name: np.tile(value, (2, NUMBER // 2, 1)) for name, value in FIXED.items()}
    sampled = drawn(PANEL, STATED, COUNTED, tr.Switch(calibration=False), **weights)
    return tr.solve(PANEL, STATED, COUNTED), sampled


def test_each_posterior_has_its_source(pair):
    exact, sampled = pair
    assert isinstance(exact._source, ExactSource)
    assert isinstance(sampled._source, DrawnSource)
    assert (exact.has_draws, sampled.has_draws) == (False, True)


def test_trust_seats_and_mixtures_agree(pair):
    exact, sampled = pair
    np.testing.assert_allclose(sampled.trust_mean, exact.trust_mean, rtol=1e-9)
    np.testing.assert_allclose(sampled.seat_posterior, exact.seat_posterior, rtol=1e-9)
    np.testing.assert_allclose(sampled.seats()["weight"], exact.seats()["weight"], rtol=1e-9)
    for router in (None, *PANEL.router_names):
        a, b = (posterior.mixtures(router) for posterior in pair)
        np.testing.assert_allclose(a.mean, b.mean, rtol=1e-9)
        np.testing.assert_allclose(a.sd, b.sd, rtol=1e-9)


def test_a_closed_form_has_no_draws_to_show(pair):
    exact, _ = pair
    with pytest.raises(ValueError, match="no draws of 'gain'; a closed form has none"):
        exact.parameter("gain")
    with pytest.raises(ValueError, match="a closed form predicts no tickets"):
        exact.need_draws(exact.rows)


def test_where_not_all_draws_fit_routers_are_of_the_same_ones_as_all_together(pair, monkeypatch):
    exact, sampled = pair
    costs = tr.Costs(0.03, 3.0, failure=5.0)
    # Fifteen values a draw over all routers, fewer of a router: more of its draws would fit.
    monkeypatch.setattr("trust_router.basics.drawn_mixture._VALUES", 15 * NUMBER // 4)
    need, routers = sampled.need_distribution().given(0.3), sampled.need_given_routers(0.3)
    assert {len(each.mean) for each in (need, *routers)} == {NUMBER // 4}
    few, known = tr.decide_all(sampled, costs), tr.decide_all(exact, costs)
    np.testing.assert_allclose(few["value_of_router"], known["value_of_router"], rtol=1e-9)


def test_what_is_no_variable_is_told_with_those_there_are(pair):
    posterior = next(each for each in pair if each.has_draws)
    with pytest.raises(ValueError, match=r"no draws of 'nothing'; there are of .*share"):
        posterior.parameter("nothing")
