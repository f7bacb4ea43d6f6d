"""Simulated panels are what they say, and models find their judges out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

import trust_router as tr
from trust_router.examples.simulation import SimulatedJudge, simulate_panel
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.switch import Switch

K = 5  # standard errors


def test_stated_log_odds_are_corrected_by_bias_and_slope():
    made = simulate_panel({"j": SimulatedJudge(bias=0.8, slope=0.7)}, tickets=500, random_seed=1)
    stated = made.beliefs.mean[:, 0]
    free = (stated > 0.011) & (stated < 0.989)
    assert free.mean() > 0.9
    corrected = 0.8 + 0.7 * special.logit(stated[free])
    np.testing.assert_allclose(corrected, special.logit(made.need[free]))


def test_outcomes_follow_need_and_counts_follow_tickets():
    made = simulate_panel({"j": SimulatedJudge()}, tickets=20_000, categories=3, random_seed=1)
    assert made.outcomes.trials.sum() == 20_000
    spread = np.sqrt((made.need * (1 - made.need)).sum())
    assert abs(made.outcomes.needs.sum() - made.need.sum()) < K * spread
    logit = special.logit(made.need)
    assert logit.std() < 1.5 * 1.5
    for c in range(3):
        at = made.outcomes.log.category == c
        assert at.sum() == made.outcomes.trials[c]


def test_noise_and_silence_are_as_asked():
    judges = {"exact": SimulatedJudge(), "noisy": SimulatedJudge(noise=2.0, silent=0.3)}
    made = simulate_panel(judges, tickets=4000, random_seed=1)
    silent = np.isnan(made.beliefs.alpha).mean(axis=0)
    assert silent[0] == 0
    assert abs(silent[1] - 0.3) < K * np.sqrt(0.21 / 4000)
    errors = np.abs(made.beliefs.mean - made.need[:, None])
    assert np.nanmean(errors[:, 1]) > 5 * np.nanmean(errors[:, 0])


def test_the_same_seed_simulates_the_same():
    a, b = (simulate_panel({"j": SimulatedJudge(noise=1)}, random_seed=4) for _ in range(2))
    np.testing.assert_array_equal(a.beliefs.alpha, b.beliefs.alpha)
    np.testing.assert_array_equal(a.outcomes.log.outcome, b.outcomes.log.outcome)


@pytest.mark.parametrize(
    ("name", "value"), [("bias", np.inf), ("slope", 0), ("noise", -1), ("silent", 1)]
)
def test_impossible_judges_are_refused(name, value):
    with pytest.raises(ValueError, match=f"`{name}` of a judge must be .*got {value}"):
        SimulatedJudge(**{name: value})


def test_judges_must_be_those_of_the_panel():
    panel = tr.Panel([tr.Router("r", {"x": 1.0})])
    with pytest.raises(ValueError, match="`judges` must be those of the panel, x; got y"):
        simulate_panel({"y": SimulatedJudge()}, panel=panel)


JUDGES = {
    "good": SimulatedJudge(bias=1.0, slope=0.6),
    "noisy": SimulatedJudge(noise=3.0),
    "noisier": SimulatedJudge(noise=6.0),
}


@pytest.fixture(scope="module")
def simulated():
    return simulate_panel(JUDGES, tickets=300, random_seed=3)


def fitted(simulated, model, **settings):
    arguments = (simulated.panel, simulated.beliefs, simulated.outcomes)
    compiled = tr.compile_model(*arguments, model=model, **settings)
    return compiled.fit(*arguments[1:], random_seed=1)


@pytest.mark.statistics
def test_switch_finds_the_right_judge_its_bias_and_its_slope(simulated):
    posterior = fitted(simulated, Switch(), draws=1000, target_accept=0.99)
    assert posterior.trust().loc[("category 1", "good"), "mean"] > 0.99
    draws = posterior.data["posterior"].to_dataset().sel(judge="good")
    for name, true in (("bias", 1.0), ("slope", 0.6)):
        values = draws[name].values.ravel()
        assert values.std() < 0.25
        low, high = np.quantile(values, [0.005, 0.995])
        assert low < true < high
    need = posterior.predict(simulated.beliefs).mean
    assert np.abs(need - simulated.need).mean() < 0.05


@pytest.mark.statistics
def test_pool_trusts_judges_in_the_order_of_their_noise(simulated):
    posterior = fitted(simulated, Pool(), draws=1000, target_accept=0.95)
    trust = posterior.trust()["mean"].droplevel("category")
    assert trust["good"] > trust["noisy"] > trust["noisier"]
    assert trust["good"] > 0.75
    error = np.abs(posterior.predict(simulated.beliefs).mean - simulated.need)
    assert error.mean() < 0.08
