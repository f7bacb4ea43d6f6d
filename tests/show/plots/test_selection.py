"""Tipping points as marks on a scale of odds."""

from __future__ import annotations

import numpy as np
import pytest
from support.decided import posterior_of
from support.pictures import is_cut

import trust_router as tr
from trust_router.insight.selection import Selection


@pytest.fixture(scope="module")
def found():
    return tr.insight.selection(
        posterior_of([22, 6, 20, 9], [3, 3, 15, 2], [90, 6, 2, 0]), threshold=0.3713
    )


def marks(ax):
    return {
        line.get_marker(): line.get_xydata() for line in ax.lines if line.get_marker() in ("o", "D")
    }


def test_marks_stand_where_something_changes(found):
    ax = tr.plots.selection(found)
    table = found.table().query("unseen > 0")
    for marker, name in (("o", "shift"), ("D", "router_shift")):
        there = table[name].notna().to_numpy()
        np.testing.assert_allclose(marks(ax)[marker][:, 0], np.exp(table[name][there]))
        np.testing.assert_array_equal(marks(ax)[marker][:, 1].round(), np.flatnonzero(there))
    assert [t.get_text() for t in ax.get_yticklabels()] == ["c0 (90)", "c1 (6)", "c2 (2)"]
    low, high = ax.get_xlim()
    assert low < np.exp(table["shift"].min())
    assert high > np.exp(table["shift"].max())
    assert low * high == pytest.approx(1)
    assert not is_cut(ax.figure)


def test_without_a_threshold_there_are_no_marks_of_decisions(found):
    ax = tr.plots.selection(Selection(found.tipping, None))
    assert set(marks(ax)) == {"D"}


def test_trust_that_is_the_same_everywhere_has_a_row_of_its_own(found):
    ax = tr.plots.selection(Selection(found.tipping, 0.3713, trust_varies=False))
    assert ax.get_yticklabels()[-1].get_text() == "all categories (98)"
    assert marks(ax)["D"][:, 1].round().tolist() in ([3], [])
    assert len(marks(ax)["D"]) <= 1


def test_names_are_cut_and_the_busiest_of_many_are_drawn(found):
    many = found.tipping.iloc[[0, 1, 2] * 9]
    many.index = [f"a $ name of a category that is far too long {i}" for i in range(27)]
    ax = tr.plots.selection(Selection(many, 0.3713))
    assert len(ax.get_yticklabels()) == 20
    assert "20 of 27 categories, those with most of them" in ax.get_xlabel()
    assert not is_cut(ax.figure)


def test_where_every_ticket_has_an_outcome_the_picture_is_empty():
    whole = tr.insight.selection(posterior_of([6], [3]), threshold=0.3)
    ax = tr.plots.selection(whole)
    assert all(len(points) == 0 for points in marks(ax).values())
