"""Feedback of people is the outcome; what says nothing of the simple model is not."""

from __future__ import annotations

import pandas as pd
import pytest
from support.tool_exports import OUTCOME, langfuse, langfuse_row, litellm

import trust_router as tr

MODELS = {"simple": "gpt-4o-mini", "complex": "gpt-4.1"}


def thumbs(*values, **row):
    """Feedback on one ticket, a day later each."""
    return pd.DataFrame(
        [
            langfuse_row("t1", "thumbs", value, "ANNOTATION", day=i + 1, **row)
            for i, value in enumerate(values)
        ]
    )


def outcomes(frame, **more):
    return tr.logs.langfuse(frame, **(OUTCOME | more))


def test_what_values_mean_must_be_said():
    said = (
        r"which are 1 \(2 scores\), 0 \(2 scores\): write `resolved=1` \(--resolved 1\) if 1 says"
    )
    with pytest.raises(ValueError, match=said):
        tr.logs.langfuse(langfuse(), outcome="thumbs")
    assert outcomes(langfuse()).outcomes.needs.tolist() == [2]
    turned = tr.logs.langfuse(langfuse(), outcome="thumbs", need=1).outcomes.log.outcome.tolist()
    assert turned == [1, 0, 1, 0]


def test_words_are_outcomes_too():
    frame = pd.DataFrame(
        [
            langfuse_row("a", "csat", 0, "ANNOTATION", "CATEGORICAL", "solved"),
            langfuse_row("b", "csat", 1, "ANNOTATION", "CATEGORICAL", "escalated"),
        ]
    )
    asked = {"outcome": "csat", "resolved": "Solved", "need": "Escalated"}
    assert tr.logs.langfuse(frame, **asked).outcomes.log.outcome.tolist() == [0, 1]
    with pytest.raises(ValueError, match=r"got 'escalated' on ticket 'b' \(score 'csat'\)"):
        tr.logs.langfuse(frame, outcome="csat", resolved="solved")
    with pytest.raises(ValueError, match=r"values of 'csat' mean, which are 'solved' .1 score."):
        tr.logs.langfuse(frame, outcome="csat")


def test_a_value_between_is_refused():
    with pytest.raises(ValueError, match=r"got 0.5 on ticket 't1' \(score 'thumbs'\)"):
        outcomes(thumbs(0.5))


def test_the_latest_feedback_holds():
    log = outcomes(thumbs(1, 0))
    assert log.outcomes.log.outcome.tolist() == [1]
    assert str(log.outcomes.log.time[0])[:10] == "2026-03-01"  # it happened at the first
    assert log.left_out == (
        "earlier outcomes on 1 ticket with several: the latest counts, which differs on 1",
    )


def test_feedback_that_differs_at_one_time_leaves_no_outcome():
    frame = thumbs(1, 0).assign(timestamp="2026-03-02 09:00:00")
    log = outcomes(frame)
    assert log.outcomes.log.outcome.tolist() == [-1]
    assert (
        "of 1 ticket that differ, where no time tells which is the latest: all" in log.left_out[1]
    )
    assert outcomes(pd.concat([frame, thumbs(1, 1, 1)])).outcomes.log.outcome.tolist() == [0]


def test_only_a_language_model_is_no_outcome():
    with pytest.raises(
        ValueError, match=r"'thumbs' cannot be the outcome: only a .*4 scores by EVAL"
    ):
        outcomes(langfuse().replace({"source": {"ANNOTATION": "EVAL"}}))


def test_feedback_through_the_interface_counts():
    frame = langfuse().replace({"source": {"ANNOTATION": "API"}})
    assert outcomes(frame).outcomes.trials.tolist() == [4]


def test_who_answered_comes_from_the_calls():
    calls = tr.logs.litellm(litellm())
    log = outcomes(langfuse(), answered=tr.logs.Answered(**MODELS, calls=calls, both="need"))
    assert log.answered_by == ("simple", "both", "simple", "complex")
    assert log.outcomes.log.outcome.tolist() == [0, 1, 0, -1]
    assert log.outcomes.log.untried.tolist() == [False, False, False, True]
    assert log.outcomes.observed.untried == 1
    assert str(log.outcomes.log.time[0]) == "2026-03-01T08:00:00.000000"  # of the first call
    assert log.left_out[0].startswith("1 outcome of tickets that the complex model alone answered")
    assert log.price == pytest.approx({"simple": 0.0004, "complex": 0.03})
    assert tr.Costs(**log.price, failure=5).complex == pytest.approx(0.03)
    assert "calls for a ticket cost on average: simple 0.0004, complex 0.03" in repr(log)


def test_what_feedback_says_where_both_answered_must_be_stated():
    calls = tr.logs.litellm(litellm())
    with pytest.raises(
        ValueError, match="1 ticket with an outcome had calls of both models; state"
    ):
        outcomes(langfuse(), answered=tr.logs.Answered(**MODELS, calls=calls))
    happy = langfuse()
    happy.loc[(happy["trace_id"] == "t2") & (happy["name"] == "thumbs"), "value"] = 1.0
    for both, outcome in (("need", 1), ("feedback", 0)):
        answered = tr.logs.Answered(**MODELS, calls=calls, both=both)
        assert outcomes(happy, answered=answered).outcomes.log.outcome[1] == outcome


def test_an_outcome_of_nobody_is_left_out():
    calls = tr.logs.litellm(litellm().query("session_id != 't3'"))
    log = outcomes(langfuse(), answered=tr.logs.Answered(**MODELS, calls=calls, both="need"))
    assert log.outcomes.log.outcome.tolist() == [0, 1, -1, -1]
    assert (
        "1 outcome of tickets for which neither model is known to have been called" in log.left_out
    )
    assert log.answered_by == ("simple", "both", "", "complex")


def test_an_export_that_does_not_say_who_answered_says_what_to_do():
    with pytest.raises(
        ValueError, match=r"does not say which model answered; give calls=tr.logs.lite"
    ):
        outcomes(langfuse(), answered=tr.logs.Answered(**MODELS))


def test_outcomes_of_other_models_are_left_out():
    rows = [
        {"ticket": "t1", "name": "ok", "value": 1, "model": "small"},
        {"ticket": "t2", "name": "ok", "value": 0, "model": "large"},
        {"ticket": "t3", "name": "ok", "value": 0, "model": "old"},
    ]
    answered = tr.logs.Answered("small", "large")
    log = tr.logs.scores(rows, outcome="ok", resolved=1, answered=answered)
    assert log.outcomes.log.outcome.tolist() == [0, -1, -1]
    assert log.outcomes.log.untried.tolist() == [False, True, False]
    assert "1 outcome of 'old', neither the simple model nor the complex one" in log.left_out
