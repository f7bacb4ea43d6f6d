"""What a judge is worth beside the others."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special
from support.drawn import drawn, tickets

import trust_router as tr

NOT_MOVED = {"intercept": 0.0, "bend": 0.0, "discord": 0.0, "damping": 0.0}


def fitted(stated, weight):
    """A pool that is sure that need follows scores with these weights."""
    weight = np.array(weight)
    beliefs, outcomes = tickets(stated, np.arange(len(next(iter(stated.values())))) % 2)
    panel = tr.Panel([tr.Router(name, {name: 1.0}) for name in stated])
    gains = {"gain": weight.sum()}
    if len(weight) > 1:
        gains["judge_gain"] = weight - weight.sum() / len(weight)
    values = {name: np.broadcast_to(x, (4, 50, *np.shape(x))) for name, x in gains.items()}
    still = {name: np.full((4, 50), x) for name, x in NOT_MOVED.items()}
    model = tr.Pool(category_effects=False)
    return drawn(panel, beliefs, outcomes, model, **values, **still)


@pytest.fixture(scope="module")
def score():
    return np.random.default_rng(1).normal(0, 1, 400)


@pytest.fixture(scope="module")
def coin():
    return special.expit(np.random.default_rng(2).normal(0, 1, 400))


def test_who_can_be_told_from_others_is_worth_nothing_whichever_way_it_points(score, coin):
    turned = special.expit(-score + np.random.default_rng(3).normal(0, 0.01, 400))
    stated = {"good": special.expit(score), "turned": turned, "coin": coin}
    found = tr.insight.judge_worth(fitted(stated, [2.0, 0, 0])).table()
    assert np.abs(found["change"]).max() < 5e-3
    assert (found.loc[["good", "turned"], "repeated"] > 0.95).all()
    assert found.loc["coin", "repeated"] < 0.05


def test_who_alone_knows_is_missed_and_a_coin_is_not(score, coin):
    stated = {"good": special.expit(score), "coin": coin}
    posterior = fitted(stated, [2.0, 0])
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


def test_one_judge_is_worth_nothing_beside_nobody(score):
    with pytest.raises(ValueError, match="worth something beside others; got good"):
        tr.insight.judge_worth(fitted({"good": special.expit(score)}, [2.0]))


def test_the_table_of_judges_knows_how_they_rank_and_which_way(score, coin):
    posterior = fitted({"good": special.expit(score), "coin": coin}, [-2.0, 0])
    table = posterior.judges()
    need, rows = posterior.need_draws(posterior.rows)[0], posterior.rows
    said = rows.mean[:, 0]
    above = (said[:, None] > said) + 0.5 * (said[:, None] == said)
    pairs = np.outer(need * rows.number, (1 - need) * rows.number)
    assert table.loc["good", "auc"] == pytest.approx((pairs * above).sum() / pairs.sum())
    assert table.loc["good", "p_reversed"] == 1
    x, y = special.logit(said), special.logit(need)
    slope, bias = np.polyfit(x, y, 1, w=np.sqrt(rows.number))
    assert table.loc["good", "slope"] == pytest.approx(slope)
    assert table.loc["good", "bias"] == pytest.approx(bias)
    assert abs(table.loc["coin", "auc"] - 0.5) < 0.05


def test_a_panel_of_coins_explains_nothing_and_one_that_knows_does(score, coin):
    stated = {"good": special.expit(score), "coin": coin}
    nothing = tr.insight.panel_knowledge(fitted(stated, [0.0, 0]))
    assert nothing.loc["explained", "mean"] == pytest.approx(0, abs=1e-12)
    something = tr.insight.panel_knowledge(fitted(stated, [2.0, 0])).loc["explained"]
    assert 0.1 < something["mean"] < 0.9
    assert something["lower"] == pytest.approx(something["upper"])
