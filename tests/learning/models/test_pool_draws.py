"""Draws of the pool predict need."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import special
from support.three_routers import (
    NAN,
    PANEL,
    TICKET_ROWS,
    one_draw,
    repeat,
    ticket_rows,
)

from trust_router.learning.models.pool import Pool
from trust_router.learning.models.pool_draws import PoolDraws
from trust_router.learning.models.pooling import Pooling

LEARNED = {
    "gain": 1.5,
    "intercept": -0.5,
    "bend": 0.1,
    "discord": 0.7,
    "damping": -0.3,
    "judge_gain": np.array([0.4, -0.2, 0.1]),
}


def silenced(rows):
    return replace(rows, alpha=rows.alpha * NAN, beta=rows.beta * NAN)


def test_the_graph_takes_silent_tickets_for_those_in_the_middle():
    draws = repeat(one_draw(**LEARNED), 2)
    silent = silenced(TICKET_ROWS)
    log_p = Pool().ticket_log_likelihood(draws, PANEL, TICKET_ROWS, silent)
    np.testing.assert_allclose(np.exp(log_p[..., 1]), special.expit(-0.5))


def test_a_silent_ticket_is_any_ticket_of_its_category():
    sample = 4000
    draws = repeat(one_draw(**LEARNED), sample)
    model = Pool(category_effects=False)
    heard = TICKET_ROWS.take(np.flatnonzero(~np.isnan(TICKET_ROWS.alpha).all(axis=1)))
    each = model.need(one_draw(**LEARNED), PANEL, heard, heard)[0]
    need = model.need(draws, PANEL, heard, silenced(heard))
    for row, category in enumerate(heard.category):
        inside = heard.category == category
        mean = np.average(each[inside], weights=heard.number[inside])
        sd = np.sqrt(np.average((each[inside] - mean) ** 2, weights=heard.number[inside]))
        assert need[:, row].mean() == pytest.approx(mean, abs=0.003)
        assert need[:, row].std() == pytest.approx(sd, abs=0.005)
        assert sd > 0.05


def test_categories_not_seen_have_an_effect_of_their_own_wherever_they_stand():
    sample, spread = 20_000, 0.7
    draws = one_draw(**LEARNED, category_sd=spread)
    effects = (("chain", "draw", "category"), np.array([[[0.4, -0.3, -0.1]]]))
    draws = repeat(draws.assign(category_z=effects), sample)
    one = TICKET_ROWS.take(np.array([0, 0, 0]))
    rows = replace(one, category=np.array([-1, -2, -3]), others=("", "new", "newer"))
    logit = special.logit(Pool().need(draws, PANEL, TICKET_ROWS, rows))
    # Three categories were seen, and effects are deviations from their mean.
    error = np.sqrt(1 / (2 * sample))
    np.testing.assert_allclose(logit.std(axis=0) / spread, np.sqrt(1 + 1 / 3), atol=5 * 1.3 * error)
    assert np.abs(np.corrcoef(logit.T) - np.eye(3)).max() < 5 / np.sqrt(sample)
    alone = replace(rows.take(np.array([2])), category=np.array([-2]), others=("", "newer"))
    again = special.logit(Pool().need(draws, PANEL, TICKET_ROWS, alone))
    np.testing.assert_allclose(again[:, 0], logit[:, 2])


@pytest.mark.parametrize("direction", [1, -1])
def test_pool_follows_the_judge_that_counts_and_turns_round_one_that_is_reversed(direction):
    # As much as the mean of all, on top of it, for z alone: what remains is z's score.
    of_z = np.array([0.0, 0.0, 1.5 * direction])
    draws = one_draw(gain=1.5 * direction, intercept=0.0, bend=0.0, judge_gain=of_z)
    rows = ticket_rows(missing=0)
    need = Pool(scale="log odds").need(draws, PANEL, rows, rows)[0]
    order = np.argsort(rows.mean[:, 2], kind="stable")
    assert (direction * np.diff(need[order]) >= -1e-12).all()
    assert np.ptp(need) > 0.5


def test_a_negative_gain_turns_the_whole_panel_round():
    rows = ticket_rows(missing=0)
    with_it, against = (
        special.logit(Pool().need(one_draw(gain=g, intercept=0.0, bend=0.0), PANEL, rows, rows)[0])
        for g in (0.8, -0.8)
    )
    np.testing.assert_allclose(against, -with_it, atol=1e-12)


def test_need_of_a_category_is_that_of_its_tickets_each_counted_once():
    draws, rows = one_draw(**LEARNED), TICKET_ROWS
    given = PoolDraws.of(draws, Pooling.of(PANEL, rows, "rank"))
    each = given.need(rows)[0]
    found = given.category_need(rows)[0]
    for c in range(len(rows.categories)):
        inside = rows.category == c
        expected = np.average(each[inside], weights=rows.number[inside])
        assert found[c] == pytest.approx(expected, abs=1e-12)


def test_coefficients_that_a_panel_does_not_have_are_0():
    pooling = Pooling.of(PANEL, TICKET_ROWS, "rank")
    bare = PoolDraws.of(one_draw(gain=1.5, intercept=0.0, bend=0.0), pooling)
    assert bare.linear.tolist() == [[1.5, 0, 0, 0, 0, 0, 0]]
    full = PoolDraws.of(one_draw(**LEARNED, router_gain=np.array([0.1, 0.2, 0.3])), pooling)
    np.testing.assert_allclose(full.linear, [[1.5, 0.1, 0.2, 0.3, 0.4, -0.2, 0.1]])


def test_a_silent_ticket_of_a_category_never_heard_is_any_ticket_there():
    heard = TICKET_ROWS.take(np.flatnonzero(~np.isnan(TICKET_ROWS.alpha).all(axis=1)))
    known = heard.take(np.flatnonzero(heard.category != 2))
    draws = one_draw(**LEARNED, category_sd=1.0)
    effects = (("chain", "draw", "category"), np.array([[[0.0, -1.0, 1.0]]]))
    draws = repeat(draws.assign(category_z=effects), 4000)
    silent = silenced(heard.take(np.flatnonzero(heard.category == 2)[:1]))
    need = Pool().need(draws, PANEL, known, silent)[:, 0]
    there = replace(known, category=np.full(len(known), 2))
    each = Pool().need(draws.isel(draw=[0]), PANEL, known, there)[0]
    assert need.mean() == pytest.approx(np.average(each, weights=known.number), abs=0.005)


def test_tickets_of_nobody_weigh_nothing_and_categories_of_nobody_as_much_as_one():
    number = np.where(np.arange(len(TICKET_ROWS)) % 3 == 0, 0, TICKET_ROWS.number)
    rows = replace(TICKET_ROWS, number=number)
    given = PoolDraws.of(one_draw(**LEARNED), Pooling.of(PANEL, TICKET_ROWS, "rank"))
    each = given.need(rows)[0]
    for about, weight in (("ticket", number), ("category", np.maximum(number, 1))):
        found = given.category_need(replace(rows, about=about))[0]
        for c in range(len(rows.categories)):
            inside = rows.category == c
            assert found[c] == pytest.approx(np.average(each[inside], weights=weight[inside]))
