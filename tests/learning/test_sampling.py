"""How long is sampled, and that what is enough does not depend on when it is looked at."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pymc as pm
import pytest
import xarray as xr
from support.pretended import (
    COUNTS,
    SEATS,
    SHORT,
    STATED,
    VARIABLES,
    Running,
    compiled_toy,
    drawn,
)
from support.toy import Deaf

import trust_router as tr
from trust_router import defaults
from trust_router.learning import sampling
from trust_router.learning.sampling import Run
from trust_router.learning.settings import Settings


def test_few_rows_take_all_draws_and_many_as_many_as_are_enough():
    few, many, other = (
        Run.of(Settings(), *given)
        for given in ((defaults.MANY_ROWS, True), (501, True), (501, False))
    )
    assert few == Run(defaults.DRAWS, defaults.TUNE_GAUSSIAN, until_enough=False)
    assert many == Run(defaults.DRAWS, defaults.TUNE_GAUSSIAN, until_enough=True)
    assert other == Run(defaults.DRAWS, defaults.TUNE, until_enough=True)


def test_draws_that_are_asked_for_are_given():
    run = Run.of(Settings(draws=70, tune=30), 9_999, True)
    assert run == Run(70, 30, until_enough=False)


class Sampler:
    """Stands for nutpie: at each look every chain has got further, each by its own pace."""

    def __init__(self, tree, pace):
        self.tree, self.pace, self.looks = tree, np.array(pace), 0
        self.stopped = self.over = False

    @property
    def is_finished(self):
        if self.looks == 1:
            raise TimeoutError
        self.over = bool((self.pace * self.looks >= self.tree.sizes["draw"]).all())
        return self.over

    def inspect(self):
        assert not self.over  # what has ended is waited for, so that what went wrong is told
        self.looks += 1
        reached = xr.DataArray(self.pace * self.looks, dims="chain")
        drawn = self.tree.draw < reached
        return xr.DataTree.from_dict(
            {
                "posterior": self.tree.where(drawn),
                "sample_stats": xr.Dataset({"diverging": drawn}),
            }
        )

    def wait(self):
        still = xr.zeros_like(self.tree["x"][..., 0], dtype=bool)
        stats = xr.Dataset({"diverging": still})
        return xr.DataTree.from_dict({"posterior": self.tree, "sample_stats": stats})

    def cancel(self):
        self.stopped = True


@pytest.fixture
def draws():
    rng = np.random.default_rng(1)
    values = rng.normal(size=(4, 2000, 2))
    for t in range(1, 2000):  # each draw resembles the one before
        values[:, t] = 0.3 * values[:, t - 1] + np.sqrt(1 - 0.09) * values[:, t]
    sizes = {"chain": np.arange(4), "draw": np.arange(2000)}
    return xr.Dataset({"x": (("chain", "draw", "k"), values)}, sizes)


@pytest.mark.parametrize("pace", [[90, 110, 130, 400], [700, 300, 300, 300], [1999, 2000, 990, 60]])
def test_the_same_draws_are_given_whatever_the_pace(draws, pace, monkeypatch):
    monkeypatch.setattr(sampling, "_FIRST_LOOK", 0.0)
    monkeypatch.setattr(sampling, "_LOOKS", 0.0)
    sampler = Sampler(draws, pace)
    found = sampling._until_enough(sampler)["posterior"].to_dataset()
    number = found.sizes["draw"]
    assert number == 1000
    xr.testing.assert_equal(found, draws.isel(draw=slice(number)))
    assert sampler.stopped
    assert sampling._enough(found)
    assert not sampling._enough(draws.isel(draw=slice(number - 250)))


def test_where_no_number_is_enough_all_are_given(draws, monkeypatch):
    monkeypatch.setattr(sampling, "_FIRST_LOOK", 0.0)
    stuck = draws.assign(y=draws["x"].cumsum("draw"))
    found = sampling._until_enough(Sampler(stuck, [900] * 4))
    assert found["posterior"].sizes["draw"] == 2000


def test_many_rows_are_sampled_by_as_many_chains_at_once_as_there_are_cores(draws, monkeypatch):
    """The first two say how many draws are enough; the third takes as many."""
    asked = []

    def sample(_density, **settings):
        asked.append(settings)
        chains, number = settings["chains"], settings["draws"]
        return Sampler(draws.isel(chain=slice(chains), draw=slice(number)), [700] * chains)

    monkeypatch.setitem(sys.modules, "nutpie", SimpleNamespace(sample=sample))
    monkeypatch.setattr(sampling, "_FIRST_LOOK", 0.0)
    monkeypatch.setattr(sampling, "_LOOKS", 0.0)
    settings = Settings(chains=3, cores=2)
    found = sampling.run_nutpie(None, 5, False, settings, Run(2000, 250, until_enough=True))
    assert [(a["chains"], a["draws"]) for a in asked] == [(2, 2000), (1, 1500)]
    assert asked[0]["seed"] != asked[1]["seed"]
    posterior = found["posterior"].to_dataset()
    assert posterior["chain"].values.tolist() == [0, 1, 2]
    assert posterior.sizes["draw"] == 1500
    np.testing.assert_array_equal(posterior["x"][2], draws["x"][0, :1500])
    np.testing.assert_array_equal(posterior["x"][1], draws["x"][1, :1500])


def test_the_sampler_is_asked_for_what_the_settings_say(sampler):
    compiled = compiled_toy()
    assert compiled.categories == ("x", "y")
    assert (compiled.panel, compiled.options) == (SEATS, Deaf(1.2))
    posterior = compiled.fit(STATED, COUNTS, random_seed=7, progressbar=True)
    data = sampler.asked.pop("data")
    assert sampler.asked == {
        "seed": np.random.SeedSequence(7).generate_state(3)[0],
        "progress_bar": True,
        "save_warmup": False,
        "blocking": False,
        "draws": 300,
        "tune": 20,
        "chains": 3,
        "cores": 2,
        "target_accept": 0.7,
        "adaptation": "diag",
    }
    assert {name: np.asarray(x).tolist() for name, x in data.items()} == {
        "row_category": [0, 1],
        "trials": [9, 4],
        "observed": [2, 3],
    }
    assert dict(posterior.data["sample_stats"].sizes) == {
        "chain": 3,
        "draw": 300,
    }
    assert "message" not in posterior.data["sample_stats"]
    assert "diverging" in posterior.data["sample_stats"]
    compiled.fit(STATED, COUNTS)
    assert sampler.asked["progress_bar"] is False


@pytest.mark.usefixtures("sampler")
def test_the_sampler_of_pymc_gets_the_same_settings_and_the_new_data(monkeypatch):
    asked = {}

    def sample(**settings):
        model = pm.modelcontext(None)
        asked.update(settings, observed=model["observed"].get_value().tolist())
        data = {name: model[name].get_value() for name in VARIABLES}
        return drawn(data, (settings["chains"], settings["draws"]), settings["random_seed"])

    compiled = compiled_toy(nuts_sampler="pymc")
    monkeypatch.setattr(pm, "sample", sample)
    new = tr.Outcomes(["x", "y"], [9, 4], [5, 0])
    posterior = compiled.fit(STATED, new, random_seed=7, progressbar=True)
    assert asked == SHORT | {
        "nuts_sampler": "pymc",
        "random_seed": np.random.SeedSequence(7).generate_state(3)[0],
        "progressbar": True,
        "compute_convergence_checks": False,
        "observed": [5, 0],
    }
    assert posterior.provenance["nuts_sampler"] == "pymc"
    assert posterior.need()["mean"].to_numpy() == pytest.approx([6 / 11, 1 / 6], abs=0.02)


def test_sampling_that_is_interrupted_stops(sampler, monkeypatch):
    def interrupted(_running):
        raise KeyboardInterrupt

    monkeypatch.setattr(Running, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt):
        compiled_toy().fit(STATED, COUNTS, random_seed=1)
    assert sampler.cancelled
