"""Scores that nobody asked for are told with their kind."""

from __future__ import annotations

from trust_router.inputs.reading.frames import record_table
from trust_router.inputs.reading.logs.entries import read_entries
from trust_router.inputs.reading.logs.exports import SCORES
from trust_router.inputs.reading.logs.naming import left_over, renamed


def entries(*values, source="llm"):
    rows = [{"ticket": "t", "name": "x", "value": v, "source": source} for v in values]
    return read_entries(record_table(rows), SCORES, {})


def test_the_kind_of_values_is_told():
    ends = ": named as no judge, nor outcome"
    assert [*left_over(entries(1, 5), [])] == [f"2 scores 'x' by llm, 1 to 5{ends}"]
    assert [*left_over(entries(True), [])] == [f"1 score 'x' by llm, true or false{ends}"]
    assert [*left_over(entries("b", "a", 3, source=""), [])] == [
        f"3 scores 'x', words (a, b){ends}"
    ]
    assert [*left_over(entries(1), ["x"])] == []


def test_scores_are_called_by_our_names():
    assert renamed(entries(1), {"judge": "x"}).name == ["judge"]
    assert renamed(entries(1), {"x": "x"}).name == ["x"]
