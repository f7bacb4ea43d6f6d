"""Models by name, and their graphs."""

from __future__ import annotations

import numpy as np
import pytest
from support.three_routers import (
    PANEL,
    REWRITTEN,
)

import trust_router as tr
from trust_router.learning.models.known import build, choose, gone_options, restore
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.switch import Switch


@pytest.mark.slow
def test_ten_thousand_categories_build_and_have_a_finite_density():
    names = [f"c{i}" for i in range(10_000)]
    shapes = np.random.default_rng(1).uniform(0.5, 9, (2, 10_000, 3))
    stated = tr.Beliefs(names, ["x", "y", "z"], *shapes)
    counted = tr.Outcomes(names, np.full(10_000, 3), np.arange(10_000) % 4)
    for name in ("switch", "pool"):
        model = build(PANEL, stated, counted, name)
        assert np.isfinite(model.compile_logp(mode=REWRITTEN)(model.initial_point()))


def test_models_go_by_name_and_default_by_what_beliefs_are_about():
    assert choose(None, "category").name == "seed"
    assert choose(None, "ticket").name == "pool"
    assert choose("switch", "ticket") == Switch()
    with pytest.raises(ValueError, match=r"`model` must be one of seed, switch, pool.*got 'best'"):
        choose("best", "ticket")


def test_a_model_is_made_again_with_the_options_it_had():
    assert restore("switch", Switch(concentration=2.0).options()) == Switch(concentration=2.0)
    assert restore("pool", {"judge_sd": 0.1}) == Pool(judge_sd=0.1)


def test_options_that_a_model_has_no_more_are_named_with_what_to_do():
    old = {"scale": "rank", "bend": True, "concentration": 1.0}
    assert gone_options("pool", old) == ["bend", "concentration"]
    assert gone_options("switch", {"concentration": 1.0}) == gone_options("nobody's", old) == []
    with pytest.raises(
        ValueError,
        match=r"an earlier pool model, whose options bend, concentration are not known any more; "
        r"fit again from the same panel, beliefs and outcomes$",
    ):
        restore("pool", old)
    with pytest.raises(ValueError, match="model 'best', which is not known here; import the mod"):
        restore("best", {})
