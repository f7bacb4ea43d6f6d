"""Judges that are asked for are those that are read, and an absent one is refused."""

from __future__ import annotations

import pytest

import trust_router as tr
from trust_router.inputs.reading.chosen import Chosen

PANEL = tr.Panel([tr.Router("r", {"x": 0.5, "y": 0.5})])


def test_judges_come_in_the_order_asked_for():
    assert Chosen.of(["y", "x\u200b"]).among(["x", "y", "z", "x"], "row") == ["y", "x"]
    assert Chosen.of(None) is None


def test_of_a_panel_those_that_are_known():
    assert Chosen.of(PANEL).among(["y", "note"], "column") == ["y"]
    with pytest.raises(
        ValueError, match="no judge of the panel has a belief; the table knows note"
    ):
        Chosen.of(PANEL).among(["note"], "column")


@pytest.mark.parametrize(
    ("judges", "kind", "said"),
    [
        (["x", "w"], ValueError, "there is no row 'w' of a judge; the table knows x, y"),
        ("x", TypeError, "`judges` must be names of judges, or a Panel; got 'x'"),
        (3, TypeError, "`judges` must be names of judges, or a Panel; got 3"),
        ([], ValueError, "`judges` must name at least one"),
        (["x", "x"], ValueError, "`judges` must be unique; 'x' is used twice"),
    ],
)
def test_what_names_no_judges_is_refused(judges, kind, said):
    with pytest.raises(kind, match=said):
        Chosen.of(judges).among(["x", "y"], "row")
