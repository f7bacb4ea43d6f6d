"""Estimates from moments: exact for one outcome, and for Betas for any number."""

from __future__ import annotations

import numpy as np
import pytest

from trust_router.basics.bayes_linear import Moments


def test_of_one_outcome_the_estimate_is_the_conditional_mean():
    rng = np.random.default_rng(1)
    common = rng.normal(size=(5000, 1))
    need = 1 / (1 + np.exp(-common - rng.normal(size=(5000, 3))))
    moments = Moments.of(need)
    weights = moments.weights(np.array([1]), np.array([1.0]))[:, 0]
    after_one = np.average(need, axis=0, weights=need[:, 1])
    after_zero = np.average(need, axis=0, weights=1 - need[:, 1])
    mean = moments.mean
    np.testing.assert_allclose(mean + weights * (1 - mean[1]), after_one, atol=1e-9)
    np.testing.assert_allclose(mean - weights * mean[1], after_zero, atol=1e-9)


@pytest.mark.parametrize("number", [1, 7, 300])
def test_a_beta_moves_by_its_share_of_all_tickets(number):
    need = np.random.default_rng(2).beta(3, 5, size=(400_000, 1))
    weight = Moments.of(need).weights(np.array([0]), np.array([float(number)]))
    assert weight[0, 0] == pytest.approx(number / (8 + number), rel=0.02)


def test_anything_that_covaries_with_need_is_estimated():
    need = np.random.default_rng(3).beta(2, 2, size=(1000, 2))
    moments = Moments.of(need)
    at, number = np.array([0, 1]), np.array([4.0, 9.0])
    needs = moments.weights(at, number)
    np.testing.assert_allclose(moments.weights(at, number, 2 * moments.cov), 2 * needs)
