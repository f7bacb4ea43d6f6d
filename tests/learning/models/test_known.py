"""Models by name, and their graphs."""

from __future__ import annotations

import numpy as np
import pytest
from support.three_routers import (
    PANEL,
    REWRITTEN,
)

import trust_router as tr
from trust_router.learning.models.known import build, choose
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
