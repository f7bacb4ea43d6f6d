"""Vectors hold what the graph calls free, with its prior density."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from support.three_routers import PANEL, PLAIN, TICKET_ROWS, TWO, parameters, points

import trust_router as tr
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.rates import Rates

KINDS = {
    "pool": (Pool(gain_mean=0.7, judge_sd=0.6, category_sd=0.3), PANEL),
    "routers of several judges": (Pool(router_sd=0.1), TWO),
    "no categories": (Pool(category_effects=False), PANEL),
    "rates": (Rates(intercept_sd=0.4), PANEL),
}


@pytest.mark.parametrize(("options", "panel"), KINDS.values(), ids=KINDS)
def test_the_density_is_that_of_the_graph_up_to_a_constant(options, panel):
    model, vector = options.build(panel, TICKET_ROWS), options.vector(panel, TICKET_ROWS)
    prior = model.compile_logp(vars=model.free_RVs, jacobian=True, sum=True, mode=PLAIN)
    joint, values = model.compile_logp(mode=PLAIN), parameters(model)
    apart = []
    for point in points(model):
        draws = _as_draws(values(point), vector)
        packed = vector.pack(draws)
        again = vector.unpack(packed)
        for name in again.data_vars:
            np.testing.assert_allclose(again[name], draws[name], atol=1e-12)
        seen = options.log_likelihood(again, panel, TICKET_ROWS)
        apart.append(
            [prior(point) - vector.log_prior(packed)[0], joint(point) - prior(point) - seen[0]]
        )
    np.testing.assert_allclose(np.ptp(apart, axis=0), 0, atol=1e-8)
    assert packed.shape == (1, vector.size)


def _as_draws(values, vector):
    dims = {"router_gain": "router", "judge_gain": "judge", "category_z": "category"}
    names = [*vector.normals, *["category_sd", "category_z"] * (vector.category_scale is not None)]
    return xr.Dataset(
        {
            name: (("chain", "draw", *([dims[name]] if name in dims else [])), values[name][None])
            for name in names
        }
    )


def test_several_draws_in_chains_come_back_in_their_places():
    rng = np.random.default_rng(1)
    vector = Pool().vector(PANEL, TICKET_ROWS)
    points_ = rng.normal(size=(6, vector.size))
    draws = vector.unpack(points_, chains=2)
    assert (draws.sizes["chain"], draws.sizes["draw"]) == (2, 3)
    np.testing.assert_allclose(vector.pack(draws), points_)


def test_a_switch_has_no_vector():
    assert tr.Switch().vector(PANEL, TICKET_ROWS) is None
