"""Uniform ranks stay in the band, and others are seen to leave it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from support.ranked import check

from trust_router.evaluation.ranks import RankCheck, ranks_of


def test_uniform_ranks_stay_in_the_band_and_others_leave_it():
    table = check(2).table()
    assert table["inside"].to_dict() == {"right": True, "wrong": False}
    assert check(1).table()["inside"].all()


def test_the_band_holds_simultaneously_as_often_as_it_says():
    ranks = pd.DataFrame(np.random.default_rng(2).random((100, 1000)))
    inside = RankCheck("any", ranks.rename(columns=str), 0).table(0.9)["inside"].mean()
    assert abs(inside - 0.9) < 5 * np.sqrt(0.09 / 1000) + 0.01


def test_a_rank_is_the_share_of_draws_below_the_truth_with_ties_at_random():
    draws = xr.Dataset(
        {
            "one": (("chain", "draw"), [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
            "two": (("chain", "draw", "k"), np.arange(12.0).reshape(2, 3, 2)),
            "tied": (("chain", "draw"), np.ones((2, 3))),
        }
    )
    truth = xr.Dataset({"one": 3.5, "two": ("k", [20.0, -1.0]), "tied": 1.0})
    found = [ranks_of(truth, draws, np.random.default_rng(seed)) for seed in range(400)]
    assert list(found[0]) == ["one", "two[0]", "two[1]", "tied"]
    values = np.array([list(each.values()) for each in found])
    np.testing.assert_array_less([3 / 7, 6 / 7, 0, 0], values.min(axis=0) + 1e-12)
    np.testing.assert_array_less(values.max(axis=0) - 1e-12, [4 / 7, 1, 1 / 7, 1])
    np.testing.assert_allclose(values.mean(axis=0), [3.5 / 7, 6.5 / 7, 0.5 / 7, 0.5], atol=0.06)


def test_the_table_and_the_curves_are_of_each_quantity():
    ranks = pd.DataFrame({"low": [0.1, 0.2, 0.3, 0.4], "even": [0.125, 0.375, 0.625, 0.875]})
    given = RankCheck("any", ranks, 0)
    curves = given.ecdf(np.array([0.25, 0.5, 1.0]))
    assert curves.index.name == "rank"
    assert curves["low"].tolist() == [0.5, 1, 1]
    assert curves["even"].tolist() == [0.25, 0.5, 1]
    table = given.table()
    assert table.columns.tolist() == ["mean", "distance", "inside"]
    assert table["mean"].tolist() == [0.25, 0.5]
    x, low, high = given.band()
    share = given.ecdf(x)
    for name in ranks:
        assert table.loc[name, "distance"] == pytest.approx(np.abs(share[name] - x).max())
        within = (share[name] >= low) & (share[name] <= high)
        assert table.loc[name, "inside"] == within[(x > 0) & (x < 1)].all()
    wide = given.band(0.999)[2] - given.band(0.999)[1]
    assert (wide >= high - low - 1e-12).all()
