"""Facts fit the tickets, and are read from tables."""

from __future__ import annotations

import numpy as np
import pytest
from support.backtested import inputs, table

import trust_router as tr


def test_facts_must_fit_the_tickets():
    with pytest.raises(ValueError, match=r"`length` must have shape \(ticket,\) = \(2,\)"):
        tr.evaluation.TicketFacts(["a", "b"], length=[1])
    with pytest.raises(ValueError, match="`simple_quality` must lie between 0 and 1; got 2 for"):
        tr.evaluation.TicketFacts(["a"], simple_quality=[2])
    panel, beliefs, outcomes = inputs(table(10))
    with pytest.raises(ValueError, match="facts must cover every ticket with an outcome; 't0'"):
        tr.backtest(panel, beliefs, outcomes, facts=tr.evaluation.TicketFacts(["x"], length=[1]))


def test_facts_are_read_with_lengths_of_texts(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("id,body,simple_quality\na,hello,0.5\nb,,1\n")
    facts = tr.evaluation.read_facts(path, columns={"ticket": "id", "text": "body"})
    assert facts.tickets == ["a", "b"]
    np.testing.assert_array_equal(facts.length, [5, 0])
    np.testing.assert_array_equal(facts.simple_quality, [0.5, 1])
    path.write_text("ticket,simple_quality\na,7\n")
    with pytest.raises(ValueError, match=r"f.csv: 'simple_quality' must lie between 0 and 1"):
        tr.evaluation.read_facts(path)
    path.write_text("ticket,other\na,7\n")
    with pytest.raises(ValueError, match=r"f.csv: no column tells a fact; known are"):
        tr.evaluation.read_facts(path)


def test_facts_stand_in_the_order_of_the_tickets_asked_for():
    facts = tr.evaluation.TicketFacts(
        ["a", "b", "c"], simple_quality=[0.1, 0.2, 0.3], complex_quality=[0.9, 0.8, 0.7]
    )
    found = facts.aligned(["c", "x", "a"], np.array([True, False, True]))
    assert found["simple_quality"][[0, 2]].tolist() == [0.3, 0.1]
    assert found["complex_quality"][[0, 2]].tolist() == [0.7, 0.9]
    assert found["length"] is None
    lengths = tr.evaluation.TicketFacts(["a", "b"], length=[4, 5])
    assert lengths.aligned(["b", "a"], np.array([True, True]))["length"].tolist() == [5, 4]
    with pytest.raises(ValueError, match=r"'x' is absent \(1 in all\)"):
        facts.aligned(["c", "x", "a"], np.array([True, True, True]))
