"""NUTS against the closed form: within five Monte Carlo errors, after an ESS gate."""

from __future__ import annotations

import warnings

import numpy as np
import pymc as pm
import pytest
import xarray as xr

import trust_router as tr
from trust_router.learning import compiled as sampling
from trust_router.learning.diagnostics import diagnose
from trust_router.learning.exact import closed_form
from trust_router.learning.models.known import build

K = 5  # standard errors
MIN_ESS = 400

pytestmark = pytest.mark.slow


def assert_trust_is_exact(posterior):
    table = posterior.trust()
    assert (table["ess_bulk"] > MIN_ESS).all()
    exact = closed_form(posterior.panel, posterior.beliefs, posterior.outcomes).trust.ravel()
    assert np.all(np.abs(table["mean"] - exact) <= K * table["mcse"] + 1e-12)


def assert_mixtures_are_exact(posterior):
    exact = tr.solve(posterior.panel, posterior.beliefs, posterior.outcomes).seats()
    table = posterior.seats()
    assert np.all(np.abs(table["weight"] - exact["weight"]) <= K * table["mcse"] + 1e-9)
    np.testing.assert_allclose(table[["alpha", "beta"]], exact[["alpha", "beta"]])


def test_seed_converges_without_divergences(nuts_posterior):
    found = nuts_posterior.diagnostics
    assert found.converged
    assert found.divergences == 0
    assert found.max_rhat < 1.01
    assert min(found.min_ess_bulk, found.min_ess_tail) > MIN_ESS
    assert nuts_posterior.data["posterior"].sizes["chain"] == 4


def test_seed_trust_matches_the_closed_form(nuts_posterior):
    assert_trust_is_exact(nuts_posterior)


def test_seed_mixtures_match_the_closed_form(nuts_posterior):
    assert_mixtures_are_exact(nuts_posterior)


def test_seed_need_matches_the_closed_form(nuts_posterior, exact_posterior):
    sampled, exact = nuts_posterior.need(), exact_posterior.need()
    assert (np.abs(sampled["mean"] - exact["mean"]) <= K * sampled["mcse"]).all()
    # sd and interval ends have larger errors than the mean; 5 % is far above them here.
    np.testing.assert_allclose(sampled["sd"], exact["sd"], rtol=0.08)
    np.testing.assert_allclose(sampled["lower"], exact["lower"], atol=0.01)


def test_every_group_of_a_bayesian_workflow_is_there(nuts_posterior):
    expected = {
        "posterior",
        "sample_stats",
        "prior",
        "prior_predictive",
        "posterior_predictive",
        "log_likelihood",
        "observed_data",
        "constant_data",
        "inputs",
    }
    assert expected == set(nuts_posterior.data.children)


def test_prior_draws_follow_the_panel(nuts_posterior):
    need = nuts_posterior.data["prior"]["need"].values.ravel()
    prior = nuts_posterior.mixture("transfer failed", prior=True)
    assert abs(need.mean() - prior.mean) <= K * prior.sd / np.sqrt(need.size)
    share = (need < 0.25).mean()
    expected = prior.cdf(0.25)
    assert abs(share - expected) <= K * np.sqrt(expected * (1 - expected) / need.size)


def test_log_likelihood_is_that_of_the_count(nuts_posterior):
    draws = nuts_posterior.data["posterior"]["need"].values
    from scipy import stats

    expected = stats.binom.logpmf(3, 22, draws)
    np.testing.assert_allclose(
        nuts_posterior.data["log_likelihood"]["needs"].values, expected, rtol=1e-6
    )


def test_posterior_predictive_matches_the_beta_binomial(nuts_posterior):
    predicted = nuts_posterior.data["posterior_predictive"]["needs"].values
    need = nuts_posterior.data["posterior"]["need"].values
    spread = predicted.std() / np.sqrt(MIN_ESS)
    assert abs(predicted.mean() - 22 * need.mean()) <= K * spread


def test_same_seed_gives_the_same_draws(seed, nuts_posterior):
    again = tr.fit(*seed, random_seed=1)
    for name in ("need_logit", "trust"):
        xr.testing.assert_identical(
            again.data["posterior"][name], nuts_posterior.data["posterior"][name]
        )


def test_any_panel_and_several_categories_match_the_closed_form():
    panel = tr.Panel(
        [
            tr.Router("solo", {"a": 1.0}),
            tr.Router("trio", {"a": 0.2, "b": 0.5, "c": 0.3}),
            tr.Router("pair", {"c": 0.6, "d": 0.4}),
            tr.Router("odd", {"e": 1.0}),
        ],
        [
            tr.Judge("a", tr.Beta(2, 5)),
            tr.Judge("b", tr.Beta(0.3, 0.2), {"login": tr.Beta(4, 1)}),
            tr.Judge("c", tr.Beta.from_mean(0.8, 10)),
            tr.Judge("d", tr.Beta(1, 1)),
            tr.Judge("e", tr.Beta(0.05, 0.2)),
        ],
        initial_trust={"solo": 0.5, "trio": 0.3, "pair": 0.15, "odd": 0.05},
    )
    outcomes = tr.Outcomes(["refund", "login", "new"], trials=[40, 12, 0], needs=[31, 0, 0])
    beliefs = tr.stated_beliefs(panel, outcomes.categories)
    posterior = tr.fit(panel, beliefs, outcomes, random_seed=3, draws=2000)
    assert_trust_is_exact(posterior)
    assert_mixtures_are_exact(posterior)


def test_a_lone_router_with_one_judge_is_plain_beta_binomial():
    panel = tr.Panel([tr.Router("only", {"a": 1.0})], [tr.Judge("a", tr.Beta(2, 3))])
    outcomes = tr.Outcomes(["c"], [10], [4])
    posterior = tr.fit(panel, tr.stated_beliefs(panel, ["c"]), outcomes, random_seed=5)
    need = posterior.need().loc["c"]
    assert abs(need["mean"] - 6 / 15) <= K * need["mcse"]
    assert posterior.trust_mean == pytest.approx(1.0)


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


def test_gradient_is_finite_far_out_in_the_tails(seed):
    gradient = build(*seed).compile_dlogp()
    for x in (-600.0, -40.0, 0.0, 40.0, 600.0):
        assert np.isfinite(gradient({"need_logit_asinh__": np.arcsinh([x])})).all()


def test_graph_of_the_model_names_what_it_holds(seed):
    pytest.importorskip("graphviz")
    source = pm.model_to_graphviz(build(*seed)).source
    for name in ("need_logit", "needs", "trials", "alpha", "beta", "category (1)", "seat (6)"):
        assert name in source


@pytest.fixture
def stuck(monkeypatch, nuts_posterior):
    """Sampling replaced by draws whose first chain is somewhere else."""
    tree = nuts_posterior.data.copy(deep=True)
    tree["posterior"] = xr.DataTree(tree["posterior"].to_dataset()[["need_logit", "need"]])
    tree["posterior"]["need_logit"].values[0] += 8
    groups = {name: tree[name].to_dataset() for name in ("posterior", "sample_stats")}
    monkeypatch.setattr(sampling.CompiledModel, "_sample", lambda *_: groups)


@pytest.mark.usefixtures("stuck")
def test_unconverged_fit_raises_and_keeps_the_draws(seed):
    with pytest.raises(tr.ConvergenceError, match="R-hat") as raised:
        tr.fit(*seed, random_seed=1)
    assert not raised.value.posterior.diagnostics.converged
    assert raised.value.diagnostics.max_rhat > 1.01


@pytest.mark.usefixtures("stuck")
def test_unconverged_fit_can_be_looked_at_with_a_warning(seed):
    with pytest.warns(UserWarning, match="not converged"):
        posterior = tr.fit(*seed, random_seed=1, on_failure="warn")
    assert "not converged" in repr(posterior)


def test_one_chain_cannot_show_that_it_converged(nuts_posterior):
    tree = nuts_posterior.data
    one = xr.DataTree.from_dict(
        {name: tree[name].to_dataset().isel(chain=[0]) for name in ("posterior", "sample_stats")}
    )
    one["posterior"] = xr.DataTree(one["posterior"].to_dataset().isel(draw=slice(0, 100)))
    assert not diagnose(one).converged


@pytest.mark.parametrize(
    ("argument", "value"),
    [("draws", 0), ("chains", 0), ("tune", 0), ("random_seed", -1), ("cores", 1.5)],
)
def test_bad_settings_are_refused_before_anything_is_compiled(seed, argument, value):
    with pytest.raises(ValueError, match=rf"`{argument}` must be a whole number.*got {value}"):
        tr.fit(*seed, **{argument: value})


def test_bad_on_failure_is_refused(seed):
    with pytest.raises(ValueError, match="`on_failure` must be 'raise' or 'warn'; got 'ignore'"):
        tr.fit(*seed, on_failure="ignore")
