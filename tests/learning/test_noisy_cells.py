"""One category with wrong outcomes: coefficients that add up to the evidence, however small."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.polynomial import polynomial
from scipy import integrate, stats

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.learning.noisy_cells import NoisyCell, RateGrid

PANEL = tr.Panel([tr.Router("one", {"x": 0.5, "y": 0.5})])


def cell(needs, trials, alpha=(2.0, 3.0), beta=(4.0, 1.5)):
    stated = tr.Beliefs(["a"], ["x", "y"], [alpha], [beta])
    return NoisyCell.of(PANEL, match(PANEL, stated, tr.Outcomes(["a"], [trials], [needs])), 0)


def rates(*pairs):
    needed, resolved = np.array(pairs).T
    return RateGrid(needed, resolved, np.zeros(len(pairs)))


def test_evidence_is_the_integral_over_need():
    grid = rates((0.1, 0.3), (0.02, 0.6))
    found = np.exp(cell(3, 11).log_evidence(grid, 0.02))
    for n, (needed, resolved) in enumerate(zip(grid.needed, grid.resolved, strict=True)):
        for s, shapes in enumerate([(2, 4), (3, 1.5)]):
            given = (needed, resolved, stats.beta(*shapes))
            expected, _ = integrate.quad(chance, 0, 1, given, epsabs=0, epsrel=1e-11)
            assert found[n, s] == pytest.approx(expected, rel=1e-9)


def chance(need, needed, resolved, belief):
    logged = need * (1 - resolved) + (1 - need) * needed
    return logged**3 * (1 - logged) ** 8 * belief.pdf(need)


def test_coefficients_are_those_of_the_product_of_powers():
    one, grid = cell(3, 7), rates((0.1, 0.3), (0.4, 0.2))
    known = one.log_evidence(grid, 0.02)
    found = np.exp(one.log_coefficients(grid, slice(None), known))
    for n, (needed, resolved) in enumerate(zip(grid.needed, grid.resolved, strict=True)):
        ups, downs = ([needed, 1 - resolved],) * 3, ([1 - needed, resolved],) * 4
        expected = np.array([1.0])
        for factor in (*ups, *downs):
            expected = polynomial.polymul(expected, factor)
        np.testing.assert_allclose(found[n], expected, rtol=1e-12)


@pytest.mark.parametrize("pair", [(0.05, 0.1), (0.3, 0.7), (0.3, 0.75), (0.45, 0.5499)])
def test_coefficients_add_up_to_the_evidence_where_need_is_known_and_where_not(pair):
    """Beliefs with spikes at 0 and 1, where chances of true needs are far too small."""
    many, grid = cell(250, 1000, (0.2, 3.0), (0.05, 9.0)), rates(pair)
    known = many.log_evidence(grid, 0.01)
    sums = many.log_coefficients(grid, slice(None), known)[:, None] + many.log_ratio()
    top = sums.max(axis=-1, keepdims=True)
    found = np.log(np.exp(sums - top).sum(axis=-1)) + top[..., 0]
    np.testing.assert_allclose(found, known, atol=1e-9)


def test_beliefs_narrower_than_the_step_are_not_taken_for_a_point():
    steep = cell(3, 7, (1e6, 2e6), (3e6, 1e6))
    assert np.isnan(steep.log_evidence(rates((0.1, 0.1)), 0.16)).all()


def test_outcomes_that_a_belief_calls_impossible_have_an_evidence_too():
    sure = cell(700, 1000, (300, 300), (9e5, 9e3))
    found = sure.log_evidence(rates((0.01, 0.1)), 0.0025)
    assert np.isfinite(found).all()
    assert found[0, 0] < found[0, 1] < -1000
