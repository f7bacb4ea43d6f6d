"""Chains, drawn whole by ArviZ."""

from __future__ import annotations

import pytest
import xarray as xr
from matplotlib.figure import Figure
from support.pictures import is_cut

import trust_router as tr


def test_diagnostics_are_arviz_plots(nuts_posterior):
    collection = tr.plots.diagnostics(nuts_posterior)
    assert type(collection).__module__.startswith("arviz")
    assert isinstance(collection.viz["figure"].item(), Figure)


def with_categories(posterior, names):
    """Give a sampled posterior of one category others with the same draws."""
    draws = posterior.data["posterior"].to_dataset()[["need"]]
    repeated = draws.isel(category=[0] * len(names)).assign_coords(category=names)
    several = tr.Posterior(xr.DataTree.from_dict({"posterior": repeated}))
    several.__dict__["outcomes"] = tr.Outcomes(names, [9] * len(names), [2] * len(names))
    return several


@pytest.mark.parametrize("names", [["refund"], ["a", "b", "c", "d", "e"], ["x" * 300, "$1 $2"]])
def test_diagnostics_are_whole_and_have_a_row_for_each_of_four_categories(nuts_posterior, names):
    posterior = with_categories(nuts_posterior, names)
    figure = tr.plots.diagnostics(posterior).viz["figure"].item()
    assert len(figure.axes) == 2 * min(len(names), 4)
    assert not is_cut(figure)
    top, bottom = (figure.axes[i].get_tightbbox() for i in (0, -1))
    assert top.y1 > 0.9 * figure.bbox.height
    assert bottom.y0 < 0.1 * figure.bbox.height
