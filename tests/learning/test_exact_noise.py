"""The seed model with noise against a grid, the seed without, and Rogan and Gladen."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import xarray as xr
from scipy import stats
from support.three_routers import CATEGORY_ROWS, PANEL, STATED

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.learning.exact import closed_form
from trust_router.learning.exact_noise import noisy_form
from trust_router.learning.solving import _noisy
from trust_router.learning.sources import NoisySource

# Not below 1, where a grid on (0, 1) is exact to 1e-12.
SMOOTH = replace(
    CATEGORY_ROWS,
    alpha=np.array([[3.0, 2, 1], [1, 1, 8], [5, 1.0, 2]]),
    beta=np.array([[9.0, 2, 4], [5, 3, 2], [1, 1, 1]]),
)
CHECKED = replace(
    SMOOTH,
    checked=np.array([[[4, 1, 1], [0, 2, 0]], [[0, 0, 0], [1, 3, 0]], np.zeros((2, 3))], int),
)
NOISE = tr.Noise((2, 9), (3, 7))


def grid(rows, noise, size=48):
    """Log evidence, seats, mean and square of need, and rates, by a product of three rules."""
    nodes, weights = np.polynomial.legendre.leggauss(size)
    nodes, weights = (nodes + 1) / 2, weights / 2
    needed, resolved = (x[..., None] for x in np.meshgrid(nodes, nodes, indexing="ij"))
    counts = np.zeros((2, 3)) if rows.checked is None else rows.checked.sum(axis=0)
    (a, b), (c, d) = noise.shapes
    prior = stats.beta(a + counts[0, 1], b + counts[0, 0]).pdf(needed[..., 0])
    prior *= stats.beta(c + counts[1, 0], d + counts[1, 1]).pdf(resolved[..., 0])
    prior *= weights[:, None] * weights
    logged = nodes * (1 - resolved) + (1 - nodes) * needed
    judge = PANEL.seats.judge
    each = []
    for r in range(len(rows)):
        zeros, ones = rows.found[r]
        k, n = rows.needs[r] - ones, rows.trials[r] - zeros - ones
        likelihood = logged**k * (1 - logged) ** (n - k) * nodes**ones * (1 - nodes) ** zeros
        belief = stats.beta(rows.alpha[r, judge, None], rows.beta[r, judge, None]).pdf(nodes)
        # (rate, rate, seat, need)
        each.append(likelihood[:, :, None] * PANEL.seats.weight[:, None] * belief * weights)
    inner = np.stack([x.sum(axis=(2, 3)) for x in each])
    total = (prior * inner.prod(axis=0)).sum()
    posterior = prior * inner.prod(axis=0) / total
    given = [
        posterior[:, :, None, None] * x / i[:, :, None, None]
        for x, i in zip(each, inner, strict=True)
    ]
    return {
        "log_evidence": np.log(total),
        "seats": np.array([x.sum(axis=(0, 1, 3)) for x in given]),
        "mean": np.array([(x * nodes).sum() for x in given]),
        "square": np.array([(x * nodes**2).sum() for x in given]),
        "rates": np.array([(posterior * x[..., 0]).sum() for x in (needed, resolved)]),
    }


def mixture(rows, noise):
    return NoisySource(xr.Dataset(_noisy(PANEL, noisy_form(PANEL, rows, noise))), PANEL, rows)


@pytest.mark.parametrize("rows", [SMOOTH, CHECKED], ids=["as logged", "some checked"])
def test_everything_is_that_of_a_grid_to_1e_9(rows):
    found, expected = noisy_form(PANEL, rows, NOISE), grid(rows, NOISE)
    assert found.log_evidence.sum() == pytest.approx(expected["log_evidence"], abs=1e-9)
    np.testing.assert_allclose(found.seat_posterior, expected["seats"], atol=1e-9)
    np.testing.assert_allclose(found.weights.sum(axis=-1), expected["seats"], atol=1e-9)
    np.testing.assert_allclose(found.rate_mean, expected["rates"], atol=1e-9)
    need = mixture(rows, NOISE).mixtures(None)
    np.testing.assert_allclose(need.mean, expected["mean"], atol=1e-9)
    np.testing.assert_allclose(need.second_moment, expected["square"], atol=1e-9)


def test_need_if_a_router_is_right_adds_up_to_need():
    source = mixture(CHECKED, NOISE)
    trust = source.mean("trust")
    parts = [source.mixtures(name).mean * trust[:, r] for r, name in enumerate(PANEL.router_names)]
    np.testing.assert_allclose(sum(parts), source.mixtures(None).mean, rtol=1e-12)


def test_without_noise_it_is_the_closed_form_whatever_beliefs_are():
    outcomes = tr.Outcomes(STATED.labels, [20, 7, 1], [4, 6, 1])
    rows, exact = match(PANEL, STATED, outcomes), closed_form(PANEL, STATED, outcomes)
    found = noisy_form(PANEL, rows, tr.Noise((1, 1e9), (1, 1e9)))
    np.testing.assert_allclose(found.seat_posterior, exact.seat_posterior, atol=1e-6)
    np.testing.assert_allclose(found.log_evidence, exact.log_evidence, atol=1e-6)
    np.testing.assert_allclose(found.router_log_evidence, exact.router_log_evidence, atol=1e-6)


def test_outcomes_that_were_all_checked_are_true_ones():
    truth = np.stack([SMOOTH.trials - SMOOTH.needs, SMOOTH.needs], axis=1)
    checked = np.zeros((3, 2, 3), dtype=int)
    checked[..., 0] = truth  # all had been logged as resolved
    found = noisy_form(PANEL, replace(SMOOTH, checked=checked), NOISE)
    exact = closed_form(
        PANEL,
        tr.Beliefs(SMOOTH.categories, SMOOTH.judges, SMOOTH.alpha, SMOOTH.beta),
        tr.Outcomes(SMOOTH.categories, SMOOTH.trials, SMOOTH.needs),
    )
    np.testing.assert_allclose(found.seat_posterior, exact.seat_posterior, atol=1e-12)
    np.testing.assert_allclose(found.rate_mean[1], (3 + 11) / (10 + 11), atol=1e-12)


def test_many_outcomes_with_known_rates_give_the_estimate_of_rogan_and_gladen():
    flat = tr.Panel([tr.Router("one", {"x": 1.0})])
    said = tr.Beliefs(["a"], ["x"], [[1.0]], [[1.0]])
    rows = match(flat, said, tr.Outcomes(["a"], [1000], [330]))
    noise = tr.Noise((1e6, 9e6), (2e6, 8e6))
    found = noisy_form(flat, rows, noise)
    needs = found.first[0] + found.weights[0, 0] @ np.arange(found.weights.shape[2])
    expected = (0.33 - 0.1) / (1 - 0.1 - 0.2)
    assert (1 + needs) / 1002 == pytest.approx(expected, abs=2e-3)


def test_order_of_categories_and_judges_that_are_far_off_change_nothing():
    """Beliefs beyond what a float64 can say, next to outcomes that speak against them."""
    rows = replace(
        SMOOTH,
        alpha=np.array([[0.2, 300, 1e-3], [0.05, 1, 8], [5, 1e-4, 2]]),
        beta=np.array([[0.05, 2, 1e-3], [0.2, 3, 2], [1, 1e-4, 700]]),
        trials=np.array([90, 20, 3]),
        needs=np.array([20, 17, 3]),
    )
    found, turned = (noisy_form(PANEL, rows.take(order), NOISE) for order in ([0, 1, 2], [2, 0, 1]))
    assert found.log_evidence.sum() == pytest.approx(turned.log_evidence.sum(), abs=1e-9)
    np.testing.assert_allclose(found.seat_posterior[[2, 0, 1]], turned.seat_posterior, atol=1e-9)
    np.testing.assert_allclose(found.weights.sum(axis=-1), found.seat_posterior, atol=1e-9)


def test_all_orders_of_a_few_outcomes_have_the_probabilities_of_a_whole():
    one = SMOOTH.take(np.array([0]))
    total = 0.0
    for logged in product((0, 1), repeat=3):
        rows = replace(one, trials=np.array([3]), needs=np.array([sum(logged)]))
        total += np.exp(noisy_form(PANEL, rows, NOISE).log_evidence.sum())
    assert total == pytest.approx(1, abs=1e-9)


def test_wider_noise_makes_need_less_known():
    known, unknown = (
        mixture(SMOOTH, noise).mixtures(None).sd
        for noise in (tr.Noise((20, 180), (20, 180)), tr.Noise((2, 8), (2, 8)))
    )
    assert (unknown > known).all()


def test_too_many_outcomes_are_refused_with_what_to_do():
    many = replace(SMOOTH, trials=np.array([20, 1500, 1]))
    with pytest.raises(
        ValueError, match=r"up to 1,000 unchecked outcomes.*got 1500 in 'b'; use `f"
    ):
        noisy_form(PANEL, many, NOISE)


def test_what_no_grid_resolves_is_refused():
    for beta in (1e8, 3e7):
        steep = replace(SMOOTH, alpha=np.full((3, 3), 1e8), beta=np.full((3, 3), beta))
        with pytest.raises(ValueError, match="does not settle"):
            noisy_form(PANEL, steep, tr.Noise())


@pytest.mark.parametrize("rows", [SMOOTH, CHECKED], ids=["as logged", "some checked"])
def test_quantiles_of_the_rates_are_those_of_a_fine_grid(rows):
    found = noisy_form(PANEL, rows, NOISE)
    levels = np.linspace(0, 1, found.rate_quantiles.shape[1])
    middle = (found.rate_quantiles[:, 1:] + found.rate_quantiles[:, :-1]) / 2
    np.testing.assert_allclose(middle.mean(axis=1), found.rate_mean, atol=2e-3)
    cumulated = rate_cdf(rows, NOISE, x := 0.25)
    at = [np.interp(x, each, levels) for each in found.rate_quantiles]
    np.testing.assert_allclose(at, cumulated, atol=2e-3)


def rate_cdf(rows, noise, x):
    """Probability that each rate is below x."""
    size = 400
    middles = (np.arange(size) + 0.5) / size
    needs = (np.arange(200) + 0.5) / 200
    needed, resolved = (v[..., None] for v in np.meshgrid(middles, middles, indexing="ij"))
    counts = np.zeros((2, 3)) if rows.checked is None else rows.checked.sum(axis=0)
    (a, b), (c, d) = noise.shapes
    total = stats.beta(a + counts[0, 1], b + counts[0, 0]).pdf(needed[..., 0])
    total *= stats.beta(c + counts[1, 0], d + counts[1, 1]).pdf(resolved[..., 0])
    judge = PANEL.seats.judge
    for r in range(len(rows)):
        zeros, ones = rows.found[r]
        k, n = rows.needs[r] - ones, rows.trials[r] - zeros - ones
        belief = stats.beta(rows.alpha[r, judge, None], rows.beta[r, judge, None]).pdf(needs)
        known = PANEL.seats.weight @ belief * needs**ones * (1 - needs) ** zeros
        inner = np.zeros((size, size))
        for need, weight in zip(needs, known, strict=True):
            q = need * (1 - resolved[..., 0]) + (1 - need) * needed[..., 0]
            inner += weight * q**k * (1 - q) ** (n - k)
        total *= inner
    below = middles < x
    return total[below].sum() / total.sum(), total[:, below].sum() / total.sum()
