"""Decisions that always doing the same would beat are not given without that sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.decided import COSTS

import trust_router as tr
from trust_router.basics.draws import NeedDraws
from trust_router.basics.warned import JudgeWarning
from trust_router.decisions.constant import cheaper_constant, worse_than_constant
from trust_router.decisions.deciding import decide_all
from trust_router.decisions.policies import savings
from trust_router.decisions.tickets import decide_tickets
from trust_router.inputs.matches import Matches
from trust_router.inputs.observed import Observed
from trust_router.inputs.rows import Rows
from trust_router.learning.past import Foretold
from trust_router.learning.prediction import Prediction

COST = COSTS["seed"]


def past_of(tickets, need):
    tickets = np.asarray(tickets)
    number = len(tickets)
    nothing = np.full((number, 1), np.nan)
    rows = Rows(
        "ticket", ("a",), ("x",), np.zeros(number, dtype=int), nothing, nothing,
        tickets.sum(axis=1), tickets[:, 1], tickets.sum(axis=1),
    )  # fmt: skip
    need = np.asarray(need, dtype=float)
    return Foretold(rows, tickets, need, np.full(number, 0.5))


def paid(past, need, costs):
    """What was paid, one ticket after the other: by choice, all simple first, all escalated."""
    total = np.zeros(3)
    for row, outcome in np.argwhere(past.tickets > 0):
        first = costs.simple + outcome * (costs.complex + costs.failure)
        straight = costs.complex + (1 - outcome) * costs.wrong_escalation
        chosen = straight if need[row, outcome] > costs.threshold else first
        total += past.tickets[row, outcome] * np.array([chosen, first, straight])
    return total / past.tickets.sum()


counts = st.tuples(st.integers(0, 9), st.integers(0, 9))
chance = st.integers(0, 20).map(lambda n: n / 20)


@pytest.mark.parametrize("costs", COSTS.values(), ids=COSTS)
@given(st.lists(st.tuples(counts, st.tuples(chance, chance)), min_size=1, max_size=6))
def test_what_is_said_is_what_was_paid(costs, table):
    past = past_of([t for t, _ in table], [p for _, p in table])
    said = worse_than_constant(past, costs, by_category=False)
    if past.tickets.sum() < 20:
        assert not said
        return
    chosen, *always = paid(past, past.need, costs)
    if said:
        assert chosen > min(always)
        assert f"{chosen:.4g} USD a ticket" in said
        assert f"{min(always):.4g}" in said
    elif chosen > min(always):  # by less than chance makes of it
        each = np.repeat(
            [
                [(costs.escalate(y) if past.need[r, y] > costs.threshold else costs.simple_first(y))
                 - (costs.simple_first(y) if always[0] <= always[1] else costs.escalate(y))]
                for r, y in np.argwhere(past.tickets > 0)
            ],
            past.tickets[past.tickets > 0], axis=0,
        )  # fmt: skip
        assert each.mean() <= each.std() / np.sqrt(len(each)) + 1e-12


BACKWARDS = past_of([[100, 0], [0, 30]], [[0.9, np.nan], [np.nan, 0.1]])


def test_categories_and_tickets_are_told_apart():
    past = replace(BACKWARDS, of_category=np.array([0.2, 0.2]))
    assert "ticket by ticket" in worse_than_constant(past, COST, by_category=False)
    assert worse_than_constant(past, COST, by_category=True) == ""


def test_a_category_is_not_held_against_its_easy_tickets_where_only_those_were_tried():
    past = replace(past_of([[80, 20]], [[0.5, 0.5]]), of_category=np.array([0.6]))
    assert "by category would have cost" in worse_than_constant(past, COST, by_category=True)
    matches = Matches("ticket", 100, 100, 150, 50, 0, 0, observed=Observed(150, 50))
    past = replace(past, rows=replace(past.rows, matches=matches))
    assert worse_than_constant(past, COST, by_category=True) == ""
    assert "ticket by ticket" in worse_than_constant(past, COST, by_category=False)


def test_tickets_are_not_decided_without_that_sentence():
    prediction = Prediction(
        ("t",), ("a",), NeedDraws(np.full((10, 1), 0.4)), np.zeros(1, dtype=int),
        np.zeros(1, dtype=bool), np.array([2]), past=BACKWARDS,
    )  # fmt: skip
    with pytest.warns(JudgeWarning, match="Deciding ticket by ticket would have cost"):
        table = decide_tickets(prediction, COST)
    assert table["judges"].tolist() == [2]
    decide_tickets(replace(prediction, past=None), COST)


def test_nor_are_categories_and_savings(exact_posterior):
    posterior = type(exact_posterior)(exact_posterior.data)
    posterior.__dict__["foretold"] = replace(BACKWARDS, of_category=np.array([0.9, 0.1]))
    with pytest.warns(JudgeWarning, match="Deciding by category would have cost"):
        decide_all(posterior, COST)
    with pytest.warns(JudgeWarning, match="Deciding by category would have cost"):
        savings(posterior, COST, random_seed=1)


@pytest.mark.parametrize(("needs", "name"), [(1, "all simple first"), (38, "all complex")])
def test_the_cheaper_constant_is_that_of_the_outcomes(needs, name):
    panel = tr.Panel([tr.Router("r", {"j": 1.0})], [tr.Judge("j", tr.Beta(2, 2))])
    outcomes = tr.Outcomes(["c"], [40], [needs])
    posterior = tr.solve(panel, tr.stated_beliefs(panel, ["c"]), outcomes)
    assert cheaper_constant(posterior.foretold, tr.Costs(0.03, 3.0, failure=5.0)) == name
