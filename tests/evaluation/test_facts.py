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


def read(tmp_path, content, **columns):
    path = tmp_path / "facts.csv"
    path.write_text(content)
    return tr.evaluation.read_facts(path, columns=columns)


def test_all_facts_are_read_under_their_own_names_and_others(tmp_path):
    text = "ticket,simple_quality,complex_quality,length\na,0.5,1,70\nb,0,0.25,8\n"
    names = {"simple_quality": "s", "complex_quality": "c", "length": "n"}
    other = text
    for name, its in names.items():
        other = other.replace(name, its)
    for found in (read(tmp_path, text), read(tmp_path, other, **names)):
        assert found.tickets == ["a", "b"]
        assert found.simple_quality.tolist() == [0.5, 0]
        assert found.complex_quality.tolist() == [1, 0.25]
        assert found.length.tolist() == [70, 8]
    for name, wrong in (("complex_quality", "1.5"), ("length", "-1"), ("simple_quality", "-0.1")):
        with pytest.raises(ValueError, match=f"'{name}' must"):
            read(tmp_path, f"ticket,{name}\na,{wrong}\n")
    assert read(tmp_path, "ticket,length\na,1e6\n").length.tolist() == [1e6]


def test_a_length_goes_before_a_text_unless_the_text_was_asked_for(tmp_path):
    text = "ticket,text,length\na,hello,70\n"
    assert read(tmp_path, text).length.tolist() == [70]
    with pytest.raises(ValueError, match="`columns` maps 'text' to 'body', which would not be"):
        read(tmp_path, text.replace("text", "body"), text="body")
    assert read(tmp_path, "ticket,text\na,hello\n").length.tolist() == [5]


def test_what_is_no_number_or_no_fact_is_said():
    for name in ("simple_quality", "complex_quality", "length"):
        with pytest.raises(ValueError, match=f"`{name}` must be numbers; got"):
            tr.evaluation.TicketFacts(["a"], **{name: ["good"]})
        for wrong in (-0.5, np.nan):
            with pytest.raises(ValueError, match=f"`{name}` must lie between 0 .* ticket 'b'"):
                tr.evaluation.TicketFacts(["a", "b"], **{name: [0, wrong]})
    assert tr.evaluation.TicketFacts(["a", "b"], length=[0, 1e9]).length.tolist() == [0, 1e9]
    held = tr.evaluation.TicketFacts(["a", "b"], simple_quality=[0, 1], complex_quality=[1, 0])
    assert (held.simple_quality + held.complex_quality).tolist() == [1, 1]


def test_a_ticket_without_a_name_is_told_by_its_column(tmp_path):
    with pytest.raises(ValueError, match="column 'id'"):
        read(tmp_path, "id,length\n,3\nb,4\n", ticket="id")
