"""What knowing more is worth is what deciding with it would save."""

from __future__ import annotations

import numpy as np
import pytest
from support.decided import CATEGORY, COSTS, every_cost, posterior_of
from support.pooled import pool_draws

from trust_router.decisions import deciding
from trust_router.decisions.costs import Costs
from trust_router.decisions.deciding import decide, decide_all
from trust_router.decisions.worth import value_of_outcome
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


def _brute(pool, beliefs, category, cost):
    """Reweight the draws by each outcome of each ticket, and decide anew."""
    need = pool.predict(beliefs, draws=10**6)
    each = need.need.values[:, need.row]
    each = each[:, [c == category for c in need.category]]
    of_category = each.mean(axis=1)
    now = min(cost.simple_first(of_category.mean()), cost.escalate(of_category.mean()))
    saved = []
    for chance in each.T:
        after = 0.0
        for likelihood in (chance, 1 - chance):
            mean = np.average(of_category, weights=likelihood)
            after += likelihood.mean() * min(cost.simple_first(mean), cost.escalate(mean))
        saved.append(now - after)
    return np.mean(saved)


@pytest.mark.parametrize("beyond", [-0.008, 0.005, 0.008])
def test_in_a_pool_an_outcome_is_that_of_one_ticket_with_a_need_of_its_own(
    pooled, beyond, monkeypatch
):
    pool, _ = pool_draws(*pooled)
    need = pool.need_distribution()
    cost = Costs(0.0, 3.0, failure=3.0 / (need.mean[0] + beyond) - 3.0)  # threshold near need
    expected = _brute(pool, pooled[1], "all", cost)
    told = decide(pool, "all", cost)
    assert expected > 1e-4
    assert told.value_of_outcome == pytest.approx(expected, abs=1e-12)
    # As if all tickets were alike, outcomes would be worth less.
    alike = value_of_outcome(need.given(cost.threshold), cost).mean()
    assert alike < 0.95 * expected
    # A few that stand for all are about as good.
    monkeypatch.setattr(deciding, "_STAND_FOR_ALL", 20)
    few = decide(pool, "all", cost).value_of_outcome
    assert few == pytest.approx(expected, rel=0.1)
