"""Scores of judges are brought together as the panel weighs them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.drawn import tickets
from support.three_routers import CATEGORY_ROWS, NAN, PANEL, TICKET_ROWS, ticket_rows

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.learning.models.pooling import Pooling, ticket_weights
from trust_router.learning.models.scores import expected_log_odds

LOGISTIC_SD = np.pi / np.sqrt(3)
STATED = {"x": [0.2, 0.9, 0.5, NAN], "y": [0.3, NAN, 0.5, NAN], "z": [0.8, 0.6, NAN, 0.4]}


def rows_of(panel, stated):
    number = len(next(iter(stated.values())))
    return match(panel, *tickets(stated, np.arange(number) % 2))


def row(rows, *stated):
    """Where the row of a ticket stands."""
    wanted = np.array(stated)
    same = np.isclose(rows.mean, wanted) | (np.isnan(rows.mean) & np.isnan(wanted))
    (found,) = np.flatnonzero(same.all(axis=1))
    return found


def score(mean):
    return expected_log_odds(10 * np.array(mean), 10 * (1 - np.array(mean))) / LOGISTIC_SD


def test_weights_are_trust_in_routers_times_weights_inside_them():
    pooling = Pooling.of(PANEL, TICKET_ROWS, "rank")
    np.testing.assert_allclose(pooling.within, [[0.6, 0.4, 0], [0.3, 0, 0.7], [0, 1, 0]])
    expected = [0.5 * 0.6 + 0.3 * 0.3, 0.5 * 0.4 + 0.2, 0.3 * 0.7]
    np.testing.assert_allclose(pooling.weight, expected)


def test_a_ticket_on_which_all_speak_is_pooled_as_the_panel_states():
    rows = rows_of(PANEL, STATED)
    pooled = Pooling.of(PANEL, rows, "log odds").pooled(rows)
    at, said = row(rows, 0.2, 0.3, 0.8), score([0.2, 0.3, 0.8])
    mean = 0.39 * said[0] + 0.4 * said[1] + 0.21 * said[2]
    assert pooled.mean[at] == pytest.approx(mean)
    np.testing.assert_allclose(pooled.judge[at], said - mean)
    of_router = [0.6 * said[0] + 0.4 * said[1], 0.3 * said[0] + 0.7 * said[2], said[1]]
    np.testing.assert_allclose(pooled.router[at], np.array(of_router) - mean)
    np.testing.assert_allclose(
        pooled.parts[at], [mean, *pooled.router[at], *pooled.judge[at]], rtol=1e-15
    )


def test_who_is_silent_leaves_its_weight_to_those_that_speak():
    rows = rows_of(PANEL, STATED)
    pooled = Pooling.of(PANEL, rows, "log odds").pooled(rows)
    at, (x, z) = row(rows, 0.9, NAN, 0.6), score([0.9, 0.6])
    mean = (0.39 * x + 0.21 * z) / 0.6
    assert pooled.mean[at] == pytest.approx(mean)
    np.testing.assert_allclose(pooled.judge[at], [x - mean, 0, z - mean])
    np.testing.assert_allclose(pooled.router[at], [x - mean, 0.3 * x + 0.7 * z - mean, 0])
    alone = row(rows, NAN, NAN, 0.4)
    assert pooled.mean[alone] == pytest.approx(score(0.4))
    np.testing.assert_allclose([*pooled.judge[alone], *pooled.router[alone]], 0, atol=1e-12)


def test_discord_is_the_log_of_the_variance_among_judges_less_that_of_the_average_ticket():
    rows = rows_of(PANEL, STATED)
    pooling = Pooling.of(PANEL, rows, "log odds")
    discord = pooling.pooled(rows).discord
    said, weight = score([0.2, 0.3, 0.8]), np.array([0.39, 0.4, 0.21])
    spread = weight @ (said - weight @ said) ** 2
    at, agreed = row(rows, 0.2, 0.3, 0.8), row(rows, 0.5, 0.5, NAN)
    assert discord[at] - discord[agreed] == pytest.approx(np.log(1 + spread / 0.05))
    assert discord[agreed] == pytest.approx(np.log(0.05) - pooling.usual)


@pytest.mark.parametrize("rows", [TICKET_ROWS, CATEGORY_ROWS], ids=["tickets", "categories"])
def test_discord_is_0_on_average_over_all_that_are_heard_of(rows):
    discord = Pooling.of(PANEL, rows, "rank").pooled(rows).discord
    assert (discord @ ticket_weights(rows)) == pytest.approx(0, abs=1e-12)
    assert np.ptp(discord) > 0.05


def test_tickets_on_which_no_judge_speaks_give_zeros_and_change_nothing():
    rows = ticket_rows(missing=0)
    silent = replace(rows, alpha=rows.alpha * NAN, beta=rows.beta * NAN)
    both = rows.take(np.r_[np.arange(len(rows)), np.arange(len(rows))])
    alpha, beta = (np.concatenate([a, a * NAN]) for a in (rows.alpha, rows.beta))
    both = replace(both, alpha=alpha, beta=beta)
    one, two = (Pooling.of(PANEL, held, "rank") for held in (rows, both))
    assert one.usual == pytest.approx(two.usual)
    pooled = one.pooled(silent)
    assert not np.hstack([pooled.parts, pooled.discord[:, None]]).any()


def test_a_row_counts_as_often_as_its_tickets_and_a_category_once():
    assert ticket_weights(TICKET_ROWS).sum() == 60 > len(TICKET_ROWS)
    assert ticket_weights(CATEGORY_ROWS).tolist() == [1, 1, 1]


def test_a_judge_that_repeats_another_word_for_word_has_no_coefficient_of_its_own():
    panel = tr.Panel([tr.Router("r", {"x": 0.3, "y": 0.5, "z": 0.2})])
    stated = {"x": [0.2, 0.9, 0.5, NAN], "y": [0.1, 0.2, 0.3, 0.4], "z": [0.2, 0.9, 0.5, NAN]}
    rows = rows_of(panel, stated)
    pooling = Pooling.of(panel, rows, "rank")
    assert pooling.first.tolist() == [0, 1, 0]
    assert pooling.heard_once.tolist() == [True, True, False]
    judge = pooling.pooled(rows).judge
    assert not judge[:, 2].any()
    assert judge[:, :2].any(axis=0).all()


@pytest.mark.parametrize("other", [0.51, NAN], ids=["another word", "silent once"])
def test_a_judge_that_repeats_another_almost_is_heard(other):
    panel = tr.Panel([tr.Router("r", {"x": 0.5, "y": 0.5})])
    rows = rows_of(panel, {"x": [0.2, 0.9, 0.5, 0.4], "y": [0.2, 0.9, other, 0.4]})
    assert Pooling.of(panel, rows, "log odds").heard_once.all()


def test_what_is_usual_and_how_judges_speak_is_taken_from_the_reference():
    rows = ticket_rows()
    pooling = Pooling.of(PANEL, rows, "rank")
    part = rows.take(np.arange(5))
    for all_rows, few in zip(pooling.pooled(rows), pooling.pooled(part), strict=True):
        np.testing.assert_allclose(all_rows[:5], few)
