"""Categories that stand in a table of their own reach outcomes and beliefs."""

from __future__ import annotations

import pandas as pd
import pytest

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.inputs.reading.categories import categories_of, read_categories

FOUND = pd.DataFrame(
    {"ticket": ["a", "b", "c"], "category": ["login", "refund", "login"], "confidence": 0.9}
)
LOG = pd.DataFrame(
    {
        "ticket": ["a", "b", "c"],
        "outcome": [0, 1, None],
        "answered_by": ["simple", "both", "complex"],
    }
)
SAID = pd.DataFrame({"ticket": ["c", "a", "b"], "x": [0.1, 0.2, 0.3]})


def test_a_table_a_file_and_a_mapping_say_the_same(tmp_path):
    FOUND.to_csv(tmp_path / "found.csv", index=False)
    expected = {"a": "login", "b": "refund", "c": "login"}
    assert read_categories(tmp_path / "found.csv") == expected
    assert read_categories(FOUND) == read_categories(expected) == expected
    renamed = FOUND.rename(columns={"ticket": "id"})
    assert read_categories(renamed, columns={"ticket": "id"}) == expected


def test_outcomes_and_beliefs_without_a_category_get_that_of_their_ticket():
    outcomes = tr.read_outcomes(LOG, categories=FOUND)
    assert outcomes.categories == ("login", "refund")
    assert outcomes.trials.tolist() == [1, 1]
    assert outcomes.observed.untried == 1
    beliefs = tr.read_beliefs(SAID, judges=["x"], categories=FOUND)
    assert beliefs.category == ("login", "login", "refund")
    rows = match(tr.Panel([tr.Router("r", {"x": 1.0})]), beliefs, outcomes)
    assert rows.categories == ("login", "refund")


def test_the_table_of_categories_holds_whatever_else_is_said():
    log = LOG.assign(category="all")
    assert tr.read_outcomes(log, categories=FOUND).categories == ("login", "refund")
    said = SAID.assign(category="all")
    assert tr.read_beliefs(said, judges=["x"], categories=FOUND).category == (
        "login",
        "login",
        "refund",
    )


def test_a_ticket_without_a_category_is_refused_and_named():
    with pytest.raises(ValueError, match=r"1 of 3 tickets of the outcomes .* first is 'c'"):
        tr.read_outcomes(LOG, categories=FOUND.iloc[:2])
    with pytest.raises(ValueError, match=r"1 of 3 tickets of the beliefs .* first is 'c'"):
        tr.read_beliefs(SAID, judges=["x"], categories=FOUND.iloc[:2])
    with pytest.raises(ValueError, match="no column 'ticket'"):
        tr.read_outcomes(LOG.drop(columns="ticket"), categories=FOUND)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (FOUND.drop(columns="category"), "no column 'category'"),
        (FOUND.assign(ticket="a"), "ticket 'a' stands in rows 1 and 2"),
        (FOUND.assign(category=None), "category is missing in row 1"),
        (FOUND.iloc[:0], "no rows"),
    ],
)
def test_a_table_that_is_none_is_refused(table, said):
    with pytest.raises(ValueError, match=said):
        read_categories(table)


def test_categories_are_given_in_the_order_of_tickets():
    assert categories_of(["b", "a"], {"a": "x", "b": "y"}, "texts") == ("y", "x")


def test_beliefs_about_categories_have_no_tickets_to_join():
    stated = pd.DataFrame({"category": ["login"], "judge": ["x"], "probability": [0.2]})
    with pytest.raises(ValueError, match="got beliefs about categories"):
        tr.read_beliefs(stated, categories=FOUND)
