"""Outcomes of the switch have the density that SciPy gives them."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest
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
