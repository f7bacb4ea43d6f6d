"""Tables are read the same way for outcomes and beliefs, and rows are counted alike everywhere."""

from __future__ import annotations

import datetime
import io
import json
from decimal import Decimal
from uuid import UUID

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trust_router.inputs.reading.beliefs import read_beliefs
from trust_router.inputs.reading.outcomes import read_outcomes
from trust_router.inputs.reading.texts import as_texts

HUGE = "1" + "0" * 400
UNREADABLE = "1" + "0" * 5000  # Python refuses to parse it
NESTED = "[" * 100_000


@pytest.fixture
def write(tmp_path):
    def write(content: str, name: str = "t.csv"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (HUGE, r"outcome must be 0, 1 or missing; got 10+\.\.\. in row 1"),
        (UNREADABLE, "row 1 is not JSON: .*limit"),
        (NESTED, "row 1 is not JSON: it nests too deeply"),
    ],
    ids=["huge", "unreadable", "nested"],
)
def test_json_that_cannot_be_held_is_refused_in_one_sentence(write, value, message):
    path = write(f'{{"category": "a", "outcome": {value}}}\n', "o.jsonl")
    with pytest.raises(ValueError, match=rf"^o\.jsonl: {message}"):
        read_outcomes(path)


def test_a_huge_probability_is_refused_with_its_row(write):
    path = write(
        f'{{"ticket": "1", "haiku": 0.5}}\n{{"ticket": "2", "haiku": {HUGE}}}\n', "b.jsonl"
    )
    with pytest.raises(
        ValueError, match=r"'haiku' must be a number or missing; got 10+\.\.\. in row 2"
    ):
        read_beliefs(path, judges=["haiku"])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("o.csv", "category,outcome\na,0\n\n\nb,{}\n"),
        ("o.jsonl", '{{"category": "a", "outcome": 0}}\n\n\n{{"category": "b", "outcome": {}}}\n'),
    ],
)
@pytest.mark.parametrize("broken", ["7", "1,2", "]"])
def test_rows_are_counted_without_header_and_blank_lines_whatever_is_wrong(
    write, name, content, broken
):
    if (name, broken) == ("o.csv", "]"):
        broken = "1,2,3"
    with pytest.raises(ValueError, match=r"\brow 2\b"):
        read_outcomes(write(content.format(broken), name))


def test_columns_that_are_not_read_may_repeat(write):
    text = "note,category,outcome,note\nx,a,1,y\n"
    assert read_outcomes(write(text)).categories == ("a",)
    table = pa.table([["x"], ["a"], [1], ["y"]], names=["note", "category", "outcome", "note"])
    assert read_outcomes(table).categories == ("a",)
    pq.write_table(table, path := write("", "o.parquet"))
    assert read_outcomes(path).categories == ("a",)


def test_columns_that_are_read_must_be_unique(write):
    text = "category,category,outcome\na,b,1\n"
    with pytest.raises(ValueError, match=r"must be unique; 'category' stands 2 times$"):
        read_outcomes(write(text))
    frame = pd.read_csv(io.StringIO(text)).set_axis(["category", "category", "outcome"], axis=1)
    with pytest.raises(ValueError, match=r"unique column names.*'category' 2 times"):
        read_outcomes(frame)
    with pytest.raises(ValueError, match=r"must be unique; 'haiku' stands 2 times$"):
        read_beliefs(write("ticket,haiku,haiku\n1,0.5,0.6\n"), judges=["haiku"])


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (7, "7"),
        (7.0, "7"),
        (np.int8(7), "7"),
        (Decimal(7), "7"),
        (np.str_("7"), "7"),
        (datetime.date(2024, 1, 2), "2024-01-02"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whole_numbers_and_dates_are_labels(value, label):
    frame = pd.DataFrame({"category": pd.Series([value], dtype=object), "outcome": [1]})
    assert read_outcomes(frame).categories == (label,)


WRONG = [["a"], {"a": 1}, True, np.True_, 0.5, float("inf"), Decimal("0.5"), b"a", Decimal("inf")]


@pytest.mark.parametrize("value", WRONG, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("column", ["category", "ticket"])
def test_what_is_no_label_is_refused_with_row_and_column(value, column):
    data = {"ticket": ["1", "2"], "category": ["a", "b"], "outcome": [0, 1]}
    data[column] = pd.Series([data[column][0], value], dtype=object)
    rule = (
        rf"{column} must be text, a whole number or a date; got .* in row 2 \(column '{column}'\)"
    )
    with pytest.raises(ValueError, match=rule):
        read_outcomes(pd.DataFrame(data))
    beliefs = pd.DataFrame(data).drop(columns="outcome").assign(haiku=0.5)
    with pytest.raises(ValueError, match=rule):
        read_beliefs(beliefs, judges=["haiku"])


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\x9b", "\ud800"], ids=ascii)
@pytest.mark.parametrize("column", ["category", "ticket"])
def test_control_characters_are_refused_with_row_and_column(write, character, column):
    row = {"ticket": "1", "category": "a", "outcome": 1}
    lines = [row, row | {"ticket": "2", column: f"x{character}y"}]
    path = write("".join(json.dumps(line) + "\n" for line in lines), "o.jsonl")
    with pytest.raises(
        ValueError, match=rf"{column} must be without control .*row 2 \(column '{column}'\)"
    ) as caught:
        read_outcomes(path)
    assert character not in str(caught.value)


def test_line_ends_and_tabs_inside_names_are_kept():
    frame = pd.DataFrame({"category": ["a\tb\nc"], "outcome": [1]})
    assert read_outcomes(frame).categories == ("a\tb\nc",)


WIDE = pd.DataFrame({"ticket": ["t", "u"], "x": [0.1, 0.2], "y": [0.3, 0.4]})


def test_an_index_with_a_wanted_name_is_a_column():
    frame = pd.DataFrame({"category": "c", "outcome": [0, 1]}).set_axis(
        pd.Index(["p", "q"], name="span.id")
    )
    assert read_outcomes(frame, columns={"ticket": "span.id"}).tickets == {"p", "q"}
    both = frame.set_index("category", append=True)
    read = read_outcomes(both, columns={"ticket": "span.id"})
    assert (read.tickets, read.categories) == ({"p", "q"}, ("c",))
    wide = pd.DataFrame({"x": [0.1, 0.2]}, index=pd.Index(["p", "q"], name="ticket"))
    held = read_beliefs(wide, judges=["x"])
    assert (held.labels, held.judges) == (("p", "q"), ("x",))
    texts = pd.DataFrame({"text": ["a"]}, index=pd.Index(["p"], name="ticket"))
    assert as_texts(texts).tickets == ("p",)


def test_an_index_that_is_not_wanted_is_no_judge_and_a_column_goes_before_it():
    wide = WIDE.set_axis(pd.Index(["p", "q"], name="span"))
    with pytest.raises(ValueError, match=r"the other columns are x, y$"):
        read_beliefs(wide)
    held = read_beliefs(WIDE.set_axis(pd.Index(["p", "q"], name="ticket")), judges=["x"])
    assert held.labels == ("t", "u")


@pytest.mark.parametrize("names", [[0, 0, 1], ["a", "a", "b"], [0, "0", 1]])
def test_columns_of_one_name_are_refused_whatever_the_names_are(names):
    frame = pd.DataFrame([["c", 1, 2]], columns=names)
    with pytest.raises(ValueError, match=r"unique column names; got '[0a]' 2 times"):
        read_outcomes(frame)


def test_columns_may_be_called_by_numbers():
    frame = pd.DataFrame([["c", 1]])
    read = read_outcomes(frame, columns={"category": "0", "outcome": "1"})
    assert read.categories == ("c",)
    with pytest.raises(ValueError, match="there is no column 'outcome'"):
        read_outcomes(frame)


@pytest.mark.parametrize("record", ['{"outcome": 1, "outcome": 0}', '{"a": {"b": 1, "b": 1}}'])
def test_an_object_with_a_key_twice_is_refused(write, record):
    line = '{"category": "a", "outcome": 1}\n'
    with pytest.raises(ValueError, match=r"o\.jsonl: row 2 is not JSON: the key '.+' stands twice"):
        read_outcomes(write(line + record, "o.jsonl"))
