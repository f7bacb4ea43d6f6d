"""Tables of a backtest are tidy, and differences are paired."""

from __future__ import annotations

import numpy as np
import pytest

from trust_router.evaluation.backtests import Backtest
from trust_router.evaluation.held_out import HeldOut


def test_curves_are_over_the_tickets_of_all_splits():
    predicted = np.array([[0.9, 0.2], [0.6, 0.9]], dtype=np.float32)
    result = Backtest(
        methods=("model", "random"),
        feedbacks=(5,),
        held_out=(np.array([0, 1]), np.array([2, 0])),
        tickets=HeldOut.from_outcome(np.array([1, 0, 0])),
        predictions={("model", 5): predicted, ("random", 5): predicted},
        converged={("model", 5): 1.0},
        costs=None,
    )
    assert result.models == ("model",)
    curves = result.curves("model", 5)
    np.testing.assert_allclose(curves.share, [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(curves.gain, [0, 0.5, 1, 1, 1])
    np.testing.assert_allclose(curves.coverage, [0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(curves.risk, [0, 0, 0, 0.25])
    assert curves.bins["tickets"].tolist() == [1, 1, 2]
    assert curves.bins["observed"].tolist() == [0, 0, 1]


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
