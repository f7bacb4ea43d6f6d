"""Entries: values part into numbers, words and truth, by their types where there are any."""

from __future__ import annotations

import numpy as np
import pytest
from support.tool_exports import langfuse_row

from trust_router.inputs.reading.frames import record_table
from trust_router.inputs.reading.logs.entries import read_entries, read_wide
from trust_router.inputs.reading.logs.exports import (
    INSPECT,
    LANGFUSE,
    LANGSMITH,
    MLFLOW,
    PHOENIX,
    SCORES,
)


def entries(export, *rows, columns=None):
    return read_entries(record_table(rows), export, columns or {})


def test_the_number_of_a_category_is_no_measure():
    held = entries(
        LANGFUSE,
        langfuse_row("t1", "topic", 1, data_type="CATEGORICAL", label="refund"),
        langfuse_row("t1", "note", 0, data_type="TEXT", label="thanks"),
        langfuse_row("t1", "topic", 2, data_type="CATEGORICAL"),  # without its label
    )
    assert np.isnan(held.number).all()
    assert held.text == ["refund", "thanks"]
    assert held.notes == ("1 score without a value",)


@pytest.mark.parametrize(
    ("value", "number", "text", "boolean"),
    [
        (0.5, 0.5, "", False),
        ("0.5", 0.5, "", False),
        ("1e-3", 0.001, "", False),
        (True, 1.0, "", True),
        ("FALSE", 0.0, "", True),
        (" good ", np.nan, "good", False),
        (np.float32(0.25), 0.25, "", False),
    ],
)
def test_a_value_is_a_number_a_word_or_true(value, number, text, boolean):
    held = entries(SCORES, {"ticket": "t", "name": "x", "value": value})
    np.testing.assert_array_equal(held.number, [number])
    assert (held.text, held.boolean.tolist()) == ([text], [boolean])


@pytest.mark.parametrize("value", [None, "", "null", float("nan"), {"a": 1}, [1]])
def test_what_holds_no_value_is_left_out(value):
    rows = [{"ticket": "t", "name": "x", "value": v} for v in (value, 1)]
    held = entries(SCORES, *rows)
    assert (len(held), held.rows, held.notes) == (1, 2, ("1 score without a value",))


def test_a_label_stands_for_a_score_that_is_missing():
    rows = [
        {"span_id": "s", "name": "x", "annotator_kind": "HUMAN", "result": result}
        for result in ({"label": "good"}, {"score": 0.3, "label": "bad"})
    ]
    held = entries(PHOENIX, *rows)
    np.testing.assert_array_equal(held.number, [np.nan, 0.3])
    assert held.text == ["good", "bad"]
    assert held.source == ["human", "human"]
    alone = entries(PHOENIX, {"span_id": "s", "name": "x", "label": "good"})
    assert alone.text == ["good"]


def test_a_value_stands_where_there_is_no_score():
    rows = [{"run_id": "r", "key": "x", "score": s, "value": v} for s, v in ((None, "up"), (0, {}))]
    held = entries(LANGSMITH, *rows)
    assert held.text == ["up", ""]
    assert held.number[1] == 0


def test_unknown_words_for_a_source_are_not_told():
    row = {"ticket": "t", "name": "x", "value": 1}
    held = entries(SCORES, row | {"source": "Human"}, row | {"source": "robot"}, row)
    assert held.source == ["human", "", ""]
    assert held.said == ["Human", "robot", ""]


def test_words_of_mlflow_for_who_assessed_are_known():
    words = ["HUMAN", "LLM_JUDGE", "AI_JUDGE", "CODE", "SOURCE_TYPE_UNSPECIFIED"]
    rows = [
        {"trace_id": "t", "name": "x", "feedback": {"value": 1}, "source": {"source_type": word}}
        for word in words
    ]
    assert entries(MLFLOW, *rows).source == ["human", "llm", "llm", "code", ""]


def test_columns_say_where_things_stand():
    row = {"who": "t", "name": "x", "value": 1, "at": 1000}
    held = entries(SCORES, row, columns={"ticket": "who", "time": "at:ms"})
    assert held.ticket == ["t"]
    assert held.time[0] == np.datetime64("1970-01-01T00:00:01")
    with pytest.raises(
        ValueError, match="there is no column 'whose' for `ticket`; columns are who"
    ):
        entries(SCORES, row, columns={"ticket": "whose"})


def test_a_wide_export_has_a_column_for_each_score():
    rows = [{"id": 1, "score_x": 0.2, "score_y": "C"}, {"id": 2, "score_x": None, "score_y": "I"}]
    held = read_wide(record_table(rows), INSPECT, {}, [])
    assert held.ticket == ["1", "1", "2"]
    assert held.name == ["x", "y", "y"]
    assert held.rows == 2
    with pytest.raises(ValueError, match=r"no column 'score_\.\.\.' for the name of a score"):
        read_wide(record_table([{"id": 1}]), INSPECT, {}, [])
