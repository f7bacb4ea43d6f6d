"""The seed model's graph: the source's switches summed out, finite far out."""

from __future__ import annotations

import warnings

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import special, stats
from support.three_routers import CATEGORY_ROWS, PANEL

import trust_router as tr
from trust_router.learning.models.known import build
from trust_router.learning.models.seed import Seed


@pytest.mark.slow
def test_independent_marginalisation_of_the_literal_model_agrees(seed):
    """The source's model with two Categorical switches, summed out by pymc-extras."""
    pmx = pytest.importorskip("pymc_extras")
    panel, beliefs, outcomes = seed
    seats = panel.seats
    held = beliefs.select(outcomes.categories, panel.judge_names)
    alpha, beta = held.alpha[0, seats.judge], held.beta[0, seats.judge]
    within = np.zeros((3, 2))
    within[seats.router, np.arange(6) % 2] = seats.within
    grid = np.array([-4.0, -2.0, -1.3, 0.0, 1.0])
    with pm.Model() as literal:
        z = pm.Categorical("z", p=panel.share)
        s = pm.Categorical("s", p=pm.math.stack(list(within))[z])
        shapes = (np.reshape(x, (3, 2)) for x in (alpha, beta))
        a, b = (pm.math.stack(list(x))[z, s] for x in shapes)
        pm.Beta("need", a, b)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        marginal = pmx.marginalize(literal, ["z", "s"])
    theirs = marginal.compile_logp(jacobian=True)
    ours = build(*seed).compile_logp(jacobian=False)
    prior = build(panel, beliefs, tr.Outcomes(outcomes.categories, [0], [0]))
    prior = prior.compile_logp(jacobian=False)
    for x in grid:
        expected = theirs({"need_logodds__": np.array(x)})
        point = {"need_logit_asinh__": np.arcsinh([x])}
        assert prior(point) == pytest.approx(expected, abs=1e-10)
        p = 1 / (1 + np.exp(-x))
        likelihood = 3 * np.log(p) + 19 * np.log1p(-p) + np.log(1540)
        assert ours(point) == pytest.approx(expected + likelihood, abs=1e-9)


@pytest.mark.slow
def test_gradient_is_finite_far_out_in_the_tails(seed):
    gradient = build(*seed).compile_dlogp()
    for x in (-600.0, -40.0, 0.0, 40.0, 600.0):
        assert np.isfinite(gradient({"need_logit_asinh__": np.arcsinh([x])})).all()


@pytest.mark.slow
def test_graph_of_the_model_names_what_it_holds(seed):
    pytest.importorskip("graphviz")
    source = pm.model_to_graphviz(build(*seed)).source
    for name in ("need_logit", "needs", "trials", "alpha", "beta", "category (1)", "seat (6)"):
        assert name in source


def test_shapes_after_the_outcomes_are_those_stated_and_what_was_counted():
    alpha, beta = Seed().shapes(None, PANEL, CATEGORY_ROWS)
    judge, rows = PANEL.seats.judge, CATEGORY_ROWS
    np.testing.assert_array_equal(alpha, rows.alpha[None][..., judge] + rows.needs[:, None])
    rest = (rows.trials - rows.needs)[:, None]
    np.testing.assert_array_equal(beta, rows.beta[None][..., judge] + rest)


def test_seats_are_those_of_bayes_given_need():
    x = np.array([-2.0, 0.3, 1.7])
    draws = xr.Dataset({"need_logit": (("chain", "draw", "category"), x[None, None])})
    found = Seed().recover(draws, PANEL, CATEGORY_ROWS)
    judge, need = PANEL.seats.judge, special.expit(x)[:, None]
    shapes = CATEGORY_ROWS.alpha[:, judge], CATEGORY_ROWS.beta[:, judge]
    joint = PANEL.seats.weight * stats.beta(*shapes).pdf(need)
    expected = joint / joint.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found["seat_posterior"].values[0, 0], expected, rtol=1e-9)
    routers = [expected[:, PANEL.seats.router == r].sum(axis=1) for r in range(3)]
    np.testing.assert_allclose(found["trust"].values[0, 0], np.stack(routers, axis=1), rtol=1e-9)


def test_data_of_the_graph_bear_the_labels_of_categories_and_seats():
    dims = Seed().build(PANEL, CATEGORY_ROWS).named_vars_to_dims
    for name in ("trials", "observed", "needs"):
        assert tuple(dims[name]) == ("category",)
    assert tuple(dims["log_weight"]) == ("seat",)
    for name in ("alpha", "beta"):
        assert tuple(dims[name]) == ("category", "seat")
