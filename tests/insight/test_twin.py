"""The twin of judges from exact moments: what was put in comes out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from trust_router.insight import twin as of_judges
from trust_router.insight.twin import Moments, Twin, at_least, moments, twin

K = np.array([0.7, 0.6, 0.5, 0.7, 0.6, 0.5])
THREE = np.array([0.6, 0.5, 0.6, 0, 0, 0])


def exact(k, shared, c=0.8, error=1e-3):
    i, j = np.triu_indices(len(k), 1)
    values = np.concatenate([c * k, (np.outer(k, k) + np.outer(shared, shared))[i, j]])
    return Moments(values, error**2 * np.eye(len(values)), len(k))


def number(k, errors):
    return k @ np.linalg.solve(errors, k) / np.mean(k**2 / np.diag(errors))


def test_an_error_that_some_share_is_found():
    found = twin(exact(K, THREE))
    assert found.knows == pytest.approx(K, abs=0.01)
    assert found.shares == pytest.approx(THREE, abs=0.02)
    own = np.diag(1 - K**2 - THREE**2)
    assert found.effective == pytest.approx(number(K, np.outer(THREE, THREE) + own), rel=0.01)


def test_without_luck_the_number_is_that_of_errors_about_the_outcome():
    k, shared = 0.8 * K, 0.6 * K  # correlations of a twin with l = 0, and of one with c = 1
    seen = exact(k, shared, c=1.0, error=1e-6)
    errors = seen.correlation() - np.outer(k, k)
    assert at_least(seen) == pytest.approx(number(k, errors), rel=1e-4)
    # The same correlations, told as luck in the outcome.
    assert exact(K, 0 * K, c=0.8).values == pytest.approx(seen.values)
    assert twin(exact(K, 0 * K)).effective > at_least(seen) + 2


def test_independent_judges_of_any_skill_count_each():
    assert Twin(K, 0 * K, K).effective == pytest.approx(6)


def test_slopes_are_those_of_the_distances(monkeypatch):
    seen = {}

    def spy(distances, start, slopes, **_):
        at = start.clip(0.1, 2.0)
        seen["by hand"] = optimize.approx_fprime(at, distances, 1e-7)
        seen["slopes"] = slopes(at)
        return optimize.OptimizeResult(x=at)

    monkeypatch.setattr(of_judges.optimize, "least_squares", spy)
    twin(exact(K, THREE, error=0.1))
    assert seen["slopes"] == pytest.approx(seen["by hand"], abs=1e-4)


def test_errors_of_moments_are_those_of_many_samples():
    from trust_router.inputs.rows import Rows

    rng = np.random.default_rng(1)
    size, each = 400, []
    for _ in range(300):
        t = rng.normal(size=size)
        z = 0.6 * t[:, None] + 0.8 * rng.normal(size=(size, 2))
        z[rng.random(z.shape) < 0.1] = np.nan
        needs = (0.8 * t + 0.6 * rng.normal(size=size) > 0.4).astype(int)
        one = np.ones(size, dtype=int)
        kind = np.repeat([0, 1], size // 2)
        nothing = np.ones((size, 2))
        rows = Rows("ticket", ("a", "b"), ("x", "y"), kind, nothing, nothing, one, needs, one)
        each.append(moments(rows, z))
    values = np.array([found.values for found in each])
    # Five Monte Carlo errors of a mean; the correlations are .48, .48 and .36.
    wide = 5 * values.std(axis=0) / np.sqrt(len(values)) + 0.005
    assert (np.abs(values.mean(axis=0) - [0.48, 0.48, 0.36]) < wide).all()
    stated = np.mean([np.diag(found.covariance) for found in each], axis=0)
    assert np.sqrt(stated) == pytest.approx(values.std(axis=0), rel=0.2)
