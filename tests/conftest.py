"""Shared inputs: the seed, its exact posterior, and one real NUTS fit a session."""

from __future__ import annotations

import os
import re
from functools import cache
from tempfile import TemporaryDirectory

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import settings
from scipy import special
from support.drawn import tickets
from support.house import ROOT
from support.kept import keep_compiled
from support.scripted_server import ScriptedServer
from support.simulated import simulated_tickets
from xdist.scheduler import LoadFileScheduling

import trust_router as tr
from trust_router.basics.warned import JudgeWarning
from trust_router.examples import example_path, load_seed
from trust_router.examples.small_model import serve_small_model, why_not

mpl.use("Agg")
# Tests also compile without `fit`; what PyTensor then writes goes when the tests end.
SOURCES = TemporaryDirectory(prefix="trust_router_tests_")
os.environ["PYTENSOR_FLAGS"] = ",".join(
    [*filter(None, [os.environ.get("PYTENSOR_FLAGS")]), f"generated_src_dir={SOURCES.name}"]
)
# The same examples on every run, and no limit on time that a busy machine could exceed.
settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.load_profile("reproducible")

# Searched for examples, helpers would be imported a second time, and a toy model be two classes.
collect_ignore = ["support"]

CATEGORY = "transfer failed"
SAMPLED = {"nuts_posterior", "pool_posterior", "switch_posterior"}
SHARED = {"fits": SAMPLED | {"ticket_files", "saved_pool"}, "backtest": {"backtested"}}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Whatever needs a real fit is slow, so that quick tests compile and sample nothing."""
    for item in items:
        asked = getattr(item, "callspec", None)
        named = {name for name in (asked.params.values() if asked else ()) if isinstance(name, str)}
        if SAMPLED & (named | set(getattr(item, "fixturenames", ()))):
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """One worker runs all files that share the fits of a session, so that each is made once."""
    return OneForAllFits(config, log)


class OneForAllFits(LoadFileScheduling):
    """Files are handed out whole, and those with fits of a session all together."""

    def _split_scope(self, nodeid):
        return unit_of(super()._split_scope(nodeid))


@cache
def unit_of(file):
    """Name what a file is handed out with; asked of every test, and read once."""
    words = re.findall(r"\w+", (ROOT / file).read_text(encoding="utf-8"))
    return next((unit for unit, used in SHARED.items() if used.intersection(words)), file)


@pytest.fixture(scope="session")
def seed():
    return load_seed()


@pytest.fixture(scope="session")
def exact_posterior(seed):
    return tr.solve(*seed)


@pytest.fixture(scope="session", autouse=True)
def kept_models():
    """No model is compiled twice."""
    with pytest.MonkeyPatch.context() as patch:
        keep_compiled(patch)
        yield


@pytest.fixture(scope="session")
def nuts_posterior(seed):
    return tr.fit(*seed, random_seed=1)


@pytest.fixture(scope="session")
def costs():
    return tr.read_costs(example_path("panel.toml"))


@pytest.fixture
def scripted_server():
    """Open a local OpenAI-compatible server that follows a script."""
    with ScriptedServer() as server:
        yield server


@pytest.fixture(scope="session")
def ticket_inputs():
    panel = tr.Panel(
        [
            tr.Router("simple", {"good": 0.5, "weak": 0.5}, nickname="the optimist", price=0.03),
            tr.Router("complex", {"vain": 1.0}, price=3.0),
        ]
    )
    table = simulated_tickets(150, 1)
    return panel, tr.read_beliefs(table, judges=panel), tr.read_outcomes(table)


@pytest.fixture(scope="session")
def categories():
    panel = tr.Panel(
        [tr.Router("low", {"a": 0.7, "b": 0.3}), tr.Router("high", {"b": 0.2, "c": 0.8})],
        [tr.Judge("a", tr.Beta(2, 9)), tr.Judge("b", tr.Beta(3, 3)), tr.Judge("c", tr.Beta(6, 1))],
    )
    outcomes = tr.Outcomes(["x", "y", "z"], trials=[12, 7, 1], needs=[2, 7, 0])
    return panel, tr.stated_beliefs(panel, outcomes.categories), outcomes


@pytest.fixture(scope="session")
def pooled():
    """Two judges about 60 tickets, and a pool whose only parameters are intercept and gain."""
    rng = np.random.default_rng(3)
    lo = rng.normal(-1, 1, 60).round(1)
    stated = {"a": special.expit(lo), "b": special.expit(lo + rng.normal(0, 1, 60).round())}
    beliefs, outcomes = tickets(stated, rng.random(60) < special.expit(1 + lo))
    panel = tr.Panel([tr.Router("r", {"a": 0.6, "b": 0.4})])
    return panel, beliefs, outcomes


@pytest.fixture(scope="session")
def pool_posterior(ticket_inputs):
    """Ticket-level beliefs; trust is a weight, the same in all categories."""
    with pytest.warns(JudgeWarning, match="'vain' cannot be told from a coin"):
        return tr.fit(*ticket_inputs, random_seed=1, draws=1000, tune=600)


@pytest.fixture(scope="session")
def switch_posterior():
    """Beliefs about 25 categories as stated; trust differs between them."""
    rng = np.random.default_rng(3)
    need = rng.beta(2, 5, 25)
    mean = np.clip(need[:, None] + rng.normal(0, [0.05, 0.15, 0.3], (25, 3)), 0.03, 0.97)
    names = [f"kind of ticket {i}" for i in range(25)]
    beliefs = tr.Beliefs(names, ["good", "weak", "vain"], 10 * mean, 10 * (1 - mean))
    panel = tr.Panel(
        [tr.Router("simple", {"good": 0.5, "weak": 0.5}), tr.Router("complex", {"vain": 1.0})]
    )
    trials = rng.poisson(20, 25)
    outcomes = tr.Outcomes(names, trials, rng.binomial(trials, need))
    model = tr.Switch(calibration=False)
    return tr.fit(panel, beliefs, outcomes, model=model, random_seed=1, draws=1000, tune=600)


@pytest.fixture(scope="session")
def small_model_url():
    """Serve a real small model; skip with the reason where that cannot be."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with serve_small_model() as url:
        yield url
