"""NUTS against the closed form: within five Monte Carlo errors, after an ESS gate."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from support.pretended import COUNTS, SEATS, SHORT, STATED, compiled_toy
from support.simulated import simulated_tickets
from support.toy import Deaf

import trust_router as tr
from trust_router import defaults
from trust_router.basics.warned import JudgeWarning
from trust_router.learning import fitting
from trust_router.learning.compiled import compile_model
from trust_router.learning.exact import closed_form
from trust_router.learning.models.switch import Switch

K = 5  # standard errors


MIN_ESS = 400


slow = pytest.mark.slow


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


@slow
def test_seed_converges_without_divergences(nuts_posterior):
    found = nuts_posterior.diagnostics
    assert found.converged
    assert found.divergences == 0
    assert found.max_rhat < 1.01
    assert min(found.min_ess_bulk, found.min_ess_tail) > MIN_ESS
    assert nuts_posterior.data["posterior"].sizes["chain"] == 4


@slow
def test_seed_trust_matches_the_closed_form(nuts_posterior):
    assert_trust_is_exact(nuts_posterior)


@slow
def test_seed_mixtures_match_the_closed_form(nuts_posterior):
    assert_mixtures_are_exact(nuts_posterior)


@slow
def test_seed_need_matches_the_closed_form(nuts_posterior, exact_posterior):
    sampled, exact = nuts_posterior.need(), exact_posterior.need()
    assert (np.abs(sampled["mean"] - exact["mean"]) <= K * sampled["mcse"]).all()
    # sd and interval ends have larger errors than the mean; 5 % is far above them here.
    np.testing.assert_allclose(sampled["sd"], exact["sd"], rtol=0.08)
    np.testing.assert_allclose(sampled["lower"], exact["lower"], atol=0.01)


@slow
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


@slow
def test_prior_draws_follow_the_panel(nuts_posterior):
    need = nuts_posterior.data["prior"]["need"].values.ravel()
    prior = nuts_posterior.mixture("transfer failed", prior=True)
    assert abs(need.mean() - prior.mean) <= K * prior.sd / np.sqrt(need.size)
    share = (need < 0.25).mean()
    expected = prior.cdf(0.25)
    assert abs(share - expected) <= K * np.sqrt(expected * (1 - expected) / need.size)


@slow
def test_log_likelihood_is_that_of_the_count(nuts_posterior):
    draws = nuts_posterior.data["posterior"]["need"].values
    from scipy import stats

    expected = stats.binom.logpmf(3, 22, draws)
    np.testing.assert_allclose(
        nuts_posterior.data["log_likelihood"]["needs"].values, expected, rtol=1e-6
    )


@slow
def test_posterior_predictive_matches_the_beta_binomial(nuts_posterior):
    predicted = nuts_posterior.data["posterior_predictive"]["needs"].values
    need = nuts_posterior.data["posterior"]["need"].values
    spread = predicted.std() / np.sqrt(MIN_ESS)
    assert abs(predicted.mean() - 22 * need.mean()) <= K * spread


@slow
def test_same_seed_gives_the_same_draws(seed, nuts_posterior):
    again = tr.fit(*seed, random_seed=1)
    for name in ("need_logit", "trust"):
        xr.testing.assert_identical(
            again.data["posterior"][name], nuts_posterior.data["posterior"][name]
        )


@slow
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
    with pytest.warns(tr.JudgeWarning, match="Judge 'b' ranks tickets backwards"):
        posterior = tr.fit(panel, beliefs, outcomes, random_seed=3, draws=2000)
    assert_trust_is_exact(posterior)
    assert_mixtures_are_exact(posterior)


@slow
def test_a_lone_router_with_one_judge_is_plain_beta_binomial():
    panel = tr.Panel([tr.Router("only", {"a": 1.0})], [tr.Judge("a", tr.Beta(2, 3))])
    outcomes = tr.Outcomes(["c"], [10], [4])
    posterior = tr.fit(panel, tr.stated_beliefs(panel, ["c"]), outcomes, random_seed=5)
    need = posterior.need().loc["c"]
    assert abs(need["mean"] - 6 / 15) <= K * need["mcse"]
    assert posterior.trust_mean == pytest.approx(1.0)


@slow
def test_of_many_tickets_no_more_is_drawn_than_is_enough(ticket_inputs):
    panel = ticket_inputs[0]
    table = simulated_tickets(900, 4)
    inputs = panel, tr.read_beliefs(table, judges=panel), tr.read_outcomes(table)
    with pytest.warns(JudgeWarning, match="'vain' cannot be told from a coin"):
        posterior, again = (tr.fit(*inputs, random_seed=1) for _ in range(2))
    assert len(posterior.rows.known()) > defaults.MANY_ROWS
    draws = posterior.data["posterior"].to_dataset()
    assert draws.sizes["draw"] % 250 == 0
    assert draws.sizes["draw"] < defaults.DRAWS
    assert posterior.provenance["draws"] == draws.sizes["draw"]
    assert posterior.diagnostics.min_ess_bulk > defaults.ESS_LIMIT
    np.testing.assert_array_equal(draws["gain"], again.data["posterior"]["gain"])


def assert_is_the_closed_form(posterior, exact):
    """Trust and need within Monte Carlo error."""
    trust, need = posterior.trust(), posterior.need()
    error = K * trust["mcse"].to_numpy() + 1e-9
    assert (np.abs(trust["mean"] - exact.trust()["mean"]) <= error).all()
    assert (np.abs(need["mean"] - exact.need()["mean"]) <= K * need["mcse"]).all()
    np.testing.assert_allclose(need["sd"], exact.need()["sd"], rtol=0.08)
    np.testing.assert_allclose(need["lower"], exact.need()["lower"], atol=0.01)
    np.testing.assert_allclose(need["upper"], exact.need()["upper"], atol=0.015)


@pytest.fixture(scope="module")
def learned(seed):
    return tr.fit(*seed, model=Switch(calibration=False), random_seed=1)


@slow
def test_switch_with_one_category_returns_the_seeds_trust(learned, exact_posterior):
    assert (learned.trust()["ess_bulk"] > 400).all()
    assert_is_the_closed_form(learned, exact_posterior)
    expected = [0.3420062143831, 0.4792506103357, 0.1787431752812]
    assert (np.abs(learned.trust()["mean"] - expected) <= K * learned.trust()["mcse"]).all()


@slow
def test_switch_replicates_outcomes_as_the_closed_form_predicts(learned, exact_posterior):
    replicated = learned.data["posterior_predictive"]["needs"].values
    mixture = exact_posterior.mixtures()
    spread = np.sqrt(22 * mixture.mean + 22 * 21 * mixture.second_moment - (22 * mixture.mean) ** 2)
    assert abs(replicated.mean() - 22 * mixture.mean) <= K * spread / np.sqrt(replicated.size)
    assert replicated.std() == pytest.approx(spread.item(), rel=0.08)


@slow
def test_switch_with_nothing_to_learn_is_the_closed_form(seed, exact_posterior, tmp_path):
    options = Switch(weights="fixed", calibration=False)
    posterior = tr.fit(*seed, model=options, random_seed=1)
    np.testing.assert_allclose(posterior.trust_mean, exact_posterior.trust_mean, atol=1e-12)
    assert_is_the_closed_form(posterior, exact_posterior)
    assert posterior.diagnostics.converged
    again = tr.load(posterior.save(tmp_path / "posterior.nc"))
    np.testing.assert_allclose(again.trust_mean, exact_posterior.trust_mean, atol=1e-12)
    beliefs = seed[1]
    new = tr.Beliefs(["never seen"], beliefs.judges, beliefs.alpha, beliefs.beta)
    predicted, prior = again.predict(new), exact_posterior.mixtures(prior=True)
    assert predicted.unseen.tolist() == [True]
    assert abs(predicted.mean - prior.mean) <= K * prior.sd / np.sqrt(len(predicted.need.values))


@slow
def test_switch_of_a_lone_judge_has_nothing_to_learn_either():
    panel = tr.Panel([tr.Router("only", {"a": 1.0})], [tr.Judge("a", tr.Beta(2, 3))])
    outcomes = tr.Outcomes(["c"], [10], [4])
    beliefs = tr.stated_beliefs(panel, ["c"])
    posterior = tr.fit(panel, beliefs, outcomes, model=Switch(calibration=False), random_seed=5)
    assert posterior.trust_mean.tolist() == [[1.0]]
    assert_is_the_closed_form(posterior, tr.solve(panel, beliefs, outcomes))


@pytest.mark.parametrize(
    "options", [{"random_seed": -1}, {"on_failure": "ignore"}, {"chains": 0}, {"draw": 5}]
)
def test_what_describes_no_run_is_refused_before_anything_is_compiled(seed, monkeypatch, options):
    monkeypatch.setattr(fitting, "compile_model", None)
    with pytest.raises((TypeError, ValueError), match=next(iter(options))):
        tr.fit(*seed, **options)


def test_a_fit_samples_predicts_and_tells_what_it_found(sampler, monkeypatch):
    found = []
    monkeypatch.setattr(fitting, "compile_model", compile_model)
    monkeypatch.setattr(fitting, "find", lambda posterior: found.append(posterior) or [])
    posterior = tr.fit(
        SEATS, STATED, COUNTS, model=Deaf(1.2), random_seed=4, progressbar=True, **SHORT
    )
    assert found == [posterior]
    assert sampler.asked["progress_bar"] is True
    again = compiled_toy().fit(STATED, COUNTS, random_seed=4, predictive=True)
    xr.testing.assert_identical(posterior.data, again.data)
    sampler.shift = 3.0
    with pytest.raises(tr.ConvergenceError):
        tr.fit(SEATS, STATED, COUNTS, model=Deaf(1.2), random_seed=4, **SHORT)
    with pytest.warns(UserWarning, match="not converged"):
        tr.fit(SEATS, STATED, COUNTS, model=Deaf(1.2), random_seed=4, on_failure="warn", **SHORT)
    assert sampler.asked["progress_bar"] is False


@pytest.mark.parametrize(
    ("given", "watched", "shown"), [(None, True, True), (None, False, False), (False, True, False)]
)
def test_progress_shows_by_default_where_somebody_watches(monkeypatch, given, watched, shown):
    seen = []

    class Compiled:
        def fit(self, *inputs, progressbar, **rest):
            seen.append(progressbar)
            return tr.solve(SEATS, STATED, COUNTS)

    monkeypatch.setattr(fitting, "compile_model", lambda *_, **__: Compiled())
    monkeypatch.setattr(fitting, "is_watched", lambda: watched)
    tr.fit(SEATS, STATED, COUNTS, progressbar=given)
    assert seen == [shown]
