"""In a pool an outcome is that of one ticket, whose need is its own."""

from __future__ import annotations

import numpy as np
import pytest
from support.pooled import pool_draws

from trust_router.decisions import ticket_worth
from trust_router.decisions.costs import Costs
from trust_router.decisions.deciding import decide
from trust_router.decisions.worth import value_of_outcome


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
    monkeypatch.setattr(ticket_worth, "_STAND_FOR_ALL", 20)
    few = decide(pool, "all", cost).value_of_outcome
    assert few == pytest.approx(expected, rel=0.1)
