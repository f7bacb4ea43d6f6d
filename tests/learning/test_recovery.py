"""Models find the known bias, slope and trustworthiness of simulated judges again."""

from __future__ import annotations

import numpy as np
import pytest

import trust_router as tr
from trust_router.examples.simulation import SimulatedJudge, simulate_panel
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.switch import Switch

pytestmark = pytest.mark.slow

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


def test_pool_trusts_judges_in_the_order_of_their_noise(simulated):
    posterior = fitted(simulated, Pool(), draws=1000, target_accept=0.95)
    trust = posterior.trust()["mean"].droplevel("category")
    assert trust["good"] > trust["noisy"] > trust["noisier"]
    assert trust["good"] > 0.75
    error = np.abs(posterior.predict(simulated.beliefs).mean - simulated.need)
    assert error.mean() < 0.08
