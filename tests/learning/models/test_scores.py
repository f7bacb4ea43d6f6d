"""Scores say where a belief stands among all that its judge has said."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from trust_router.inputs.rows import Rows
from trust_router.learning.models.scores import expected_log_odds, judge_scale

NAN = np.nan
UNIT = math.pi / math.sqrt(3)


def rows(mean, tickets=None, about="ticket"):
    mean = np.asarray(mean, dtype=float)
    count = np.ones(len(mean), dtype=int) if tickets is None else np.asarray(tickets)
    names = tuple(f"j{j}" for j in range(mean.shape[1]))
    zeros = np.zeros(len(mean), dtype=int)
    return Rows(about, ("c",), names, zeros, 10 * mean, 10 * (1 - mean), zeros, zeros, count)


def scores(held, kind="rank"):
    return judge_scale(held, kind).scores(held.alpha, held.beta)


def test_expected_log_odds_are_those_of_the_beta():
    x = np.random.default_rng(1).beta(3, 9, 200_000)
    sampled = special.logit(x)
    error = 5 * sampled.std() / np.sqrt(len(x))
    assert abs(expected_log_odds(np.array(3.0), np.array(9.0)) - sampled.mean()) < error


def test_log_odds_are_only_rescaled():
    held = rows([[0.1], [0.7]])
    np.testing.assert_allclose(
        scores(held, "log odds"), expected_log_odds(held.alpha, held.beta) / UNIT
    )


def test_ranks_follow_the_order_and_are_symmetric():
    found = scores(rows([[0.9], [0.1], [0.5]]))[:, 0]
    np.testing.assert_allclose(found[2], 0, atol=1e-12)
    np.testing.assert_allclose(found[0], -found[1])
    np.testing.assert_allclose(found[0], special.logit(3 / 4) / UNIT)


def test_ranks_forget_how_a_judge_uses_the_scale():
    p = np.random.default_rng(2).uniform(0.02, 0.98, 40)
    squeezed = 0.05 + 0.1 * p**3
    found = scores(rows(np.stack([p, squeezed], axis=1)))
    np.testing.assert_allclose(found[:, 0], found[:, 1])
    assert abs(found[:, 0].std() - 1) < 0.15


def test_beliefs_are_ranked_by_their_means_however_sure_the_judge_is_of_them():
    """Means of .3, .4 and .6; the expected log odds would put the unsure 0.3 below all others."""
    alpha, beta = np.array([[0.6], [8.0], [6.0]]), np.array([[1.4], [12.0], [4.0]])
    unsure = replace(rows([[0.3], [0.4], [0.6]]), alpha=alpha, beta=beta)
    np.testing.assert_array_equal(scores(unsure), scores(rows([[0.3], [0.4], [0.6]])))
    unsure = replace(unsure, alpha=alpha * [[0.1], [1], [1]], beta=beta * [[0.1], [1], [1]])
    np.testing.assert_array_equal(scores(unsure), scores(rows([[0.3], [0.4], [0.6]])))


def test_merged_rows_score_as_their_tickets_do():
    single = scores(rows([[0.1], [0.1], [0.1], [0.8]]))
    merged = scores(rows([[0.1], [0.8]], tickets=[3, 1]))
    np.testing.assert_allclose(merged[:, 0], single[[0, 3], 0])


def test_equal_statements_score_equally_and_a_constant_judge_says_nothing():
    np.testing.assert_allclose(scores(rows([[0.3]] * 4)), 0, atol=1e-12)


def test_missing_beliefs_have_no_score_and_do_not_count():
    held = rows([[0.1, 0.5], [NAN, 0.6], [0.8, NAN]])
    found = scores(held)
    assert np.isnan(found).tolist() == np.isnan(held.alpha).tolist()
    np.testing.assert_allclose(found[[0, 2], 0], scores(rows([[0.1], [0.8]]))[:, 0])


@pytest.mark.parametrize("p", [0.01, 0.45, 0.99])
def test_new_beliefs_are_placed_among_the_old_and_stay_finite(p):
    scale = judge_scale(rows([[0.1], [0.4], [0.5]]), "rank")
    found = scale.scores(np.array([[10 * p]]), np.array([[10 * (1 - p)]]))[0, 0]
    below = {0.01: 0, 0.45: 2, 0.99: 3}[p]
    np.testing.assert_allclose(found, special.logit((below + 0.5) / 4) / UNIT)


def test_a_judge_that_was_never_heard_scores_in_the_middle():
    scale = judge_scale(rows([[NAN], [NAN]]), "rank")
    np.testing.assert_allclose(scale.scores(np.array([[3.0]]), np.array([[9.0]])), 0, atol=1e-12)


def test_categories_count_once_whatever_their_tickets():
    held = rows([[0.1], [0.8]], tickets=[90, 1], about="category")
    np.testing.assert_allclose(scores(held).sum(), 0, atol=1e-12)
