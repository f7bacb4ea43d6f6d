"""Densities of need, of which no needle is missed."""

from __future__ import annotations

import numpy as np
import pytest
from support.pictures import is_cut, solved

import trust_router as tr


def test_mixture_panels_hold_the_density_before_and_after(exact_posterior):
    axes = tr.plots.mixtures(exact_posterior)
    assert len(axes) == 3
    x, after = axes[1].lines[0].get_data()
    np.testing.assert_allclose(after, exact_posterior.mixture("transfer failed", "medium").pdf(x))
    before = axes[1].lines[1].get_ydata()
    prior = exact_posterior.mixture("transfer failed", "medium", prior=True)
    np.testing.assert_allclose(before, prior.pdf(x))
    assert not is_cut(axes[0].figure)


@pytest.mark.parametrize("needs", [0, 100, 2 * 10**8, 10**9])
def test_a_density_like_a_needle_is_seen(needs):
    posterior = solved(["c"], [10**9], [needs])
    for ax, name in zip(tr.plots.mixtures(posterior), posterior.panel.router_names, strict=True):
        density = ax.lines[0].get_ydata()
        mixture = posterior.mixture("c", name)
        peak = mixture.pdf((mixture.alpha[0] - 1) / (mixture.alpha[0] + mixture.beta[0] - 2))
        assert density.max() > 0.9 * peak
        assert ax.get_ylim()[1] > density.max()


def test_a_density_without_bound_is_cut_and_the_rest_seen():
    panel = tr.Panel([tr.Router("r", {"j": 1.0})], [tr.Judge("j", tr.Beta(0.3, 3))])
    posterior = tr.solve(panel, tr.stated_beliefs(panel, ["c"]), tr.Outcomes(["c"], [0], [0]))
    ax = tr.plots.mixtures(posterior)[0]
    assert ax.get_ylim()[1] < 1000


def test_where_no_router_has_a_mixture_need_itself_is_drawn(pool_posterior):
    axes = tr.plots.mixtures(pool_posterior, "login")
    assert len(axes) == 1
    legend = [text.get_text() for text in axes[0].figure.legends[0].get_texts()]
    assert legend == ["after the outcomes", "before"]
    assert not is_cut(axes[0].figure)
    with pytest.raises(ValueError, match="`axes` must be one"):
        tr.plots.mixtures(pool_posterior, "login", axes=[axes[0], axes[0]])
