"""What a judge is worth beside the others."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special
from support.known_pool import fitted, good_and_coin

import trust_router as tr


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
