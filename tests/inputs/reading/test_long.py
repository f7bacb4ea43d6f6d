"""Long tables: chosen judges are read alone, and nothing else of the table is in the way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import trust_router as tr

# As tools export scores: everything in one table, a value for each name.
SCORES = pd.DataFrame(
    [
        ("t1", "haiku", 0.1),
        ("t1", "tone", "urgent"),
        ("t2", "haiku", 0.4),
        ("t3", "tone", "calm"),
        (None, "tone", None),
    ],
    columns=["trace", "name", "value"],
)
COLUMNS = {"ticket": "trace", "judge": "name", "probability": "value"}


def test_rows_of_other_judges_are_left_alone():
    held = tr.read_beliefs(SCORES, columns=COLUMNS, judges=["haiku"])
    assert (held.judges, held.labels) == (("haiku",), ("t1", "t2", "t3"))
    np.testing.assert_allclose(held.mean[:, 0], [0.1, 0.4, np.nan])
    with pytest.raises(
        ValueError, match="'value' must be a number or missing; got 'urgent' in row 2"
    ):
        tr.read_beliefs(SCORES[:4], columns=COLUMNS)


def test_rows_keep_their_numbers_in_messages():
    wrong = SCORES.assign(value=[0.1, 0.2, 1.7, 0.3, 0.4])
    with pytest.raises(ValueError, match=r"got 1\.7 in row 3"):
        tr.read_beliefs(wrong, columns=COLUMNS, judges=["haiku"])
    twice = SCORES.assign(trace="t1", value=0.5)
    with pytest.raises(ValueError, match="judge 'haiku' about ticket 't1' stands in rows 1 and 3"):
        tr.read_beliefs(twice, columns=COLUMNS, judges=["haiku"])


def test_a_panel_chooses_its_judges():
    panel = tr.Panel([tr.Router("r", {"haiku": 1})])
    assert tr.read_beliefs(SCORES, columns=COLUMNS, judges=panel).judges == ("haiku",)
    other = tr.Panel([tr.Router("r", {"opus": 1})])
    with pytest.raises(
        ValueError, match="no judge of the panel has a belief; the table knows haiku"
    ):
        tr.read_beliefs(SCORES, columns=COLUMNS, judges=other)


def test_categories_that_only_other_judges_know_are_none():
    frame = pd.DataFrame(
        {"category": ["a", "b"], "judge": ["x", "y"], "alpha": [1, 2], "beta": [3, 4]}
    )
    held = tr.read_beliefs(frame, judges=["x"])
    assert (held.labels, held.alpha.tolist()) == (("a",), [[1]])


def test_the_category_of_a_ticket_may_stand_in_any_of_its_rows():
    frame = pd.DataFrame(
        {
            "ticket": ["t", "t"],
            "category": ["", "a"],
            "judge": ["x", "y"],
            "probability": [0.1, 0.2],
        }
    )
    assert tr.read_beliefs(frame, judges=["x"]).category == ("a",)
