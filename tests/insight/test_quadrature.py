"""Draws from a density of few dimensions have its moments, without random numbers."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from trust_router.insight.quadrature import _inverse_curvature, integrated

MEAN, COVARIANCE = np.array([0.4, -1.0]), np.array([[0.5, 0.3], [0.3, 0.4]])


def test_draws_of_a_normal_have_its_mean_and_covariance():
    def log_density(points):
        return np.atleast_1d(stats.multivariate_normal(MEAN, COVARIANCE).logpdf(points))

    found = integrated(log_density, np.zeros(2), np.ones(2))
    np.testing.assert_allclose(found.mean(axis=0), MEAN, atol=0.01)
    np.testing.assert_allclose(np.cov(found.T), COVARIANCE, atol=0.02)
    again = integrated(log_density, np.zeros(2), np.ones(2))
    np.testing.assert_array_equal(found, again)


def test_a_skew_density_far_from_the_start_is_found():
    def log_density(points):
        return stats.gamma(3).logpdf(np.exp(points)).sum(axis=1) + points.sum(axis=1)

    found = np.exp(integrated(log_density, np.full(2, -2.0), np.ones(2)))
    np.testing.assert_allclose(found.mean(axis=0), 3, atol=0.05)
    np.testing.assert_allclose(np.quantile(found, 0.9, axis=0), stats.gamma(3).ppf(0.9), atol=0.1)


@pytest.mark.parametrize("scale", [[1.0, 1.0], [0.1, 3.0]])
def test_the_normal_at_a_mode_has_the_covariance_of_a_normal(scale):
    covariance = COVARIANCE * np.outer(scale, scale)  # as wide as the scale says

    def log_density(points):
        return stats.multivariate_normal(MEAN, covariance).logpdf(points)

    found = _inverse_curvature(log_density, MEAN, np.array(scale))
    np.testing.assert_allclose(found, COVARIANCE, rtol=1e-4)


def test_where_a_density_is_flat_its_spread_is_the_scale():
    flat = _inverse_curvature(lambda points: -0.2 * (points**2).sum(axis=1), MEAN, np.ones(2))
    np.testing.assert_array_equal(flat, np.eye(2))
