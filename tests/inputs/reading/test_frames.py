"""Frames and records say the same; a lazy frame is asked once, and for what is read alone."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
import pytest
from support.engines import ENGINES, held

import trust_router as tr
from trust_router.inputs.reading.frames import frame_table
from trust_router.inputs.reading.texts import read_texts

ROWS = [
    {"ticket": "a", "category": "x", "haiku": 0.1, "outcome": 0, "text": "hello", "note": 1},
    {"ticket": "b", "category": "y", "haiku": None, "outcome": None, "text": "bye", "note": 2},
    {"ticket": "c", "category": "x", "haiku": 0.9, "outcome": 1, "text": None, "note": 3},
]
FRAME = pl.DataFrame(ROWS)


@pytest.mark.parametrize("engine", ["records", "polars eager", *ENGINES])
def test_whatever_holds_a_table_says_the_same(engine):
    def source():
        here = {"records": ROWS, "polars eager": FRAME}
        return here[engine] if engine in here else held(engine, FRAME)

    beliefs = tr.read_beliefs(source(), judges=["haiku"])
    assert beliefs.labels == ("a", "b", "c")
    assert beliefs.mean[[0, 2], 0] == pytest.approx([0.1, 0.9])
    assert (
        repr(tr.read_outcomes(source())) == "Outcomes(2 categories, 2 trials, 1 needs, 1 missing)"
    )
    texts = read_texts(source())
    assert (texts.texts, texts.category) == (("hello", "bye", ""), ("x", "y", "x"))


def test_a_lazy_frame_is_asked_once_and_only_for_what_is_read():
    asked = []

    def seen(frame):
        asked.append(frame.columns)
        return frame

    lazy = FRAME.lazy().map_batches(seen, schema=FRAME.schema)
    tr.read_beliefs(lazy, judges=["haiku"])
    assert len(asked) == 1
    table = frame_table(FRAME.lazy(), only=["ticket", "haiku"])
    assert list(table) == FRAME.columns
    with pytest.raises(KeyError):
        table["note"]()  # it was not brought into memory


def test_records_may_lack_keys_and_be_none():
    table = frame_table([{"a": 1}, {"b": 2}])
    assert {name: values() for name, values in table.items()} == {"a": [1, None], "b": [None, 2]}
    with pytest.raises(ValueError, match="there are no rows"):
        tr.read_outcomes([])


def test_floats_of_32_bits_keep_that_they_are():
    for frame in (pl.DataFrame({"ticket": [2.0**24]}, {"ticket": pl.Float32}),):
        for source in (frame, frame.lazy(), frame.to_arrow(), pa.table(frame.to_arrow())):
            (value,) = frame_table(source)["ticket"]()
            assert value.dtype == "float32"
