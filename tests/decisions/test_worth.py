"""What knowing more is worth is what deciding with it would save."""

from __future__ import annotations

import numpy as np
import pytest
from support.decided import CATEGORY, COSTS, every_cost, posterior_of

from trust_router.decisions.deciding import decide, decide_all
from trust_router.learning.posterior import Posterior


@every_cost
@pytest.mark.parametrize(("trials", "needs"), [(22, 3), (20, 15), (0, 0), (1, 1), (400, 150)])
def test_value_of_an_outcome_is_what_updating_with_one_more_gives(trials, needs, cost):
    def least(posterior: Posterior) -> float:
        need = posterior.mixture("c0").mean
        return float(min(cost.simple_first(need), cost.escalate(need)))

    now = posterior_of([trials], [needs])
    chance = float(now.mixture("c0").mean)
    after = [least(posterior_of([trials + 1], [needs + y])) for y in (0, 1)]
    expected = least(now) - (1 - chance) * after[0] - chance * after[1]
    assert decide(now, "c0", cost).value_of_outcome == pytest.approx(expected, abs=1e-10)


def test_an_outcome_is_worth_something_only_if_it_can_change_the_action(exact_posterior):
    assert decide(exact_posterior, CATEGORY, COSTS["dear failure"]).value_of_outcome > 1e-3
    assert decide(exact_posterior, CATEGORY, COSTS["seed"]).value_of_outcome == 0


@every_cost
def test_no_information_is_worth_more_than_knowing_need(three, cost):
    table = decide_all(three, cost)
    for name in ("value_of_outcome", "value_of_router"):
        assert (table[name] >= 0).all()
        assert (table[name] <= table["expected_loss"] + 1e-12).all()


@every_cost
def test_value_of_the_router_is_what_deciding_by_each_routers_need_saves(three, cost):
    table = decide_all(three, cost)
    need = np.stack([three.mixtures(name).mean for name in three.panel.router_names], axis=1)
    known = (three.trust_mean * np.minimum(cost.simple_first(need), cost.escalate(need))).sum(1)
    now = table[["cost_simple_first", "cost_escalate"]].min(axis=1)
    np.testing.assert_allclose(table["value_of_router"], now - known, rtol=0, atol=1e-10)
