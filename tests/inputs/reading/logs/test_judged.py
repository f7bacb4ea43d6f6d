"""Scores of judges are beliefs; of several the latest counts, and that is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support.tool_exports import langfuse, langfuse_row

import trust_router as tr
from trust_router.inputs.reading.logs.judged import last_of_each


def scored(*rows):
    return tr.logs.langfuse(pd.DataFrame(list(rows)), ["hard"])


def test_of_two_versions_of_a_judge_the_latest_counts_whatever_the_order_of_the_rows():
    old, new = langfuse_row("t1", "hard", 0.2, day=2), langfuse_row("t1", "hard", 0.8, day=9)
    for rows in ((old, new), (new, old)):
        log = scored(*rows, langfuse_row("t2", "hard", 0.4))
        assert log.beliefs.mean[log.beliefs.labels.index("t1"), 0] == 0.8
        assert log.left_out == (
            "earlier scores of judge 'hard' on 1 ticket with several: the latest counts, "
            "which differs on 1",
        )


def test_the_same_row_twice_changes_nothing():
    frame = langfuse()
    twice = pd.concat([frame, frame])
    log = tr.logs.langfuse(twice, ["hard"])
    np.testing.assert_array_equal(log.beliefs.mean, tr.logs.langfuse(frame, ["hard"]).beliefs.mean)
    assert "on 5 tickets with several: the latest counts, and all say the same" in log.left_out[0]


def test_where_no_time_tells_the_last_row_counts_and_that_is_said():
    log = scored(langfuse_row("t1", "hard", 0.2), langfuse_row("t1", "hard", 0.8))
    assert log.beliefs.mean.tolist() == [[0.8]]
    assert log.left_out[0].endswith("(on 1 no time tells which is later, so the last row does)")


def test_a_score_with_a_time_is_later_than_one_without():
    time = np.array(["2026-01-01", "NaT"], dtype="datetime64[us]")
    at, said = last_of_each(["t", "t"], time, np.array([0.1, 0.2]))
    assert at.tolist() == [0]
    assert "no time tells" in said


def test_a_ticket_on_which_one_judge_is_silent_lacks_its_belief():
    frame = pd.DataFrame(
        [langfuse_row("t1", "a", 0.2), langfuse_row("t2", "b", 0.4), langfuse_row("t2", "a", 0.6)]
    )
    mean = tr.logs.langfuse(frame, ["a", "b"]).beliefs.mean
    np.testing.assert_array_equal(mean, [[0.2, np.nan], [0.6, 0.4]])


def test_what_only_people_gave_is_no_judge():
    with pytest.raises(ValueError, match=r"'thumbs' is no judge: only people gave it \(4 scores\)"):
        tr.logs.langfuse(langfuse(), ["thumbs"])
