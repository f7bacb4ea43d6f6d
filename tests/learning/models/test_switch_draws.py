"""Draws of the switch say who is right, exactly."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import special, stats
from support.three_routers import (
    CATEGORY_ROWS,
    COUNTED,
    FIXED,
    PANEL,
    STATED,
    TICKET_ROWS,
    one_draw,
    repeat,
    seats_by_hand,
    switch_by_hand,
)

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.learning.exact import closed_form
from trust_router.learning.models import switch_draws
from trust_router.learning.models.switch_draws import SwitchDraws, draw_seats


def test_seat_posterior_with_stated_weights_is_the_closed_form():
    exact = closed_form(PANEL, STATED, COUNTED)
    found = SwitchDraws.of(one_draw(**FIXED), PANEL).seat_posterior(CATEGORY_ROWS)[0]
    np.testing.assert_allclose(found, exact.seat_posterior, rtol=1e-9)


def test_seats_are_drawn_as_often_as_they_are_probable():
    probability = np.tile([[[0.1, 0.0, 0.9]], [[0.1, 0.0, 0.9]]], (500, 2, 1))
    seat = draw_seats(probability, np.random.default_rng(1))
    for c in range(2):
        assert np.bincount(seat[:, c], minlength=3).tolist() == [100, 0, 900]
    assert (seat[:, 0] != seat[:, 1]).any()


def test_log_likelihood_of_the_switch_is_that_of_each_row_given_the_others():
    rows = TICKET_ROWS.take(np.arange(8))
    given = SwitchDraws.of(one_draw(**FIXED, silent_logit=0.3), PANEL)
    values = {name: x[0] for name, x in given.values.items()}
    joint = switch_by_hand({n: x[None] for n, x in values.items()}, rows)
    found = given.log_likelihood(rows)[0]
    for r in range(8):
        rest = rows.take(np.delete(np.arange(8), r))
        without = switch_by_hand({n: x[None] for n, x in values.items()}, rest)
        assert found[r] == pytest.approx(joint - without, abs=1e-9)


@pytest.mark.parametrize("kind", [TICKET_ROWS, CATEGORY_ROWS], ids=["ticket", "category"])
def test_categories_not_seen_are_a_draw_each_wherever_they_stand(kind):
    sample, spread = 4000, 0.7
    draws = one_draw(**FIXED, silent_logit=0.3, category_sd=spread)
    effects = (("chain", "draw", "category"), np.array([[[0.4, -0.3, -0.1]]]))
    given = SwitchDraws.of(repeat(draws.assign(category_z=effects), sample), PANEL)
    one = kind.take(np.array([0, 0, 0]))
    rows = replace(one, category=np.array([-1, -2, -3]), others=("", "new", "newer"))
    need = given.need(kind, rows)
    assert np.abs(np.corrcoef(need.T) - np.eye(3)).max() < 5 / np.sqrt(sample)
    alone = replace(rows.take(np.array([2])), category=np.array([-2]), others=("", "newer"))
    np.testing.assert_allclose(given.need(kind, alone)[:, 0], need[:, 2])


def test_an_effect_that_was_not_seen_varies_as_one_more_would():
    sample, spread = 20_000, 0.7
    draws = one_draw(**FIXED, silent_logit=0.3, category_sd=spread)
    effects = (("chain", "draw", "category"), np.array([[[0.4, -0.3, -0.1]]]))
    given = SwitchDraws.of(repeat(draws.assign(category_z=effects), sample), PANEL)
    silent = TICKET_ROWS.take(np.array([0]))
    nothing = silent.alpha * np.nan  # whoever is right, all say the same
    rows = replace(silent, alpha=nothing, beta=nothing, category=np.array([-2]), others=("", "new"))
    need = given.need(TICKET_ROWS, rows)[:, 0]
    sd = np.log(need / (1 - need)).std()
    assert sd / spread == pytest.approx(np.sqrt(1 + 1 / 3), abs=5 * 1.2 / np.sqrt(2 * sample))


def test_many_categories_take_little_more_memory_than_what_is_kept_of_them(monkeypatch):
    monkeypatch.setattr(switch_draws, "_AT_ONCE", 20_000)
    number, rng = 500, np.random.default_rng(1)
    names = [f"c{i}" for i in range(number)]
    panel = tr.Panel([tr.Router("a", {"x": 0.6, "y": 0.4}), tr.Router("b", {"z": 0.7, "x": 0.3})])
    beliefs = tr.Beliefs(names, panel.judge_names, *rng.uniform(0.5, 8, (2, number, 3)))
    rows = match(panel, beliefs, tr.Outcomes(names, [20] * number, [5] * number))
    sizes = {"chain": 2, "draw": 200}
    held = {
        "share": (*sizes, "router"),
        "within": (*sizes, "seat"),
        "bias": (*sizes, "judge"),
    }
    ends = {"router": [0.6, 0.4], "seat": [0.6, 0.4, 0.7, 0.3], "judge": [0.1, 0.0, -0.1]}
    draws = xr.Dataset(
        {
            name: (dims, np.broadcast_to(ends[dims[2]], (2, 200, len(ends[dims[2]]))))
            for name, dims in held.items()
        }
    ).assign(slope=lambda each: each["bias"] + 1)
    tracemalloc.start()
    found = tr.Switch().recover(draws, panel, rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    kept = sum(found[name].nbytes for name in ("trust", "seat_posterior", "need"))
    assert kept == 8 * 400 * number * 7
    assert peak < 2.2 * kept


UNEVEN = {"share": np.array([0.9, 0.07, 0.03]), "within": np.array([0.95, 0.05, 0.2, 0.8, 1.0])}


def calibrated(number=1):
    """Draws of which no parameter is what it is by default."""
    given = one_draw(**UNEVEN, silent_logit=0.3)
    by_judge = {"bias": [0.5, -0.8, 0.2], "slope": [0.7, 1.4, 0.9], "sharpness": [-0.5, 0.4, 0.8]}
    given = given.assign({n: (("chain", "draw", "judge"), [[x]]) for n, x in by_judge.items()})
    return repeat(given, number)


def test_a_category_not_seen_has_seats_by_their_weight():
    sample, seats = 40_000, PANEL.seats
    given = SwitchDraws.of(calibrated(sample), PANEL)
    rows = replace(CATEGORY_ROWS.take(np.array([0])), category=np.array([-2]), others=("", "new"))
    need = given.need(CATEGORY_ROWS, rows)[:, 0]
    weight = UNEVEN["share"][seats.router] * UNEVEN["within"]
    mean, nu = rows.mean[0], rows.alpha[0] + rows.beta[0]
    values = {name: x[0] for name, x in given.values.items()}
    mean = special.expit(values["bias"] + values["slope"] * special.logit(mean))[seats.judge]
    nu = (nu * np.exp(values["sharpness"]))[seats.judge]
    belief = stats.beta(mean * nu, (1 - mean) * nu)
    second = weight @ (belief.var() + mean**2)
    sd = np.sqrt(second - (weight @ mean) ** 2)
    assert need.mean() == pytest.approx(weight @ mean, abs=5 * sd / np.sqrt(sample))
    assert need.std() == pytest.approx(sd, rel=0.03)


@pytest.mark.parametrize("kind", [TICKET_ROWS, CATEGORY_ROWS], ids=["ticket", "category"])
def test_one_ticket_left_out_is_the_rest_taken_from_the_whole(kind):
    draws = tr.Switch(category_effects=False).recover(calibrated(), PANEL, kind)
    if kind.about == "ticket":
        draws = draws.drop_vars("sharpness")
    given = SwitchDraws.of(draws, PANEL)
    found = given.ticket_log_likelihood(kind)[0]
    values = {name: x for name, x in given.values.items() if name not in ("need", "trust")}

    def ordered(rows):
        ways = np.log(special.comb(rows.trials, rows.needs)).sum()
        return switch_by_hand(values, rows) - ways

    whole = ordered(kind)
    for row, outcome in np.argwhere(np.stack([kind.trials - kind.needs, kind.needs], axis=1) > 0):
        less = np.eye(len(kind), dtype=np.int64)[row]
        rest = replace(kind, trials=kind.trials - less, needs=kind.needs - outcome * less)
        assert found[row, outcome] == pytest.approx(whole - ordered(rest), abs=1e-8)


@pytest.mark.parametrize("kind", [TICKET_ROWS, CATEGORY_ROWS], ids=["ticket", "category"])
def test_seats_are_those_of_bayes_and_rows_are_foretold_from_the_others(kind):
    given = SwitchDraws.of(calibrated(), PANEL)
    by_hand = special.softmax(seats_by_hand(given.values, kind), axis=1)
    np.testing.assert_allclose(given.seat_posterior(kind)[0], by_hand, rtol=1e-7)
    found, whole = given.log_likelihood(kind)[0], switch_by_hand(given.values, kind)
    for r in range(len(kind)):
        rest = kind.take(np.delete(np.arange(len(kind)), r))
        assert found[r] == pytest.approx(whole - switch_by_hand(given.values, rest), abs=1e-8)


def test_the_same_draws_predict_the_same_need():
    given = SwitchDraws.of(calibrated(50), PANEL)
    first, again = (given.need(CATEGORY_ROWS, CATEGORY_ROWS) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    seats = given.seat_posterior(CATEGORY_ROWS)
    first, again = (given.category_need(CATEGORY_ROWS, seats) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_seats_that_are_ruled_out_have_no_say_in_a_ticket_left_out():
    """And the log of their probability, 0, brings no warning about."""
    rows = TICKET_ROWS.known()
    probability = np.zeros((1, 3, 5))
    probability[..., 2] = 1.0
    values = {"seat_posterior": probability, "silent_logit": np.array([0.4])}
    found = SwitchDraws(PANEL, values, 1).ticket_log_likelihood(rows)[0]
    mean = rows.mean[:, PANEL.seats.judge[2]]
    need = np.where(np.isnan(mean), special.expit(0.4), mean)
    np.testing.assert_allclose(np.exp(found[:, 1]), need)
    np.testing.assert_allclose(np.exp(found[:, 0]), 1 - need)


def test_seats_of_categories_are_drawn_apart_from_each_other():
    """A seat that has half a draw's probability is drawn in half of the categories."""
    number, categories = 10, 2000
    probability = np.broadcast_to([0.05, 0.95], (number, categories, 2))
    drawn = (draw_seats(probability, np.random.default_rng(1)) == 0).sum(axis=0)
    assert set(drawn) == {0, 1}
    assert drawn.mean() == pytest.approx(0.5, abs=5 * 0.5 / np.sqrt(categories))
