"""Shared inputs: the seed, its exact posterior, and one real NUTS fit a session."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from hypothesis import settings
from scripted_server import ScriptedServer

import trust_router as tr
from trust_router.examples import example_path, load_seed

mpl.use("Agg")
# The same examples on every run, and no limit on time that a busy machine could exceed.
settings.register_profile("reproducible", derandomize=True, deadline=None)
settings.load_profile("reproducible")

CATEGORY = "transfer failed"


@pytest.fixture(scope="session")
def seed():
    return load_seed()


@pytest.fixture(scope="session")
def exact_posterior(seed):
    return tr.solve(*seed)


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
