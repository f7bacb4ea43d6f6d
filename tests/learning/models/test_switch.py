"""Need of the switch model, in categories and on tickets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import special, stats
from support.three_routers import (
    CATEGORY_ROWS,
    CHECKED_CATEGORIES,
    CHECKED_ROWS,
    COUNTED,
    FIXED,
    NUMBER,
    PANEL,
    STATED,
    TICKET_ROWS,
    one_draw,
    repeat,
    ticket_rows,
)

import trust_router as tr
from trust_router.learning.models.switch import Switch
from trust_router.learning.models.switch_draws import SwitchDraws


def test_need_of_the_switch_spreads_as_the_closed_form_does():
    exact = tr.solve(PANEL, STATED, COUNTED).mixtures()
    options = Switch(calibration=False)
    draws = options.recover(repeat(one_draw(**FIXED), NUMBER), PANEL, CATEGORY_ROWS)
    need = draws["need"].values[0]
    assert (np.abs(need.mean(axis=0) - exact.mean) < 5 * exact.sd / np.sqrt(NUMBER)).all()
    np.testing.assert_allclose(need.std(axis=0), exact.sd, rtol=0.08)
    for x in (0.2, 0.5, 0.8):
        expected = exact.cdf(x)
        error = 5 * np.sqrt(expected * (1 - expected) / NUMBER) + 1e-3
        assert (np.abs((need <= x).mean(axis=0) - expected) < error).all()


def test_predicted_need_of_a_fitted_category_knows_its_outcomes_and_of_a_new_one_only_beliefs():
    asked = replace(CATEGORY_ROWS, category=np.array([0, -1, 2]), trials=0 * COUNTED.trials)
    asked = replace(asked, needs=asked.trials)
    draws = repeat(one_draw(**FIXED), NUMBER)
    need = Switch(calibration=False).need(draws, PANEL, CATEGORY_ROWS, asked)
    after, before = (
        tr.solve(PANEL, STATED, COUNTED).mixtures(prior=prior) for prior in (False, True)
    )
    for i, exact in enumerate([after, before, after]):
        assert abs(need[:, i].mean() - exact.mean[i]) < 5 * exact.sd[i] / np.sqrt(NUMBER)
        assert need[:, i].std() == pytest.approx(exact.sd[i], rel=0.08)


def test_need_of_tickets_is_what_the_right_seat_says_and_right_on_all_of_a_category():
    rows = ticket_rows(missing=0).take(np.arange(12))
    draws = repeat(one_draw(**FIXED), 300)
    need = Switch(calibration=False).need(draws, PANEL, rows.take(np.arange(0)), rows)
    judge_of = np.abs(need[..., None] - rows.mean).argmin(axis=-1)
    np.testing.assert_allclose(need, rows.mean[np.arange(12), judge_of], rtol=1e-9)
    distinct = [[len(set(x)) for x in rows.mean[rows.category == c]] for c in range(3)]
    for c in range(3):
        at = np.flatnonzero(rows.category == c)[np.array(distinct[c]) == 3]
        if len(at):
            assert (judge_of[:, at] == judge_of[:, at[:1]]).all()


@pytest.mark.parametrize("kind", [CATEGORY_ROWS, TICKET_ROWS], ids=["category", "ticket"])
def test_replicated_needs_are_drawn_from_predicted_need(kind):
    model = Switch(calibration=False, category_effects=False)
    silent = {} if kind.about == "category" else {"silent_logit": 0.3}
    draws = repeat(one_draw(**FIXED, **silent), NUMBER)
    found = model.predictive(draws, PANEL, kind, 5)
    needs = found["posterior_predictive"]["needs"]
    assert needs.shape == (1, NUMBER, len(kind))
    assert (needs.values <= kind.trials).all()
    need = model.need(draws, PANEL, kind, kind)
    error = 5 * np.sqrt(kind.trials / 4 / NUMBER)
    assert (np.abs(needs.values[0].mean(axis=0) - kind.trials * need.mean(axis=0)) < error).all()
    each = found["log_likelihood"]["needs"]
    assert each.dims == needs.dims
    expected = SwitchDraws.of(draws, PANEL).log_likelihood(kind)
    np.testing.assert_array_equal(each.values[0], expected)
    again = model.predictive(draws, PANEL, kind, 5)["posterior_predictive"]["needs"]
    np.testing.assert_array_equal(again, needs)


def noisy_draws(number=300):
    logits = np.array([-2.0, 0.3, 1.7])
    rates = repeat(one_draw(**FIXED, false_needed=0.1, false_resolved=0.3), number)
    return rates.assign(
        need_logit=(("chain", "draw", "category"), np.tile(logits, (1, number, 1)))
    ), special.expit(logits)


def test_with_noise_seats_follow_from_need_and_need_is_what_was_drawn():
    draws, need = noisy_draws(2)
    options = Switch(calibration=False, noise=tr.Noise())
    found = options.recover(draws, PANEL, CATEGORY_ROWS)
    judge = PANEL.seats.judge
    shapes = CATEGORY_ROWS.alpha[:, judge], CATEGORY_ROWS.beta[:, judge]
    joint = PANEL.seats.weight * stats.beta(*shapes).pdf(need[:, None])
    expected = joint / joint.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found["seat_posterior"].values[0, 0], expected, rtol=1e-9)
    np.testing.assert_allclose(found["need"].values[0, 0], need)
    assert not options.facts(CATEGORY_ROWS).has_mixtures


def test_with_noise_a_category_is_predicted_as_drawn_and_another_from_beliefs():
    draws, need = noisy_draws()
    asked = replace(CATEGORY_ROWS, category=np.array([2, -1, 0]), trials=0 * COUNTED.trials)
    asked = replace(asked, needs=asked.trials)
    options = Switch(calibration=False, noise=tr.Noise())
    found = options.need(draws, PANEL, CATEGORY_ROWS, asked)
    np.testing.assert_allclose(found[:, [0, 2]], np.tile(need[[2, 0]], (300, 1)))
    before = tr.solve(PANEL, STATED, COUNTED).mixtures(prior=True)
    assert abs(found[:, 1].mean() - before.mean[1]) < 5 * before.sd[1] / np.sqrt(300)


@pytest.mark.parametrize("rows", [CHECKED_CATEGORIES, CHECKED_ROWS], ids=["categories", "tickets"])
def test_replicated_needs_are_as_often_needs_as_they_would_be_logged(rows):
    number = 4000
    if rows.about == "category":
        draws, _ = noisy_draws(number)
    else:
        draws = repeat(one_draw(**FIXED, false_needed=0.1, false_resolved=0.3), number)
        draws = draws.assign(silent_logit=(("chain", "draw"), np.zeros((1, number))))
    options = Switch(calibration=False, noise=tr.Noise(), category_effects=False)
    given = options.predictive(draws, PANEL, rows, 1)
    drawn = given["posterior_predictive"]["needs"].values[0]
    need = options.need(draws, PANEL, rows, rows)
    checked = rows.found.sum(axis=1)
    mean = checked * need + (rows.trials - checked) * (0.7 * need + 0.1 * (1 - need))
    error = 5 * drawn.std(axis=0) / np.sqrt(number) + 1e-9
    assert (np.abs(drawn.mean(axis=0) - mean.mean(axis=0)) < error).all()
    assert np.isfinite(given["log_likelihood"]["needs"].values).all()
