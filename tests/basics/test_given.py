"""Errors of means over draws are those of ArviZ, and 0 where nothing was drawn."""

from __future__ import annotations

import arviz as az
import numpy as np
import pytest

from trust_router.basics.given import Given, batch_error


def autocorrelated(rho, chains=4, draws=2000, columns=20):
    rng = np.random.default_rng(1)
    steps = rng.normal(size=(chains, draws, columns)) * np.sqrt(1 - rho**2)
    values = np.empty_like(steps)
    values[:, 0] = rng.normal(size=(chains, columns))
    for i in range(1, draws):
        values[:, i] = rho * values[:, i - 1] + steps[:, i]
    return values


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.8])
def test_batch_means_agree_with_arviz(rho):
    values = autocorrelated(rho)
    draws = values.reshape(-1, values.shape[-1])
    found, double = batch_error([draws, 2 * draws], 4)
    assert double == pytest.approx(2 * found, rel=1e-12)
    expected = az.mcse(values)
    assert found.mean() == pytest.approx(expected.mean(), rel=0.15)


def test_what_is_exact_has_no_error_and_one_batch_says_nothing():
    assert batch_error([np.ones((1, 3))], 1).tolist() == [[0, 0, 0]]
    assert np.isnan(batch_error([np.ones((2, 3))], 2)).sum() in (0, 3)
    assert batch_error([np.ones((400, 3))], 4).tolist() == [[0, 0, 0]]


def test_a_condition_of_known_probability_multiplies_everything():
    given = Given(*(np.full((1, 2), x) for x in (1.0, 0.5, 0.3, 0.2, 0.1)))
    half = given.times(np.array([0.5, 0.25]))
    assert half.chance.tolist() == [[0.5, 0.25]]
    assert half.excess.tolist() == [[0.05, 0.025]]
