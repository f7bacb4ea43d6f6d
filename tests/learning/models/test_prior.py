"""Priors: before any outcome, trust is what the panel states and need what judges and model say."""

from __future__ import annotations

import numpy as np
import pytensor
import pytest
from scipy import special
from support import pretended

import trust_router as tr
from trust_router.learning.models.prior import sample_prior

DRAWS = 1000


@pytest.fixture(autouse=True)
def compile_little():
    """Draws of a prior are few, and compiling takes longer than they do."""
    with pytensor.config.change_flags(mode="FAST_COMPILE"):
        yield


def within_error(draws, expected, errors=5):
    """Whether the mean of independent draws is the expected one, up to Monte Carlo error."""
    error = draws.std(axis=0) / np.sqrt(len(draws))
    return np.all(np.abs(draws.mean(axis=0) - expected) <= errors * error + 1e-12)


def test_seed_need_is_the_mixture_of_stated_beliefs(seed):
    panel, beliefs, _ = seed
    prior = sample_prior(panel, beliefs, draws=DRAWS)
    mixture = tr.solve(*seed).mixtures(prior=True)
    assert within_error(prior.need, mixture.mean)
    assert prior.mean_need == prior.need.mean()
    assert within_error((prior.need - mixture.mean) ** 2, mixture.variance)
    np.testing.assert_array_equal(prior.trust, np.tile(panel.share, (DRAWS, 1)))


def test_uncalibrated_switch_need_is_the_same_mixture(seed):
    """Also its spread: need is drawn, and not replaced by its expectation."""
    panel, beliefs, _ = seed
    model = tr.Switch(calibration=False)
    prior = sample_prior(panel, beliefs, model=model, draws=DRAWS)
    mixture = tr.solve(*seed).mixtures(prior=True)
    assert within_error(prior.need, mixture.mean)
    assert within_error((prior.need - mixture.mean) ** 2, mixture.variance)


STATED = {"simple": 0.6, "medium": 0.3, "complex": 0.1}


@pytest.mark.parametrize("model", ["switch", "pool"])
def test_mean_trust_is_the_initial_trust(seed, model):
    panel, beliefs, _ = seed
    stated = tr.Panel(panel.routers, panel.judges, STATED)
    prior = sample_prior(stated, beliefs, model=model, draws=DRAWS)
    assert within_error(prior.trust, [0.6, 0.3, 0.1])
    np.testing.assert_allclose(prior.trust.sum(axis=1), 1)


def test_mean_trust_in_a_pool_of_tickets_is_the_initial_trust_too(ticket_inputs):
    """With one category, as above, judges carry nothing; here they do."""
    panel, beliefs, _ = ticket_inputs
    stated = tr.Panel(panel.routers, panel.judges, {"simple": 0.8, "complex": 0.2})
    prior = sample_prior(stated, beliefs, draws=DRAWS)
    # What routers carry before outcomes is itself known from as many draws.
    assert within_error(prior.trust, [0.8, 0.2], errors=5 * np.sqrt(2))
    assert prior.trust.std(axis=0).min() > 0.05
    np.testing.assert_allclose(prior.trust.sum(axis=1), 1)


def test_the_pool_knows_nothing_of_need_before_outcomes(ticket_inputs):
    panel, beliefs, _ = ticket_inputs
    prior = sample_prior(panel, beliefs, draws=DRAWS)
    assert prior.model == "pool"
    assert set(prior.categories) == {"login", "refund", "transfer"}
    low, high = np.quantile(prior.need, [0.055, 0.945])
    assert low < 0.3
    assert high > 0.7


def test_a_fit_holds_its_prior(pool_posterior, exact_posterior):
    held = pool_posterior.prior()
    assert held.routers == ("simple", "complex")
    assert held.need.shape[1] == 3
    assert within_error(held.trust, [0.5, 0.5])
    with pytest.raises(ValueError, match="holds no draws of its prior"):
        exact_posterior.prior()


def test_no_draws_are_refused(seed):
    with pytest.raises(ValueError, match="`draws` must be a whole number of at least 1"):
        sample_prior(*seed[:2], draws=0)


@pytest.mark.parametrize("model", ["switch", "pool", tr.Switch(calibration=False)])
def test_the_prior_is_that_of_the_model_asked_for(seed, model):
    panel, beliefs, _ = seed
    prior = sample_prior(panel, beliefs, model=model, draws=50, random_seed=1)
    assert prior.model == (model if isinstance(model, str) else "switch")
    assert prior.routers == panel.router_names
    assert prior.categories == beliefs.labels
    assert (prior.trust.std(axis=0) > 0.02).all() == (prior.model == "switch")
    np.testing.assert_array_equal(prior.initial, panel.share)
    again, other = (
        sample_prior(panel, beliefs, model=model, draws=50, random_seed=s) for s in (1, 2)
    )
    np.testing.assert_array_equal(again.need, prior.need)
    assert not np.array_equal(other.need, prior.need)


def test_a_posterior_gives_the_prior_that_it_was_drawn_with(sampler, exact_posterior):
    given = pretended.STATED, pretended.COUNTS
    posterior = pretended.compiled_toy().fit(*given, random_seed=1, predictive=True)
    prior = posterior.prior()
    drawn = posterior.data["prior"]["level"].values.reshape(300, 2)
    np.testing.assert_allclose(prior.need, special.expit(drawn))
    assert (prior.model, prior.routers, prior.categories) == ("deaf", ("r",), ("x", "y"))
    for held in (exact_posterior, pretended.compiled_toy().fit(*given, random_seed=1)):
        with pytest.raises(ValueError, match="holds no draws of its prior"):
            held.prior()
    assert sampler.asked
