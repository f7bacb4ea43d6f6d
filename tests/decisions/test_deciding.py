"""Decisions agree with brute force."""

from __future__ import annotations

import numpy as np
import pytest
from support.decided import COSTS, DRAWS, assert_within_five_errors, every_cost

from trust_router.decisions.deciding import Decision, decide, decide_all


@every_cost
def test_a_decision_is_what_brute_force_finds(three, cost):
    need = three.mixtures().sample(DRAWS, random_seed=7)
    for c, (category, row) in enumerate(decide_all(three, cost).iterrows()):
        first, straight = cost.simple_first(need[:, c]), cost.escalate(need[:, c])
        assert_within_five_errors(need[:, c], row["need"])
        assert_within_five_errors(first, row["cost_simple_first"])
        assert_within_five_errors(straight, row["cost_escalate"])
        cheaper = row["cost_escalate"] < row["cost_simple_first"]
        assert row["action"] == ("escalate" if cheaper else "simple first")
        paid, other = (straight, first) if cheaper else (first, straight)
        assert_within_five_errors((paid <= other).astype(float), row["certainty"])
        assert_within_five_errors(paid - np.minimum(first, straight), row["expected_loss"])
        assert Decision(category, **row) == decide(three, category, cost)


def test_an_unknown_category_is_refused(exact_posterior):
    with pytest.raises(ValueError, match="unknown category 'z'; outcomes know 1"):
        decide(exact_posterior, "z", COSTS["seed"])
