"""Texts are taken from files, frames, mappings and lists alike."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

from trust_router.inputs.reading.texts import as_texts, read_texts
from trust_router.inputs.texts import TicketTexts

COLUMNS = {"ticket": ["a", "7"], "text": [" lost card ", None], "category": ["cards", None]}


@pytest.mark.parametrize(
    "source",
    [
        {"a": " lost card ", 7: None},
        pd.Series([" lost card ", None], index=["a", 7]),
        pd.DataFrame(COLUMNS),
        pl.DataFrame(COLUMNS),
        TicketTexts(["a", "7"], ["lost card", ""]),
    ],
    ids=["mapping", "Series", "pandas", "Polars", "TicketTexts"],
)
def test_whatever_holds_texts_gives_the_same(source):
    read = as_texts(source)
    assert (read.tickets, read.texts) == (("a", "7"), ("lost card", ""))


def test_a_file_says_what_a_frame_says(tmp_path):
    path = tmp_path / "t.csv"
    frame = pd.DataFrame(COLUMNS | {"outcome": ["1", None], "stars": [3, 4]})
    frame.to_csv(path, index=False)
    read, same = read_texts(path), as_texts(frame)
    assert read == same
    assert (read.category, read.outcomes) == (("cards", ""), ("1", ""))
    assert read.table["stars"]() == ["3", "4"]
    mapped = {"ticket": "id", "text": "body"}
    again = as_texts(frame.rename(columns={"ticket": "id", "text": "body"}), columns=mapped)
    assert again.texts == read.texts


def test_texts_alone_are_numbered():
    assert as_texts(["b", "a"]).tickets == ("1", "2")


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        ("lost card", TypeError, "`tickets` must be several texts; .*file with `read_texts`"),
        (3, TypeError, "`tickets` must be a mapping, a list of texts, .*; got 3"),
        ([], ValueError, "there are no tickets; give at least one"),
        (pd.DataFrame(COLUMNS)[:0], ValueError, "there are no rows; tickets need at least one"),
        ({"": "x"}, ValueError, "ticket is missing in row 1"),
        (pd.Series(["x", "y"], index=["a", "a"]), ValueError, "'a' stands in rows 1 and 2"),
    ],
)
def test_what_holds_no_texts_is_refused(source, kind, message):
    with pytest.raises(kind, match=message):
        as_texts(source)
