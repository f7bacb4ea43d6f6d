"""Models find out whom of simulated judges to trust."""

from __future__ import annotations

import numpy as np
import pytest

import trust_router as tr
from trust_router.models import Pool
from trust_router.simulation import SimulatedJudge, simulate_panel

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


def test_pool_trusts_judges_in_the_order_of_their_noise(simulated):
    posterior = fitted(simulated, Pool(), draws=1000, target_accept=0.95)
    trust = posterior.trust()["mean"].droplevel("category")
    assert trust["good"] > trust["noisy"] > trust["noisier"]
    assert trust["good"] > 0.75
    error = np.abs(posterior.predict(simulated.beliefs).mean - simulated.need)
    assert error.mean() < 0.08
