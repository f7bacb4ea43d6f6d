"""What is advised at each cost of a failure is what the decisions and savings there say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.desk import KINDS, desk, turned

import trust_router as tr
from trust_router.decisions.policies import TODAY
from trust_router.show.reports.money import money_of

COSTS = tr.Costs(0.03, 3.0, failure=5.0)


@pytest.fixture(scope="module")
def posterior():
    return desk()


@pytest.fixture(scope="module")
def found(posterior):
    return money_of(posterior, COSTS)


def test_the_stated_costs_are_one_of_the_positions_and_round_ones_stand_about_it(found):
    failures = [each.costs.failure for each in found.sweep]
    assert failures == sorted(set(failures))
    assert found.sweep[failures.index(5.0)] is found.stated
    assert {0.0, 1.0, 2.5, 50.0} <= set(failures)
    odd = money_of(tr.solve(*tr.examples.load_seed()), tr.Costs(0.0, 0.0, failure=0.37))
    assert 0.37 in [each.costs.failure for each in odd.sweep]
    assert 0.0 not in [each.costs.failure for each in odd.sweep]  # then nothing is to be decided


@pytest.mark.filterwarnings("ignore::trust_router.JudgeWarning")
def test_each_position_is_what_savings_and_decisions_say(found, posterior):
    for each in found.sweep[::7]:
        costs = replace(COSTS, failure=each.costs.failure)
        table = tr.savings(posterior, costs, random_seed=1).table()
        np.testing.assert_array_equal(each.savings.table(), table)
        decisions = tr.decide_all(posterior, costs)
        np.testing.assert_allclose(each.certainty, decisions["certainty"])
        gain = table.loc[TODAY, "cost"] - table.loc[each.policy, "cost"]
        assert each.gain.mean == pytest.approx(gain / 100)
        assert each.gain.lower <= each.gain.mean <= each.gain.upper


def test_a_kind_is_escalated_as_far_as_its_tickets_are(found, posterior):
    decided = tr.decide_tickets(posterior.predict(_beliefs(posterior)), COSTS)
    weight = posterior.rows.number
    for name, share in zip(posterior.outcomes.categories, found.stated.escalated, strict=True):
        of_kind = (decided["category"] == name).to_numpy()
        straight = (decided["action"] == "escalate").to_numpy()
        assert share == pytest.approx(weight[of_kind & straight].sum() / weight[of_kind].sum())
    assert set(posterior.outcomes.categories) == set(KINDS)


def _beliefs(posterior):
    rows = posterior.rows
    names = [f"row {i}" for i in range(len(rows))]
    return tr.Beliefs(
        names, rows.judges, rows.alpha, rows.beta, about="ticket", category=rows.names
    )


def test_without_who_answers_it_is_compared_with_all_complex():
    found = money_of(desk(answered=False), COSTS)
    assert found.base == "all complex"
    np.testing.assert_allclose(
        found.policies["gain"],
        1 - found.policies["cost"] / found.policies.loc["all complex", "cost"],
    )


def test_a_rule_that_failed_on_the_past_is_not_advised(found):
    """Judges turned round, so that decisions go wrong on tickets with an outcome."""
    advised = money_of(turned(desk(answered=False)), COSTS).stated
    assert advised.policy in ("all complex", "all simple first")
    assert advised.against
    assert not advised.holds
    assert set(advised.escalated) <= {0.0, 1.0}
    assert found.stated.policy == "decide each ticket"
    assert not found.stated.against
