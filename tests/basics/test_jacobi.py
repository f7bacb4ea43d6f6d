"""Quadrature with a Beta as weight is exact for polynomials."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from trust_router.basics.jacobi import beta_nodes

SHAPES = [(2, 10), (0.5, 0.5), (1, 1), (3, 0.05), (50, 200), (1, 1e9), (0.05, 0.2)]


@pytest.mark.parametrize(("alpha", "beta"), SHAPES)
@pytest.mark.parametrize("size", [1, 2, 7, 40])
def test_moments_up_to_the_degree_are_those_of_the_beta(alpha, beta, size):
    nodes, weights = beta_nodes(alpha, beta, size)
    degree = np.arange(2 * size)
    expected = np.exp(special.betaln(alpha + degree, beta) - special.betaln(alpha, beta))
    found = weights @ nodes[:, None] ** degree
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-300)


def test_small_weights_keep_their_digits():
    nodes, weights = beta_nodes(2, 10, 60)
    ours = np.argsort(nodes)
    theirs, expected = special.roots_jacobi(60, 9, 1)
    np.testing.assert_allclose(nodes[ours], (1 + theirs) / 2, atol=1e-13)
    small = expected / expected.sum() > 1e-30
    np.testing.assert_allclose(weights[ours][small], (expected / expected.sum())[small], rtol=1e-6)
    assert weights.min() < 1e-14
