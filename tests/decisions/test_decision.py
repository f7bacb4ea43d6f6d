"""What is told of a decision: means over draws, by hand, and nothing below what rounding leaves."""

from __future__ import annotations

import numpy as np
import pytest
from support.decided import COSTS

from trust_router.basics.draws import NeedDraws
from trust_router.decisions.decision import told_of


@pytest.mark.parametrize("cost", COSTS.values(), ids=COSTS)
@pytest.mark.parametrize("escalates", [False, True])
def test_means_are_those_over_draws(cost, escalates):
    values = np.random.default_rng(1).beta(1, 2, (50, 1))
    told = told_of(NeedDraws(values).given(cost.threshold), cost, {}, np.array([escalates]))
    first, straight = cost.simple_first(values), cost.escalate(values)
    chosen = straight if escalates else first
    expected = {
        "need": values.mean(),
        "certainty": np.mean((values > cost.threshold) == escalates),
        "cost_simple_first": first.mean(),
        "cost_escalate": straight.mean(),
        "expected_loss": (chosen - np.minimum(first, straight)).mean(),
    }
    for name, value in expected.items():
        assert told[name][0] == pytest.approx(value, abs=1e-12), name
        assert f"{name}_mcse" in told
    assert told["action"] == ["escalate" if escalates else "simple first"]


def test_what_is_left_of_a_difference_of_equals_is_nothing():
    need = NeedDraws(np.full((20, 1), 0.2)).given(COSTS["seed"].threshold)
    worth = {"value": np.full((20, 1), 1e-17)}
    assert told_of(need, COSTS["seed"], worth, np.array([False]))["value"][0] == 0
