"""Keys of rows are never missing, so that engines agree on which rows are alike."""

from __future__ import annotations

import narwhals as nw
import polars as pl
import pytest
from support.engines import ENGINES, collected, held

from trust_router.inputs.reading.engines import beside, key_of, lazy_frame, values_of

FRAME = pl.DataFrame(
    {
        "number": [0.5, None, float("nan"), -0.0],
        "whole": [1, None, 3, 4],
        "text": ["a", None, "", "b"],
        "truth": [True, False, None, True],
    }
)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_missing_value_has_a_key_of_its_own_kind(engine):
    frame = lazy_frame(held(engine, FRAME))
    schema = frame.collect_schema()
    keys = frame.select(*(key_of(name, schema[name]) for name in schema.names()))
    found = collected(keys.to_native())
    assert not any(found.null_count().row(0))
    assert values_of(found["number"].to_list()) == [0.5, None, None, 0.0]
    assert values_of(found["whole"].to_list()) == [1, None, 3, 4]
    assert values_of(found["text"].to_list()) == ["a", None, None, "b"]
    if engine != "pandas":  # which knows no truth that is missing
        assert values_of(found["truth"].to_list()) == [1, 0, None, 1]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_small_table_is_joined_in_the_engine_of_the_frame(engine):
    frame = lazy_frame(held(engine, pl.DataFrame({"k": ["a", "b", "c"], "v": [1, 2, 3]})))
    small = pl.DataFrame({"k": ["a", "b"], "w": [10.0, 20.0]}).to_arrow()
    joined = collected(beside(frame, small, ["k"]).to_native()).sort("k")
    assert joined["w"].to_list()[:2] == [10.0, 20.0]
    assert joined["w"].is_null().to_list()[2] or joined["w"].is_nan().to_list()[2]
    assert isinstance(frame, nw.LazyFrame)


def test_what_holds_no_table_is_refused():
    with pytest.raises(TypeError, match=r"must be a lazy frame .* got 3"):
        lazy_frame(3)
