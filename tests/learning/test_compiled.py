"""Real fits of switch and pool, refits, draws that did not converge, and what is asked of whom."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import special, stats
from support.pretended import COUNTS, SEATS, SHORT, STATED, compiled_toy
from support.toy import Deaf

import trust_router as tr
from trust_router import defaults
from trust_router.inputs.beliefs import Beliefs
from trust_router.learning import compiled as sampling
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.switch import Switch

K = 5  # standard errors


NAN = np.nan


LENGTHS = {"draws": 600, "tune": 600, "target_accept": 0.95}


PANEL = tr.Panel([tr.Router("cheap", {"x": 0.6, "y": 0.4}), tr.Router("big", {"y": 0.5, "z": 0.5})])


slow = pytest.mark.slow


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
    return tr.read_beliefs(frame, judges=["x", "y", "z"]), outcome


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


@slow
def test_missing_judges_sure_judges_and_a_category_of_one_ticket_fit(posterior):
    assert posterior.diagnostics.divergences == 0
    assert posterior.diagnostics.max_rhat < 1.05
    assert np.isfinite(posterior.need()["mean"]).all()
    np.testing.assert_allclose(posterior.trust_mean.sum(axis=1), 1)
    assert "rare" in posterior.need().index


@slow
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


@slow
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


@slow
def test_a_refit_says_what_a_fit_from_scratch_would(compiled, posterior, data):
    beliefs, frame = data
    again = compiled.fit(beliefs, tr.read_outcomes(frame), random_seed=1)
    pd.testing.assert_frame_equal(again.trust(), posterior.trust())
    with pytest.raises(ValueError, match="'other' is new"):
        compiled.fit(beliefs, tr.read_outcomes(frame.assign(category="other")))


@slow
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


@slow
@pytest.mark.usefixtures("stuck")
def test_unconverged_fit_raises_and_keeps_the_draws(seed):
    with pytest.raises(tr.ConvergenceError, match="R-hat") as raised:
        tr.fit(*seed, random_seed=1)
    assert not raised.value.posterior.diagnostics.converged
    assert raised.value.diagnostics.max_rhat > 1.01


@slow
@pytest.mark.usefixtures("stuck")
def test_unconverged_fit_can_be_looked_at_with_a_warning(seed):
    with pytest.warns(UserWarning, match="not converged"):
        posterior = tr.fit(*seed, random_seed=1, on_failure="warn")
    assert "not converged" in repr(posterior)


@pytest.mark.usefixtures("sampler")
def test_a_fit_holds_what_it_takes_to_repeat_it():
    compiled = compiled_toy()
    first, second = (compiled.fit(STATED, COUNTS) for _ in range(2))
    assert first.provenance["random_seed"] != second.provenance["random_seed"]
    again = compiled.fit(STATED, COUNTS, random_seed=first.provenance["random_seed"])
    xr.testing.assert_identical(again.data, first.data)
    held = first.provenance
    assert (held["method"], held["model"], held["options"]) == ("nuts", "deaf", {"spread": 1.2})
    assert SHORT.items() <= held.items()
    assert held["nuts_sampler"] == "nutpie"
    for library in ("numpy", "scipy", "pymc", "pytensor", "nutpie", "arviz", "xarray"):
        assert held[library] == version(library)
    assert held["input_hash"] == tr.solve(SEATS, STATED, COUNTS).provenance["input_hash"]


@pytest.mark.usefixtures("sampler")
def test_a_refit_takes_new_counts_and_gives_their_need():
    compiled = compiled_toy()
    new = tr.Outcomes(["y", "x"], [40, 0], [10, 0])
    posterior = compiled.fit(STATED, new, random_seed=1)
    assert posterior.need().index.tolist() == ["x", "y"]
    level = posterior.data["posterior"]["level"]
    np.testing.assert_allclose(posterior.data["posterior"]["need"], special.expit(level))
    assert posterior.need()["mean"].to_numpy() == pytest.approx([0.5, 11 / 42], abs=0.02)
    assert posterior.outcomes.trials.tolist() == [0, 40]


@pytest.mark.usefixtures("sampler")
def test_predictions_are_those_of_the_draws_that_are_kept():
    posterior = compiled_toy().fit(STATED, COUNTS, random_seed=1, predictive=True)
    assert set(posterior.data.children) >= {
        "prior",
        "prior_predictive",
        "posterior_predictive",
        "log_likelihood",
        "observed_data",
    }
    need = special.expit(posterior.data["posterior"]["level"].values)
    found = posterior.data["log_likelihood"]["needs"].values
    np.testing.assert_allclose(found, stats.binom(COUNTS.trials, need).logpmf(COUNTS.needs))
    replicated = posterior.data["posterior_predictive"]["needs"].values
    error = K * np.sqrt(9 / 4 / need[..., 0].size)
    assert np.abs((replicated - COUNTS.trials * need).mean((0, 1))).max() < error
    prior = posterior.data["prior"]["level"].values
    assert prior.shape == (1, 300, 2)
    assert prior.std() == pytest.approx(1.2, rel=0.15)
    assert posterior.data["observed_data"]["needs"].values.tolist() == [2, 3]


@pytest.mark.usefixtures("sampler")
def test_predictions_of_a_refit_are_about_its_own_counts():
    new = tr.Outcomes(["x", "y"], [30, 1], [30, 0])
    posterior = compiled_toy().fit(STATED, new, random_seed=1, predictive=True)
    need = special.expit(posterior.data["posterior"]["level"].values)
    found = posterior.data["log_likelihood"]["needs"].values
    np.testing.assert_allclose(found, stats.binom([30, 1], need).logpmf([30, 0]))
    assert posterior.data["posterior_predictive"]["needs"].values.max((0, 1)).tolist() == [30, 1]


@pytest.mark.parametrize(("values", "each", "prior"), [(600, 100, 300), (599, 75, 299), (18, 3, 9)])
@pytest.mark.usefixtures("sampler")
def test_where_memory_is_short_fewer_draws_are_predicted(monkeypatch, values, each, prior):
    monkeypatch.setattr(defaults, "POINTWISE_VALUES", values)
    posterior = compiled_toy().fit(STATED, COUNTS, random_seed=1, predictive=True)
    kept = posterior.data["log_likelihood"].sizes
    assert (kept["chain"], kept["draw"]) == (3, each)
    assert posterior.data["prior"].sizes["draw"] == prior
    drawn = posterior.data["log_likelihood"]["draw"].values
    need = special.expit(posterior.data["posterior"]["level"].sel(draw=drawn).values)
    found = posterior.data["log_likelihood"]["needs"].values
    np.testing.assert_allclose(found, stats.binom(COUNTS.trials, need).logpmf(COUNTS.needs))


@pytest.mark.usefixtures("sampler")
def test_predictions_have_seeds_of_their_own_that_follow_from_the_one_given():
    compiled = compiled_toy()
    first, again, other = (
        compiled.fit(STATED, COUNTS, random_seed=seed, predictive=True) for seed in (1, 1, 2)
    )
    for group in ("prior", "posterior_predictive"):
        xr.testing.assert_identical(first.data[group], again.data[group])
        assert not first.data[group].equals(other.data[group])


@pytest.mark.usefixtures("sampler")
def test_what_a_model_predicts_itself_is_taken(monkeypatch):
    asked = []

    def predictive(_model, draws, panel, rows, seed):
        asked.append((draws.sizes["draw"], panel, rows.needs.tolist(), seed))
        return {"log_likelihood": xr.Dataset({"own": ("row", [1.0, 2.0])})}

    monkeypatch.setattr(Deaf, "predictive", predictive)
    posterior = compiled_toy().fit(STATED, COUNTS, random_seed=7, predictive=True)
    assert asked == [(300, SEATS, [2, 3], np.random.SeedSequence(7).generate_state(3)[2])]
    assert posterior.data["log_likelihood"]["own"].values.tolist() == [1, 2]
    assert "prior" in posterior.data.children
    assert "posterior_predictive" not in posterior.data.children


def test_draws_that_disagree_raise_or_warn_as_asked(sampler):
    sampler.shift = 3.0
    compiled = compiled_toy()
    with pytest.raises(tr.ConvergenceError, match="R-hat"):
        compiled.fit(STATED, COUNTS, random_seed=1)
    with pytest.warns(UserWarning, match="not converged"):
        posterior = compiled.fit(STATED, COUNTS, random_seed=1, on_failure="warn")
    assert not posterior.diagnostics.converged
    with pytest.raises(ValueError, match="`on_failure` must be"):
        compiled.fit(STATED, COUNTS, on_failure="ignore")
    with pytest.raises(ValueError, match="`random_seed` must be"):
        compiled.fit(STATED, COUNTS, random_seed=-1)


def test_a_model_with_nothing_to_sample_gives_its_constants(sampler):
    options = Switch(weights="fixed", calibration=False)
    compiled = sampling.compile_model(SEATS, STATED, COUNTS, model=options, draws=300, chains=2)
    assert not hasattr(sampler, "model")
    posterior = compiled.fit(STATED, COUNTS, random_seed=1)
    exact = tr.solve(SEATS, STATED, COUNTS)
    np.testing.assert_allclose(posterior.trust_mean, exact.trust_mean, atol=1e-12)
    sizes = posterior.data["posterior"].sizes
    assert (sizes["chain"], sizes["draw"]) == (2, 300)
    np.testing.assert_allclose(posterior.data["posterior"]["trust"][1, 299], exact.trust_mean)
    assert posterior.diagnostics.converged
    assert posterior.diagnostics.divergences == posterior.diagnostics.treedepth_hits == 0
