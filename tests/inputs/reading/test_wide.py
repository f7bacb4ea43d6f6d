"""Scores become beliefs, of a wide table as of arrays."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import trust_router as tr
from trust_router.inputs.reading.wide import scores_to_beliefs

SCORES = {"haiku": [1, 3, None], "sure": ["95%", 0.4, 0.7]}
STATED = {"scale": {"haiku": (1, 5)}, "high_means": {"haiku": "need", "sure": "resolved"}}
MEAN = [[0.01, 0.05], [0.5, 0.6], [np.nan, 0.3]]


@pytest.mark.parametrize("scores", [SCORES, pd.DataFrame(SCORES)], ids=["mapping", "frame"])
def test_scores_need_neither_a_table_nor_a_category(scores):
    beliefs = scores_to_beliefs(scores, **STATED)
    assert (beliefs.labels, beliefs.judges) == (("1", "2", "3"), ("haiku", "sure"))
    assert beliefs.category == ("", "", "")
    np.testing.assert_allclose(beliefs.mean, MEAN)
    np.testing.assert_allclose(beliefs.concentration[1], 10)


def test_tickets_categories_and_weight_may_be_stated():
    beliefs = scores_to_beliefs(
        SCORES, **STATED, tickets=[7, 8.0, "9"], category=["a", None, "b"], concentration=3
    )
    assert (beliefs.labels, beliefs.category) == (("7", "8", "9"), ("a", "", "b"))
    np.testing.assert_allclose(beliefs.concentration[1], 3)


def test_a_table_says_the_same_as_its_scores():
    table = pd.DataFrame(SCORES).assign(ticket=["1", "2", "3"], priority=[0.1, 0.2, 0.3])
    read = tr.read_beliefs(table, judges=["haiku", "sure"], **STATED)
    np.testing.assert_array_equal(read.alpha, scores_to_beliefs(SCORES, **STATED).alpha)
    long = table.melt(["ticket"], ["haiku", "sure"], "judge", "score").dropna()
    again = tr.read_beliefs(long, columns={"probability": "score"}, **STATED)
    np.testing.assert_array_equal(again.alpha, read.alpha)


@pytest.mark.parametrize(
    ("scores", "stated", "kind", "said"),
    [
        (SCORES, {}, ValueError, "`high_means` must say whether a high score means 'need'"),
        (SCORES, {"high_means": "need"}, ValueError, "'haiku' must lie between 0 and 1; got 3 in "),
        (SCORES, STATED | {"tickets": ["a"]}, ValueError, "`tickets` must be one for each of 3"),
        (SCORES, STATED | {"category": ["a"]}, ValueError, "`category` must be one for each of 3"),
        (SCORES, STATED | {"tickets": ["a", "a", "b"]}, ValueError, "'a' is used twice"),
        (SCORES, STATED | {"concentration": 0}, ValueError, "`concentration` must be positive"),
        ({}, STATED, ValueError, "at least one judge"),
        ({"x": [1, 0], "y": [1]}, {"high_means": "need"}, ValueError, "'y' has 1 values"),
        ({"x": 1}, {"high_means": "need"}, TypeError, "the values of each column; got 1 for 'x'"),
        ([1, 2], STATED, TypeError, "must be the path of a file, or a data frame"),
    ],
)
def test_what_is_no_score_is_refused_in_one_sentence(scores, stated, kind, said):
    with pytest.raises(kind, match=said):
        scores_to_beliefs(scores, **stated)
