"""Mixtures that differ between draws: moments and tails of all draws, conditioned or not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from trust_router.basics.drawn_mixture import DrawnMixture
from trust_router.basics.mixture import BetaMixture

RNG = np.random.default_rng(1)
NUMBER, BATCH, COMPONENTS = 12, 4, 3
WEIGHTS = RNG.dirichlet(np.ones(COMPONENTS), (NUMBER, BATCH))
SHAPES = RNG.uniform(0.5, 9, (2, NUMBER, BATCH, COMPONENTS))


def by_hand(function, weights=WEIGHTS, shapes=SHAPES):
    """Average of a function of each component, weights and draws taken one by one."""
    total = np.zeros(BATCH)
    for i in range(NUMBER):
        for c in range(BATCH):
            for k in range(weights.shape[-1]):
                a, b = shapes[:, i if shapes.shape[1] > 1 else 0, c, k]
                total[c] += weights[i, c, k] * function(stats.beta(a, b))
    return total / weights.sum(axis=(0, 2))


@pytest.mark.parametrize("routers", [slice(None), slice(0, 2)], ids=["all", "some"])
@pytest.mark.parametrize("fixed", [False, True])
def test_moments_and_tails_are_averages_over_draws_and_components(routers, fixed):
    weights, shapes = WEIGHTS[..., routers], SHAPES[..., routers]
    shapes = shapes[:, :1] if fixed else shapes
    mixture = DrawnMixture(weights, *shapes)
    cases = {
        "mean": (mixture.mean, lambda d: d.mean()),
        "square": (mixture.second_moment, lambda d: d.var() + d.mean() ** 2),
        "below": (mixture.cdf(0.3), lambda d: d.cdf(0.3)),
        "above": (mixture.sf(0.3), lambda d: d.sf(0.3)),
    }
    for name, (found, function) in cases.items():
        np.testing.assert_allclose(
            found, by_hand(function, weights, shapes), rtol=1e-9, err_msg=name
        )
    given = mixture.given(0.3)
    np.testing.assert_allclose(given.chance, weights.sum(axis=-1))
    chance = weights.sum(axis=(0, 2)) / NUMBER
    np.testing.assert_allclose(given.mean.mean(axis=0) / chance, mixture.mean)
    np.testing.assert_allclose(given.above.mean(axis=0) / chance, mixture.sf(0.3))
    excess = by_hand(lambda d: d.expect(lambda x: x - 0.3, lb=0.3, ub=1), weights, shapes)
    np.testing.assert_allclose(given.excess.mean(axis=0) / chance, excess, rtol=1e-6)


def test_shapes_that_do_not_differ_make_one_mixture_of_mean_weights():
    mixture = DrawnMixture(WEIGHTS, *SHAPES[:, :1])
    single = BetaMixture(WEIGHTS.mean(axis=0), *SHAPES[:, 0])
    np.testing.assert_allclose(mixture.mean, single.mean)
    np.testing.assert_allclose(mixture.cdf(np.array(0.4)), single.cdf(0.4))
    for a, b in zip(mixture.interval(), single.interval(), strict=True):
        np.testing.assert_allclose(a, b)


def test_one_place_of_the_batch_is_what_it_was_in_it():
    mixture = DrawnMixture(WEIGHTS, *SHAPES)
    for c in range(BATCH):
        assert mixture.at(c).mean == pytest.approx(mixture.mean[c])
        assert mixture.at(c).sf(0.2) == pytest.approx(mixture.sf(0.2)[c])
        assert mixture.at(c).pdf(0.5) == pytest.approx(mixture.pdf(0.5)[c])


def test_samples_follow_the_distribution_and_repeat_with_the_seed():
    mixture = DrawnMixture(WEIGHTS, *SHAPES)
    drawn = mixture.sample(20_000, 1)
    np.testing.assert_array_equal(drawn, mixture.sample(20_000, 1))
    error = 5 * mixture.sd / np.sqrt(len(drawn))
    assert (np.abs(drawn.mean(axis=0) - mixture.mean) < error).all()
    for x in (0.1, 0.4, 0.8):
        p = mixture.cdf(x)
        assert (np.abs((drawn <= x).mean(axis=0) - p) < 5 * np.sqrt(p * (1 - p) / len(drawn))).all()


def test_thinned_draws_are_every_kth_of_each_chain():
    two = DrawnMixture(WEIGHTS, *SHAPES, chains=2)
    few = two.thinned(4)
    assert few.chains == 2
    np.testing.assert_array_equal(few.weights, np.concatenate([WEIGHTS[:6:3], WEIGHTS[6::3]]))


def test_where_a_condition_is_likelier_under_some_draws_these_are_drawn_more_often():
    """Such as a router being right: need if it is follows the draws that say so."""
    weights = np.array([[0.9], [0.1]])
    mixture = DrawnMixture(weights, np.array([[2.0], [20.0]]), np.array([[20.0], [2.0]]))
    drawn = mixture.sample(20_000, 1)
    assert drawn.mean() == pytest.approx(float(mixture.mean), abs=5 * 0.3 / np.sqrt(20_000))
    assert float(mixture.mean) < 0.2


def test_one_beta_for_each_component_keeps_mean_and_spread():
    rng = np.random.default_rng(4)
    weights = rng.dirichlet([2.0, 1.0, 0.5], size=(50, 2))
    weights[:, 0, 2] = 0  # a seat that is ruled out
    weights[:, 0] /= weights[:, 0].sum(axis=-1, keepdims=True)
    mixture = DrawnMixture(weights, *rng.uniform(0.5, 9, (2, 50, 2, 3)))
    few = mixture.matched
    assert few.weights.shape == (2, 3)
    np.testing.assert_allclose(few.mean, mixture.mean)
    np.testing.assert_allclose(few.second_moment, mixture.second_moment)
    same = DrawnMixture(weights, *(rng.uniform(0.5, 9, (1, 2, 3)) for _ in range(2)))
    np.testing.assert_allclose(same.matched.alpha, same.alpha[0])
