"""Decisions for tickets are those of brute force, draw by draw and ticket by ticket."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.decided import COSTS
from support.exported import asked, pool

from trust_router.basics.draws import NeedDraws
from trust_router.basics.warned import JudgeWarning
from trust_router.decisions.constant import worse_than_constant
from trust_router.decisions.costs import Costs
from trust_router.decisions.ticket_costs import costs_of_tickets
from trust_router.decisions.tickets import decide_tickets
from trust_router.learning.prediction import Prediction

amount = st.integers(0, 8).map(float)
prices = st.builds(Costs, amount, st.integers(1, 9).map(float), amount, amount)
chance = st.integers(0, 10).map(lambda n: n / 10)


def predicted(need, row=None):
    """Predict tickets from draws, shape (draw, row)."""
    need = np.asarray(need, dtype=float)
    row = np.arange(need.shape[1]) if row is None else np.asarray(row)
    number = len(row)
    return Prediction(
        tuple(f"t{i}" for i in range(number)), ("a",) * number, NeedDraws(need), row,
        np.zeros(number, dtype=bool), np.arange(number),
    )  # fmt: skip


def by_hand(draws, costs, escalate):
    """Certainty, expected loss and the two costs of one ticket."""
    first = [costs.simple + n * (costs.complex + costs.failure) for n in draws]
    straight = [costs.complex + (1 - n) * costs.wrong_escalation for n in draws]
    chosen = straight if escalate else first
    best = np.minimum(first, straight)
    above = np.mean([n > costs.threshold for n in draws])
    return {
        "certainty": above if escalate else 1 - above,
        "expected_loss": np.mean(chosen) - best.mean(),
        "cost_simple_first": np.mean(first),
        "cost_escalate": np.mean(straight),
        "need": np.mean(draws),
        "threshold": costs.threshold,
    }


@st.composite
def cases(draw):
    number = draw(st.integers(1, 5))
    rows = st.lists(chance, min_size=number, max_size=number)
    need = draw(st.lists(rows, min_size=1, max_size=4))
    return need, draw(st.lists(prices, min_size=number, max_size=number))


@given(cases(), st.one_of(st.none(), st.integers(0, 10).map(lambda n: n / 10)))
def test_each_ticket_is_decided_by_its_own_costs_within_the_share(case, share):
    need, costs = np.array(case[0]), case[1]
    table = decide_tickets(predicted(need), costs, share=share)
    gain = table["cost_simple_first"] - table["cost_escalate"]
    escalates = table["action"] == "escalate"
    assert (gain[escalates] > -1e-9).all()
    if share is None:
        assert (gain[~escalates] < 1e-9).all()
    else:
        assert escalates.sum() <= share * len(table) + 1e-9
        if escalates.any() and not escalates.all():
            assert gain[escalates].min() > gain[~escalates].max() - 1e-9
    for i, cost in enumerate(costs):
        for name, expected in by_hand(need[:, i], cost, escalates.iloc[i]).items():
            assert table[name].iloc[i] == pytest.approx(expected, abs=1e-9), name


@pytest.mark.parametrize("costs", COSTS.values(), ids=COSTS)
def test_costs_stated_for_each_ticket_decide_as_those_of_all(costs):
    rng = np.random.default_rng(1)
    prediction = predicted(rng.beta(1, 2, (50, 20)), rng.integers(0, 20, 60))
    same = decide_tickets(prediction, costs)
    pd.testing.assert_frame_equal(decide_tickets(prediction, [costs] * 60), same)
    capped = decide_tickets(prediction, costs, share=0.2)
    pd.testing.assert_frame_equal(decide_tickets(prediction, [costs] * 60, share=0.2), capped)


def test_a_dear_ticket_is_tried_and_a_cheap_one_escalated_though_their_need_is_the_same():
    table = pd.DataFrame(
        {"ticket": ["t0", "t1"], "simple": 1.0, "complex": [100.0, 2.0], "failure": 5.0}
    )
    decided = decide_tickets(predicted([[0.5, 0.5]]), table)
    assert decided["action"].tolist() == ["simple first", "escalate"]


def test_a_share_needs_no_costs_and_gives_the_need_above_which_to_escalate():
    prediction = predicted([[0.1, 0.7, 0.5, 0.3, 0.2], [0.2, 0.9, 0.4, 0.3, 0.0]])
    decided = decide_tickets(prediction, share=0.4)
    assert (
        decided["action"].tolist()
        == ["simple first", "escalate", "escalate"] + ["simple first"] * 2
    )
    assert decided["threshold"].unique().tolist() == [pytest.approx(0.3)]
    assert decided["certainty"].tolist() == [1, 1, 1, 1, 1]
    assert "cost_escalate" not in decided
    assert decided["judges"].tolist() == [0, 1, 2, 3, 4]
    assert (decide_tickets(prediction, share=1)["action"] == "escalate").all()
    assert (decide_tickets(prediction, share=0)["action"] == "simple first").all()


def test_neither_costs_nor_a_share_is_refused():
    with pytest.raises(ValueError, match="state `costs`, or the `share`"):
        decide_tickets(predicted([[0.5]]))


def test_what_deciding_would_have_cost_is_told_at_the_mean_of_costs_by_ticket():
    posterior = pool()
    prediction = posterior.predict(asked())
    each = [Costs(0.1 * k, 3.0, failure=k) for k in range(1, len(prediction.tickets) + 1)]
    mean = costs_of_tickets(each, prediction.tickets).average()
    said = worse_than_constant(posterior.foretold, mean, by_category=False)
    assert said
    with pytest.warns(JudgeWarning) as told:
        decide_tickets(prediction, each)
    assert [str(one.message) for one in told] == [said]


def test_the_rule_leaves_nothing_to_chance_and_says_so():
    told = decide_tickets(predicted([[0.1, 0.9]]), COSTS["seed"])
    assert told["probability"].tolist() == [1.0, 1.0]
    assert decide_tickets(predicted([[0.1, 0.9]]), share=0.5)["probability"].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("costs", [None, Costs(0.1, 1.0, failure=1.0)])
def test_a_share_of_counted_tickets_is_one_of_tickets_and_not_of_rows(costs):
    need, number = [[0.9, 0.5, 0.7, 0.2]], np.array([1, 5, 2, 12])
    counted = replace(predicted(need), number=number)
    by_row = decide_tickets(counted, costs, share=0.2)
    assert by_row["action"].tolist() == ["escalate", "simple first", "escalate", "simple first"]
    single = decide_tickets(predicted(need, np.repeat(np.arange(4), number)), costs, share=0.2)
    assert single["action"].tolist() == np.repeat(by_row["action"], number).tolist()
    assert repr(counted) == "Prediction(20 tickets, mean need 36.0%)"
