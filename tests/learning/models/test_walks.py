"""Walks that end in the present: their steps, and a Kalman filter for the Gaussian case."""

from __future__ import annotations

import numpy as np
import pytensor.tensor as pt
import pytest
from scipy import stats

from trust_router.learning.models.walks import drawn_walks, since, stepped


def test_a_walk_ends_at_zero_and_goes_by_its_steps():
    np.testing.assert_allclose(since(np.array([1.0, -2.0, 4.0])), [-3.0, -2.0, -4.0, 0.0])
    steps = np.random.default_rng(0).normal(size=(3, 5))
    np.testing.assert_allclose(np.diff(since(steps)), steps)
    np.testing.assert_allclose(since(pt.as_tensor(steps), pt).eval(), since(steps))


def test_steps_are_gaussian_without_a_tail_and_of_tukeys_h_with_one():
    z = np.linspace(-3, 3, 13)
    np.testing.assert_allclose(stepped(z, 0.2, 0.0), 0.2 * z)
    # Var of Tukey's h is (1 - 2h)^(-3/2).
    many = stats.norm.ppf((np.arange(1_000_000) + 0.5) / 1_000_000)
    assert np.var(stepped(many, 1.0, 0.1)) == pytest.approx((1 - 0.2) ** -1.5, rel=1e-3)


def test_each_draw_has_its_own_scale():
    values = {"level_step": np.ones((2, 3)), "level_scale": np.array([1.0, 0.5])}
    values |= {"judge_step": np.ones((2, 4, 3)), "judge_scale": np.array([0.0, 1.0])}
    walks = drawn_walks(values, 0.0)
    np.testing.assert_allclose(walks["level"], [[-3, -2, -1, 0], [-1.5, -1, -0.5, 0]])
    np.testing.assert_allclose(walks["judge"][1, 2], [-3, -2, -1, 0])
    assert not walks["judge"][0].any()
    assert "gain" not in walks


def kalman(observed, noise, step):
    """Mean and variance of the last state of a random walk with a flat first state."""
    mean, variance = observed[0], noise[0]
    for y, r in zip(observed[1:], noise[1:], strict=True):
        variance += step**2
        weight = variance / (variance + r)
        mean, variance = mean + weight * (y - mean), variance * (1 - weight)
    return mean, variance


@pytest.mark.parametrize("step", [0.0, 0.1, 1.0])
def test_the_gaussian_walk_knows_of_the_present_what_a_kalman_filter_knows(step):
    rng = np.random.default_rng(1)
    noise = rng.uniform(0.2, 1.0, 7)
    observed = rng.normal(size=7)
    # Seen values are the present plus a linear function of standard Normal steps.
    seen_from_now = since(stepped(np.eye(6), step, 0.0)).T
    covariance = seen_from_now @ seen_from_now.T + np.diag(noise)
    weight = np.linalg.solve(covariance, np.ones(7))
    mean, variance = weight @ observed / weight.sum(), 1 / weight.sum()
    assert (mean, variance) == pytest.approx(kalman(observed, noise, step))
