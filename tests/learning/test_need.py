"""Mixtures of need before and after the outcomes."""

from __future__ import annotations

import numpy as np


def test_prior_mixture_is_what_the_panel_says(exact_posterior):
    prior = exact_posterior.mixture("transfer failed", "simple", prior=True)
    np.testing.assert_allclose(prior.weights, [0.6, 0.4])
    np.testing.assert_allclose(prior.alpha, [3, 1])


def test_need_of_the_switch_is_as_uncertain_as_its_mixture(switch_posterior):
    """Draws of need include who is right, and the need of that judge."""
    need, mixture = switch_posterior.need(), switch_posterior.mixtures()
    error = 5 * need["mcse"] + 5 * mixture.sd / np.sqrt(200)
    assert (np.abs(need["mean"] - mixture.mean) < error).all()
    np.testing.assert_allclose(need["sd"], mixture.sd, rtol=0.15)
