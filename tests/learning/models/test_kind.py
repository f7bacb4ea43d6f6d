"""Switch and pool: densities equal those of SciPy, draws say who is right, bad input fits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pymc as pm
import pytest
import xarray as xr
from pytensor.compile.mode import Mode
from scipy import special, stats

import trust_router as tr
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.rows import Rows
from trust_router.learning.exact import closed_form
from trust_router.learning.models.known import build, choose
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.scores import judge_scale
from trust_router.learning.models.switch import Switch
from trust_router.learning.models.switch_draws import SwitchDraws, draw_seats

NAN = np.nan
PLAIN = Mode(linker="py", optimizer="fast_run")  # nothing is compiled, which is quicker here
PANEL = tr.Panel(
    [
        tr.Router("cheap", {"x": 0.6, "y": 0.4}),
        tr.Router("big", {"z": 0.7, "x": 0.3}),
        tr.Router("solo", {"y": 1.0}),
    ],
    initial_trust={"cheap": 0.5, "big": 0.3, "solo": 0.2},
)
CATEGORIES = ("a", "b", "c")
STATED = tr.Beliefs(
    CATEGORIES,
    ["x", "y", "z"],
    [[3, 2, 0.2], [1, 1, 8], [5, 0.5, 2]],
    [[9, 2, 0.1], [5, 3, 2], [1] * 3],
)
COUNTED = tr.Outcomes(CATEGORIES, [20, 7, 1], [4, 6, 1])


def ticket_rows(number=60, seed=1, missing=0.2):
    rng = np.random.default_rng(seed)
    mean = rng.integers(1, 10, (number, 3)) / 10
    mean[rng.random(mean.shape) < missing] = NAN
    names = [f"t{i}" for i in range(number)]
    beliefs = Beliefs(names, ["x", "y", "z"], 10 * mean, 10 * (1 - mean), about="ticket")
    log = pd.DataFrame(
        {
            "ticket": names,
            "category": rng.choice(CATEGORIES, number),
            "outcome": rng.integers(0, 2, number),
        }
    )
    return match(PANEL, beliefs, tr.read_outcomes(log))


CATEGORY_ROWS = match(PANEL, STATED, COUNTED)
TICKET_ROWS = ticket_rows()


def alone(rows):
    """The same tickets, none merged with another."""
    kept = rows.take(np.repeat(np.arange(len(rows)), rows.number))
    needs = [[1] * k + [0] * (n - k) for k, n in zip(rows.needs, rows.number, strict=True)]
    ones = np.ones(len(kept), dtype=np.int64)
    return replace(kept, trials=ones, number=ones, needs=np.concatenate(needs).astype(np.int64))


def points(model, number=3, seed=2):
    rng = np.random.default_rng(seed)
    start = model.initial_point()
    return [
        {name: value + rng.normal(size=np.shape(value)) for name, value in start.items()}
        for _ in range(number)
    ]


def density(model):
    """Log probability of the outcomes, as a function of a point."""
    return model.compile_logp(vars=[model["needs"]], mode=PLAIN)


def parameters(model):
    """Named parameters at a point, as the posterior group of one draw holds them."""
    variables = [v for v in model.unobserved_RVs if v.name != "needs"]
    outputs = model.replace_rvs_by_values(variables)
    function = model.compile_fn(outputs, inputs=model.value_vars, point_fn=True, mode=PLAIN)
    return lambda point: {
        v.name: np.asarray(x)[None] for v, x in zip(variables, function(point), strict=True)
    }


def switch_by_hand(values, rows):
    """log sum_s w_s prod_rows p(needs | s), category by category, with SciPy."""
    seats, one = PANEL.seats, {name: x[0] for name, x in values.items()}
    weight = seats.weight if "share" not in one else one["share"][seats.router] * one["within"]
    total = 0.0
    for c in range(len(rows.categories)):
        log_seat = np.log(weight)
        for r in np.flatnonzero((rows.category == c) & (rows.trials > 0)):
            mean, nu = rows.mean[r], rows.alpha[r] + rows.beta[r]
            logit = special.logit(mean)
            if "bias" in one:
                logit = one["bias"] + one["slope"] * logit
                nu = nu * np.exp(one.get("sharpness", 0.0))
            if "silent_logit" in one:
                logit = np.where(np.isnan(mean), one["silent_logit"], logit)
            if "category_z" in one:
                logit = logit + one["category_sd"] * one["category_z"][c]
            p, k, n = special.expit(logit), rows.needs[r], rows.trials[r]
            of_judge = (
                stats.betabinom.logpmf(k, n, p * nu, (1 - p) * nu)
                if rows.about == "category"
                else stats.binom.logpmf(k, n, p)
            )
            log_seat = log_seat + of_judge[seats.judge]
        total += special.logsumexp(log_seat)
    return total


def pool_by_hand(values, rows, options):
    seats, one = PANEL.seats, {name: x[0] for name, x in values.items()}
    scores = judge_scale(rows, options.scale).scores(rows.alpha, rows.beta)
    total = 0.0
    for r in np.flatnonzero(rows.trials > 0):
        share = one["share"]
        c = rows.category[r]
        if "trust_z" in one:
            share = share * np.exp(one["trust_sd"] * one["trust_z"][c])
            share = share / share.sum()
        weight, x = share[seats.router] * one["within"], scores[r][seats.judge]
        speaks = ~np.isnan(x)
        pooled = (weight[speaks] @ x[speaks]) / weight[speaks].sum() if speaks.any() else 0.0
        eta = one["intercept"] + one["gain"] * pooled - one.get("bend", 0.0) * pooled**2
        if "category_z" in one:
            eta += one["category_sd"] * one["category_z"][c]
        floor, lapse = one.get("floor", 0.0), one.get("lapse", 0.0)
        p = floor + (1 - floor - lapse) * special.expit(eta)
        total += stats.binom.logpmf(rows.needs[r], rows.trials[r], p)
    return total


@pytest.mark.parametrize("rows", [CATEGORY_ROWS, TICKET_ROWS], ids=["category", "ticket"])
@pytest.mark.parametrize(
    "options",
    [Switch(), Switch(calibration=False), Switch(weights="fixed"), Switch(category_effects=True)],
    ids=["default", "as stated", "fixed", "category effects"],
)
def test_density_of_the_switch_is_that_of_scipy(options, rows):
    model = options.build(PANEL, rows)
    found, values = density(model), parameters(model)
    for point in points(model):
        assert found(point) == pytest.approx(switch_by_hand(values(point), rows), abs=1e-8)


@pytest.mark.parametrize("rows", [CATEGORY_ROWS, TICKET_ROWS], ids=["category", "ticket"])
@pytest.mark.parametrize(
    "options",
    [
        Pool(),
        Pool(scale="log odds", lapses=True, bend=False),
        Pool(category_effects=False),
        Pool(trust_by_category=True),
    ],
    ids=["default", "log odds", "no categories", "trust by category"],
)
def test_density_of_the_pool_is_that_of_scipy(options, rows):
    model = options.build(PANEL, rows)
    found, values = density(model), parameters(model)
    for point in points(model):
        assert found(point) == pytest.approx(pool_by_hand(values(point), rows, options), abs=1e-8)


def test_switch_equals_pymcs_own_mixture_of_beta_binomials():
    ours = build(PANEL, STATED, COUNTED, Switch(calibration=False))
    judge, names = PANEL.seats.judge, ["share", "within_2"]
    with pm.Model() as theirs:
        share = pm.Dirichlet("share", 3 * PANEL.share)
        within = pm.Dirichlet("within_2", 2 * np.array([[0.6, 0.4], [0.7, 0.3]]))
        inside = pm.math.concatenate([within.flatten(), np.ones(1)])
        seats = pm.BetaBinomial.dist(
            n=COUNTED.trials[:, None], alpha=STATED.alpha[:, judge], beta=STATED.beta[:, judge]
        )
        pm.Mixture("needs", share[PANEL.seats.router] * inside, seats, observed=COUNTED.needs)
    a, b = ours.compile_logp(mode=PLAIN), theirs.compile_logp(mode=PLAIN)
    for point in points(ours):
        assert {name.split("_simplex")[0] for name in point} == set(names)
        assert a(point) == pytest.approx(b(point), abs=1e-9)


@pytest.mark.parametrize(
    "options", [Switch(), Pool(), Pool(trust_by_category=True)], ids=["switch", "pool", "by cat"]
)
def test_merging_rows_that_are_alike_leaves_the_likelihood_as_it_is(options):
    merged, single = TICKET_ROWS, alone(TICKET_ROWS)
    assert len(single) > len(merged)
    ways = (
        special.gammaln(merged.trials + 1).sum()
        - (
            special.gammaln(merged.needs + 1) + special.gammaln(merged.trials - merged.needs + 1)
        ).sum()
    )
    models = [options.build(PANEL, rows) for rows in (merged, single)]
    a, b = (density(model) for model in models)
    for point in points(models[0]):
        assert a(point) - ways == pytest.approx(b(point), abs=1e-8)


def extreme_rows():
    """Beliefs as sure as they may be, right and wrong, with missing ones."""
    low, high = 1e-6, 1e9
    alpha = np.array([[low, high, 1.0], [high, low, NAN], [NAN, NAN, NAN]])
    beta = np.array([[high, low, 1.0], [low, high, NAN], [NAN, NAN, NAN]])
    counts = np.array([2, 1, 1])
    return Rows("ticket", ("a", "b"), PANEL.judge_names, np.array([0, 0, 1]), alpha, beta, counts,
                np.array([1, 0, 1]), counts)  # fmt: skip


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        (Switch(), CATEGORY_ROWS),
        (Switch(), TICKET_ROWS),
        (Switch(), extreme_rows()),
        (Switch(calibration=False), extreme_rows()),
        (Pool(), TICKET_ROWS),
        (Pool(), extreme_rows()),
        (Pool(scale="log odds"), extreme_rows()),
    ],
)
def test_density_and_gradient_are_finite(options, rows):
    model = options.build(PANEL, rows)
    logp, gradient = model.compile_logp(mode=PLAIN), model.compile_dlogp(mode=PLAIN)
    for point in [model.initial_point(), *points(model)]:
        assert np.isfinite(logp(point))
        assert np.isfinite(gradient(point)).all()


def test_the_likelihood_of_absurdly_sure_judges_is_no_rounding_error():
    model = Switch().build(PANEL, CATEGORY_ROWS)
    found, start = density(model), model.initial_point()
    values = [float(found(start | {"sharpness_mean": np.array(x)})) for x in (25.0, 60.0, 400.0)]
    assert values[0] < 0
    np.testing.assert_allclose(values[1:], values[0], rtol=1e-3)


@pytest.mark.parametrize("options", [Switch(), Pool()], ids=["switch", "pool"])
def test_a_model_without_outcomes_is_its_prior(options):
    quiet = replace(TICKET_ROWS, trials=0 * TICKET_ROWS.trials, needs=0 * TICKET_ROWS.needs)
    model = options.build(PANEL, quiet)
    assert density(model)(points(model)[0]) == pytest.approx(0, abs=1e-12)


_DIMS = {"share": "router", "within": "seat"}


def one_draw(**values):
    return xr.Dataset(
        {
            name: (("chain", "draw", *([_DIMS[name]] if name in _DIMS else [])), [[x]])
            for name, x in values.items()
        },
        coords={"chain": [0], "draw": [0], "router": list(PANEL.router_names)},
    )


def repeat(draws, number):
    return draws.isel(draw=np.zeros(number, dtype=int)).assign_coords(draw=np.arange(number))


FIXED = {"share": PANEL.share, "within": PANEL.seats.within}
NUMBER = 4000


def test_seat_posterior_with_stated_weights_is_the_closed_form():
    exact = closed_form(PANEL, STATED, COUNTED)
    found = SwitchDraws.of(one_draw(**FIXED), PANEL).seat_posterior(CATEGORY_ROWS)[0]
    np.testing.assert_allclose(found, exact.seat_posterior, rtol=1e-9)


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


def test_seats_are_drawn_as_often_as_they_are_probable():
    probability = np.tile([[[0.1, 0.0, 0.9]], [[0.1, 0.0, 0.9]]], (500, 2, 1))
    seat = draw_seats(probability, np.random.default_rng(1))
    for c in range(2):
        assert np.bincount(seat[:, c], minlength=3).tolist() == [100, 0, 900]
    assert (seat[:, 0] != seat[:, 1]).any()


def test_silent_seats_get_the_common_rate_also_without_calibration():
    nobody = TICKET_ROWS.take(np.flatnonzero(np.isnan(TICKET_ROWS.alpha).any(axis=1)))
    options = Switch(calibration=False, category_effects=False)
    model = options.build(PANEL, nobody)
    found, values = density(model), parameters(model)
    first = points(model, 1)[0]
    second = first | {"silent_logit": first["silent_logit"] + 1}
    assert found(first) != pytest.approx(found(second))
    assert found(second) == pytest.approx(switch_by_hand(values(second), nobody), abs=1e-8)


def test_tickets_without_a_category_do_not_count_in_the_need_of_any():
    rows = ticket_rows(missing=0)
    stray = rows.take(np.zeros(50, dtype=int))
    stray = replace(stray, category=np.full(50, -1), trials=0 * stray.trials, needs=0 * stray.needs)
    fields = ("category", "alpha", "beta", "trials", "needs", "number")
    both = replace(
        rows, **{n: np.concatenate([getattr(rows, n), getattr(stray, n)]) for n in fields}
    )
    draws = repeat(one_draw(**FIXED, gain=1.5, intercept=-0.5), 10)
    for options in (Switch(calibration=False), Pool(scale="log odds")):
        parts = [options.recover(draws, PANEL, held)["need"] for held in (rows, both)]
        np.testing.assert_allclose(parts[0], parts[1])


def test_pool_predicts_the_same_in_blocks_as_at_once_and_for_silent_tickets_its_base_rate():
    draws = repeat(one_draw(**FIXED, gain=1.5, intercept=-0.5), 2)
    silent = replace(TICKET_ROWS, alpha=TICKET_ROWS.alpha * NAN, beta=TICKET_ROWS.beta * NAN)
    need = Pool().need(draws, PANEL, TICKET_ROWS, silent)
    np.testing.assert_allclose(need, special.expit(-0.5))


def test_pool_follows_its_trusted_judge():
    weights = {"share": np.array([0, 1.0, 0]), "within": np.array([0.5, 0.5, 1.0, 0.0, 1.0])}
    draws = one_draw(**weights, gain=1.5, intercept=0.0)
    rows = ticket_rows(missing=0)
    need = Pool(scale="log odds").need(draws, PANEL, rows, rows)[0]
    order = np.argsort(rows.mean[:, 2], kind="stable")
    assert (np.diff(need[order]) >= -1e-12).all()


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


def test_ten_thousand_categories_build_and_have_a_finite_density():
    names = [f"c{i}" for i in range(10_000)]
    shapes = np.random.default_rng(1).uniform(0.5, 9, (2, 10_000, 3))
    stated = tr.Beliefs(names, ["x", "y", "z"], *shapes)
    counted = tr.Outcomes(names, np.full(10_000, 3), np.arange(10_000) % 4)
    for name in ("switch", "pool"):
        model = build(PANEL, stated, counted, name)
        assert np.isfinite(model.compile_logp(mode=PLAIN)(model.initial_point()))


def test_models_go_by_name_and_default_by_what_beliefs_are_about():
    assert choose(None, "category").name == "seed"
    assert choose(None, "ticket").name == "pool"
    assert choose("switch", "ticket") == Switch()
    with pytest.raises(ValueError, match=r"`model` must be one of seed, switch, pool.*got 'best'"):
        choose("best", "ticket")
