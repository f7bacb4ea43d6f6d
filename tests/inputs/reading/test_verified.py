"""What somebody found holds, and what had been logged is kept beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import trust_router as tr
from trust_router.inputs.reading.outcomes import read_outcomes

TABLE = {
    "ticket": ["t1", "t2", "t3", "t4", "t5"],
    "category": ["a", "a", "b", "b", "b"],
    "outcome": [0, 1, 1, None, 0],
    "verified": [1, 1, 0, 1, None],
}


def read(**changed):
    return read_outcomes(pd.DataFrame(TABLE | changed))


def test_what_was_found_counts_and_what_was_logged_is_kept():
    outcomes = read()
    assert outcomes.to_dict() == {
        "categories": ["a", "b"], "trials": [2, 3], "needs": [2, 1], "missing": [0, 0],
    }  # fmt: skip
    # Found 0 or 1, logged 0, 1 or nothing.
    assert outcomes.checked.tolist() == [[[0, 0, 0], [1, 1, 0]], [[0, 1, 0], [0, 0, 1]]]
    assert outcomes.log.outcome.tolist() == [1, 1, 0, 1, 0]
    assert outcomes.log.logged.tolist() == [0, 1, 1, -1, 0]
    assert repr(outcomes) == "Outcomes(2 categories, 5 trials, 3 needs, 0 missing, 4 checked)"


def test_a_blank_column_changes_nothing():
    outcomes = read(verified=[None] * 5)
    assert outcomes.checked is None
    assert (
        outcomes.to_dict() == read_outcomes(pd.DataFrame(TABLE).drop(columns="verified")).to_dict()
    )


def test_values_mean_what_those_of_outcomes_mean():
    words = {0: "ok", 1: "failed", None: None}
    said = {name: [words[x] for x in TABLE[name]] for name in ("outcome", "verified")}
    table = pd.DataFrame(TABLE | said)
    outcomes = read_outcomes(table, need="failed", resolved="ok")
    np.testing.assert_array_equal(outcomes.checked, read().checked)
    with pytest.raises(ValueError, match=r"got 'maybe' in row 2 .column 'verified'"):
        read(verified=[1, "maybe", None, None, None])


def test_another_name_is_mapped():
    table = pd.DataFrame(TABLE).rename(columns={"verified": "audit"})
    mapped = read_outcomes(table, columns={"verified": "audit"})
    np.testing.assert_array_equal(mapped.checked, read().checked)
    assert read_outcomes(table).checked is None


def test_a_flag_that_says_whether_is_refused():
    with pytest.raises(ValueError, match=r"no row of 5 is blank: a column that says whether"):
        read(verified=[True, False, True, True, False])


def test_checked_tickets_have_names():
    table = pd.DataFrame(TABLE).drop(columns="ticket")
    with pytest.raises(ValueError, match="a column `ticket` must name them"):
        read_outcomes(table)


def test_days_add_up_and_what_was_found_holds_whatever_is_logged_later():
    monday = read(verified=[None] * 5)
    checked = {"ticket": ["t1", "t5"], "category": ["a", "b"], "outcome": [None] * 2}
    found = read_outcomes(pd.DataFrame(checked | {"verified": [1, None]}))
    later = {"ticket": ["t1", "t2"], "category": "a", "outcome": [0, 0]}
    for both in (
        monday + found,
        found + monday,
        monday + found + read_outcomes(pd.DataFrame(later)),
    ):
        assert both.checked[0].tolist() == [[0, 0, 0], [1, 0, 0]]
        at = both.log.tickets.index("t1")
        assert (both.log.outcome[at], both.log.logged[at]) == (1, 0)
    assert both.needs.tolist() == [1, 1]
    assert str(monday.changed_by(found)).startswith("0 added, 1 corrected")


def test_a_ticket_in_several_rows_of_a_table_is_checked_in_one():
    rows = {
        "ticket": ["t1", "t1", "t1", "t2"],
        "category": "a",
        "outcome": [0, None, 0, 1],
        "verified": [None, 1, None, None],
        "time": ["2026-09-01", "2026-09-02", "2026-09-03", "2026-09-03"],
    }
    outcomes = read_outcomes(pd.DataFrame(rows))
    assert outcomes.checked.tolist() == [[[0, 0, 0], [1, 0, 0]]]
    assert outcomes.needs.tolist() == [2]


def test_a_ticket_of_the_complex_model_that_was_checked_was_tried():
    table = TABLE | {"answered_by": ["simple", "both", "both", "complex", "simple"]}
    outcomes = read_outcomes(pd.DataFrame(table))
    assert outcomes.observed.untried == 0
    assert outcomes.trials.tolist() == [2, 3]


def test_models_get_them_with_beliefs_about_tickets_and_about_categories():
    from trust_router.inputs.matching import match, single_tickets

    panel = tr.Panel([tr.Router("one", {"x": 1.0})])
    said = tr.Beliefs(["t2", "t5", "t1", "t9"], ["x"], [[1]] * 4, [[2]] * 4, about="ticket")
    rows, tickets = single_tickets(panel, said, read(), warn=False)
    by_ticket = {
        t: (int(n), f.tolist()) for t, n, f in zip(tickets, rows.needs, rows.found, strict=True)
    }
    assert by_ticket["t1"] == (1, [0, 1])
    assert by_ticket["t3"] == (0, [1, 0])
    assert by_ticket["t5"] == (0, [0, 0])
    assert by_ticket["t9"] == (0, [0, 0])
    assert rows.mistakes.tolist() == [[0, 1], [1, 1]]
    assert rows.merged().mistakes.tolist() == rows.mistakes.tolist()
    stated = tr.Beliefs(["a", "b"], ["x"], [[1], [1]], [[2], [2]])
    assert match(panel, stated, read()).mistakes.tolist() == rows.mistakes.tolist()
