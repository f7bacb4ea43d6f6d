"""Draws of one Gaussian become draws of another, and say when they cannot."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from trust_router.learning.reweighting import Affine, found_way, reweighted

RNG = np.random.default_rng(1)
SIZE, NUMBER = 6, 4000
ROOT = np.eye(SIZE) + 0.4 * RNG.normal(size=(SIZE, SIZE))
POINTS = RNG.normal(size=(NUMBER, SIZE)) @ ROOT.T
OLD = stats.multivariate_normal(np.zeros(SIZE), ROOT @ ROOT.T).logpdf


def gaussian(shift, scale):
    return stats.multivariate_normal(np.full(SIZE, shift), scale**2 * ROOT @ ROOT.T)


@pytest.mark.parametrize(("shift", "scale"), [(0.2, 1.0), (1.0, 0.6), (2.0, 0.4), (0.0, 2.0)])
def test_a_gaussian_is_moved_onto_any_other(shift, scale):
    new = gaussian(shift, scale)
    way = found_way(POINTS, OLD(POINTS), OLD, new.logpdf, Affine.none(SIZE))
    moved = way(POINTS)
    found = reweighted(new.logpdf(moved) - OLD(POINTS))
    assert found.effective > 0.75
    assert found.pareto_k < 0.5
    draws = moved[found.origin]
    sd = np.sqrt(np.diag(new.cov))
    assert (np.abs(draws.mean(axis=0) - shift) < 6 * sd / np.sqrt(NUMBER)).all()
    np.testing.assert_allclose(draws.std(axis=0), sd, rtol=6 / np.sqrt(2 * NUMBER))


def test_weights_alone_give_the_new_mean():
    new = gaussian(0.1, 0.9)
    found = reweighted(new.logpdf(POINTS) - OLD(POINTS))
    draws = POINTS[found.origin]
    error = 5 * np.sqrt(np.diag(new.cov) / (NUMBER * found.effective))
    assert (np.abs(draws.mean(axis=0) - 0.1) < error).all()
    assert (np.diff(found.origin) >= 0).all()


def test_what_does_not_overlap_is_called_by_its_name():
    far = gaussian(6.0, 0.3)
    found = reweighted(far.logpdf(POINTS) - OLD(POINTS))
    assert found.pareto_k > 0.7
    assert found.effective < 0.01


def test_where_nothing_changes_every_draw_stays():
    found = reweighted(np.full(50, 3.0))
    np.testing.assert_array_equal(found.origin, np.arange(50))
    assert (found.pareto_k, found.effective) == (0.0, pytest.approx(1))


def test_maps_follow_one_another():
    a, b = Affine(ROOT, np.arange(SIZE)), Affine(2 * ROOT.T, np.ones(SIZE))
    np.testing.assert_allclose(a.then(b)(POINTS[:5]), b(a(POINTS[:5])))


@pytest.mark.parametrize("number", [1, 2, 4, 5, 20])
def test_a_few_draws_are_weighted_and_tell_nothing_of_their_tail(number):
    found = reweighted(np.arange(number, dtype=float))
    assert found.origin.max() == number - 1
    assert number == 1 or found.pareto_k == np.inf
