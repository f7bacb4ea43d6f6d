"""Need as a mixture of what seats state: its density, its draws, and what NUTS walks on."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats
from support.three_routers import CATEGORY_ROWS, PANEL, PLAIN, parameters, points

import trust_router as tr
from trust_router.learning.models.mixed_need import _log_gamma, _mixture_random, log_density
from trust_router.learning.models.seed import Seed
from trust_router.learning.models.switch import Switch
from trust_router.learning.models.switch_draws import SwitchDraws


def test_what_nuts_walks_on_has_its_jacobian():
    """That of sinh, by differences."""
    model = Seed().build(PANEL, CATEGORY_ROWS)
    both = [model.logp(vars=model.free_RVs, jacobian=j, sum=False)[0] for j in (True, False)]
    function = model.compile_fn(both, inputs=model.value_vars, point_fn=True, mode=PLAIN)
    point = np.array([-2.0, 0.3, 1.7])
    walked, plain = function({"need_logit_asinh__": point})
    slope = (np.sinh(point + 1e-6) - np.sinh(point - 1e-6)) / 2e-6
    np.testing.assert_allclose(walked - plain, np.log(slope), atol=1e-8)
    transform = model.rvs_to_transforms[model["need_logit"]]
    np.testing.assert_allclose(transform.forward(transform.backward(point)).eval(), point)


def test_prior_draws_are_those_of_each_category_and_independent():
    judge = PANEL.seats.judge
    shapes = CATEGORY_ROWS.alpha[:, judge], CATEGORY_ROWS.beta[:, judge]
    rng, weight = np.random.default_rng(3), PANEL.seats.weight
    drawn = special.expit(_mixture_random(np.log(weight), *shapes, rng, (20_000, 3)))
    mean = stats.beta(*shapes).mean() @ weight
    second = (stats.beta(*shapes).var() + stats.beta(*shapes).mean() ** 2) @ weight
    np.testing.assert_allclose(drawn.mean(axis=0), mean, atol=5 * 0.5 / np.sqrt(20_000))
    np.testing.assert_allclose(drawn.std(axis=0), np.sqrt(second - mean**2), rtol=0.03)
    assert np.abs(np.corrcoef(drawn.T) - np.eye(3)).max() < 5 / np.sqrt(20_000)
    tiny = _log_gamma(np.full((2, 20_000), 0.05), rng)
    assert abs(np.corrcoef(tiny)[0, 1]) < 5 / np.sqrt(20_000)
    assert tiny.mean() == pytest.approx(special.digamma(0.05), rel=0.03)
    assert tiny.std() == pytest.approx(np.sqrt(special.polygamma(1, 0.05)), rel=0.03)


def test_density_of_log_odds_is_that_of_the_beta_times_the_jacobian():
    x = np.array([-4.0, 0.3, 2.0])
    need = special.expit(x)
    found = log_density(x, np.array([3.0, 0.2]), np.array([9.0, 0.05]))
    for s, shapes in enumerate([(3, 9), (0.2, 0.05)]):
        expected = stats.beta(*shapes).logpdf(need) + np.log(need * (1 - need))
        np.testing.assert_allclose(found[:, s], expected, rtol=1e-12)


def test_need_of_a_switch_that_calibrates_is_the_mixture_its_draws_have():
    model = Switch(noise=tr.Noise()).build(PANEL, CATEGORY_ROWS)
    density = model.compile_logp(vars=[model["need_logit"]], mode=PLAIN, jacobian=False)
    named = parameters(model)
    for point in points(model):
        given = SwitchDraws(PANEL, named(point), 1)
        alpha, beta = (x[0][:, PANEL.seats.judge] for x in given._beliefs(CATEGORY_ROWS))
        each = log_density(given.values["need_logit"][0], alpha, beta)
        expected = special.logsumexp(each + given.log_weight[0], axis=1).sum()
        assert density(point) == pytest.approx(expected, rel=1e-8)
