"""What any policy is told from: need of all tickets, and who answers them today."""

from __future__ import annotations

import numpy as np
import pytest
from support.desk import desk

import trust_router as tr
from trust_router.decisions.needs import alone, needs_of
from trust_router.decisions.policies import TODAY, policies_of
from trust_router.inputs.ticket_log import TicketLog

COSTS = tr.Costs(0.03, 3.0, failure=5.0, wrong_escalation=0.4)


@pytest.fixture(scope="module")
def posterior():
    return desk()


def test_today_is_what_the_tickets_cost_that_were_routed_as_they_were(posterior):
    needs = needs_of(posterior, random_seed=1)
    found = policies_of(needs, COSTS)
    assert found.policies[-1] == TODAY
    rows, paid = needs.rows, 0.0
    kept = np.flatnonzero(posterior.rows.number)
    place = {int(row): i for i, row in enumerate(kept)}
    held = posterior.rows.tickets
    for row, outcome in zip(held.row.tolist(), held.outcome.tolist(), strict=True):
        need = needs.mean[place[row]]
        paid += float(COSTS.escalate(need) if outcome == -2 else COSTS.simple_first(need))
    assert rows.number.sum() == len(held)
    assert found.expected[-1] == pytest.approx(100 * paid / len(held), rel=1e-12)
    assert found.escalated[-1] == pytest.approx((held.outcome == -2).mean())
    table = tr.savings(posterior, COSTS, random_seed=1).table()
    assert table.loc[TODAY, "cost"] == pytest.approx(found.expected[-1])


def test_what_is_saved_against_a_policy_is_the_difference_of_both(posterior):
    found = policies_of(needs_of(posterior, random_seed=1), COSTS)
    mean, draws = found.saved("decide each ticket", TODAY)
    assert mean == pytest.approx((found.expected[4] - found.expected[3]) / 100)
    np.testing.assert_allclose(draws, (found.draws[4] - found.draws[3]) / 100)
    assert draws.mean() == pytest.approx(mean, abs=1e-9)


def test_who_answers_today_is_not_made_up(posterior):
    assert TODAY not in tr.savings(desk(answered=False), COSTS, random_seed=1).policies
    panel = tr.Panel([tr.Router("r", {"j": 1.0})], [tr.Judge("j", tr.Beta(1, 3))])
    unnamed = tr.Outcomes(["a"], [5], [1], missing=[4], untried=[3])
    beliefs = tr.stated_beliefs(panel, ["a"])
    with pytest.warns(UserWarning, match="the complex model alone answered"):
        some = tr.solve(panel, beliefs, unnamed)
    assert alone(some.rows) is None
    assert alone(posterior.rows) is not None


def test_of_categories_the_same_share_of_tickets_is_escalated_today():
    panel = tr.Panel([tr.Router("r", {"j": 1.0})], [tr.Judge("j", tr.Beta(1, 3))])
    names = [f"t{i}" for i in range(8)]
    log = TicketLog(names, [0] * 4 + [1] * 4, [0, 1, 0, -1, 0, 0, -1, -1],
                    untried=[False] * 3 + [True] + [False] * 2 + [True, False])  # fmt: skip
    outcomes = tr.Outcomes(["a", "b"], [3, 2], [1, 0], [1, 2], untried=[1, 1], log=log)
    with pytest.warns(UserWarning, match="the complex model alone answered"):
        posterior = tr.solve(panel, tr.stated_beliefs(panel, ["a", "b"]), outcomes)
    assert alone(posterior.rows).tolist() == [0.25, 0.25]
    row = tr.savings(posterior, COSTS, random_seed=1).table().loc[TODAY]
    assert row["escalated"] == 2 / 8
    need = posterior.need()["mean"].to_numpy()
    each = 0.5 * np.array([0.75, 0.75]) @ COSTS.simple_first(need)
    each += 0.5 * np.array([0.25, 0.25]) @ COSTS.escalate(need)
    assert row["cost"] == pytest.approx(100 * each)


def test_a_category_is_decided_by_its_mean_and_a_ticket_by_its_own(posterior):
    needs = needs_of(posterior, random_seed=1)
    whole, each = (needs.escalated(COSTS, by_category=way) for way in (True, False))
    actions = tr.decide_all(posterior, COSTS)["action"].to_numpy() == "escalate"
    np.testing.assert_array_equal(whole, actions[needs.rows.category])
    np.testing.assert_array_equal(each, needs.mean > COSTS.threshold)
