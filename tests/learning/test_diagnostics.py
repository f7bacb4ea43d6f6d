"""Draws that may not be trusted are told."""

from __future__ import annotations

import pytest
import xarray as xr

from trust_router.learning.diagnostics import diagnose

pytestmark = pytest.mark.slow


def test_one_chain_cannot_show_that_it_converged(nuts_posterior):
    tree = nuts_posterior.data
    one = xr.DataTree.from_dict(
        {name: tree[name].to_dataset().isel(chain=[0]) for name in ("posterior", "sample_stats")}
    )
    one["posterior"] = xr.DataTree(one["posterior"].to_dataset().isel(draw=slice(0, 100)))
    assert not diagnose(one).converged
