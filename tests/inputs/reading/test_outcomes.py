"""Every source gives the same counts, and an invalid one says what is wrong and in which row."""

from __future__ import annotations

import gzip
import io
import json
import math
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.reading.outcomes import read_outcomes

ROWS = {
    "ticket": ["t1", "t2", "t3", "t4", "t5", "t6"],
    "category": ["refund", "007", "refund", "login", "007", "login"],
    "outcome": [1, 0, 0, None, None, 1],
}
COUNTS = {
    "categories": ["refund", "007", "login"],
    "trials": [2, 1, 1],
    "needs": [1, 0, 1],
    "missing": [0, 1, 1],
}
HEADER = "ticket,category,outcome\n"


def as_csv(missing: str = "") -> bytes:
    rows = zip(*ROWS.values(), strict=True)
    lines = [f"{t},{c},{missing if o is None else o}\n" for t, c, o in rows]
    return (HEADER + "".join(lines)).encode()


def as_jsonl() -> bytes:
    rows = zip(*ROWS.values(), strict=True)
    return "".join(json.dumps(dict(zip(ROWS, row, strict=True))) + "\n" for row in rows).encode()


def as_parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(ROWS), sink)
    return sink.getvalue()


@pytest.fixture
def read(tmp_path):
    def write_and_read(content: str | bytes, name: str = "o.csv", **options) -> Outcomes:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_outcomes(path, **options)

    return write_and_read


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("o.csv", as_csv()),
        ("O.CSV", as_csv("n/a")),
        ("o.csv", b"\xef\xbb\xbf" + as_csv("NaN")),
        ("o.csv", as_csv("null").replace(b"\n", b"\r\n")),
        ("o.csv.gz", gzip.compress(as_csv(), mtime=0)),
        ("o.jsonl", as_jsonl()),
        ("o.ndjson", as_jsonl()),
        ("o.parquet", as_parquet()),
    ],
    ids=["csv", "upper case", "BOM", "CRLF", "csv.gz", "jsonl", "ndjson", "parquet"],
)
def test_every_file_format_gives_the_same_outcomes(read, name, content):
    outcomes = read(content, name)
    assert outcomes.to_dict() == COUNTS
    assert outcomes.tickets == set(ROWS["ticket"])


INTEGER = pd.DataFrame(ROWS).astype({"outcome": "Int64"})


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(ROWS),
        pd.DataFrame(ROWS, index=[7] * 6),
        pd.DataFrame(ROWS, dtype=object),
        INTEGER,
        INTEGER.astype({"outcome": "boolean", "category": "category", "ticket": "string"}),
        pl.DataFrame(ROWS),
        pl.DataFrame(ROWS).cast({"outcome": pl.Boolean, "category": pl.Categorical}),
        pl.DataFrame(ROWS).lazy(),
        pa.table(ROWS),
        pa.table(ROWS | {"category": pa.array(ROWS["category"]).dictionary_encode()}),
    ],
    ids=lambda frame: type(frame).__module__.split(".")[0],
)
def test_every_kind_of_frame_gives_the_same_outcomes(frame):
    outcomes = read_outcomes(frame)
    assert outcomes.to_dict() == COUNTS
    assert outcomes.tickets == set(ROWS["ticket"])


@pytest.mark.parametrize(
    "values",
    [[1, 0, None], [1.0, 0.0, math.nan], ["1", " 0 ", "NA"], [True, False, None]],
    ids=["int", "float", "text", "bool"],
)
def test_outcomes_may_be_written_in_any_usual_way(values):
    outcomes = read_outcomes(pd.DataFrame({"category": ["c"] * 3, "outcome": values}))
    assert outcomes.to_dict() == {
        "categories": ["c"],
        "trials": [2],
        "needs": [1],
        "missing": [1],
    }


@pytest.mark.parametrize("value", [np.int8(1), np.float32(1), np.True_, Decimal(1), 1.0, "1.0"])
def test_an_outcome_of_any_numeric_type_counts(value):
    frame = pd.DataFrame({"category": ["c"], "outcome": pd.Series([value], dtype=object)})
    assert read_outcomes(frame).needs.tolist() == [1]


def test_columns_can_be_mapped_and_others_are_left_alone(read):
    mapped = {"ticket": "id", "category": "queue", "outcome": "needed_complex"}
    outcomes = read("id,note,queue,needed_complex\n1,x,a,1\n2,y,b,0\n", columns=mapped)
    assert outcomes.to_dict()["needs"] == [1, 0]
    assert outcomes.tickets == {"1", "2"}


def test_csv_keeps_quoted_newlines_commas_quotes_unicode_and_leading_zeros(read):
    outcomes = read(HEADER + '1,"a, ""b""\nc",1\n2,überweisung 💸,0\n3,007,1\n4,1e3,0\n')
    assert outcomes.categories == ('a, "b"\nc', "überweisung 💸", "007", "1e3")


@pytest.mark.parametrize("name", ["o.csv", "o.jsonl"])
def test_a_text_that_looks_like_a_date_stays_the_text_it_is(read, name):
    content = {
        "o.csv": "ticket,category,outcome\n1,2024-01-01,1\n",
        "o.jsonl": '{"ticket": "1", "category": "2024-01-01", "outcome": 1}\n',
    }[name]
    assert read(content, name).categories == ("2024-01-01",)


OUTCOME = r"o.csv: outcome must be 0, 1 or missing; got {} in row {} \(column 'outcome'\)"
JUNK = b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe" * 30


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("o.csv", f"{HEADER}1,a,0\n2,a,2\n", OUTCOME.format("'2'", 2)),
        ("o.csv", f"{HEADER}1,a,maybe\n", OUTCOME.format("'maybe'", 1)),
        ("o.csv", f"{HEADER}1,a,0.5\n", OUTCOME.format("'0.5'", 1)),
        ("o.csv", f"{HEADER}1,a,inf\n", OUTCOME.format("'inf'", 1)),
        (
            "o.csv",
            "category,outcome\n" + "a,0\n" * 300_000 + "a,5\n",
            OUTCOME.format("'5'", 300001),
        ),
        ("o.jsonl", '{"category": "a", "outcome": 7}', "o.jsonl: outcome must be .* 7 in row 1"),
        ("o.csv", f"{HEADER}1,a,0\n2, ,1\n", r"category is missing in row 2 \(column 'category'\)"),
        ("o.csv", f"{HEADER}1,a,0\n,a,1\n", r"ticket is missing in row 2 \(column 'ticket'\)"),
        ("o.csv", f"{HEADER}1,a,0\n2,a,1\n1,b,1\n", "ticket '1' stands in rows 1 and 3; each"),
        ("o.csv", f"{HEADER}1,a,0\n2,a\n", "o.csv cannot be read.*row 2: .*got 2"),
        ("o.csv", "", "o.csv is empty; outcomes need a header and at least one ticket"),
        ("o.csv.gz", gzip.compress(b"", mtime=0), "o.csv.gz cannot be read: Empty CSV file"),
        ("o.csv", HEADER, "o.csv: there are no rows; outcomes need at least one ticket"),
        (
            "o.csv",
            "a,b\n1,2\n",
            "there is no column 'outcome' for `outcome`; columns are a, b; say which it is, as ",
        ),
        ("o.csv", "category,need\na,1\n", "there is no column 'outcome' for `outcome`"),
        ("o.csv", "category,category,outcome\na,b,1\n", "(?s)o.csv: .*unique.*'category'"),
        ("o.csv", JUNK, "o.csv cannot be read"),
        ("o.csv", "catégorie,outcome\na,1\n".encode("latin-1"), "o.csv cannot be read.*"),
        ("o.csv.gz", b"junk", "o.csv.gz cannot be read"),
        ("o.csv.gz", gzip.compress(as_csv(), mtime=0)[:-12], "o.csv.gz cannot be read: Truncated"),
        ("o.parquet", b"junk", "o.parquet cannot be read: .*Parquet"),
        ("o.jsonl", as_jsonl() + b'{"ticket": ', "o.jsonl: row 7 is not JSON"),
        (
            "o.jsonl",
            as_jsonl() + b'{"ticket": "t7", "category": "a", "outcome": "none known"}',
            "row 7",
        ),
        ("o.xyz", "junk", "o.xyz: the ending is unknown; use .csv, .tsv, .json, .jsonl"),
        ("o", "junk", "o: the ending is unknown"),
    ],
)
def test_an_invalid_file_is_refused_with_what_is_wrong_and_where(read, name, content, message):
    with pytest.raises(ValueError, match=message) as caught:
        read(content, name)
    assert name in str(caught.value)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no outcomes file '.*nowhere.csv'"):
        read_outcomes(tmp_path / "nowhere.csv")
    with pytest.raises(ValueError, match="is a folder; name a file of outcomes"):
        read_outcomes(tmp_path)


ROW = {"category": ["a", "b"], "outcome": [1, 0]}


@pytest.mark.parametrize("absent", [None, math.nan, pd.NA, pd.NaT, "", "  "])
@pytest.mark.parametrize("column", ["category", "ticket"])
def test_a_missing_label_in_a_frame_is_refused_with_its_row(column, absent):
    data = {"ticket": ["1", "2"], **ROW} | {column: pd.Series(["a", absent], dtype=object)}
    with pytest.raises(ValueError, match=rf"{column} is missing in row 2 \(column '{column}'\)"):
        read_outcomes(pd.DataFrame(data))


@pytest.mark.parametrize(
    ("frame", "columns", "message"),
    [
        (pd.DataFrame(ROW), {"result": "outcome"}, "`columns` may map .*; got 'result'"),
        (pd.DataFrame(ROW), {"ticket": "id"}, "there is no column 'id' for `ticket`"),
        (pd.DataFrame({"category": ["a"], 0: [1]}), None, "there is no column 'outcome'"),
        (pl.DataFrame({"category": [], "outcome": []}), None, "there are no rows"),
        (pd.DataFrame({"ticket": [1, "1"], **ROW}), None, "ticket '1' stands in rows 1 and 2"),
        (pd.DataFrame(ROW | {"outcome": [0, [1]]}), None, r"got \[1\] in row 2"),
        (pl.DataFrame(ROW | {"outcome": [0, -1]}), None, "outcome must be .*; got -1 in row 2"),
    ],
)
def test_an_invalid_frame_is_refused(frame, columns, message):
    with pytest.raises(ValueError, match=message):
        read_outcomes(frame, columns=columns)


@pytest.mark.parametrize("source", [3, None, [1], {"category": ["a"]}, pd.Series([1])])
def test_what_is_neither_a_path_nor_a_frame_is_a_type_error(source):
    with pytest.raises(TypeError, match="the source must be the path of a file, or a data frame"):
        read_outcomes(source)


LIVES = pd.DataFrame(
    {
        "ticket": ["t1", "t2", "t1", "t2", "t2"],
        "category": ["a", "a", "a", "b", "b"],
        "outcome": [0, 0, 1, 1, 1],
        "time": ["2026-09-01", "2026-09-01", "2026-09-08", "2026-09-09", "2026-09-09"],
    }
)


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 3, 4, 1]])
def test_with_times_the_latest_row_of_a_ticket_holds_in_whatever_order_rows_stand(order):
    outcomes = read_outcomes(LIVES.iloc[order])
    assert dict(zip(outcomes.categories, outcomes.trials.tolist(), strict=True)) == {"a": 1, "b": 1}
    assert outcomes.needs.tolist() == [1, 1]
    assert outcomes.corrected == 2
    assert set(outcomes.log.time.astype("M8[D]").astype(str).tolist()) == {"2026-09-01"}


def test_a_table_with_times_is_the_sum_of_its_days():
    days = [read_outcomes(day.iloc[:2]) for _, day in LIVES.groupby("time")]
    total, whole = days[0] + days[1] + days[2], read_outcomes(LIVES)
    assert total.to_dict() == whole.to_dict()
    assert total.log.corrected.tolist() == whole.log.corrected.tolist()
    np.testing.assert_array_equal(total.log.time, whole.log.time)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"time": ["2026-09-01"] * 5}, "ticket 't1' has different outcomes, or categories, at the"),
        (
            {"time": ["2026-09-01", "2026-09-01", "2026-09-08", "2026-09-09", None]},
            "ticket 't2' stands in 3 rows, and its time .* row 5",
        ),
        (
            {"category": list("aaabc")},
            "ticket 't2' has different .* same time in rows 4 and 5; only",
        ),
    ],
)
def test_rows_of_a_ticket_that_nobody_can_put_in_order_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        read_outcomes(LIVES.assign(**change))


def test_without_times_a_ticket_stands_once():
    with pytest.raises(
        ValueError, match=r"'t1' stands in rows 1 and 3; .*; with a column `time` the"
    ):
        read_outcomes(LIVES.drop(columns="time"))
    named = LIVES.rename(columns={"time": "closed_at"})
    assert read_outcomes(named, columns={"time": "closed_at"}).corrected == 2


def test_a_time_belongs_to_a_ticket():
    plain = LIVES.drop(columns="ticket")
    assert read_outcomes(plain).log is None
    assert read_outcomes(plain.assign(time=3.5)).trials.sum() == 5
    with pytest.raises(ValueError, match="`columns` maps time, which is that of a ticket; map"):
        read_outcomes(plain, columns={"time": "time"})


def test_files_hold_times_and_who_answered(read):
    text = "ticket,category,outcome,time,answered_by\n1,a,0,2026-09-01T10:00+02:00,simple\n"
    outcomes = read(text + "2,a,,2026-09-01T08:00Z,complex\n")
    assert len(set(outcomes.log.time.tolist())) == 1
    assert outcomes.observed.untried == 1


def test_without_categories_all_tickets_are_of_one_and_that_is_said():
    rows = [{"ticket": "a", "outcome": 0}, {"ticket": "b", "outcome": 1}]
    with pytest.warns(UserWarning, match="no column 'category', so that all tickets are of one"):
        said = read_outcomes(rows)
    meant = read_outcomes(rows, columns={"category": None})
    assert meant.categories == said.categories == ("all",)
    assert meant.trials.tolist() == [2]
    other = [row | {"category": "x"} for row in rows]
    assert read_outcomes(other, columns={"category": ""}).categories == ("all",)
    with pytest.raises(ValueError, match="must give the name of a column for 'outcome'; got None"):
        read_outcomes(rows, columns={"outcome": None})


def test_outcomes_without_categories_take_those_of_the_beliefs():
    rows = [{"ticket": t, "outcome": o} for t, o in (("a", 0), ("b", 1), ("c", 1))]
    outcomes = read_outcomes(rows, columns={"category": None})
    said = [{"ticket": t, "category": c, "x": 0.5} for t, c in (("a", "k"), ("b", "l"), ("d", "k"))]
    panel = tr.Panel([tr.Router("r", {"x": 1.0})])
    held = match(panel, tr.read_beliefs(said, judges=panel), outcomes)
    found = dict(zip(held.names, zip(held.trials, held.needs, strict=True), strict=True))
    assert found == {"k": (1, 0), "l": (1, 1), "all": (1, 1)}  # nobody says what c is
    alone = tr.read_beliefs(said, judges=panel, columns={"category": None})
    assert set(match(panel, alone, outcomes).categories) == {"all"}
