"""What calls cost; an unknown price is unknown."""

from __future__ import annotations

import pytest
from support.asking import FREE, local
from support.copies import COPIERS

import trust_router as tr


def test_an_unknown_price_is_unknown_and_not_zero(scripted_server):
    answers = tr.ask({"haiku": local(scripted_server)}, ["a"])
    assert answers.cost is None
    assert tr.ask({"haiku": local(scripted_server)}, ["a"], prices=FREE).cost == 0


def test_known_models_have_a_price():
    assert tr.judges.Prices().cost(tr.LLM("openai:gpt-4o-mini"), 1_000_000, 0) == pytest.approx(
        0.15
    )
    assert tr.judges.Prices().cost(
        tr.LLM("openai-chat:gpt-4o-mini"), 0, 1_000_000
    ) == pytest.approx(0.6)
    assert tr.judges.Prices().cost(tr.LLM("openai:no-such-model"), 1, 1) is None


@pytest.mark.parametrize("again", COPIERS)
def test_prices_are_copied_and_pickled_and_stay_frozen(again):
    prices = tr.judges.Prices({"m": tr.judges.Price(1, 2), "p:m": tr.judges.Price(3, 4)})
    held = again(prices)
    assert held == prices
    with pytest.raises(TypeError, match="does not support item assignment"):
        held.table["m"] = tr.judges.Price(0, 0)
