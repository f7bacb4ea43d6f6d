"""What was read can be written, and is the same when it is read again."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from support.tool_exports import OUTCOME, SCALES, langfuse, langfuse_row, litellm

import trust_router as tr
from trust_router.defaults import ONE_CATEGORY


@pytest.fixture
def log():
    answered = tr.logs.Answered(
        "gpt-4o-mini", "gpt-4.1", calls=tr.logs.litellm(litellm()), both="need"
    )
    asked = {**SCALES, "answered": answered, **OUTCOME}
    return tr.logs.langfuse(langfuse(), ["hard", "helpful"], **asked)


def test_tables_give_the_same_beliefs_and_outcomes(log, tmp_path):
    log.beliefs_table().to_csv(tmp_path / "beliefs.csv", index=False)
    log.outcomes_table().to_csv(tmp_path / "outcomes.csv", index=False)
    beliefs = tr.read_beliefs(tmp_path / "beliefs.csv")
    outcomes = tr.read_outcomes(tmp_path / "outcomes.csv")
    assert (beliefs.labels, beliefs.judges) == (log.beliefs.labels, log.beliefs.judges)
    np.testing.assert_allclose(beliefs.alpha, log.beliefs.alpha, rtol=1e-15)
    np.testing.assert_allclose(beliefs.beta, log.beliefs.beta, rtol=1e-15)
    assert outcomes.categories == log.outcomes.categories == (ONE_CATEGORY,)  # as of tables
    for name in ("tickets", "outcome", "time", "untried"):
        np.testing.assert_array_equal(
            getattr(outcomes.log, name), getattr(log.outcomes.log, name), err_msg=name
        )
    assert outcomes.observed == log.outcomes.observed


def test_tables_have_the_columns_that_are_known(log):
    assert [*log.beliefs_table()] == ["ticket", "judge", "probability"]
    assert [*log.outcomes_table()] == ["ticket", "category", "outcome", "time", "answered_by"]
    rows = [{"ticket": "t", "name": "ok", "value": 1}, {"ticket": "t", "name": "x", "value": 0.5}]
    bare = tr.logs.scores(rows, ["x"], outcome="ok", resolved=1, category={"t": "refund"})
    assert [*bare.beliefs_table()] == ["ticket", "category", "judge", "probability"]
    assert [*bare.outcomes_table()] == ["ticket", "category", "outcome"]


def test_it_prints_no_character_that_a_terminal_obeys():
    row = langfuse_row("t1", "x", 0, data_type="CATEGORICAL", label="\x1b[2Jred")
    text = repr(tr.logs.langfuse([row]))
    assert "\x1b" not in text
    assert "red" in text


def test_a_copy_is_the_same(log):
    again = pickle.loads(pickle.dumps(log))  # noqa: S301
    assert repr(again) == repr(log)
