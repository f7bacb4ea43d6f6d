"""What stands inside of objects and lists is found, by names that may hold dots."""

from __future__ import annotations

import numpy as np
import pytest

from trust_router.inputs.reading.frames import record_table
from trust_router.inputs.reading.logs.fields import (
    field,
    first_field,
    is_blank,
    unfolded,
)


def table(**columns):
    return {name: lambda values=values: values for name, values in columns.items()}


@pytest.mark.parametrize(
    "held",
    [
        {"gen_ai.evaluation.name": "x"},
        {"gen_ai": {"evaluation": {"name": "x"}}},
        {"gen_ai.evaluation": {"name": "x"}},
        '{"gen_ai.evaluation.name": "x"}',
        [{"key": "gen_ai.evaluation.name", "value": {"stringValue": "x"}}],
        np.array([{"key": "gen_ai.evaluation.name", "value": {"stringValue": "x"}}]),
    ],
)
def test_a_field_is_found_wherever_it_stands(held):
    log = table(attributes=[held, None, "no object", "{half"])
    assert field(log, "attributes.gen_ai.evaluation.name") == ["x", None, None, None]


def test_a_field_that_is_nowhere_is_none():
    assert field(table(a=[{"b": 1}]), "a.c") is None
    assert field(table(a=[1]), "b") is None


def test_the_first_field_that_is_not_blank_is_taken():
    log = table(a=["", None], b=["x", ""], c=["y", "z"])
    assert first_field(log, ["none", "a", "b", "c"]) == ("b", ["x", ""])
    assert first_field(log, ["a"]) == ("a", ["", None])
    assert first_field(log, ["none"]) is None


@pytest.mark.parametrize(
    "value", [None, "", "  ", "NaN", "null", float("nan"), np.datetime64("NaT", "s")]
)
def test_words_for_nothing_are_blank(value):
    assert is_blank(value)
    assert not is_blank(0)


def test_lists_are_unfolded_with_the_columns_of_their_row():
    log = table(id=["a", "b", "c"], held=[[{"n": 1}, {"n": 2, "id": "own"}], None, '[{"n": 3}]'])
    rows = unfolded(log, "held")
    assert rows["n"]() == [1, 2, 3]
    assert rows["id"]() == [None, "own", None]  # an entry's own column hides that of the row
    assert unfolded(log, "other") is log


def test_what_is_no_list_of_objects_is_refused_with_its_row():
    with pytest.raises(ValueError, match="'held' must hold lists of objects; got 5 in row 2"):
        unfolded(table(held=[[], 5]), "held")
    with pytest.raises(
        ValueError, match="'held' must hold lists of objects; got one of 'x' in row 1"
    ):
        unfolded(table(held=[["x"]]), "held")


def test_dicts_with_different_keys_are_a_table():
    rows = record_table([{"a": 1}, {"b": 2}])
    assert (rows["a"](), rows["b"]()) == ([1, None], [None, 2])
