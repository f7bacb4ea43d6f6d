"""Tables of a backtest are tidy, and differences are paired."""

from __future__ import annotations

import numpy as np
import pytest

from trust_router.decisions.costs import Costs
from trust_router.defaults import REPLICATES
from trust_router.evaluation.backtests import Backtest
from trust_router.evaluation.held_out import HeldOut
from trust_router.evaluation.metrics import COST_METRICS, METRICS, score


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
def test_the_table_is_tidy_and_holds_every_method_size_and_metric(backtested):
    frame = backtested.table()
    assert len(frame) == 9 * 2 * 10
    assert not frame[["method", "feedbacks", "metric"]].duplicated().any()
    assert (frame["lower"] <= frame["upper"]).all()
    assert frame["splits"].unique().tolist() == [3]
    assert frame.query("method == 'pool'")["converged"].between(0, 1).all()


@pytest.mark.slow
def test_the_pool_learns_whom_to_trust_better_than_guessing(backtested):
    frame = backtested.table().set_index(["metric", "feedbacks", "method"])["mean"].sort_index()
    for metric in ("log_loss", "brier"):
        loss = frame[metric, 80]
        assert loss["pool"] < loss["random"]
        assert loss["pool"] < loss["mean of judges"]


@pytest.mark.slow
def test_differences_are_paired_with_the_first_model(backtested):
    means = backtested.table().set_index(["metric", "feedbacks", "method"])["mean"].sort_index()
    rest = backtested.differences().set_index(["metric", "feedbacks", "method"]).sort_index()
    expected = means["brier", 80, "random"] - means["brier", 80, "pool"]
    assert rest.loc[("brier", 80, "random"), "difference"] == pytest.approx(expected)
    assert rest.loc[("brier", 80, "random"), "lower"] > 0
    with pytest.raises(ValueError, match="`reference` must be one of pool, random"):
        backtested.differences("nobody")


@pytest.fixture(scope="module")
def by_hand():
    """Two methods that learned from 5 and 9 outcomes, three splits of twelve tickets."""
    rng = np.random.default_rng(3)
    held_out = tuple(rng.permutation(20)[:12] for _ in range(3))
    keys = [(method, size) for method in ("model", "random") for size in (5, 9)]
    return Backtest(
        methods=("model", "random"),
        feedbacks=(5, 9),
        held_out=held_out,
        tickets=HeldOut.from_outcome(rng.integers(0, 2, 20)),
        predictions={key: rng.uniform(0.1, 0.9, (3, 12)).astype(np.float32) for key in keys},
        converged={("model", 5): 0.5, ("model", 9): 1.0},
        costs=Costs(0.2, 1.0, failure=0.7),
        settings={"random_seed": 11},
    )


def drawn_again(result, method, size, metric):
    """Tickets are drawn again by Poisson weights, the same in all splits, and splits too."""
    rng = np.random.default_rng(11)
    times = rng.poisson(1.0, size=(REPLICATES, 20))
    picked = rng.multinomial(3, [1 / 3] * 3, size=REPLICATES)
    total = np.zeros(REPLICATES)
    for split, at in enumerate(result.held_out):
        need = result.predictions[method, size][split].astype(float)
        part, weight = result.tickets.take(at), times[:, at].astype(float)
        values = score(need, part, weights=weight, costs=result.costs)[metric]
        total += picked[:, split] * values / 3
    return total


@pytest.mark.parametrize("metric", ["brier", "cost", "apgr"])
def test_means_spreads_and_intervals_are_those_of_splits_and_of_tickets_drawn_again(
    by_hand, metric
):
    frame = by_hand.table(0.8).set_index(["method", "feedbacks", "metric"])
    apart = by_hand.differences("model", 0.8).set_index(["method", "feedbacks", "metric"])
    for method in by_hand.methods:
        for size in by_hand.feedbacks:
            row = frame.loc[(method, size, metric)]
            each = [
                score(
                    by_hand.predictions[method, size][split].astype(float),
                    by_hand.tickets.take(at),
                    costs=by_hand.costs,
                )[metric][0]
                for split, at in enumerate(by_hand.held_out)
            ]
            again = drawn_again(by_hand, method, size, metric)
            assert row["mean"] == pytest.approx(np.mean(each))
            assert row["sd"] == pytest.approx(np.std(each))
            assert row["splits"] == 3
            assert row["lower"] == pytest.approx(np.nanquantile(again, 0.1))
            assert row["upper"] == pytest.approx(np.nanquantile(again, 0.9))
            if method == "random":
                difference = apart.loc[(method, size, metric)]
                less = again - drawn_again(by_hand, "model", size, metric)
                mean = row["mean"] - frame.loc[("model", size, metric), "mean"]
                assert difference["difference"] == pytest.approx(mean)
                assert difference["lower"] == pytest.approx(np.nanquantile(less, 0.1))
                assert difference["upper"] == pytest.approx(np.nanquantile(less, 0.9))
    assert frame.loc[("model", 5), "converged"].unique().tolist() == [0.5]
    assert frame.loc["random", "converged"].isna().all()
    assert set(apart.index.get_level_values(0)) == {"random"}
    assert set(frame.index.get_level_values(2)) == {*METRICS, *COST_METRICS}
    assert by_hand.differences()["method"].unique().tolist() == ["random"]
    with pytest.raises(ValueError, match="`reference` must be one of model, random; got 'x'"):
        by_hand.differences("x")
    assert repr(by_hand) == "Backtest(2 methods, 5, 9 feedbacks, 3 splits, 12 tickets held out)"
