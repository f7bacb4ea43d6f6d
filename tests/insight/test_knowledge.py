"""How much all judges know together."""

from __future__ import annotations

import pytest
from support.known_pool import fitted, good_and_coin

import trust_router as tr


def test_a_panel_of_coins_explains_nothing_and_one_that_knows_does():
    stated = good_and_coin()
    nothing = tr.insight.panel_knowledge(fitted(stated, [0.0, 0]))
    assert nothing.loc["explained", "mean"] == pytest.approx(0, abs=1e-12)
    something = tr.insight.panel_knowledge(fitted(stated, [2.0, 0])).loc["explained"]
    assert 0.1 < something["mean"] < 0.9
    assert something["lower"] == pytest.approx(something["upper"])
