"""Draws of need answer as the distribution they come from does."""

from __future__ import annotations

import numpy as np
import pytest

from trust_router.basics.draws import NeedDraws
from trust_router.basics.mixture import BetaMixture

NUMBER = 20_000
MIXTURE = BetaMixture([[0.3, 0.7], [1.0, 0.0]], [[2, 9], [2, 1]], [[8, 3], [6, 1]])


@pytest.fixture(scope="module")
def draws():
    return NeedDraws(MIXTURE.sample(NUMBER, random_seed=1))


def within(values, expected, spread):
    return np.all(np.abs(values - expected) <= 5 * np.asarray(spread) / np.sqrt(NUMBER))


def test_moments_and_tails_match_the_distribution(draws):
    assert within(draws.mean, MIXTURE.mean, MIXTURE.sd)
    assert within(draws.second_moment, MIXTURE.second_moment, 0.5)
    assert within(draws.sd, MIXTURE.sd, 0.5)
    for x in (0.1, 0.5, 0.9):
        assert within(draws.cdf(x), MIXTURE.cdf(x), 0.5)
        assert within(draws.sf(x), MIXTURE.sf(x), 0.5)
        assert within(draws.mean_excess(x), MIXTURE.mean_excess(x), 0.5)
        np.testing.assert_allclose(draws.cdf(x) + draws.sf(x), 1)


@pytest.mark.parametrize("kind", ["eti", "hdi"])
def test_intervals_are_of_each_need_and_match_the_distribution(kind):
    need = NeedDraws(BetaMixture([[1.0], [1.0]], [[2], [9]], [[8], [3]]).sample(NUMBER, 1))
    exact = BetaMixture([[1.0], [1.0]], [[2], [9]], [[8], [3]]).interval(0.8, kind)
    low, high = need.interval(0.8, kind)
    assert low.shape == high.shape == (2,)
    np.testing.assert_allclose([low, high], exact, atol=0.03)
    covered = (need.values >= low) & (need.values <= high)
    np.testing.assert_allclose(covered.mean(axis=0), 0.8, atol=0.005)


def test_shortest_interval_is_not_longer_than_the_equal_tailed_one(draws):
    eti, hdi = (np.diff(draws.interval(0.6, kind), axis=0) for kind in ("eti", "hdi"))
    assert (hdi <= eti + 1e-12).all()


def test_sample_keeps_needs_of_one_draw_together():
    values = np.arange(10.0)[:, None] / 10 + np.array([0.0, 0.01])
    picked = NeedDraws(values).sample(200, random_seed=3)
    assert picked.shape == (200, 2)
    np.testing.assert_allclose(picked[:, 1] - picked[:, 0], 0.01)
    assert set(picked[:, 0]) == set(values[:, 0])
    np.testing.assert_array_equal(picked, NeedDraws(values).sample(200, random_seed=3))


@pytest.mark.parametrize("arguments", [(0.0,), (1.0,), (0.89, "median")])
def test_what_describes_no_interval_is_refused(draws, arguments):
    with pytest.raises(ValueError, match=r"`ci_(prob|kind)` must"):
        draws.interval(*arguments)


@pytest.mark.parametrize("ci_prob", [0.5, 0.89])
def test_intervals_of_draws_are_those_of_sorting_and_counting(draws, ci_prob):
    values = draws.values[:3001]
    number, _ = values.shape
    few = NeedDraws(values)
    ordered = np.sort(values, axis=0)
    for got, tail in zip(few.interval(ci_prob), (1 - ci_prob, 1 + ci_prob), strict=True):
        place = tail / 2 * (number - 1)
        below, rest = int(place), place % 1
        expected = (1 - rest) * ordered[below] + rest * ordered[below + 1]
        np.testing.assert_allclose(got, expected, rtol=1e-12)
    low, high = few.interval(ci_prob, "hdi")
    held = int(ci_prob * number)
    shortest = (ordered[held:] - ordered[:-held]).min(axis=0)
    np.testing.assert_allclose(high - low, shortest, rtol=1e-9)


def test_the_beta_of_the_same_moments_is_that_which_was_drawn_from():
    values = np.random.default_rng(1).beta([2.0, 30.0], [5.0, 70.0], size=(200_000, 2))
    few = NeedDraws(values).matched
    np.testing.assert_allclose(few.mean, values.mean(axis=0))
    np.testing.assert_allclose(few.alpha[:, 0], [2, 30], rtol=0.02)
    np.testing.assert_allclose(few.beta[:, 0], [5, 70], rtol=0.02)


def test_draws_that_are_all_alike_have_a_beta_too():
    few = NeedDraws(np.full((10, 3), [0.0, 0.3, 1.0])).matched
    np.testing.assert_allclose(few.mean, [0, 0.3, 1], atol=1e-8)
    np.testing.assert_allclose(few.sd, 0, atol=1e-4)
