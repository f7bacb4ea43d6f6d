"""Costs of all kinds, closed forms from counts, and comparisons within Monte Carlo error."""

from __future__ import annotations

import math

import numpy as np
import pytest

from trust_router.decisions.costs import Costs
from trust_router.examples import load_seed
from trust_router.inputs.beliefs import stated_beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.learning.solving import solve

CATEGORY = "transfer failed"


DRAWS = 40_000


COSTS = {
    "seed": Costs(0.03, 3.0, failure=5.0),
    "dear failure": Costs(0.03, 3.0, failure=14.5),
    "dearer failure": Costs(0.03, 3.0, failure=40.0),
    "wrong escalation": Costs(0.2, 1.0, failure=1.0, wrong_escalation=2.5),
    "simple dearer": Costs(5.0, 1.0, failure=2.0),
    "escalating never pays": Costs(0.0, 10.0),
}


every_cost = pytest.mark.parametrize("cost", COSTS.values(), ids=COSTS)


def posterior_of(trials: list[int], needs: list[int], missing: list[int] | None = None):
    panel, _, _ = load_seed()
    outcomes = Outcomes([f"c{i}" for i in range(len(trials))], trials, needs, missing)
    return solve(panel, stated_beliefs(panel, outcomes.categories), outcomes)


def assert_within_five_errors(draws: np.ndarray, expected: float) -> None:
    error = draws.std(ddof=1) / math.sqrt(draws.size)
    # One draw of size 1 is granted, for events so rare that none is drawn.
    assert abs(draws.mean() - expected) <= 5 * error + 1 / draws.size


def assert_frequency(got: float, p: float, draws: int) -> None:
    assert abs(got - p) <= 5 * math.sqrt(p * (1 - p) / draws)
