"""Draws of the pool predict need."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import special
from support.three_routers import (
    FIXED,
    NAN,
    PANEL,
    TICKET_ROWS,
    one_draw,
    repeat,
    ticket_rows,
)

from trust_router.learning.models.pool import Pool


def silenced(rows):
    return replace(rows, alpha=rows.alpha * NAN, beta=rows.beta * NAN)


def test_the_graph_takes_silent_tickets_for_those_in_the_middle():
    draws = repeat(one_draw(**FIXED, gain=1.5, intercept=-0.5), 2)
    silent = silenced(TICKET_ROWS)
    log_p = Pool().ticket_log_likelihood(draws, PANEL, TICKET_ROWS, silent)
    np.testing.assert_allclose(np.exp(log_p[..., 1]), special.expit(-0.5))


def test_a_silent_ticket_is_any_ticket_of_its_category():
    sample = 4000
    draws = repeat(one_draw(**FIXED, gain=1.5, intercept=-0.5), sample)
    model = Pool(category_effects=False)
    heard = TICKET_ROWS.take(np.flatnonzero(~np.isnan(TICKET_ROWS.alpha).all(axis=1)))
    each = model.need(repeat(one_draw(**FIXED, gain=1.5, intercept=-0.5), 1), PANEL, heard, heard)[
        0
    ]
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
    draws = one_draw(**FIXED, gain=1.5, intercept=-0.5, category_sd=spread)
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


def test_pool_follows_its_trusted_judge():
    weights = {"share": np.array([0, 1.0, 0]), "within": np.array([0.5, 0.5, 1.0, 0.0, 1.0])}
    draws = one_draw(**weights, gain=1.5, intercept=0.0)
    rows = ticket_rows(missing=0)
    need = Pool(scale="log odds").need(draws, PANEL, rows, rows)[0]
    order = np.argsort(rows.mean[:, 2], kind="stable")
    assert (np.diff(need[order]) >= -1e-12).all()


def test_trust_in_a_category_not_seen_is_a_draw_from_the_population():
    """Of two judges one speaks high and one low, so need tells the weight of either."""
    sample, spread = 20_000, 0.8
    draws = one_draw(**FIXED, gain=1.0, intercept=0.0, trust_sd=spread)
    dims = ("chain", "draw", "category", "router")
    draws = repeat(draws.assign(trust_z=(dims, np.zeros((1, 1, 3, 3)))), sample)
    one = TICKET_ROWS.take(np.array([0, 0]))
    alpha, beta = np.array([[0.5, 9, NAN]] * 2), np.array([[9, 0.5, NAN]] * 2)
    rows = replace(one, alpha=alpha, beta=beta, category=np.array([-2, 1]), others=("", "new"))
    model = Pool(scale="log odds", trust_by_category=True, category_effects=False)
    logit = special.logit(model.need(draws, PANEL, TICKET_ROWS, rows))
    z = np.random.default_rng(1).standard_normal((sample, 3))
    share = special.softmax(np.log(PANEL.share) + spread * z, axis=1)
    x = special.digamma(9) - special.digamma(0.5)
    x /= np.pi / np.sqrt(3)

    def pooled(share):
        weight = share[:, PANEL.seats.router] * PANEL.seats.within
        first = weight[:, PANEL.seats.judge == 0].sum(axis=1)
        second = weight[:, PANEL.seats.judge == 1].sum(axis=1)
        return x * (second - first) / (first + second)

    expected = pooled(share)
    assert logit[:, 0].mean() == pytest.approx(expected.mean(), abs=0.06)
    assert logit[:, 0].std() == pytest.approx(expected.std(), rel=0.04)
    np.testing.assert_allclose(logit[:, 1], pooled(PANEL.share[None])[0])


def test_a_silent_ticket_of_a_category_never_heard_is_any_ticket_there():
    heard = TICKET_ROWS.take(np.flatnonzero(~np.isnan(TICKET_ROWS.alpha).all(axis=1)))
    known = heard.take(np.flatnonzero(heard.category != 2))
    draws = one_draw(**FIXED, gain=1.5, intercept=-0.5, category_sd=1.0)
    effects = (("chain", "draw", "category"), np.array([[[0.0, -1.0, 1.0]]]))
    draws = repeat(draws.assign(category_z=effects), 4000)
    silent = silenced(heard.take(np.flatnonzero(heard.category == 2)[:1]))
    need = Pool().need(draws, PANEL, known, silent)[:, 0]
    there = replace(known, category=np.full(len(known), 2))
    each = Pool().need(draws.isel(draw=[0]), PANEL, known, there)[0]
    assert need.mean() == pytest.approx(np.average(each, weights=known.number), abs=0.005)
