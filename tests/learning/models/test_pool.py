"""The pool has the density that SciPy gives it."""

from __future__ import annotations

import pytest
from support.three_routers import (
    CATEGORY_ROWS,
    PANEL,
    TICKET_ROWS,
    density,
    parameters,
    points,
    pool_by_hand,
)

from trust_router.learning.models.pool import Pool


@pytest.mark.parametrize("rows", [CATEGORY_ROWS, TICKET_ROWS], ids=["category", "ticket"])
@pytest.mark.parametrize(
    "options",
    [
        Pool(),
        Pool(scale="log odds", lapses=True, bend=False),
        Pool(category_effects=False),
        Pool(trust_by_category=True),
    ],
    ids=["default", "log odds", "no categories", "trust by category"],
)
def test_density_of_the_pool_is_that_of_scipy(options, rows):
    model = options.build(PANEL, rows)
    found, values = density(model), parameters(model)
    for point in points(model):
        assert found(point) == pytest.approx(pool_by_hand(values(point), rows, options), abs=1e-8)
