"""A wrongly named file is said to be what it looks like, and nothing of it goes to the terminal."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from trust_router.inputs.reading.looks import check_file, looks_like, reason
from trust_router.inputs.reading.outcomes import read_outcomes

TEXT = "ticket,category,outcome\n1,a,0\n2,b,1\n"


def parquet() -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"category": ["a"], "outcome": [0]}), sink)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("o.csv", TEXT.encode("utf-16"), "text in UTF-16; save it as UTF-8"),
        ("o.csv", TEXT.encode("utf-16-be"), "text in UTF-16 or UTF-32; save it as UTF-8"),
        ("o.jsonl", TEXT.encode("utf-32"), "text in UTF-16; save it as UTF-8"),
        ("o.csv", parquet(), "a Parquet file; call it .parquet"),
        ("o.csv.gz", parquet(), "a Parquet file; call it .parquet"),
        ("o.jsonl", parquet(), "a Parquet file; call it .parquet"),
        ("o.parquet", gzip.compress(b"x", mtime=0), "a gzip file; call it .gz"),
        ("o.csv", gzip.compress(TEXT.encode(), mtime=0), "a gzip file; call it .gz"),
        ("o.csv", b"PK\x03\x04\x14", "a zip file, or an Excel workbook; call it .xlsx"),
        ("o.csv", b"\x89PNG\r\n\x1a\n\0\0", "a picture; export it as CSV"),
        ("o.csv", b"SQLite format 3\0", "an SQLite database; call it .sqlite"),
        ("o.csv", b"\x01\x02\x03\0abcdefghijkl", "no text at all"),
        ("o.csv", b"  <!DOCTYPE html><html>", "a web page; was it saved instead of the file?"),
        ("o.csv", b'{"category": "a"}', "JSON; call it .json, or .jsonl with one object a line"),
    ],
)
def test_a_wrongly_named_file_is_told_by_its_content(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the whole sentence is compared)
        read_outcomes(path)
    assert str(caught.value) == f"{name} cannot be read: it looks like {said}"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("o.csv", TEXT.encode()),
        ("o.csv.gz", gzip.compress(b"x", mtime=0)),
        ("o.parquet", parquet()),
    ],
)
def test_nothing_speaks_against_a_file_that_is_what_it_says(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    assert looks_like(path) == ""


def test_what_libraries_quote_of_a_file_is_plain_and_short(tmp_path):
    path = tmp_path / "o.csv"
    path.write_bytes(b"category,outcome\n\x1b[31mred\t\x07,1," + b"x" * 5000 + b"\n")
    with pytest.raises(ValueError, match=r"^o\.csv cannot be read: .*row 1") as caught:
        read_outcomes(path)
    assert len(str(caught.value)) < 300
    assert str(caught.value).isprintable()
    assert reason(ValueError("a\n\x1b b")) == "a b"


@pytest.mark.parametrize("name", ["x" * 1000 + ".csv", ("y" * 100 + "/") * 20 + "o.csv"])
def test_a_path_of_a_thousand_letters_is_cut_in_the_middle(name):
    with pytest.raises((ValueError, FileNotFoundError), match=r"'.*\.\.\..*csv'") as caught:
        read_outcomes(name)
    assert len(str(caught.value)) < 600


def test_what_is_no_file_is_refused_in_one_sentence(tmp_path):
    for path, kind, said in (
        (tmp_path / "no.csv", FileNotFoundError, "there is no costs file"),
        (tmp_path, ValueError, "is a folder; name a file of costs"),
        (Path("a\0b"), ValueError, "cannot be read: .*null"),
        (Path(__file__) / "o.csv", FileNotFoundError, "there is no costs file"),
    ):
        with pytest.raises(kind, match=said):
            check_file(path, "costs")
