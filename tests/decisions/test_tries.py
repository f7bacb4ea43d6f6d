"""Tickets that tell of each other are tried together: against exact sums and reweighted draws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from trust_router.basics.mixture import BetaMixture
from trust_router.decisions.bandit import trying
from trust_router.decisions.costs import Costs
from trust_router.decisions.tries import Coming, choose_tries

COST = Costs(0.03, 3.0, failure=5.0)


def choose(coming, need, number, costs=COST):
    loss = costs.simple_first(need.mean(axis=0)) - costs.escalate(need.mean(axis=0))
    return choose_tries(coming, need, np.asarray(number), loss, costs)


def alike(need, horizon):
    """Tickets to come that are each like one kind."""
    number = need.shape[1]
    return Coming(need, np.full(number, 1 / number), horizon, 4)


@pytest.mark.parametrize(("shapes", "horizon"), [((2, 2), 100), ((6, 6), 1000), ((12, 12), 1e4)])
def test_of_one_kind_about_as_many_are_tried_as_pay_most_at_once(shapes, horizon):
    need = np.random.default_rng(1).beta(*shapes, size=(4000, 1))
    found = choose(alike(need, horizon), need, [1000])
    exact = trying(BetaMixture([1.0], [shapes[0]], [shapes[1]]), COST, horizon).at_once
    assert 0.7 * exact <= found.number[0] <= 1.4 * exact


def test_worth_is_that_of_reweighting_draws_by_all_their_outcomes():
    """Tries of one kind tell of another that is like it."""
    rng = np.random.default_rng(2)
    common = rng.normal(0, 0.8, (8000, 1))
    need = special.expit(-0.2 + common + rng.normal(0, 0.3, (8000, 2)))
    coming = Coming(need[:, 1:], np.ones(1), 2000.0, 4)
    found = choose(coming, need[:, :1], [40])
    n = int(found.number[0])
    assert n > 10
    k = np.arange(n + 1)[:, None]
    like = stats.binom.pmf(k, n, need[:, 0])  # draws are reweighted by it
    mean = (like @ need[:, 1]) / like.sum(axis=1)
    gain = np.maximum(COST.escalate(mean) - COST.simple_first(mean), 0)
    exact = 2000 * float(like.mean(axis=1) @ gain)
    assert found.worth == pytest.approx(exact, rel=0.15)
    assert 0 < found.mcse < 0.1 * exact
    # Other tickets that the rule tries anyway, and that say nothing of these, change nothing.
    other = np.hstack([need[:, 1:], rng.beta(30, 170, (8000, 1))])
    beside = choose(Coming(other, np.array([0.5, 0.5]), 4000.0, 4), need[:, :1], [40])
    assert beside.worth == pytest.approx(found.worth, rel=0.05)


def test_chance_correlations_of_draws_are_worth_nothing():
    """The kinds that may be tried say nothing of the tickets to come."""
    for seed in range(5):
        need = np.random.default_rng(seed).normal(0.40, 0.1, (1000, 120)).clip(0.01, 0.99)
        coming = Coming(need[:, :60], np.full(60, 1 / 60), 10_000.0, 4)
        found = choose(coming, need[:, 60:], np.full(60, 3))
        assert found.number.sum() == 0
        assert (found.worth, found.mcse) == (0.0, 0.0)
        assert found.marginal.mean() < 0.045  # twice as much if chance were not taken off


def test_what_outcomes_tell_that_come_anyway_is_not_paid_for():
    rng = np.random.default_rng(3)
    effect = rng.normal(0, 0.6, (4000, 1))
    hard, easy = special.expit(0.1 + effect), special.expit(-1.5 + effect)
    alone = choose(Coming(hard, np.ones(1), 2000.0, 4), hard, [100])
    both = Coming(np.hstack([hard, easy]), np.array([0.5, 0.5]), 4000.0, 4)
    beside = choose(both, hard, [100])
    assert alone.number[0] > 20
    assert beside.number[0] < 0.2 * alone.number[0]
    assert (
        beside.marginal[0] < 0.1 * choose(Coming(hard, np.ones(1), 2000.0, 4), hard, [0]).marginal
    )


def test_what_tells_more_for_its_cost_is_tried_first():
    rng = np.random.default_rng(4)
    known, open_ = rng.normal(0.45, 0.005, (4000, 1)), rng.beta(4, 5, (4000, 1))
    need = np.hstack([known, open_])
    found = choose(alike(need, 2000), need, [50, 50])
    assert found.number[0] == 0
    assert found.number[1] > 5
    assert found.marginal[0] < found.marginal[1]


def test_no_more_are_tried_than_there_are():
    need = np.random.default_rng(5).beta(2, 2, size=(4000, 1))
    assert choose(alike(need, 1e5), need, [3]).number.tolist() == [3]
