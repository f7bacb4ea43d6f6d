"""What is asked for is taken, what is left out is said, and a bad export is one clear sentence."""

from __future__ import annotations

import pandas as pd
import pytest
from support.tool_exports import OUTCOME, SCALES, langfuse, langfuse_row, litellm, otlp, phoenix

import trust_router as tr

BOTH = {"judges": ["hard", "helpful"], **SCALES, **OUTCOME}


def with_rows(*rows) -> pd.DataFrame:
    return pd.concat([langfuse(), pd.DataFrame(rows)], ignore_index=True)


def test_alone_it_says_what_the_export_holds():
    text = repr(tr.logs.langfuse(langfuse()))
    assert text.splitlines() == [
        "Langfuse: 14 scores, 5 tickets, 2026-03-02 to 2026-03-03",
        "taken: nothing",
        "left out:",
        "  5 scores 'hard' by EVAL, 0.2 to 0.9: named as no judge, nor outcome",
        "  5 scores 'helpful' by API, 1 to 5: named as no judge, nor outcome",
        "  4 scores 'thumbs' by ANNOTATION, true or false: named as no judge, nor outcome",
        "judges=... names the scores that are judges, outcome=... the outcome",
    ]


def test_what_is_taken_and_left_out_is_said():
    log = tr.logs.langfuse(
        with_rows(
            langfuse_row("t1", "tone", 3.0),
            langfuse_row(None, "hard", 0.5),
            langfuse_row("t1", "hard", None),
            langfuse_row("t1", "thumbs", 0.0, "EVAL", "BOOLEAN", "False", 9),
            langfuse_row("t1", "hard", 0.9, "ANNOTATION", day=9),
        ),
        **BOTH,
    )
    assert log.taken == (
        "judge 'hard': 5 tickets, 0 to 1, read as the probability of need",
        "judge 'helpful': 5 tickets, 1 to 5, a high score means resolved",
        "outcome 'thumbs': 4 tickets, of which 2 needed the complex model",
        "who answered is not stated, so each outcome counts as one of the simple model",
    )
    assert log.left_out == (
        "1 score without a ticket (column 'trace_id' is blank)",
        "1 score without a value",
        "1 score 'hard' given by people, which are no beliefs of that judge",
        "1 score 'thumbs' given by a language model, which are no outcomes",
        "1 score 'tone' by EVAL, all 3: named as no judge, nor outcome",
    )
    assert log.beliefs.mean[0].tolist() == [0.2, 0.01]  # not what people said of the same name
    assert log.outcomes.log.outcome[0] == 0  # not what a model said


def test_a_judge_of_the_panel_without_a_score_is_told():
    panel = tr.Panel([tr.Router("r", {"hard": 0.5, "gpt": 0.5})])
    log = tr.logs.langfuse(langfuse(), panel)
    assert log.beliefs.judges == ("hard",)
    assert "no score has the name of judge 'gpt' of the panel" in log.left_out


def test_a_score_may_have_another_name_in_the_panel():
    panel = tr.Panel([tr.Router("r", {"gpt-4.1": 1})])
    log = tr.logs.langfuse(langfuse(), panel, columns={"gpt-4.1": "hard"})
    assert log.beliefs.mean[:, 0].tolist() == [0.2, 0.9, 0.4, 0.7, 0.3]
    with pytest.raises(ValueError, match=r"no score 'harder' for 'gpt-4.1'; scores are ha"):
        tr.logs.langfuse(langfuse(), panel, columns={"gpt-4.1": "harder"})
    with pytest.raises(ValueError, match="calls the score 'hard' 'helpful', but there is"):
        tr.logs.langfuse(langfuse(), ["helpful"], columns={"helpful": "hard"})


def test_a_category_comes_from_a_score_or_a_mapping():
    topics = [
        langfuse_row(t, "topic", 0, "EVAL", "CATEGORICAL", name)
        for t, name in (("t1", "refund"), ("t2", "login"), ("t3", "refund"))
    ]
    log = tr.logs.langfuse(with_rows(*topics), category="topic", **BOTH)
    assert log.taken[0] == "category 'topic': 3 tickets, 2 categories"
    assert log.beliefs.category == ("refund", "login", "refund", "", "")
    assert log.outcomes.categories == ("refund", "login", "no category stated")
    assert log.outcomes.trials.tolist() == [2, 1, 1]
    assert not [text for text in log.left_out if "topic" in text]
    mapping = dict.fromkeys(["t1", "t2", "t3", "t4", "t5"], "billing")
    assert tr.logs.langfuse(langfuse(), category=mapping, **BOTH).outcomes.categories == (
        "billing",
    )
    with pytest.raises(ValueError, match="no score 'subject' for the category; scores are hard"):
        tr.logs.langfuse(langfuse(), category="subject", **BOTH)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (langfuse().head(0), "there are no rows; an export of scores has at least one"),
        (pd.DataFrame(), "there are no columns; an export of scores has at least three"),
        ([], "there are no columns"),
        (
            langfuse().drop(columns="name"),
            "there is no column 'name' for the name of a score; columns are id, timestamp, .*; "
            "`columns` says where it stands",
        ),
        (langfuse().drop(columns="value"), "there is no column 'value' for the value of a score"),
        (
            phoenix().reset_index(),
            "'trace_id' or 'traceId' for the ticket; .*scores of Phoenix, which `tr.logs.p",
        ),
        (otlp(), "these seem to be scores of OpenTelemetry, which `tr.logs.opentelemetry` reads"),
        (
            litellm(),
            "these seem to be LiteLLM's spend logs, which hold models and costs and no sco",
        ),
        (langfuse().assign(trace_id=None), "no score is left: 14 scores without a ticket"),
        (
            langfuse().assign(timestamp=["2026-03-02T09:00:00Z"] + ["2026-03-02T09:00:00"] * 13),
            "time must have a time zone in all rows or in none; column 'timestamp' has one in row",
        ),
        (
            langfuse().assign(timestamp="yesterday"),
            "time must be a date.* got 'yesterday' in row 1",
        ),
        (langfuse().assign(trace_id=1.5), "ticket must be text, a whole number or a date; got 1.5"),
        (["t1"], r"or a list of dicts; got \['t1'\]"),
    ],
)
def test_a_bad_export_is_refused_in_one_sentence(source, said):
    with pytest.raises((TypeError, ValueError), match=said):
        tr.logs.langfuse(source, **BOTH)


def test_a_bad_file_is_refused_with_its_name(tmp_path):
    path = tmp_path / "scores.jsonl"
    path.write_text('{"trace_id": "t1", "name": "hard", "value": 0.2}\n{"trace_id": "t2", "na')
    with pytest.raises(ValueError, match=r"^scores\.jsonl: row 2 is not JSON"):
        tr.logs.langfuse(path, ["hard"])
    path.write_text("")
    with pytest.raises(ValueError, match=r"^scores\.jsonl is empty"):
        tr.logs.langfuse(path, ["hard"])
    path.with_suffix(".csv").write_text("trace_id,name,value\n")
    with pytest.raises(ValueError, match=r"^scores\.csv: there are no rows"):
        tr.logs.langfuse(path.with_suffix(".csv"), ["hard"])


def test_times_of_one_zone_become_utc():
    frame = langfuse().assign(timestamp="2026-03-02T01:30:00+02:00")
    log = tr.logs.langfuse(frame, **BOTH)
    assert str(log.outcomes.log.time[0]) == "2026-03-01T23:30:00.000000"


def test_scores_that_are_not_there_are_refused_with_those_that_are():
    with pytest.raises(
        ValueError, match="no score 'soft' of a judge; the table knows hard, helpful"
    ):
        tr.logs.langfuse(langfuse(), ["soft"])
    with pytest.raises(
        ValueError, match=r"no score 'csat' .*hard, helpful, thumbs; people gave thumbs"
    ):
        tr.logs.langfuse(langfuse(), outcome="csat", need=0)


def test_an_export_without_people_says_where_outcomes_may_come_from():
    machines = langfuse()[lambda frame: frame["source"] != "ANNOTATION"]
    with pytest.raises(
        ValueError, match=r"none is told to be given by people: .*`tr.read_outcomes`"
    ):
        tr.logs.langfuse(machines, outcome="thumbs", resolved=1)
    log = tr.logs.langfuse(machines, ["hard"])
    with pytest.raises(
        ValueError, match="there are no outcomes, for no score was named as the outc"
    ):
        log.outcomes  # noqa: B018
    with pytest.raises(ValueError, match="there are no beliefs, for no score was named as a judge"):
        tr.logs.langfuse(machines).beliefs  # noqa: B018
