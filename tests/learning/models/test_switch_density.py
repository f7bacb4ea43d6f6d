"""Outcomes of the switch have the density that SciPy gives them."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest
from scipy import stats
from support.three_routers import (
    CATEGORY_ROWS,
    COUNTED,
    PANEL,
    PLAIN,
    STATED,
    TICKET_ROWS,
    density,
    parameters,
    points,
    switch_by_hand,
)

from trust_router.learning.models.known import build
from trust_router.learning.models.switch import Switch
from trust_router.learning.models.switch_density import SwitchRandom


@pytest.mark.parametrize("rows", [CATEGORY_ROWS, TICKET_ROWS], ids=["category", "ticket"])
@pytest.mark.parametrize(
    "options",
    [Switch(), Switch(calibration=False), Switch(weights="fixed"), Switch(category_effects=True)],
    ids=["default", "as stated", "fixed", "category effects"],
)
def test_density_of_the_switch_is_that_of_scipy(options, rows):
    model = options.build(PANEL, rows)
    found, values = density(model), parameters(model)
    for point in points(model):
        assert found(point) == pytest.approx(switch_by_hand(values(point), rows), abs=1e-8)


def test_switch_equals_pymcs_own_mixture_of_beta_binomials():
    ours = build(PANEL, STATED, COUNTED, Switch(calibration=False))
    judge, names = PANEL.seats.judge, ["share", "within_2"]
    with pm.Model() as theirs:
        share = pm.Dirichlet("share", 3 * PANEL.share)
        within = pm.Dirichlet("within_2", 2 * np.array([[0.6, 0.4], [0.7, 0.3]]))
        inside = pm.math.concatenate([within.flatten(), np.ones(1)])
        seats = pm.BetaBinomial.dist(
            n=COUNTED.trials[:, None], alpha=STATED.alpha[:, judge], beta=STATED.beta[:, judge]
        )
        pm.Mixture("needs", share[PANEL.seats.router] * inside, seats, observed=COUNTED.needs)
    a, b = ours.compile_logp(mode=PLAIN), theirs.compile_logp(mode=PLAIN)
    for point in points(ours):
        assert {name.split("_simplex")[0] for name in point} == set(names)
        assert a(point) == pytest.approx(b(point), abs=1e-9)


def test_the_likelihood_of_absurdly_sure_judges_is_no_rounding_error():
    model = Switch().build(PANEL, CATEGORY_ROWS)
    found, start = density(model), model.initial_point()
    values = [float(found(start | {"sharpness_mean": np.array(x)})) for x in (25.0, 60.0, 400.0)]
    assert values[0] < 0
    np.testing.assert_allclose(values[1:], values[0], rtol=1e-3)


def test_silent_seats_get_the_common_rate_also_without_calibration():
    nobody = TICKET_ROWS.take(np.flatnonzero(np.isnan(TICKET_ROWS.alpha).any(axis=1)))
    options = Switch(calibration=False, category_effects=False)
    model = options.build(PANEL, nobody)
    found, values = density(model), parameters(model)
    first = points(model, 1)[0]
    second = first | {"silent_logit": first["silent_logit"] + 1}
    assert found(first) != pytest.approx(found(second))
    assert found(second) == pytest.approx(switch_by_hand(values(second), nobody), abs=1e-8)


@pytest.mark.parametrize("by_ticket", [False, True])
def test_replicated_needs_have_the_moments_of_the_mixture(by_ticket):
    """Two categories of two rows; both rows of a category share their seat."""
    logit = np.array([[-1.0, 2.0], [0.5, -0.5], [1.5, 0.0], [-2.0, 1.0]])
    log_nu = np.log([[2.0, 30.0], [5.0, 0.7], [12.0, 3.0], [4.0, 9.0]])
    trials, category = np.array([10, 4, 20, 7]), np.array([0, 0, 1, 1])
    weight = np.array([0.8, 0.2])
    given = (np.log(weight), logit, log_nu, trials, category, np.zeros(4), np.zeros((4, 2)))
    rng, number = np.random.default_rng(4), 40_000
    drawn = SwitchRandom(by_ticket)(*given, rng=rng, size=(number,))
    mean, nu = 1 / (1 + np.exp(-logit)), np.exp(log_nu)
    dists = stats.betabinom(trials[:, None], mean * nu, (1 - mean) * nu)
    if by_ticket:
        dists = stats.binom(trials[:, None], mean)
    expected = dists.mean() @ weight
    second = (dists.var() + dists.mean() ** 2) @ weight
    sd = np.sqrt(second - expected**2)
    np.testing.assert_allclose(drawn.mean(axis=0), expected, atol=5 * sd.max() / np.sqrt(number))
    np.testing.assert_allclose(drawn.std(axis=0), sd, rtol=0.03)
    both = (dists.mean()[::2] * dists.mean()[1::2]) @ weight  # given the seat, rows are apart
    found = (drawn[:, ::2] * drawn[:, 1::2]).mean(axis=0)
    np.testing.assert_allclose(found, both, rtol=0.03)
    across = np.corrcoef(drawn.T)[:2, 2:]
    assert np.abs(across).max() < 5 / np.sqrt(number)
