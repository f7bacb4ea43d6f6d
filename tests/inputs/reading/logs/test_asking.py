"""What is asked is checked before a file is read, and nothing that is stated goes unused."""

from __future__ import annotations

import pytest

import trust_router as tr


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"resolved": 1}, "`resolved` is about outcomes, and no score is named as the outcome"),
        ({"need": 1}, "`need` is about outcomes"),
        ({"answered": tr.logs.Answered("a", "b")}, "`answered` is about outcomes"),
        ({"answered": {"a": "simple"}, "outcome": "x"}, "`answered` must be a tr.logs.Answered"),
        ({"judges": ["x"], "outcome": "x"}, "a score is a judge or the outcome; 'x' is named as"),
        (
            {"scale": {"x": (1, 5)}},
            "`scale` is about scores of judges, and none is named",
        ),
        (
            {"judges": ["x"], "scale": 5, "high_means": "need"},
            "`scale` must be the lowest and the highest score, as .1, 5.",
        ),
        (
            {"judges": ["x", "y"], "scale": (1, 5), "high_means": {"x": "need"}},
            "`scale` of judge 'y' is stated, but not what a high score means",
        ),
        ({"judges": "x"}, "`judges` must be names of judges, or a Panel"),
        ({"outcome": 5}, "`outcome` must be the name of a score; got 5"),
        ({"category": ""}, "`category` must be the name of a score"),
        ({"columns": {"y": "x"}}, "`columns` may map ticket, name, .*; got 'y'"),
        ({"outcome": "x", "need": 1, "resolved": 1}, "must not share a value"),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_file_is_sought(asked, said):
    with pytest.raises((TypeError, ValueError), match=said):
        tr.logs.langfuse("nowhere.csv", **asked)
