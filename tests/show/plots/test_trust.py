"""Bars of trust: as long as it, told apart, and never formulas."""

from __future__ import annotations

import numpy as np
import pytest
from support.pictures import is_cut, solved

import trust_router as tr


def test_trust_bars_are_as_long_as_trust_and_say_so(exact_posterior):
    ax = tr.plots.trust(exact_posterior)
    np.testing.assert_allclose(
        [bar.get_width() for bar in ax.patches], exact_posterior.trust_mean[0]
    )
    assert {"34.2%", "47.9%", "17.9%"} <= {text.get_text() for text in ax.texts}
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[0] == "simple\nthe optimist"
    assert not is_cut(ax.figure)


def test_sampled_trust_has_its_interval(nuts_posterior):
    ax = tr.plots.trust(nuts_posterior, ci_prob=0.5)
    lines = ax.collections[-1].get_segments()
    table = nuts_posterior.trust(0.5)
    np.testing.assert_allclose([s[0][0] for s in lines], table["lower"])
    np.testing.assert_allclose([s[1][0] for s in lines], table["upper"])
    assert not is_cut(ax.figure)


def test_thirty_routers_are_told_apart_and_leave_room_for_bars():
    ax = tr.plots.trust(solved(["a", "b"], [9, 3], [2, 1], routers=30))
    looks = {(bar[0].get_facecolor(), bar[0].get_hatch()) for bar in ax.containers}
    assert len(looks) == 30
    assert not is_cut(ax.figure)
    height = ax.get_window_extent().height / ax.figure.dpi
    few = tr.plots.trust(solved(["a", "b"], [9, 3], [2, 1]))
    few.figure.canvas.draw()
    assert height > 0.9 * few.get_window_extent().height / few.figure.dpi


def test_long_router_names_fit_below_the_bars():
    letters = "abcdef"
    names = [letter + " very long name of a router" for letter in letters]
    panel = tr.Panel(
        [tr.Router(name, {"j": 1.0}) for name in names], [tr.Judge("j", tr.Beta(1, 2))]
    )
    outcomes = tr.Outcomes(["a", "b"], [3, 4], [1, 1])
    posterior = tr.solve(panel, tr.stated_beliefs(panel, ["a", "b"]), outcomes)
    assert not is_cut(tr.plots.trust(posterior).figure)


def test_pooled_trust_is_one_picture_for_all_categories(pool_posterior):
    for category in (None, "login"):
        ax = tr.plots.trust(pool_posterior, category)
        np.testing.assert_allclose(
            [bar.get_width() for bar in ax.patches], pool_posterior.trust()["mean"]
        )
        assert ax.get_title(loc="left") == "all categories"
        assert ax.get_xlabel() == "trust: share of what the judges know that the router carries"
        assert not is_cut(ax.figure)
    with pytest.raises(ValueError, match="unknown category 'x'"):
        tr.plots.trust(pool_posterior, "x")


def test_numbers_inside_stacked_bars_stand_out_from_them():
    ax = tr.plots.trust(solved(["a", "b"], [9, 3], [2, 1]))
    first = [text.get_color() for text in ax.texts if text.get_position()[0] < 0.2]
    assert set(first) == {"white"}
    assert {text.get_color() for text in ax.texts} == {"white", "#222222"}
