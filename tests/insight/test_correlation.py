"""Errors of judges made by hand correlate as they were made to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special
from support.drawn import tickets

import trust_router as tr
from trust_router.inputs.beliefs import Beliefs


def correlated(number, rho, judges=4, seed=0):
    """Judges whose errors about the same need correlate by rho."""
    rng = np.random.default_rng(seed)
    need = rng.normal(0, 0.5, number)
    y = rng.random(number) < special.expit(need)
    shared = rng.normal(0, 1, (number, 1))
    errors = np.sqrt(rho) * shared + np.sqrt(1 - rho) * rng.normal(0, 1, (number, judges))
    mean = 0.5 + 0.1 * (y[:, None] - 0.5) + 0.05 * errors
    stated = {f"j{i}": column.clip(0.01, 0.99) for i, column in enumerate(mean.T)}
    panel = tr.Panel([tr.Router("r", dict.fromkeys(stated, 1 / judges))])
    return panel, *tickets(stated, y)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_known_correlation_and_size_are_found(rho):
    found = tr.insight.error_correlation(*correlated(2000, rho))
    assert abs(found.mean[0] - rho) < 0.04
    assert found.mean[1] <= found.mean[0] <= found.mean[2]
    assert found.size[0] == pytest.approx(4 / (1 + 3 * found.mean[0]))
    assert found.size[1] <= found.size[0] <= found.size[2]
    assert np.allclose(np.diag(found.matrix), 1)
    assert np.allclose(found.matrix, found.matrix.T)


def test_correlation_is_that_within_outcomes():
    panel, beliefs, outcomes = correlated(300, 0.5)
    frame = pd.DataFrame(beliefs.mean, columns=beliefs.judges)
    within = frame - frame.groupby(np.asarray(outcomes.log.outcome)).transform("mean")
    found = tr.insight.error_correlation(panel, beliefs, outcomes, resamples=10)
    np.testing.assert_allclose(found.matrix, within.corr(), atol=1e-10)


def test_intervals_are_as_wide_as_sampling_makes_them_vary():
    estimates, widths = [], []
    for seed in range(40):
        found = tr.insight.error_correlation(*correlated(150, 0.5, seed=seed), resamples=300)
        estimates.append(found.mean[0])
        widths.append(found.mean[2] - found.mean[1])
    expected = 2 * special.ndtri(0.945) * np.std(estimates)
    assert 0.7 < np.mean(widths) / expected < 1.4


def test_missing_beliefs_are_compared_pair_by_pair():
    panel, beliefs, outcomes = correlated(2000, 0.6, judges=3)
    rng = np.random.default_rng(1)
    gone = rng.random(beliefs.alpha.shape) < 0.2
    alpha, beta = (np.where(gone, np.nan, x) for x in (beliefs.alpha, beliefs.beta))
    fewer = Beliefs(
        beliefs.labels, beliefs.judges, alpha, beta, about="ticket", category=beliefs.category
    )
    assert abs(tr.insight.error_correlation(panel, fewer, outcomes).mean[0] - 0.6) < 0.05


def test_a_judge_who_always_says_the_same_has_no_correlation():
    panel = tr.Panel([tr.Router("r", {"a": 0.4, "b": 0.3, "c": 0.3})])
    rng = np.random.default_rng(0)
    stated = {"a": rng.random(50), "b": rng.random(50), "c": np.full(50, 0.3)}
    found = tr.insight.error_correlation(panel, *tickets(stated, rng.integers(0, 2, 50)))
    assert found.matrix.loc["a", "c"] != found.matrix.loc["a", "c"]
    assert np.isfinite(found.mean).all()
    assert "3 judges count as" in found.sentence()


def test_categories_are_what_is_resampled_if_beliefs_are_about_them():
    rng = np.random.default_rng(0)
    names = [f"c{i}" for i in range(40)]
    need = rng.uniform(0.2, 0.8, 40)
    shared = rng.normal(0, 0.1, 40)
    mean = np.stack([(need + shared + rng.normal(0, 0.01, 40)).clip(0.05, 0.95)] * 2, axis=1)
    mean[:, 1] = (need + shared + rng.normal(0, 0.01, 40)).clip(0.05, 0.95)
    outcomes = tr.Outcomes(names, np.full(40, 5000), rng.binomial(5000, need))
    beliefs = tr.Beliefs(names, ["a", "b"], 10 * mean, 10 * (1 - mean))
    panel = tr.Panel([tr.Router("r", {"a": 0.5, "b": 0.5})])
    found = tr.insight.error_correlation(panel, beliefs, outcomes)
    assert found.tickets == 40
    assert found.mean[0] > 0.9


def test_errors_need_two_judges_and_some_outcomes():
    alone = tr.Panel([tr.Router("r", {"a": 1.0})])
    with pytest.raises(ValueError, match="two judges or more; got a"):
        tr.insight.error_correlation(alone, *tickets({"a": [0.1, 0.2]}, [0, 1]))
    pair = tr.Panel([tr.Router("r", {"a": 0.5, "b": 0.5})])
    few = tickets({"a": [0.1, 0.2], "b": [0.3, 0.4]}, [0, 1])
    with pytest.raises(ValueError, match="3 outcomes or more; got 2"):
        tr.insight.error_correlation(pair, *few)


def test_the_table_names_each_pair_once():
    found = tr.insight.error_correlation(*correlated(200, 0.5, judges=3), resamples=20)
    table = found.table()
    assert table.index.tolist() == [("j0", "j1"), ("j0", "j2"), ("j1", "j2")]
    assert table.loc[("j0", "j2"), "correlation"] == found.matrix.loc["j2", "j0"]
    assert (table["lower"] <= table["correlation"]).all()
    assert table["correlation"].mean() == pytest.approx(found.mean[0])


def test_each_ticket_is_drawn_again_as_often_as_the_others():
    """Intervals by drawing single tickets again, one after the other."""
    rng = np.random.default_rng(8)
    kind = rng.choice(6, 120, p=[0.5, 0.3, 0.1, 0.05, 0.03, 0.02])
    a = np.array([0.2, 0.3, 0.9, 0.1, 0.6, 0.5])[kind]
    b = np.array([0.3, 0.2, 0.8, 0.7, 0.1, 0.9])[kind]
    y = np.where(kind == 1, 1, rng.integers(0, 2, 120))
    panel = tr.Panel([tr.Router("r", {"a": 0.5, "b": 0.5})])
    found = tr.insight.error_correlation(panel, *tickets({"a": a, "b": b}, y), resamples=2000)
    drawn = []
    for _ in range(2000):
        at = rng.integers(0, 120, 120)
        residual = [
            x[at] - np.array([x[at][y[at] == o].mean() for o in (0, 1)])[y[at]] for x in (a, b)
        ]
        drawn.append(np.corrcoef(*residual)[0, 1])
    low, high = np.quantile(drawn, [0.055, 0.945])
    assert found.lower.loc["a", "b"] == pytest.approx(low, abs=0.04)
    assert found.upper.loc["a", "b"] == pytest.approx(high, abs=0.04)
    assert found.mean == (
        found.matrix.loc["a", "b"],
        found.lower.loc["a", "b"],
        found.upper.loc["a", "b"],
    )


def test_the_table_has_a_row_for_each_pair():
    found = tr.insight.error_correlation(*correlated(50, 0.4, judges=3), resamples=20)
    table = found.table()
    assert table.index.names == ["judge", "other"]
    assert table.index.tolist() == [("j0", "j1"), ("j0", "j2"), ("j1", "j2")]
    for (a, b), row in table.iterrows():
        assert row["correlation"] == found.matrix.loc[a, b]
        assert row["lower"] == found.lower.loc[a, b]
        assert row["upper"] == found.upper.loc[a, b]
