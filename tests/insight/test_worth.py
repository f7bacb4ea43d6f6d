"""What a judge is worth beside the others."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats
from support.known_pool import fitted, good_and_coin
from support.pooled import pool_draws

import trust_router as tr
from trust_router.insight.worth import normal_scores


def test_who_can_be_told_from_others_is_worth_nothing_whichever_way_it_points():
    stated = good_and_coin()
    turned = -special.logit(stated["good"]) + np.random.default_rng(3).normal(0, 0.01, 400)
    stated = {"good": stated["good"], "turned": special.expit(turned), "coin": stated["coin"]}
    found = tr.insight.judge_worth(fitted(stated, [2.0, 0, 0])).table()
    assert np.abs(found["change"]).max() < 5e-3
    assert (found.loc[["good", "turned"], "repeated"] > 0.95).all()
    assert found.loc["coin", "repeated"] < 0.05


def test_who_alone_knows_is_missed_and_a_coin_is_not():
    posterior = fitted(good_and_coin(), [2.0, 0])
    found = tr.insight.judge_worth(posterior)
    need = posterior.need_draws(posterior.rows)[0]
    weight = posterior.rows.number / posterior.rows.number.sum()
    rate = need @ weight
    lost = special.entr([rate, 1 - rate]).sum() - weight @ (
        special.entr(need) + special.entr(1 - need)
    )
    assert found.table().loc["good", "change"] == pytest.approx(lost, abs=0.01)
    assert lost > 0.1
    assert found.table().loc["coin", "change"] == pytest.approx(0, abs=2e-3)
    assert found.loss == pytest.approx(
        weight @ (special.entr(need) + special.entr(1 - need)), abs=5e-3
    )
    assert "without good" in repr(found)


def test_one_judge_is_worth_nothing_beside_nobody():
    with pytest.raises(ValueError, match="worth something beside others; got good"):
        tr.insight.judge_worth(fitted({"good": good_and_coin()["good"]}, [2.0]))


def test_a_judge_that_always_says_the_same_repeats_nobody():
    stated = good_and_coin() | {"same": np.full(400, 0.3)}
    found = tr.insight.judge_worth(fitted(stated, [2.0, 0, 0]))
    table = found.table()
    assert table.index.tolist() == ["good", "coin", "same"]
    assert table.index.name == "judge"
    assert np.isnan(table.loc["same", "repeated"])
    assert table.loc["same", "change"] == pytest.approx(0, abs=1e-6)
    assert (found.of, found.ci_prob) == ("expected", 0.89)


def test_changes_are_those_of_least_squares_by_numpy(pooled):
    posterior, _ = pool_draws(*pooled, number=200)
    rows = posterior.rows
    found = tr.insight.judge_worth(posterior, ci_prob=0.5)
    need, weight = posterior.need_draws(rows, 200), rows.number / rows.number.sum()
    z = normal_scores(rows)
    one = np.ones(len(rows))
    features = {
        "both": [one, z[:, 0], z[:, 1], z[:, 0] ** 2, z[:, 0] * z[:, 1], z[:, 1] ** 2],
        "a": [one, z[:, 1], z[:, 1] ** 2],
        "b": [one, z[:, 0], z[:, 0] ** 2],
    }
    root, losses = np.sqrt(weight)[:, None], {}
    for name, columns in features.items():
        x = np.stack(columns, axis=1)
        told = x @ np.linalg.lstsq(root * x, root * special.logit(need.T), rcond=None)[0]
        told = special.expit(told)
        losses[name] = -weight @ (need.T * np.log(told) + (1 - need.T) * np.log1p(-told))
    assert found.loss == pytest.approx(losses["both"].mean(), rel=1e-5)
    for name in "ab":
        change = losses[name] - losses["both"]
        ends = [change.mean(), *np.quantile(change, [0.25, 0.75])]
        row = found.table().loc[name, ["change", "lower", "upper"]]
        np.testing.assert_allclose(row.astype(float), ends, atol=1e-5)
    r = np.cov(z.T, aweights=weight)
    expected = r[0, 1] ** 2 / (r[0, 0] * r[1, 1])
    np.testing.assert_allclose(found.table()["repeated"], expected, rtol=1e-4)


def test_normal_scores_are_quantiles_of_mid_ranks_each_ticket_counted(pooled):
    rows = pool_draws(*pooled, number=8)[0].rows
    found = normal_scores(rows)
    for j in range(2):
        said = np.repeat(rows.mean[:, j], rows.number)
        for i in range(len(rows)):
            own = rows.mean[i, j]
            middle = np.mean((said < own) + (said == own) / 2)
            assert found[i, j] == pytest.approx(stats.norm.ppf(middle))
