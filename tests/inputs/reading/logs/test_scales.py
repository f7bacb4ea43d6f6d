"""Scores become probabilities of need by a scale that is stated, and never by a guess."""

from __future__ import annotations

import pandas as pd
import pytest
from support.tool_exports import langfuse_row

import trust_router as tr


def read(values, row=None, **stated):
    rows = [langfuse_row(f"t{i}", "x", v, **(row or {})) for i, v in enumerate(values)]
    return tr.logs.langfuse(pd.DataFrame(rows), ["x"], **stated).beliefs.mean[:, 0].tolist()


def test_probabilities_stay_and_ends_are_kept_from_certainty():
    assert read([0.25, 0.0, 1.0]) == [0.25, 0.01, 0.99]
    assert read([0.25], high_means="need") == [0.25]


def test_a_scale_says_range_and_what_high_means_says_direction():
    resolved = {"high_means": "resolved"}
    assert read([5, 3, 2], scale=(1, 5), **resolved) == [0.01, 0.5, 0.75]
    assert read([5, 3, 2], scale=(1, 5), high_means={"x": "need"}) == [0.99, 0.5, 0.25]
    assert read([0.75], **resolved) == [0.25]  # a probability that all is well
    assert read([75], scale="percent", **resolved) == [0.25]


def test_words_and_truth_have_probabilities_that_are_stated():
    words = [
        langfuse_row(ticket, "x", 0, "EVAL", "CATEGORICAL", word)
        for ticket, word in (("a", "Pass"), ("b", "fail"))
    ]
    log = tr.logs.langfuse(pd.DataFrame(words), ["x"], scale={"x": {"pass": 0.1, "fail": 0.8}})
    assert log.beliefs.mean[:, 0].tolist() == [0.1, 0.8]
    assert log.taken == ("judge 'x': 2 tickets, pass = need 10%, fail = need 80%",)
    truth = {"data_type": "BOOLEAN"}
    assert read([1.0, 0.0], truth, scale={"x": {True: 0.2, False: 0.7}}) == [0.2, 0.7]
    assert read([1.0, 0.0], truth, high_means="resolved") == [0.01, 0.99]


@pytest.mark.parametrize(
    ("values", "row", "said"),
    [
        (
            [1, 5],
            {},
            r"to 5; .* scale=\{'x': \(1, 5\)\}, high_means=\{'x': 'resolved'\} \(--scale",
        ),
        ([-0.1, 0.5], {}, "are no probabilities of need, they go from -0.1 to 0.5"),
        ([1.0], {"data_type": "BOOLEAN"}, r"true or false; .*\{'x': \{True: 0.1, False: 0.9\}\}"),
        (
            [0],
            {"data_type": "CATEGORICAL", "label": "good"},
            r"words, good; .*\{'good': 0.9, ...\}",
        ),
        (["0.5", "n.a."], {}, r"are words, n\.a\.; say which"),
    ],
)
def test_scores_that_could_mean_anything_are_refused(values, row, said):
    with pytest.raises(ValueError, match=said):
        read(values, row)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"scale": (1, 5)}, "`scale` is stated, but not what a high score means"),
        ({"scale": {"x": (5, 1)}, "high_means": "need"}, "of judge 'x' must be the lowest and"),
        ({"high_means": {"y": "need"}}, "names judge 'y', which is not read; judges are x"),
        ({"scale": (1, 2), "high_means": "need"}, "go from 3 to 7, outside of their scale from 1"),
        ({"scale": {"x": {3: 0.2}}}, "`scale` of judge 'x' says nothing about 7; it knows 3"),
    ],
)
def test_what_is_no_scale_is_refused(stated, said):
    with pytest.raises(ValueError, match=said):
        read([3, 7], **stated)


def test_a_scale_without_a_judge_is_refused():
    with pytest.raises(ValueError, match="`scale` is about scores of judges, and none is named"):
        tr.logs.langfuse([langfuse_row("t", "x", 1.0)], scale=(1, 5))


def test_texts_that_hold_a_score_are_scores():
    assert read(["80%", "1/4", 0.3]) == [0.8, 0.25, 0.3]
    five = {"scale": (1, 5), "high_means": "need"}
    assert read(["Score: 4", "2/5"], {"data_type": "TEXT"}, **five) == [0.75, 0.25]
    assert read([0.0, 1.2], scale="log odds", high_means="need")[0] == 0.5
