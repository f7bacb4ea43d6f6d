"""The closed form as a posterior."""

from __future__ import annotations

import numpy as np
import pytest

import trust_router as tr
from trust_router.learning.exact import closed_form


def test_exact_trust_is_the_closed_form_without_error(exact_posterior, seed):
    table = exact_posterior.trust()
    np.testing.assert_array_equal(table["mean"], closed_form(*seed).trust[0])
    assert (table["mcse"] == 0).all()
    assert table[["sd", "ess_bulk", "r_hat"]].isna().all(axis=None)
    assert exact_posterior.diagnostics is None


def test_ten_thousand_categories_are_solved_at_once(seed):
    panel = seed[0]
    names = [f"c{i}" for i in range(10_000)]
    rng = np.random.default_rng(1)
    trials = rng.integers(0, 50, 10_000)
    outcomes = tr.Outcomes(names, trials, rng.binomial(trials, 0.2))
    posterior = tr.solve(panel, tr.stated_beliefs(panel, names), outcomes)
    assert posterior.trust_mean.shape == (10_000, 3)
    np.testing.assert_allclose(posterior.trust_mean.sum(axis=1), 1)


def test_a_closed_form_says_what_it_was_computed_with(exact_posterior):
    held = exact_posterior.provenance
    assert {"numpy", "scipy", "python", "trust_router", "input_hash"} <= set(held)
    assert (held["method"], held["model"]) == ("exact", "seed")


def test_noise_makes_trust_and_need_less_sure_and_is_kept(seed, tmp_path):
    posterior, true = tr.solve(*seed, noise=tr.Noise()), tr.solve(*seed)
    assert posterior.need()["sd"].iloc[0] > true.need()["sd"].iloc[0]
    np.testing.assert_allclose(posterior.trust_mean.sum(axis=1), 1)
    assert posterior.trust_mean.max() < true.trust_mean.max()
    again = tr.load(posterior.save(tmp_path / "noisy.nc"))
    np.testing.assert_array_equal(again.need()["mean"], posterior.need()["mean"])
    assert again.noise == tr.Noise()
    assert true.noise is None


def test_need_if_a_router_is_right_adds_up_to_need_with_noise(seed):
    posterior = tr.solve(*seed, noise=tr.Noise())
    parts = [posterior.mixtures(name).mean for name in posterior.panel.router_names]
    expected = (posterior.trust_mean * np.stack(parts, axis=-1)).sum(axis=-1)
    np.testing.assert_allclose(posterior.mixtures().mean, expected)
    costs = tr.Costs(0.03, 3.0, failure=5.0)
    assert tr.decide_all(posterior, costs)["value_of_router"].iloc[0] >= 0


def test_what_is_no_noise_is_refused(seed):
    with pytest.raises(TypeError, match="`noise` must be of kind Noise"):
        tr.solve(*seed, noise=0.1)
