"""Tables of beliefs, long or wide, become arrays; what is no belief is refused by row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest

import trust_router as tr
from trust_router.defaults import CONCENTRATION, PROBABILITY_FLOOR

NAN = np.nan


def long(**columns):
    return pd.DataFrame({"ticket": ["t1", "t1", "t2"], "judge": ["x", "y", "x"]} | columns)


def test_long_table_gives_a_ticket_by_judge_array_and_missing_where_there_is_no_row():
    held = tr.read_beliefs(long(alpha=[3, 1, 2], beta=[9, 1, 8]))
    assert held.labels == ("t1", "t2")
    assert held.judges == ("x", "y")
    np.testing.assert_array_equal(held.alpha, [[3, 1], [2, NAN]])
    np.testing.assert_array_equal(held.beta, [[9, 1], [8, NAN]])
    assert held.category == ("", "")


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_all_three_forms_say_the_same(frame):
    keys = {"ticket": ["t1", "t2"], "judge": ["x", "x"]}
    forms = (
        {"alpha": [3.0, 1.0], "beta": [9.0, 4.0]},
        {"mean": [0.25, 0.2], "concentration": [12.0, 5.0]},
        {"probability": [0.25, 0.2], "concentration": [12.0, 5.0]},
    )
    for form in forms:
        held = tr.read_beliefs(frame(keys | form))
        np.testing.assert_allclose(held.alpha, [[3], [1]])
        np.testing.assert_allclose(held.beta, [[9], [4]])


def test_probability_without_concentration_gets_the_default_or_the_one_asked_for():
    held = tr.read_beliefs(long(probability=[0.2, 0.5, NAN]))
    np.testing.assert_allclose(held.alpha + held.beta, [[CONCENTRATION] * 2, [NAN, NAN]])
    held = tr.read_beliefs(long(probability=[0.2, 0.5, 0.1]), concentration=4)
    np.testing.assert_allclose(held.alpha, [[0.8, 2], [0.4, NAN]])
    stated = long(probability=[0.2, 0.5, 0.1], concentration=[NAN, 2, 8])
    held = tr.read_beliefs(stated)
    np.testing.assert_allclose((held.alpha + held.beta)[0], [CONCENTRATION, 2])


def test_probabilities_of_exactly_0_and_1_count_as_almost():
    held = tr.read_beliefs(pd.DataFrame({"ticket": ["a", "b"], "x": [0, 1]}), judges=["x"])
    np.testing.assert_allclose(held.mean[:, 0], [PROBABILITY_FLOOR, 1 - PROBABILITY_FLOOR])
    held = tr.read_beliefs(long(mean=[0, 1, 0.5], concentration=[5, 5, 5]))
    np.testing.assert_allclose(held.mean[0], [PROBABILITY_FLOOR, 1 - PROBABILITY_FLOOR])


def test_a_wide_table_has_the_judges_that_are_named_and_no_column_is_taken_for_one():
    frame = pd.DataFrame(
        {"ticket": [1, 2], "category": ["a", None], "escalated": [0, 1], "x": [0.1, None]}
    )
    refused = (
        r"judges must be named.*`judges=panel`, or `judges=\[...\]`; the other columns are "
        "escalated, x$"
    )
    with pytest.raises(ValueError, match=refused):
        tr.read_beliefs(frame)
    panel = tr.Panel([tr.Router("r", {"x": 0.5, "absent": 0.5})])
    assert tr.read_beliefs(frame, judges=panel).judges == ("x",)
    held = tr.read_beliefs(frame, judges=["x"])
    assert held.judges == ("x",)
    assert held.labels == ("1", "2")
    assert held.category == ("a", "")
    np.testing.assert_allclose(held.mean, [[0.1], [NAN]])


def test_wide_table_with_named_columns_and_judges():
    frame = pd.DataFrame({"id": ["a"], "kind": ["k"], "x": [0.1], "y": [0.2], "note": ["text"]})
    columns = {"ticket": "id", "category": "kind"}
    held = tr.read_beliefs(frame, columns=columns, judges=["y"])
    assert (held.judges, held.category) == (("y",), ("k",))
    with pytest.raises(ValueError, match="'note' must be a number or missing; got 'text' in row 1"):
        tr.read_beliefs(frame, columns=columns, judges=["x", "note"])


def test_words_for_missing_are_missing():
    frame = pd.DataFrame({"ticket": list("abcd"), "x": ["0.5", "n/a", "", None]})
    held = tr.read_beliefs(frame, judges=["x"])
    assert np.isnan(held.alpha[:, 0]).tolist() == [False, True, True, True]


def test_table_of_categories_gives_beliefs_about_categories():
    frame = pd.DataFrame(
        {"category": ["a", "b"] * 2, "judge": list("xxyy"), "alpha": [1, 2, 3, 4], "beta": [1] * 4}
    )
    held = tr.read_beliefs(frame)
    assert isinstance(held, tr.Beliefs)
    np.testing.assert_array_equal(held.alpha, [[1, 3], [2, 4]])
    with pytest.raises(ValueError, match="judge 'y' states nothing about category 'b'"):
        tr.read_beliefs(frame[:3])


def test_belief_about_a_category_stands_in_where_a_judge_has_no_row_on_the_ticket():
    frame = pd.DataFrame(
        [
            ("t1", "a", "x", 3, 1),
            ("t2", "a", "x", 2, 2),
            ("", "a", "y", 1, 9),
            ("t2", "", "y", 5, 5),
        ],
        columns=["ticket", "category", "judge", "alpha", "beta"],
    )
    held = tr.read_beliefs(frame)
    assert held.category == ("a", "a")
    np.testing.assert_array_equal(held.alpha, [[3, 1], [2, 5]])
    np.testing.assert_array_equal(held.beta, [[1, 9], [2, 5]])


def test_a_belief_stated_twice_is_refused_with_both_rows():
    twice = pd.DataFrame({"ticket": ["t", "u", "t"], "judge": ["x"] * 3, "probability": [0.1] * 3})
    with pytest.raises(
        ValueError, match="belief of judge 'x' about ticket 't' stands in rows 1 and 3"
    ):
        tr.read_beliefs(twice)
    with pytest.raises(ValueError, match="ticket 't' stands in rows 1 and 3; each counts once"):
        tr.read_beliefs(pd.DataFrame({"ticket": ["t", "u", "t"], "x": [0.1] * 3}), judges=["x"])
    category = pd.DataFrame({"category": ["a", "a"], "judge": ["x"] * 2, "probability": [0.1] * 2})
    with pytest.raises(ValueError, match="about category 'a' stands in rows 1 and 2"):
        tr.read_beliefs(category)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (long(probability=[0.1, 1.2, 0.3]), "'probability' must lie between 0 and 1; got 1.2 in r"),
        (long(probability=[0.1, -1, 0.3]), "got -1 in row 2"),
        (long(probability=["x", 0, 0]), "'probability' must be a number or missing; got 'x' in ro"),
        (long(alpha=[1, 0, 1], beta=[1, 1, 1]), "'alpha' must lie between 1e-06 and 1e.09; got 0"),
        (long(alpha=[1, 1, 1]), "no column 'beta' beside 'alpha'"),
        (long(mean=[0.1, 0.1, 0.1]), "no column 'concentration' beside 'mean'"),
        (long(), "must have the columns alpha and beta, or mean and concentration"),
        (long(alpha=[1] * 3, beta=[1] * 3, mean=[0.5] * 3), "must have the columns alpha and beta"),
        (long(probability=[0.1] * 3)[:0], "there are no rows"),
        (pd.DataFrame({"ticket": ["a"]}), "there is no column of a judge"),
        (pd.DataFrame({"judge": ["x"], "probability": [0.5]}), "no column 'ticket' or 'category'"),
    ],
)
def test_what_is_no_belief_is_refused_and_named(frame, message):
    with pytest.raises(ValueError, match=message):
        tr.read_beliefs(frame)


def test_a_ticket_of_two_categories_is_refused():
    frame = long(category=["a", "b", "a"], probability=[0.1] * 3)
    with pytest.raises(ValueError, match=r"ticket 't1' has the categories 'a' and 'b'.* row 2"):
        tr.read_beliefs(frame)


def test_a_row_about_nothing_is_refused():
    frame = pd.DataFrame({"ticket": ["t", ""], "category": ["", ""], "judge": ["x", "x"]})
    with pytest.raises(ValueError, match="row 2 names neither a ticket nor a category"):
        tr.read_beliefs(frame.assign(probability=0.5))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"concentration": 0}, "`concentration` must be positive; got 0"),
        ({"concentration": "ten"}, "`concentration` must be a number; got 'ten'"),
        ({"concentration": np.inf}, "`concentration` must be finite; got inf"),
        ({"columns": {"belief": "p"}}, "`columns` may map ticket, category, judge.*got 'belief'"),
        ({"judges": ["z"]}, "there is no column 'z' of a judge"),
    ],
)
def test_bad_arguments_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        tr.read_beliefs(pd.DataFrame({"ticket": ["a"], "x": [0.5]}), **arguments)


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "jsonl", "parquet"])
def test_files_say_what_frames_say(tmp_path, suffix):
    frame = long(alpha=[3.0, 1.0, 2.0], beta=[9.0, 1.0, 8.0])
    path = tmp_path / f"beliefs.{suffix}"
    if suffix.startswith("csv"):
        frame.to_csv(path, index=False)
    elif suffix == "jsonl":
        frame.to_json(path, orient="records", lines=True)
    else:
        frame.to_parquet(path)
    held, expected = tr.read_beliefs(path), tr.read_beliefs(frame)
    assert held.labels == expected.labels
    np.testing.assert_array_equal(held.alpha, expected.alpha)


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="beliefs"):
        tr.read_beliefs(tmp_path / "beliefs.csv")
