"""The twin of judges from exact moments: what was put in comes out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize, special, stats

from trust_router.inputs.rows import Rows
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


def rows_of(kind, trials, needs):
    nothing = np.ones((len(kind), 3))
    names = tuple("abc"[: kind.max() + 1])
    return Rows("ticket", names, ("x", "y", "z"), kind, nothing, nothing, trials, needs, trials)


@pytest.fixture(scope="module")
def several():
    """Rows of several tickets in three categories; judges are silent here and there."""
    rng = np.random.default_rng(4)
    kind = rng.integers(0, 3, 50)
    trials = rng.integers(1, 5, 50)
    scores = rng.normal(size=(50, 3)).round(2)
    scores[:, 1] += scores[:, 0]
    scores[rng.random(scores.shape) < 0.2] = np.nan
    return kind, trials, rng.binomial(trials, special.expit(np.nan_to_num(scores[:, 0]))), scores


def one_by_one(kind, trials, needs, scores):
    """Tickets as lists: category, outcome and what each judge says."""
    at = np.repeat(np.arange(len(kind)), trials)
    outcome = np.concatenate([[1] * k + [0] * (n - k) for n, k in zip(trials, needs, strict=True)])
    return kind[at], outcome, scores[at]


def test_moments_are_those_of_loops_over_tickets(several):
    """Correlations inside categories, and the outer products of what each ticket adds to them."""
    found = moments(rows_of(*several[:3]), several[3])
    kind, outcome, said = one_by_one(*several)
    number, heard = len(kind), ~np.isnan(said)
    rate = np.array([outcome[kind == c].mean() for c in kind])
    slope = stats.norm.pdf(stats.norm.ppf(rate))
    z = np.zeros(said.shape)
    for j in range(3):
        for c in range(3):
            inside = (kind == c) & heard[:, j]
            z[inside, j] = said[inside, j] - said[inside, j].mean()
        z[:, j] /= np.sqrt((z[heard[:, j], j] ** 2).mean())
    known = [(outcome - rate) @ z[:, j] / slope[heard[:, j]].sum() for j in range(3)]
    np.testing.assert_allclose(found.known, known)
    adds = np.zeros((number, 6))
    for j in range(3):
        share, rises = heard[:, j].mean(), slope[heard[:, j]].sum() / number
        here = (z[:, j] * (outcome - rate) - known[j] * slope * heard[:, j]) / rises
        adds[:, j] = here - known[j] * (z[:, j] ** 2 - heard[:, j]) / share / 2
    for p, (i, j) in enumerate([(0, 1), (0, 2), (1, 2)]):
        both = heard[:, i] & heard[:, j]
        r = z[both, i] @ z[both, j] / both.sum()
        assert found.correlation()[i, j] == found.correlation()[j, i] == pytest.approx(r)
        spread = (z[:, i] ** 2 + z[:, j] ** 2) / 2
        adds[:, 3 + p] = (z[:, i] * z[:, j] - r * both * spread) / both.mean()
    np.testing.assert_allclose(found.covariance, adds.T @ adds / number**2)
    np.testing.assert_allclose(np.diag(found.correlation()), 1)


def test_a_category_of_one_outcome_and_judges_that_never_meet_are_no_error():
    kind = np.array([0] * 6 + [1] * 3)
    one = np.ones(9, dtype=int)
    scores = np.full((9, 3), np.nan)
    scores[:, 0] = np.arange(9)
    scores[:4, 1], scores[4:, 2] = [1, 2, 3, 5], [2, 1, 4, 3, 5]
    found = moments(rows_of(kind, one, np.array([0, 1, 0, 1, 1, 0, 1, 1, 1])), scores)
    assert np.isfinite(found.values).all()
    assert np.isfinite(found.covariance).all()
    assert found.correlation()[1, 2] == 0


def test_at_least_is_the_number_by_its_formula():
    seen = exact(K, THREE, error=0.05)
    r, known, variance = seen.correlation(), seen.known, np.full(6, 0.05**2)
    for drawn in (1, 2):
        square = known @ np.linalg.solve(r, known) - drawn * np.trace(np.linalg.inv(r)) * 0.05**2
        alone = known**2 - drawn * variance
        expected = square / (1 - square) / np.mean(alone / (1 - alone))
        assert at_least(seen, drawn) == pytest.approx(expected)
    assert at_least(seen) == at_least(seen, 1)


def test_a_pull_moves_what_is_shared_towards_it():
    seen = exact(K, 0 * K, error=0.1)
    free, pulled = twin(seen), twin(seen, pull=0.5)
    assert pulled.shares.mean() > free.shares.mean() + 0.05
    again = twin(seen, start=free.point)
    assert again.knows == pytest.approx(free.knows, abs=1e-3)
