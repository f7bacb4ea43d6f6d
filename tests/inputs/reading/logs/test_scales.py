"""Scores become probabilities of need by a scale that is stated, and never by a guess."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support.tool_exports import langfuse_row

import trust_router as tr
from trust_router.inputs.reading.logs.scales import (
    checked_scale,
    probabilities,
    scale_told,
    value_key,
)


def read(values, scale=None, **row):
    rows = [langfuse_row(f"t{i}", "x", value, **row) for i, value in enumerate(values)]
    scales = None if scale is None else {"x": scale}
    return tr.logs.langfuse(pd.DataFrame(rows), ["x"], scales=scales).beliefs.mean[:, 0].tolist()


def test_probabilities_stay_and_ends_are_kept_from_certainty():
    assert read([0.25, 0.0, 1.0]) == [0.25, 0.01, 0.99]


def test_a_scale_says_range_and_direction():
    assert read([5, 3, 2], (5, 1)) == [0.01, 0.5, 0.75]
    assert read([5, 3, 2], (1, 5)) == [0.99, 0.5, 0.25]
    assert read([0.9], (1, 0)) == pytest.approx([0.1])  # a probability that all is well


def test_words_and_truth_have_probabilities_that_are_stated():
    words = [
        langfuse_row(t, "x", 0, "EVAL", "CATEGORICAL", w) for t, w in (("a", "Pass"), ("b", "fail"))
    ]
    scales = {"x": {"pass": 0.1, "fail": 0.8}}
    log = tr.logs.langfuse(pd.DataFrame(words), ["x"], scales=scales)
    assert log.beliefs.mean[:, 0].tolist() == [0.1, 0.8]
    assert log.taken == ("judge 'x': 2 tickets, pass = need 10%, fail = need 80%",)
    assert read([1.0, 0.0], {True: 0.2, False: 0.7}, data_type="BOOLEAN") == [0.2, 0.7]


@pytest.mark.parametrize(
    ("values", "row", "said"),
    [
        (
            [1, 5],
            {},
            r"go from 1 to 5; state their scale, scales=\{'x': \(5, 1\)\} \(--scale 'x=5..1'",
        ),
        ([-0.1, 0.5], {}, "are no probabilities, they go from -0.1 to 0.5"),
        (
            [1.0],
            {"data_type": "BOOLEAN"},
            r"true or false; say .*\{'x': \{True: 0.1, False: 0.9\}\}",
        ),
        (
            [0],
            {"data_type": "CATEGORICAL", "label": "good"},
            r"words, good; .*\{'x': \{'good': 0.9",
        ),
        (["0.5", "n.a."], {}, "are words, n.a.; say which"),
    ],
)
def test_scores_that_could_mean_anything_are_refused(values, row, said):
    with pytest.raises(ValueError, match=said):
        read(values, **row)


@pytest.mark.parametrize(
    ("scale", "said"),
    [
        ((5, 5), "the ends of the scale of 'x' must differ"),
        ((5,), "must be two numbers, the score that says that the simple model will do"),
        ("5..1", "must be two numbers"),
        ((5, float("nan")), "must be two numbers"),
        ({"good": 2}, "must give a probability of need for each value; got 2 for 'good'"),
    ],
)
def test_what_is_no_scale_is_refused(scale, said):
    with pytest.raises(ValueError, match=said):
        checked_scale("x", scale)


def test_a_score_outside_of_its_scale_is_refused():
    with pytest.raises(ValueError, match="'x' lies outside of its scale from 1 to 5; got 7"):
        read([3, 7], (5, 1))
    with pytest.raises(ValueError, match="the scale of 'x' says nothing about 3; it knows"):
        probabilities("x", np.array([3.0]), [""], False, checked_scale("x", {1: 0.2}))


def test_alike_values_are_one():
    assert value_key("True") == value_key(1) == value_key("1.0") == 1.0
    assert value_key(" Good ") == "good"


def test_a_scale_is_told():
    assert scale_told(None) == "0 to 1, read as the probability of need"
    assert scale_told((10, 0)) == "10 = the simple model will do, 0 = need"
    assert scale_told({1.0: 0.25}) == "1 = need 25%"
