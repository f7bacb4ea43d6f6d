"""Need of the switch model, in categories and on tickets."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from support.three_routers import (
    CATEGORY_ROWS,
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
