"""ArviZ's own functions take what a posterior holds, without a warning."""

from __future__ import annotations

import arviz as az
import matplotlib.pyplot as plt
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("error")]

LEARNED = ["intercept", "gain", "judge_gain", "trust"]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_labels_of_dims_that_were_left_out_are_gone(pool_posterior):
    draws = pool_posterior.data["posterior"].to_dataset()
    assert set(draws.dims) == {"chain", "draw", "judge", "router", "seat"} | (
        {"category"} & set(draws.dims)
    )


def test_tables(pool_posterior):
    table = az.summary(pool_posterior.data, var_names=LEARNED)
    assert {"intercept", "trust[simple]", "trust[complex]"} <= set(table.index)
    found = az.loo(pool_posterior.data, pointwise=True)
    assert found.elpd < 0
    assert az.ess(pool_posterior.data, var_names=LEARNED)["gain"] > 400


@pytest.mark.parametrize(
    "picture", ["plot_trace_dist", "plot_rank", "plot_forest", "plot_ess", "plot_pair"]
)
def test_pictures_of_draws(pool_posterior, picture):
    assert getattr(az, picture)(pool_posterior.data, var_names=["intercept", "gain"])


@pytest.mark.parametrize("picture", ["plot_ppc_pava", "plot_loo_pit", "plot_energy"])
def test_pictures_of_single_tickets_and_of_the_sampler(pool_posterior, picture):
    assert getattr(az, picture)(pool_posterior.data)


def test_draws_of_a_model_by_category(nuts_posterior):
    assert az.plot_trace_dist(nuts_posterior.data, var_names=["trust", "need"])
    assert len(az.summary(nuts_posterior.data, var_names=["trust", "need"])) == 4
