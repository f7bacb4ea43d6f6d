"""Drift over time: a line with its band for each, and when something changed."""

from __future__ import annotations

import numpy as np
import pytest
from support.drifted import SHIFT, drifted
from support.pictures import is_cut

import trust_router as tr
from trust_router.defaults import ALL_CATEGORIES


@pytest.fixture(scope="module")
def found():
    return tr.insight.drift(drifted())


def test_each_category_has_a_line_and_a_band(found):
    ax = tr.plots.drift(found)
    labels = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert labels[:1] == [ALL_CATEGORIES]
    assert sorted(labels[1:3]) == ["billing", "orders"]
    assert labels[3:] == ["it changed", "alarm"]
    np.testing.assert_allclose(ax.lines[0].get_ydata(), found.need.loc[ALL_CATEGORIES]["mean"])
    assert len(ax.collections) == 3
    assert ax.lines[3].get_xdata()[0] == SHIFT
    assert not is_cut(ax.figure)


def test_judges_are_drawn_around_zero(found):
    ax = tr.plots.drift(found, of="judges")
    np.testing.assert_allclose(ax.lines[2].get_ydata(), found.judges.loc["z"]["mean"])
    assert ax.lines[-1].get_ydata()[0] == 0
    assert not is_cut(ax.figure)


def test_quiet_draws_have_no_lines_of_change():
    ax = tr.plots.drift(tr.insight.drift(drifted(shift=0.0, turn=0.0)))
    labels = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert "it changed" not in labels


def test_something_else_is_refused(found):
    with pytest.raises(ValueError, match="`of` must be 'need' or 'judges'; got 'trust'"):
        tr.plots.drift(found, of="trust")
