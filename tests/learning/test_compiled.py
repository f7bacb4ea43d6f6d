"""Real fits of switch and pool, refits, and draws that did not converge."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import trust_router as tr
from trust_router.inputs.beliefs import Beliefs
from trust_router.learning import compiled as sampling
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.switch import Switch

K = 5  # standard errors


NAN = np.nan


LENGTHS = {"draws": 600, "tune": 600, "target_accept": 0.95}


PANEL = tr.Panel([tr.Router("cheap", {"x": 0.6, "y": 0.4}), tr.Router("big", {"y": 0.5, "z": 0.5})])


pytestmark = pytest.mark.slow


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


def test_switch_with_one_category_returns_the_seeds_trust(learned, exact_posterior):
    assert (learned.trust()["ess_bulk"] > 400).all()
    assert_is_the_closed_form(learned, exact_posterior)
    expected = [0.3420062143831, 0.4792506103357, 0.1787431752812]
    assert (np.abs(learned.trust()["mean"] - expected) <= K * learned.trust()["mcse"]).all()


def test_switch_replicates_outcomes_as_the_closed_form_predicts(learned, exact_posterior):
    replicated = learned.data["posterior_predictive"]["needs"].values
    mixture = exact_posterior.mixtures()
    spread = np.sqrt(22 * mixture.mean + 22 * 21 * mixture.second_moment - (22 * mixture.mean) ** 2)
    assert abs(replicated.mean() - 22 * mixture.mean) <= K * spread / np.sqrt(replicated.size)
    assert replicated.std() == pytest.approx(spread.item(), rel=0.08)


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


def test_switch_of_a_lone_judge_has_nothing_to_learn_either():
    panel = tr.Panel([tr.Router("only", {"a": 1.0})], [tr.Judge("a", tr.Beta(2, 3))])
    outcomes = tr.Outcomes(["c"], [10], [4])
    beliefs = tr.stated_beliefs(panel, ["c"])
    posterior = tr.fit(panel, beliefs, outcomes, model=Switch(calibration=False), random_seed=5)
    assert posterior.trust_mean.tolist() == [[1.0]]
    assert_is_the_closed_form(posterior, tr.solve(panel, beliefs, outcomes))


def tickets(rng, number, start=0, missing=0.2):
    need = rng.beta(1, 1.5, number)
    mean = np.clip(need[:, None] + rng.normal(0, 0.2, (number, 3)), 0, 1).round(1)
    mean[rng.random(mean.shape) < missing] = NAN
    frame = pd.DataFrame(mean, columns=["x", "y", "z"])
    frame.insert(0, "ticket", [f"t{i}" for i in range(start, start + number)])
    outcome = pd.DataFrame(
        {
            "ticket": frame["ticket"],
            "category": rng.choice(["a", "b"], number),
            "outcome": (rng.random(number) < need).astype(int),
        }
    )
    outcome.loc[0, "category"] = "rare"  # a category with one ticket
    return tr.read_beliefs(frame), outcome


@pytest.fixture(scope="module")
def data():
    return tickets(np.random.default_rng(1), 160)


@pytest.fixture(scope="module", params=[Pool(), Switch()], ids=["pool", "switch"])
def compiled(request, data):
    beliefs, frame = data
    outcomes = tr.read_outcomes(frame)
    return tr.compile_model(PANEL, beliefs, outcomes, model=request.param, **LENGTHS)


@pytest.fixture(scope="module")
def posterior(compiled, data):
    beliefs, frame = data
    return compiled.fit(beliefs, tr.read_outcomes(frame), random_seed=1)


def test_missing_judges_sure_judges_and_a_category_of_one_ticket_fit(posterior):
    assert posterior.diagnostics.divergences == 0
    assert posterior.diagnostics.max_rhat < 1.05
    assert np.isfinite(posterior.need()["mean"]).all()
    np.testing.assert_allclose(posterior.trust_mean.sum(axis=1), 1)
    assert "rare" in posterior.need().index


def test_unseen_categories_are_predicted_from_the_population_and_said_so(posterior):
    mean = np.array([[0.1, 0.1, 0.1], [0.9, 0.9, 0.9]] * 2 + [[NAN] * 3])
    new = Beliefs(
        list("pqrsu"),
        list("xyz"),
        10 * mean,
        10 * (1 - mean),
        about="ticket",
        category=["a", "a", "new", "new", ""],
    )
    predicted = posterior.predict(new)
    assert predicted.unseen.tolist() == [False, False, True, True, True]
    assert predicted.speaking.tolist() == [3, 3, 3, 3, 0]
    table = predicted.table()
    assert table.loc["p", "need"] < table.loc["q", "need"]
    assert table.loc["r", "need"] < table.loc["s", "need"]
    assert (table["sd"] > 0).all()
    # Less is known where the category is not.
    assert table.loc["r", "sd"] > table.loc["p", "sd"]


def test_a_refit_may_know_fewer_outcomes_and_categories(compiled, data):
    beliefs, frame = data
    part = frame[(frame["category"] != "rare") & (frame.index < 60)]
    kept = beliefs.take(np.arange(60))
    refit = compiled.fit(kept, tr.read_outcomes(part), random_seed=2)
    assert refit.outcomes.categories == compiled.categories
    counts = dict(zip(refit.outcomes.categories, refit.outcomes.trials, strict=True))
    assert counts == {"rare": 0} | part["category"].value_counts().to_dict()
    assert refit.rows.number.sum() == 60  # with the one whose category is not known
    assert np.isfinite(refit.need()["mean"][list(part["category"].unique())]).all()


def test_a_refit_says_what_a_fit_from_scratch_would(compiled, posterior, data):
    beliefs, frame = data
    again = compiled.fit(beliefs, tr.read_outcomes(frame), random_seed=1)
    pd.testing.assert_frame_equal(again.trust(), posterior.trust())
    with pytest.raises(ValueError, match="'other' is new"):
        compiled.fit(beliefs, tr.read_outcomes(frame.assign(category="other")))


def test_no_outcomes_at_all_give_the_prior(compiled, data):
    beliefs, frame = data
    nothing = tr.read_outcomes(frame.assign(outcome=None))
    prior = compiled.fit(beliefs, nothing, random_seed=3)
    trust = prior.trust()
    assert (np.abs(trust["mean"] - trust["initial"]) <= K * trust["mcse"]).all()


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
