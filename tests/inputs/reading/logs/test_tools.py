"""Every tool's export gives the same beliefs and outcomes, by one mapping."""

from __future__ import annotations

import datetime
import doctest
import json
import sqlite3
from contextlib import closing
from uuid import UUID

import numpy as np
import pandas as pd
import pytest
from support import tool_exports as exports

import trust_router as tr

PANEL = tr.Panel([tr.Router("simple", {"hard": 1}), tr.Router("complex", {"helpful": 1})])
INSPECT = {"outcome": "thumbs", "resolved": "C", "need": "I"}
TOOLS = {
    "langfuse": (exports.langfuse, exports.OUTCOME),
    "mlflow": (exports.mlflow, exports.OUTCOME),
    "phoenix": (exports.phoenix, exports.OUTCOME),
    "langsmith": (exports.langsmith, exports.OUTCOME),
    "opentelemetry": (exports.otlp, exports.OUTCOME),
}


def check(log) -> None:
    assert log.beliefs.labels == ("t1", "t2", "t3", "t4", "t5")
    assert log.beliefs.judges == ("hard", "helpful")
    np.testing.assert_allclose(log.beliefs.mean, exports.MEANS)
    assert log.outcomes.log.tickets == log.beliefs.labels
    assert log.outcomes.log.outcome.tolist() == exports.NEED
    assert log.outcomes.missing.tolist() == [1]


@pytest.mark.parametrize("tool", TOOLS)
def test_an_export_gives_beliefs_and_outcomes(tool):
    export, outcome = TOOLS[tool]
    log = getattr(tr.logs, tool)(export(), PANEL, **exports.SCALES, **outcome)
    check(log)
    assert str(log.outcomes.log.time.min())[:10] == "2026-03-02"


@pytest.mark.parametrize("tool", ["langfuse", "langsmith", "opentelemetry", "mlflow"])
def test_a_file_of_json_lines_gives_the_same(tool, tmp_path):
    export, outcome = TOOLS[tool]
    held = export()
    rows = held.to_dict("records") if isinstance(held, pd.DataFrame) else held
    path = tmp_path / "export.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    check(getattr(tr.logs, tool)(path, PANEL, **exports.SCALES, **outcome))


def test_whatever_holds_a_table_is_read_as_tables_are(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame = exports.langfuse()
    frame.to_parquet("scores.parquet")
    tmp_path.joinpath("scores.json").write_text(frame.to_json(orient="records"), encoding="utf-8")
    with closing(sqlite3.connect("logs.sqlite")) as base:
        frame.to_sql("scores", base)
    rows = [json.dumps(row) for row in exports.otlp()]
    tmp_path.joinpath("otlp.json").write_text("\n".join(rows), encoding="utf-8")
    query = "SELECT * FROM 'scores.parquet' WHERE name <> 'tone'"
    for source in ("scores.json", query, "logs.sqlite#scores", f"logs.sqlite#{query[:14]}scores"):
        check(tr.logs.langfuse(source, PANEL, **exports.SCALES, **exports.OUTCOME))
    check(tr.logs.opentelemetry("otlp.json", PANEL, **exports.SCALES, **exports.OUTCOME))


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("tool", ["langfuse", "phoenix", "mlflow"])
def test_a_table_gives_the_same(tool, ending, tmp_path):
    export, outcome = TOOLS[tool]
    path, frame = tmp_path / f"export.{ending}", export()
    if ending == "csv":  # what is nested stands there as JSON
        if tool == "mlflow":
            frame = frame.assign(assessments=[json.dumps(each) for each in frame["assessments"]])
        frame.to_csv(path, index=tool == "phoenix")
    else:
        frame.to_parquet(path)
    check(getattr(tr.logs, tool)(path, PANEL, **exports.SCALES, **outcome))


def test_polars_and_arrow_give_the_same():
    polars = pytest.importorskip("polars")
    frame = polars.from_pandas(exports.langfuse())
    for source in (frame, frame.lazy(), frame.to_arrow()):
        check(tr.logs.langfuse(source, PANEL, **exports.SCALES, **exports.OUTCOME))


def test_flat_assessments_and_expectations_of_people_are_read():
    frame = pd.DataFrame(
        {
            "trace_id": ["t1", "t1", "t2"],
            "name": ["hard", "needs_complex", "needs_complex"],
            "feedback.value": [0.3, None, None],
            "expectation.value": [None, "true", "false"],
            "source.source_type": ["AI_JUDGE", "HUMAN", "HUMAN"],
            "create_time_ms": [1_772_442_000_000, 1_772_442_060_000, None],
        }
    )
    log = tr.logs.mlflow(frame, ["hard"], outcome="needs_complex", need=True)
    assert log.outcomes.log.outcome.tolist() == [1, 0]
    assert log.outcomes.log.time.astype(str).tolist() == ["2026-03-02T09:00:00.000000", "NaT"]


def test_labels_of_annotations_may_be_the_outcome():
    asked = {"outcome": "thumbs", "resolved": "up", "need": "down"}
    check(tr.logs.phoenix(exports.phoenix(), PANEL, **exports.SCALES, **asked))


def test_identifiers_and_times_need_be_no_text():
    rows = [
        {
            **row,
            "run_id": UUID(int=int(row["run_id"][1:])),
            "modified_at": datetime.datetime.fromisoformat(row["modified_at"]),
        }
        for row in exports.langsmith()
    ]
    log = tr.logs.langsmith(rows, PANEL, **exports.SCALES, **exports.OUTCOME)
    assert log.beliefs.labels[0] == "00000000-0000-0000-0000-000000000001"
    assert log.outcomes.log.outcome.tolist() == exports.NEED


def test_inspect_tells_the_models_apart():
    answered = tr.logs.Answered("openai/gpt-4o-mini", "openai/gpt-4.1")
    log = tr.logs.inspect(exports.inspect(), PANEL, **exports.SCALES, answered=answered, **INSPECT)
    check(log)  # the complex model solved t2 and t4, which are no outcomes of the simple one
    assert log.answered_by == ("both",) * 4 + ("",)


@pytest.mark.parametrize(
    ("tool", "rows", "columns", "judges"),
    [
        # promptfoo: a column a metric; Braintrust: an object of scores; Weave: nested output
        ("promptfoo", [{"id": "t1", "hard": 0.2, "resolved": 1}], {"ticket": "id"}, ["hard"]),
        (
            "braintrust",
            [{"id": "t1", "scores": {"Hard": 0.2}, "metadata": {"ok": True}}],
            {"ticket": "id", "hard": "scores.Hard", "resolved": "metadata.ok"},
            ["hard"],
        ),
        (
            "weave",
            [{"call": "t1", "output": {"hard": {"score": 0.2}, "ok": "true"}}],
            {"ticket": "call", "hard": "output.hard.score", "resolved": "output.ok"},
            ["hard"],
        ),
    ],
)
def test_other_tools_are_read_by_saying_what_stands_where(tool, rows, columns, judges):
    assert tool
    log = tr.logs.scores(rows, judges, outcome="resolved", resolved=1, columns=columns)
    assert log.beliefs.mean.tolist() == [[0.2]]
    assert log.outcomes.log.outcome.tolist() == [0]


def test_any_long_table_is_read():
    frame = exports.langfuse().rename(columns={"trace_id": "session"})
    columns = {"ticket": "session", "time": "timestamp"}
    log = tr.logs.scores(frame, PANEL, **exports.SCALES, columns=columns, **exports.OUTCOME)
    check(log)


@pytest.mark.parametrize(
    "name", [n for n in dir(tr.logs) if isinstance(getattr(tr.logs, n), tr.logs.Tool)]
)
def test_a_reader_says_what_it_reads_and_its_example_runs(name):
    tool = getattr(tr.logs, name)
    assert repr(tool).startswith("<reader of exports of ")
    assert name == "scores" or "References\n" in tool.__doc__
    test = doctest.DocTestParser().get_doctest(tool.__doc__, {}, name, None, 0)
    said: list[str] = []
    assert not doctest.DocTestRunner(verbose=False).run(test, out=said.append).failed, said


def test_what_is_no_export_is_refused():
    with pytest.raises(TypeError, match="the path of a file, or a data frame"):
        tr.logs.langfuse(5)
    with pytest.raises(FileNotFoundError):
        tr.logs.langfuse("nowhere.csv")
