"""What judges stated stands beside what happened, over the tickets they spoke about."""

from __future__ import annotations

import numpy as np
import pytest
from support.drawn import drawn, tickets
from support.pooled import straight, straight_pool

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.insight.statements import stated_beside_observed

NAN = np.nan
STATED = {"a": [0.2, 0.4, 0.9, 0.3], "b": [NAN, 0.5, NAN, 0.7], "c": [NAN] * 3 + [0.1]}
OUTCOME = [0, 1, 1, None]
PANEL = tr.Panel([tr.Router("r", {"a": 0.5, "b": 0.3, "c": 0.2})])


def test_only_tickets_with_an_outcome_are_compared():
    table = stated_beside_observed(match(PANEL, *tickets(STATED, OUTCOME)))
    assert table["trials"].tolist() == [3, 1, 0]
    assert table["stated"].tolist()[:2] == pytest.approx([0.5, 0.5])
    assert table["observed"].tolist()[:2] == pytest.approx([2 / 3, 1.0])
    assert table.loc["c", ["stated", "observed"]].isna().all()


def test_statements_count_the_tickets_without_an_outcome_too():
    one = np.ones((2, 5))
    draws = straight(0 * one, one)
    posterior = drawn(PANEL, *tickets(STATED, OUTCOME), straight_pool(), **draws)
    table = tr.insight.judge_statements(posterior)
    assert list(table) == ["tickets", "silent", "stated", "observed"]
    assert table["tickets"].tolist() == [4, 2, 1]
    assert table["silent"].tolist() == [0, 2, 3]
    assert table.loc["a", "stated"] == pytest.approx(0.5)
