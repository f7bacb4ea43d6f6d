"""Tables of a backtest are tidy, and differences are paired."""

from __future__ import annotations

import pytest


@pytest.mark.slow
def test_the_table_is_tidy_and_holds_every_method_size_and_metric(result):
    frame = result.table()
    assert len(frame) == 8 * 2 * 10
    assert not frame[["method", "feedbacks", "metric"]].duplicated().any()
    assert (frame["lower"] <= frame["upper"]).all()
    assert frame["splits"].unique().tolist() == [3]
    assert frame.query("method == 'pool'")["converged"].between(0, 1).all()


@pytest.mark.slow
def test_the_pool_learns_whom_to_trust_better_than_guessing(result):
    frame = result.table().set_index(["metric", "feedbacks", "method"])["mean"].sort_index()
    for metric in ("log_loss", "brier"):
        loss = frame[metric, 80]
        assert loss["pool"] < loss["random"]
        assert loss["pool"] < loss["mean of judges"]


@pytest.mark.slow
def test_differences_are_paired_with_the_first_model(result):
    means = result.table().set_index(["metric", "feedbacks", "method"])["mean"].sort_index()
    rest = result.differences().set_index(["metric", "feedbacks", "method"]).sort_index()
    expected = means["brier", 80, "random"] - means["brier", 80, "pool"]
    assert rest.loc[("brier", 80, "random"), "difference"] == pytest.approx(expected)
    assert rest.loc[("brier", 80, "random"), "lower"] > 0
    with pytest.raises(ValueError, match="`reference` must be one of pool, random"):
        result.differences("nobody")
