"""The pool has the density that SciPy gives it, and finds out what judges are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from scipy import special, stats
from support.drawn import tickets
from support.three_routers import (
    CATEGORY_ROWS,
    PANEL,
    PLAIN,
    TICKET_ROWS,
    TWO,
    density,
    parameters,
    points,
    pool_by_hand,
)

import trust_router as tr
from trust_router.learning.chains import flat
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.pool_draws import PoolDraws
from trust_router.learning.models.pooling import Pooling
from trust_router.learning.models.quiet import quiet_pymc


def some_without_outcome():
    """Rows of which a third have no outcome; scores and discord are about all of them."""
    known = np.arange(len(TICKET_ROWS)) % 3 > 0
    return replace(TICKET_ROWS, trials=TICKET_ROWS.trials * known, needs=TICKET_ROWS.needs * known)


ROWS = {"category": CATEGORY_ROWS, "ticket": TICKET_ROWS, "unlabelled": some_without_outcome()}
PANELS = {"each": PANEL, "two": TWO}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
@pytest.mark.parametrize(
    ("options", "panel"),
    [
        (Pool(), PANEL),
        (Pool(), TWO),
        (Pool(scale="log odds"), TWO),
        (Pool(category_effects=False), PANEL),
    ],
    ids=["default", "routers of several judges", "log odds", "no categories"],
)
def test_density_of_the_pool_is_that_of_scipy(options, panel, rows):
    model = options.build(panel, rows)
    found, values = density(model), parameters(model)
    for point in points(model):
        by_hand = pool_by_hand(values(point), rows, options, panel)
        assert found(point) == pytest.approx(by_hand, abs=1e-8)


def as_draws(values):
    """A point as the posterior group of one draw."""
    dims = {"router_gain": "router", "judge_gain": "judge", "category_z": "category"}
    held = {
        name: (("chain", "draw", *([dims[name]] if name in dims else [])), x[None])
        for name, x in values.items()
    }
    return xr.Dataset(held)


@pytest.mark.parametrize("panel", PANELS.values(), ids=PANELS)
def test_need_of_the_graph_is_that_of_its_twin(panel):
    rows, options = ROWS["unlabelled"], Pool()
    model = options.build(panel, rows)
    each = model.compile_logp(vars=[model["needs"]], sum=False, mode=PLAIN)
    values, known = parameters(model), rows.known()
    for point in points(model):
        draws = as_draws(values(point))
        log_chance = options.ticket_log_likelihood(draws, panel, rows, known)[0]
        expected = stats.binom.logpmf(known.needs, known.trials, np.exp(log_chance[:, 1]))
        np.testing.assert_allclose(each(point)[0], expected, atol=1e-8)
        heard = ~np.isnan(known.alpha).all(axis=1)
        need = options.need(draws, panel, rows, known)[0]
        np.testing.assert_allclose(need[heard], np.exp(log_chance[heard, 1]))


def test_free_variables_are_those_that_a_panel_can_tell():
    def names(panel, rows=TICKET_ROWS, **options):
        return {v.name for v in Pool(**options).build(panel, rows).free_RVs}

    every = {"intercept", "gain", "bend"}
    several = every | {"discord", "damping", "judge_gain"}
    of_categories = {"category_sd", "category_z"}
    assert names(PANEL) == several | of_categories
    assert names(TWO) == several | of_categories | {"router_gain"}
    assert names(PANEL, category_effects=False) == several
    lone, given = tr.Panel([tr.Router("r", {"x": 1.0})]), tickets({"x": [0.2, 0.6]}, [0, 1])
    assert {v.name for v in tr.models.build(lone, *given, "pool").free_RVs} == every


WIDE = Pool(gain_mean=0.7, gain_sd=0.9, router_sd=0.3, judge_sd=0.6)


@pytest.fixture(scope="module", params=PANELS.values(), ids=PANELS)
def prior(request):
    """A panel, and draws of the prior of its graph."""
    with quiet_pymc(), WIDE.build(request.param, TICKET_ROWS):
        tree = pm.sample_prior_predictive(4000, random_seed=1)
    return request.param, tree["prior"].to_dataset()


def test_the_twin_draws_coefficients_from_the_priors_of_the_graph(prior):
    panel, draws = prior
    graph = PoolDraws.of(draws, Pooling.of(panel, TICKET_ROWS, "rank")).linear
    twin = WIDE._linear_before(panel)
    assert graph.shape[1] == twin.shape[1] == 1 + len(panel.routers) + 3
    sd = graph.std(axis=0)
    error = 5 * np.sqrt(2 / 4000)
    assert (np.abs(graph.mean(axis=0) - twin.mean(axis=0)) <= error * sd + 1e-12).all()
    assert (np.abs(sd - twin.std(axis=0)) <= error * sd).all()
    assert (sd == 0).sum() == (len(panel.routers) if panel is PANEL else 0)


def test_what_is_recovered_fits_together_and_is_the_stated_before_outcomes(prior):
    panel, draws = prior
    draws = WIDE.recover(draws, panel, TICKET_ROWS)
    trust, within = draws["trust"].values[0], draws["within"].values[0]
    assert (trust >= 0).all()
    np.testing.assert_allclose(trust.sum(axis=1), 1)
    np.testing.assert_array_equal(draws["share"].values[0], trust)
    router = panel.seats.router
    for r in range(len(panel.routers)):
        np.testing.assert_allclose(within[:, router == r].sum(axis=1), 1)
    np.testing.assert_allclose(draws["seat_posterior"].values[0], trust[:, router] * within)
    error = 5 * np.sqrt(2 / len(trust))
    assert (np.abs(trust.mean(axis=0) - panel.share) <= error * trust.std(axis=0)).all()
    apart = np.abs(within.mean(axis=0) - panel.seats.within)
    assert (apart <= error * within.std(axis=0) + 1e-12).all()
    assert within.std(axis=0).max() > 0.1 < trust.std(axis=0).min()


@pytest.fixture(scope="module")
def learned():
    """One judge who knows, one who knows and says the opposite, and one who guesses."""
    rng = np.random.default_rng(5)
    log_odds = rng.normal(-0.5, 1.5, 600)
    said = {
        "knows": log_odds + rng.normal(0, 0.7, 600),
        "reversed": -log_odds + rng.normal(0, 0.7, 600),
        "guesses": rng.normal(0, 1, 600),
    }
    stated = {name: special.expit(x).clip(0.01, 0.99).round(2) for name, x in said.items()}
    given = tickets(stated, rng.random(600) < special.expit(log_odds), concentration=10.0)
    panel = tr.Panel([tr.Router(f"router of {name}", {name: 1.0}) for name in said])
    with pytest.warns(tr.JudgeWarning):
        return tr.fit(panel, *given, random_seed=1, draws=1000, tune=800)


@pytest.mark.slow
def test_a_reversed_judge_counts_with_the_opposite_sign(learned):
    draws = learned.data["posterior"].to_dataset()
    gain, own = flat(draws["gain"])[:, None], flat(draws["judge_gain"])
    # By how much the pooled score rises with the score of each judge.
    of_score = learned.panel.share * (gain - own.sum(axis=1, keepdims=True)) + own
    rises = (of_score > 0).mean(axis=0)
    assert rises[0] > 0.99
    assert rises[1] < 0.01
    assert np.abs(of_score[:, 2].mean()) < 0.3 * of_score[:, 0].mean()


@pytest.mark.slow
def test_trust_is_for_who_knows_in_whatever_direction_and_not_for_a_coin(learned):
    trust = learned.trust()["mean"].droplevel("category")
    assert trust["router of guesses"] < 0.05
    assert trust["router of knows"] > 0.35
    assert trust["router of reversed"] > 0.35
    need = learned.predict(told_again()).mean
    assert need[0] < 0.2 < 0.8 < need[1]


def told_again():
    """A ticket that is easy and one that is hard, as each judge would put it."""
    mean = np.array([[0.05, 0.95, 0.5], [0.95, 0.05, 0.5]])
    names = ["knows", "reversed", "guesses"]
    return tr.Beliefs(
        ["easy", "hard"], names, 10 * mean, 10 * (1 - mean), about="ticket", category=["all"] * 2
    )
