"""A row without a category is one of the average category, in the graph as in what predicts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pymc as pm
from support.three_routers import PLAIN, TICKET_ROWS

from trust_router.learning.models.effects import category_effects


def test_rows_have_the_effect_of_their_category_and_none_without_one():
    with pm.Model(coords={"category": list(TICKET_ROWS.categories)}) as model:
        shift = category_effects(TICKET_ROWS, 0.5, np.array([2, 0, -1]))
    z = np.array([0.7, -0.2, -0.5])
    effects = model.compile_fn(
        shift, inputs=[model["category_sd"], model["category_z"]], point_fn=False, mode=PLAIN
    )(2.0, z)
    np.testing.assert_allclose(effects, [-1.0, 1.4, 0.0])


def test_one_category_has_no_effect():
    one = replace(TICKET_ROWS, categories=("all",))
    with pm.Model() as model:
        assert category_effects(one, 0.5, np.array([0])) == 0
    assert model.free_RVs == []
