"""Samples drawn again cover the truth as often as they say, whatever is left undefined."""

from __future__ import annotations

import numpy as np
import pytest

from trust_router.basics.bootstrap import percentiles, replicates

NAN = np.nan


def test_the_statistic_is_the_same_however_many_samples_are_drawn_at_a_time():
    weight, values = np.full(50, 1 / 50), np.linspace(0, 1, 50)

    def means(size):
        rng = np.random.default_rng(1)
        return replicates(
            lambda n: rng.multinomial(50, weight, size=n), lambda w: w @ values / 50, 300, size
        )

    whole, apart = means(1), means(4_000_000 // 7)
    assert whole.shape == (300,)
    np.testing.assert_allclose(whole, apart, rtol=1e-12)


def test_no_more_values_are_held_than_may_be():
    held = []

    def draw(number):
        held.append(number)
        return np.zeros((number, 1_000_000))

    replicates(draw, lambda samples: samples[:, 0], 10, 1_000_000)
    assert sum(held) == 10
    assert max(held) == 4


def test_intervals_of_the_mean_cover_it_as_often_as_they_say():
    rng = np.random.default_rng(3)
    covered, runs = 0, 400
    for _ in range(runs):
        sample = rng.normal(size=100)
        means = replicates(
            lambda n: rng.multinomial(100, [0.01] * 100, size=n),
            lambda weight, sample=sample: weight @ sample / 100,
            300,
            100,
        )
        low, high = percentiles(means, 0.8)
        covered += low <= 0 <= high
    assert abs(covered / runs - 0.8) < 5 * np.sqrt(0.8 * 0.2 / runs)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_the_interval_leaves_equal_tails_along_its_axis(axis):
    drawn = np.random.default_rng(2).normal(size=(301, 301))
    low, high = percentiles(drawn, 0.9, axis)
    at = np.moveaxis(drawn, axis, 0)
    np.testing.assert_allclose((at < low).mean(axis=0), 0.05, atol=1 / 301)
    np.testing.assert_allclose((at > high).mean(axis=0), 0.05, atol=1 / 301)


def test_what_is_not_defined_is_left_out_and_said_where_nothing_is():
    drawn = np.array([[1.0, NAN, 3.0], [2.0, NAN, NAN], [3.0, NAN, 5.0]])
    low, high = percentiles(drawn, 0.5)
    np.testing.assert_allclose(low, [1.5, NAN, 3.5])
    np.testing.assert_allclose(high, [2.5, NAN, 4.5])
