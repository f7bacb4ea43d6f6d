"""Reliability is isotonic, its band is honest, and ArviZ agrees."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special
from scipy.optimize import isotonic_regression
from support.drawn import tickets
from support.pooled import pool_draws

import trust_router as tr


def test_reliability_is_isotonic_and_its_band_holds_the_truth():
    rng = np.random.default_rng(0)
    stated = rng.choice([0.1, 0.3, 0.5, 0.7], 2000)
    panel = tr.Panel([tr.Router("r", {"fair": 0.5, "low": 0.5})])
    beliefs, outcomes = tickets(
        {"fair": stated, "low": special.expit(special.logit(stated) - 1.5)},
        rng.random(2000) < stated,
    )
    table = tr.insight.judge_reliability(panel, beliefs, outcomes)
    fair, low = table.loc["fair"], table.loc["low"]
    raw = fair["needs"] / fair["tickets"]
    np.testing.assert_allclose(
        fair["observed"], isotonic_regression(raw, weights=fair["tickets"].to_numpy()).x
    )
    assert ((fair["lower"] <= fair["observed"]) & (fair["observed"] <= fair["upper"])).all()
    assert (low["observed"] > low["upper"]).all()
    assert fair["tickets"].sum() == 2000


def test_reliability_agrees_with_arviz():
    """ArviZ's curve, of the same tickets one by one with distinct statements."""
    from arviz_stats.helper_stats import isotonic_fit
    from xarray import Dataset, DataTree

    rng = np.random.default_rng(1)
    stated = np.sort(rng.uniform(0.05, 0.95, 200))
    y = (rng.random(200) < stated).astype(int)
    draws = (rng.random((1, 2000, 200)) < stated).astype(int)
    # Their x is the mean of draws; ours is what was stated. Ordering by either must agree.
    tree = DataTree.from_dict(
        {
            "posterior_predictive": Dataset({"y": (("chain", "draw", "ticket"), draws)}),
            "observed_data": Dataset({"y": ("ticket", y)}),
        }
    )
    theirs = isotonic_fit(tree, None, "posterior_predictive", 0.89)["y"].values
    panel = tr.Panel([tr.Router("r", {"j": 1.0})])
    ours = tr.insight.judge_reliability(panel, *tickets({"j": stated}, y)).loc["j"]
    at = np.interp(theirs[0], ours.index, ours["observed"])
    assert np.abs(at - theirs[1]).mean() < 0.03
    low = np.interp(theirs[0], ours.index, ours["lower"])
    assert np.abs(low - theirs[2]).mean() < 0.03


def test_predictions_are_a_mapping_of_predictions(exact_posterior):
    _, outcomes = tickets({"j": [0.2, 0.3]}, [0, 1])
    with pytest.raises(TypeError, match=r"`predictions` must map names to predictions"):
        tr.insight.prediction_reliability(exact_posterior, outcomes)
    with pytest.raises(TypeError, match=r"`seed` must be a Prediction; got a Posterior; make it"):
        tr.insight.prediction_reliability({"seed": exact_posterior}, outcomes)
    with pytest.raises(TypeError, match=r"`outcomes` must be Outcomes; got 'o.csv'; read it"):
        tr.insight.prediction_reliability({}, "o.csv")


def test_the_band_is_that_of_single_tickets_drawn_from_what_was_stated():
    stated = np.repeat([0.2, 0.5, 0.9], [40, 8, 20])
    panel = tr.Panel([tr.Router("r", {"j": 1.0})])
    found = tr.insight.judge_reliability(panel, *tickets({"j": stated}, [0, 1] * 34), ci_prob=0.8)
    rng, curves = np.random.default_rng(3), []
    for _ in range(2000):
        y = rng.random(68) < stated
        rate = [y[stated == p].mean() for p in (0.2, 0.5, 0.9)]
        curves.append(isotonic_regression(rate, weights=[40, 8, 20]).x)
    low, high = np.quantile(curves, [0.1, 0.9], axis=0)
    np.testing.assert_allclose(found["lower"], low, atol=0.03)
    np.testing.assert_allclose(found["upper"], high, atol=0.03)
    assert found["tickets"].tolist() == [40, 8, 20]
    assert found["needs"].tolist() == [20, 4, 10]


def test_reliability_of_predictions_is_that_of_their_means(pooled):
    panel, beliefs, outcomes = pooled
    posterior, _ = pool_draws(panel, beliefs, outcomes, number=200)
    prediction = posterior.predict(beliefs)
    known = np.arange(60) % 3 > 0
    log = pd.DataFrame({"ticket": prediction.tickets, "category": "all", "outcome": None})
    log.loc[known, "outcome"] = outcomes.log.outcome[known]
    found = tr.insight.prediction_reliability({"pool": prediction}, tr.read_outcomes(log))
    stated, at = np.unique(prediction.mean[known], return_inverse=True)
    tickets, needs = (np.bincount(at, w) for w in (None, outcomes.log.outcome[known]))
    assert found.index.names == ["model", "stated"]
    found = found.loc["pool"]
    np.testing.assert_allclose(found.index, stated)
    np.testing.assert_array_equal(found["tickets"], tickets)
    np.testing.assert_array_equal(found["needs"], needs)
    expected = isotonic_regression(needs / tickets, weights=tickets).x
    np.testing.assert_allclose(found["observed"], expected)
    other = pd.DataFrame({"ticket": ["zz"], "category": ["all"], "outcome": [1]})
    other = tr.read_outcomes(other, need=1)
    with pytest.raises(ValueError, match="no ticket predicted by 'pool' has an outcome"):
        tr.insight.prediction_reliability({"pool": prediction}, other)


def test_curves_are_of_judges_that_spoke_and_bear_the_names_of_their_parts():
    said = {"rising": [0.2, 0.2, 0.6, 0.6, 0.6], "falling": [0.7, 0.7, 0.1, 0.1, np.nan]}
    said["late"] = [np.nan] * 5 + [0.5]
    given = {"rising": [*said["rising"], 0.9], "falling": [*said["falling"], 0.9]}
    given["late"] = said["late"]
    beliefs, outcomes = tickets(given, [0, 1, 1, 1, 0, None])
    panel = tr.Panel([tr.Router("r", dict.fromkeys(given, 1 / 3))])
    table = tr.insight.judge_reliability(panel, beliefs, outcomes, random_seed=3)
    assert table.index.names == ["judge", "stated"]
    assert table.columns.tolist() == ["tickets", "needs", "observed", "lower", "upper"]
    assert set(table.index.get_level_values("judge")) == {"rising", "falling"}
    rising, falling = table.loc["rising"], table.loc["falling"]
    np.testing.assert_allclose(rising.index, [0.2, 0.6])
    assert rising["tickets"].tolist() == [2, 3]
    assert rising["needs"].tolist() == [1, 2]
    np.testing.assert_allclose(rising["observed"], [1 / 2, 2 / 3])
    np.testing.assert_allclose(falling["observed"], [1, 1 / 2])
    narrow = tr.insight.judge_reliability(panel, beliefs, outcomes, random_seed=3, ci_prob=0.3)
    assert (narrow["upper"] - narrow["lower"]).sum() < (table["upper"] - table["lower"]).sum()
    again = tr.insight.judge_reliability(panel, beliefs, outcomes, random_seed=3)
    pd.testing.assert_frame_equal(again, table)
