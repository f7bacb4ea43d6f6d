"""How much all judges know together."""

from __future__ import annotations

import numpy as np
import pytest
from support.exported import pool
from support.known_pool import fitted, good_and_coin

import trust_router as tr
from trust_router.insight.knowledge import knowledge_of


def test_a_panel_of_coins_explains_nothing_and_one_that_knows_does():
    stated = good_and_coin()
    nothing = tr.insight.panel_knowledge(fitted(stated, [0.0, 0]))
    assert nothing.loc["explained", "mean"] == pytest.approx(0, abs=1e-12)
    something = tr.insight.panel_knowledge(fitted(stated, [2.0, 0])).loc["explained"]
    assert 0.1 < something["mean"] < 0.9
    assert something["lower"] == pytest.approx(something["upper"])


@pytest.mark.parametrize(("kind", "prob"), [("eti", 0.5), ("hdi", 0.8)])
def test_what_a_panel_knows_is_what_a_loop_over_draws_finds(kind, prob):
    posterior = pool(number=60)
    rows = posterior.rows
    found = tr.insight.panel_knowledge(posterior, ci_prob=prob, ci_kind=kind)
    assert found.index.tolist() == ["loss", "rate_loss", "explained"]
    assert found.index.name == "quantity"
    assert found.columns.tolist() == ["mean", "lower", "upper"]
    values = []
    for need in posterior.need_draws(rows, 1000):
        entropy = -need * np.log(need) - (1 - need) * np.log1p(-need)
        loss, by_rate = np.average(entropy, weights=rows.number), 0.0
        for slot in np.unique(rows.slot):
            inside = rows.slot == slot
            rate = np.average(need[inside], weights=rows.number[inside])
            each = -rate * np.log(rate) - (1 - rate) * np.log1p(-rate)
            by_rate += each * rows.number[inside].sum() / rows.number.sum()
        values.append([loss, by_rate, 1 - loss / by_rate])
    values = np.array(values)
    np.testing.assert_allclose(found["mean"], values.mean(axis=0))
    if kind == "eti":
        ends = np.quantile(values, [0.25, 0.75], axis=0)
    else:
        order = np.sort(values, axis=0)
        number = int(0.8 * len(values))
        at = (order[number:] - order[:-number]).argmin(axis=0)
        ends = np.stack([order[at, range(3)], order[at + number, range(3)]])
    np.testing.assert_allclose(found[["lower", "upper"]].T, ends, rtol=0.02, atol=2e-3)


def test_only_who_pools_beliefs_about_tickets_knows_together(exact_posterior):
    posterior = fitted(good_and_coin(), [1.0, 0])
    assert knowledge_of(posterior).equals(tr.insight.panel_knowledge(posterior))
    assert knowledge_of(exact_posterior) is None
