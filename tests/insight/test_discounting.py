"""Forgetting: the closed form without it, West and Harrison's with it, and what changes are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special

import trust_router as tr
from trust_router.learning.exact import closed_form

PANEL = tr.Panel(
    [tr.Router("a", {"x": 0.6, "y": 0.4}), tr.Router("b", {"z": 1.0})],
    initial_trust={"a": 0.7, "b": 0.3},
)
BELIEFS = tr.Beliefs(
    ["billing", "orders"], ["x", "y", "z"], [[1, 2, 3], [2, 1, 1]], [[4, 3, 9], [2, 5, 1]]
)


def outcomes(counts, category="billing"):
    """Needs and resolved tickets of each week."""
    each = [
        (week, y) for week, pair in enumerate(counts) for y in (1, 0) for _ in range(pair[1 - y])
    ]
    table = pd.DataFrame(each, columns=["week", "outcome"])
    table["ticket"] = [f"t{i}" for i in range(len(table))]
    table["category"] = category
    table["time"] = np.datetime64("2026-01-05") + table.pop("week").to_numpy() * np.timedelta64(
        7, "D"
    )
    rest = {"ticket": ["o"], "category": ["orders"], "outcome": [0], "time": ["2026-01-06"]}
    table["time"] = table["time"].astype(str)
    return tr.read_outcomes(pd.concat([table, pd.DataFrame(rest)]))


STEADY, SHIFTED = [(3, 7)] * 12, [(1, 9)] * 6 + [(8, 2)] * 6


def test_without_forgetting_it_is_the_closed_form():
    held = outcomes(SHIFTED)
    found, exact = tr.insight.forgetting(PANEL, BELIEFS, held), closed_form(PANEL, BELIEFS, held)
    evidence = exact.log_evidence.sum()
    assert found.memory["log_evidence"].loc[np.inf] == pytest.approx(evidence)
    seats = exact.alpha.shape[1]
    np.testing.assert_allclose(found.need.alpha[:, :seats], exact.alpha)
    np.testing.assert_allclose(found.need.beta[:, :seats], exact.beta)
    p = found.memory["probability"].iloc[0]
    np.testing.assert_allclose(found.need.weights[:, :seats] / p, exact.seat_posterior)


def test_discounted_counts_and_their_evidence_are_those_by_hand():
    one = tr.Panel([tr.Router("a", {"x": 1.0})])
    held = outcomes([(2, 1), (0, 0), (1, 4)])
    found = tr.insight.forgetting(one, BELIEFS, held)
    at = list(held.categories).index("billing"), list(found.memory.index).index(4.0)
    d = 0.75  # of a memory of 4
    assert found.need.alpha[at] == pytest.approx(1 + 2 * d**2 + 1)
    assert found.need.beta[at] == pytest.approx(4 + 1 * d**2 + 4)
    before = 1 + 2 * d**2, 4 + d**2
    expected = special.betaln(3, 5) - special.betaln(1, 4)
    expected += special.betaln(before[0] + 1, before[1] + 4) - special.betaln(*before)
    expected += special.betaln(2, 3) - special.betaln(2, 2)  # of the other category
    assert found.memory["log_evidence"].loc[4.0] == pytest.approx(expected)


def test_a_steady_need_is_not_forgotten_and_a_shift_is_followed():
    steady = tr.insight.forgetting(PANEL, BELIEFS, outcomes(STEADY))
    shifted = tr.insight.forgetting(PANEL, BELIEFS, outcomes(SHIFTED))
    assert steady.p_changed < 0.5
    assert shifted.p_changed > 0.95
    assert shifted.table().loc["billing", "mean"] > 0.6
    assert closed_form(PANEL, BELIEFS, outcomes(SHIFTED)).mixture.mean.min() < 0.46
    assert "most likely all of the past count" in repr(steady)


def test_probabilities_and_trust_sum_to_one():
    found = tr.insight.forgetting(PANEL, BELIEFS, outcomes(SHIFTED), every="month")
    assert found.memory["probability"].sum() == pytest.approx(1)
    assert found.memory["prior"].sum() == pytest.approx(1)
    np.testing.assert_allclose(found.trust.sum(axis=1), 1)


def test_beliefs_about_tickets_are_refused():
    beliefs = tr.Beliefs(["t0"], ["x", "y", "z"], [[1] * 3], [[1] * 3], about="ticket")
    with pytest.raises(ValueError, match="forgetting takes beliefs about categories"):
        tr.insight.forgetting(PANEL, beliefs, outcomes(STEADY))
