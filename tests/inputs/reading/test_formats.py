"""Files of every format say what the frame says; what is odd about one is said in a sentence."""

from __future__ import annotations

import gzip
import json

import pandas as pd
import pytest

import trust_router as tr
from trust_router.inputs.reading.texts import read_texts

FRAME = pd.DataFrame(
    {
        "ticket": [1001, 1002],
        "category": ["x", "y"],
        "haiku": [0.1, 0.9],
        "outcome": [0, 1],
        "text": ["hello", "bye"],
    }
)


def _write(path):
    name = path.name.lower().removesuffix(".gz")
    if name.endswith((".csv", ".tsv")):
        FRAME.to_csv(path, index=False, sep="\t" if name.endswith(".tsv") else ",")
    elif name.endswith(".parquet"):
        FRAME.to_parquet(path)
    elif name.endswith(".xlsx"):
        FRAME.to_excel(path, index=False)
    else:
        FRAME.to_json(path, orient="records", lines=not name.endswith(".json"))
    return path


NAMES = [
    *("t.csv", "T.CSV", "t.csv.gz", "t.tsv", "t.tsv.gz", "t.json", "t.json.gz"),
    *("t.jsonl", "t.jsonl.gz", "t.ndjson", "t.parquet", "t.xlsx"),
]


@pytest.mark.parametrize("name", NAMES)
def test_every_format_says_the_same_to_every_reader(tmp_path, name):
    path = _write(tmp_path / name)
    beliefs = tr.read_beliefs(path, judges=["haiku"])
    assert beliefs.labels == ("1001", "1002")
    assert beliefs.mean[:, 0] == pytest.approx([0.1, 0.9])
    assert tr.read_outcomes(str(path)).needs.tolist() == [0, 1]
    assert read_texts(path).texts == ("hello", "bye")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            '{"data": [], "meta": 1}',
            "a .json file must be an array of objects.*an object with the keys data, meta",
        ),
        ("7", "a .json file must be an array of objects, one for each row; it is a single"),
        ('[{"category": "a", "outcome": 1}, 7]', "row 2 must be a JSON object; got 7"),
        ('{"a": 1} {"a": 2}', "it is not JSON: Extra data.*one object a line is called .jsonl"),
        ('{"a": 1}\n{"a": ', "row 2 is not JSON"),
        ('[{"outcome": 1, "outcome": 0}]', "it is not JSON: the key 'outcome' stands twice"),
        ("[" * 100_000, "it is not JSON: it nests too deeply"),
        ("[]", "there are no rows"),
    ],
)
def test_json_that_is_no_table_is_refused(tmp_path, content, said):
    path = tmp_path / "o.json"
    path.write_text(content)
    with pytest.raises(ValueError, match=rf"^o\.json: {said}"):
        tr.read_outcomes(path)


def test_one_object_a_line_may_also_be_called_json(tmp_path):
    path = tmp_path / "o.json"
    path.write_text('{"category": "a", "outcome": 1}\n\n{"category": "a", "outcome": 0}\n')
    assert tr.read_outcomes(path).needs.tolist() == [1]


@pytest.mark.parametrize("sign", [";", "\t"])
def test_columns_between_other_signs_are_told(tmp_path, sign):
    path = tmp_path / "o.csv"
    path.write_text("ticket,category,outcome\n1,a,0\n".replace(",", sign))
    with pytest.raises(
        ValueError, match=r"must be separated by commas; the header is 'ticket.*cat"
    ):
        tr.read_outcomes(path)


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "book.xlsx"
    with pd.ExcelWriter(path) as writer:
        FRAME.to_excel(writer, sheet_name="Jan #1", index=False)
        FRAME[:1].to_excel(writer, sheet_name="Feb", index=False)
    return path


def test_a_sheet_is_named_after_a_hash(book):
    assert len(tr.read_beliefs(f"{book}#Jan #1", judges=["haiku"])) == 2
    assert len(tr.read_beliefs(f"{book}#Feb", judges=["haiku"])) == 1
    with pytest.raises(
        ValueError, match=r"has 2 sheets, Jan #1, Feb; say which: book\.xlsx#Jan #1"
    ):
        tr.read_outcomes(book)
    with pytest.raises(ValueError, match=r"^book\.xlsx#Mar: there is no sheet 'Mar'; it has Jan"):
        tr.read_outcomes(f"{book}#Mar")


def test_blank_cells_are_missing_and_blank_rows_and_columns_are_none(tmp_path):
    path = tmp_path / "o.xlsx"
    rows = [
        ["ticket", "", "category", "outcome"],
        [1, "", "a", True],
        [None] * 4,
        [2, "x", "a", ""],
    ]
    pd.DataFrame(rows).to_excel(path, index=False, header=False)
    outcomes = tr.read_outcomes(path)
    assert (outcomes.trials.tolist(), outcomes.missing.tolist()) == ([1], [1])
    bad = pd.DataFrame([["category", "outcome"], ["a", 1], [None, None], ["a", 7]])
    bad.to_excel(path, index=False, header=False)
    with pytest.raises(ValueError, match=r"^o\.xlsx: .*got 7.0 in row 2"):
        tr.read_outcomes(path)


def test_a_workbook_with_one_sheet_in_use_needs_no_name(tmp_path):
    path = tmp_path / "o.xlsx"
    with pd.ExcelWriter(path) as writer:
        pd.DataFrame().to_excel(writer, sheet_name="Sheet1", index=False)
        FRAME.to_excel(writer, sheet_name="Sheet2", index=False)
    assert tr.read_outcomes(path).trials.sum() == 2


def test_a_workbook_that_is_none_is_told(tmp_path):
    path = tmp_path / "o.xlsx"
    path.write_bytes(b"PK\x03\x04 junk")
    with pytest.raises(ValueError, match=r"^o\.xlsx cannot be read: "):
        tr.read_outcomes(path)


def test_lines_are_counted_without_blank_ones(tmp_path):
    path = tmp_path / "o.jsonl.gz"
    lines = [json.dumps({"category": "a", "outcome": 1}), "", "]"]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    with pytest.raises(ValueError, match="row 2 is not JSON"):
        tr.read_outcomes(path)
