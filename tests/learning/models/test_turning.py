"""The graph that is sampled is the documented one in other coordinates, along which it is round."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg
from support.three_routers import PANEL, PLAIN, TICKET_ROWS, TWO, parameters, points

from trust_router.learning.models.pool import Pool
from trust_router.learning.models.turning import TURNED, turn
from trust_router.learning.models.vector import Vector

KINDS = {
    "each": (Pool(), PANEL),
    "two": (Pool(gain_mean=0.7, bend_sd=0.4), TWO),
    "none": (Pool(category_effects=False), PANEL),
}


@pytest.mark.parametrize(("options", "panel"), KINDS.values(), ids=KINDS)
def test_the_density_is_the_same_up_to_a_constant(options, panel):
    turned, plain = options.sampled(panel, TICKET_ROWS), options.build(panel, TICKET_ROWS)
    values, found = parameters(turned), turned.compile_logp(mode=PLAIN)
    expected, names = plain.compile_logp(mode=PLAIN), {v.name for v in plain.value_vars}
    apart = []
    for point in points(turned):
        known = {name: x[0] for name, x in values(point).items()}
        there = {name: point.get(name, known.get(name)) for name in names}
        apart.append(found(point) - expected(there))
    assert np.ptp(apart) < 1e-8
    assert {v.name for v in plain.free_RVs} <= set(known)
    assert len(point[TURNED]) == len(options.vector(panel, TICKET_ROWS).stated[0])


def test_directions_are_orthogonal_and_along_them_the_rows_tell_parameters_apart():
    vector = Vector({"intercept": (0.0, 2.0, 0), "gain": (1.0, 0.5, 0)}, None, 1)
    x = np.linspace(1, 3, len(TICKET_ROWS.known()))

    def log_odds(draws):
        a, g = (draws[name].values.reshape(-1, 1) for name in ("intercept", "gain"))
        return a + g * x

    known = TICKET_ROWS.known()
    directions = turn(vector, log_odds, known)
    np.testing.assert_allclose(directions.T @ directions, np.eye(2), atol=1e-12)
    p = 1 / (1 + np.exp(-x))
    slope = np.column_stack([2.0 + 0 * x, 0.5 * x])
    told = (slope * (known.trials * p * (1 - p))[:, None]).T @ slope
    round_ = directions.T @ told @ directions
    assert abs(round_[0, 1]) < 1e-6 * np.trace(told)
    np.testing.assert_allclose(np.diag(round_), linalg.eigvalsh(told), rtol=1e-5)
