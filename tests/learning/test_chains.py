"""Chains are put one after the other, and thinned alike."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from trust_router.learning.chains import flat, number_of_draws, resampled, thinned, without

DRAWS = xr.Dataset(
    {"x": (("router", "draw", "chain"), np.arange(24).reshape(3, 4, 2))},
    {"router": list("abc")},
)


def test_flat_draws_are_chain_by_chain_whatever_the_order_of_dims():
    found = flat(DRAWS["x"])
    assert found.shape == (8, 3)
    assert found[:, 0].tolist() == [0, 2, 4, 6, 1, 3, 5, 7]
    np.testing.assert_array_equal(flat(DRAWS["x"], "router"), found)


@pytest.mark.parametrize(("most", "left"), [(100, 8), (8, 8), (7, 4), (4, 4), (2, 2)])
def test_at_most_so_many_draws_are_left(most, left):
    kept = thinned(DRAWS, most)
    assert number_of_draws(kept) == left
    assert kept["x"].isel(draw=0).equals(DRAWS["x"].isel(draw=0))


def test_resampled_draws_are_those_of_all_chains_by_their_places():
    origin = np.array([7, 0, 0, 3, 5, 6, 1, 2])
    kept = resampled(DRAWS, origin)
    assert kept["x"].dims == ("chain", "draw", "router")
    np.testing.assert_array_equal(flat(kept["x"]), flat(DRAWS["x"])[origin])


def test_what_is_left_out_takes_its_labels_along():
    sizes = {"chain": [0], "draw": [0], "inner": [0, 1], "judge": ["a"]}
    dims = ("chain", "draw")
    draws = xr.Dataset(
        {"z": ((*dims, "inner"), [[[1, 2]]]), "gain": ((*dims, "judge"), [[[1]]])}, sizes
    )
    assert set(without(("z", "absent"), draws).variables) == {"gain", "chain", "draw", "judge"}
