"""The e-process: exact on a grid, soon high after a change, and low without one."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, special

from trust_router.basics import changing
from trust_router.basics.changing import log_evidence_of_change

RATE = 0.01


def stream(rng, a, b, shift=0.0, number=20, periods=52, at=28):
    period = np.repeat(np.arange(periods), number)
    score = rng.normal(size=len(period))
    log_odds = a + shift * (period >= at) + b * score
    needs = (rng.random(len(period)) < special.expit(log_odds)).astype(int)
    return log_evidence_of_change(score, needs, np.ones_like(needs), period, periods)


def test_in_one_period_there_is_no_evidence_yet():
    """Drawn once or drawn anew are the same then, but for Laplace's method and the grid."""
    rng = np.random.default_rng(0)
    found = [stream(rng, a, 0.5, number=40, periods=1)[0] for a in (-1.0, 0.5, -2.5)]
    np.testing.assert_allclose(found, 0, atol=0.1)


def test_what_is_drawn_once_is_the_integral_over_the_prior():
    rng = np.random.default_rng(1)
    score = rng.normal(size=30)
    needs, trials = rng.integers(0, 2, 30), np.ones(30, dtype=int)
    design = np.column_stack([np.ones(30), score])

    def density(b, a):
        eta = a + b * score
        prior = -(((np.array([a, b]) - changing._MEAN) / changing._SD) ** 2).sum() / 2
        prior -= np.log(2 * np.pi * changing._SD.prod())
        return np.exp(needs @ eta - np.logaddexp(0, eta).sum() + prior)

    exact = integrate.dblquad(density, -5, 5, -4, 5, epsabs=1e-14)[0]
    found, _ = changing._drawn_once(design, needs, trials, changing._MEAN)
    assert found == pytest.approx(np.log(exact), abs=0.05)


def test_periods_without_tickets_leave_the_evidence_nearly_as_it_is():
    rng = np.random.default_rng(2)
    period = np.array([0] * 30 + [3] * 30)
    score, needs = rng.normal(size=60), rng.integers(0, 2, 60)
    found = log_evidence_of_change(score, needs, np.ones(60, dtype=int), period, 5)
    np.testing.assert_allclose(found[1:3], found[0], atol=1e-9)
    assert found[4] == pytest.approx(found[3])


def test_rows_that_stand_for_several_tickets_count_as_often():
    rng = np.random.default_rng(3)
    score, needs, period = rng.normal(size=20), rng.integers(0, 2, 20), np.repeat([0, 1], 10)
    one = log_evidence_of_change(score, 3 * needs, np.full(20, 3), period, 2)
    each = [np.tile(x, 3) for x in (score, needs, np.ones(20, dtype=int), period)]
    np.testing.assert_allclose(log_evidence_of_change(*each, 2), one)


def test_all_outcomes_alike_do_no_harm():
    period = np.repeat(np.arange(10), 5)
    found = log_evidence_of_change(
        np.linspace(-3, 3, 50), np.zeros(50, dtype=int), np.ones(50, dtype=int), period, 10
    )
    assert np.isfinite(found).all()
    assert found.max() < np.log(1 / RATE)


def test_a_shift_is_noticed_within_weeks():
    rng = np.random.default_rng(4)
    delays = []
    for _ in range(10):
        over = np.flatnonzero(stream(rng, -0.4, 0.8, shift=0.9, number=100) >= -np.log(RATE))
        assert len(over)
        delays.append(over[0] - 27)
    assert min(delays) > 0
    assert np.median(delays) <= 3


def test_false_alarms_are_no_more_than_stated():
    """Of 60 quiet streams 0.6 may raise one; 4 or more would come once in 300 times."""
    rng = np.random.default_rng(5)
    alarms = sum(
        stream(rng, a, b, number=10, periods=30).max() >= -np.log(RATE)
        for a, b in rng.normal((-0.5, 0.8), (1.5, 1.2), (60, 2))
    )
    assert alarms < 4


@pytest.mark.statistics
def test_false_alarms_of_a_thousand_years_are_no_more_than_stated():
    """Also where level and slope are always the same, not drawn from the prior."""
    rng = np.random.default_rng(6)
    for a, b in ((-0.5, 0.8), (-2.5, 0.3), (0.5, 2.0)):
        over = [stream(rng, a, b).max() >= -np.log(RATE) for _ in range(350)]
        assert np.mean(over) <= RATE + 3 * np.sqrt(RATE / 350)
