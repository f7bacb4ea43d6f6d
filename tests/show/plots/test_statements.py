"""The picture of what judges said shows the table, of silent judges too."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from support.pretended import COUNTS, SEATS, STATED

import trust_router as tr
from trust_router.show.plots.statements import draw_statements


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_dots_are_what_was_stated_and_crosses_what_happened():
    posterior = tr.solve(SEATS, STATED, COUNTS)
    table = tr.insight.judge_statements(posterior)
    ax = tr.plots.statements(posterior)
    dots, crosses = ax.get_lines()[:2]
    np.testing.assert_allclose(dots.get_xdata(), table["stated"])
    np.testing.assert_allclose(crosses.get_xdata(), table["observed"])
    assert len(ax.get_yticklabels()) == len(table)


def test_a_judge_that_spoke_of_some_tickets_says_of_how_many():
    table = tr.insight.judge_statements(tr.solve(SEATS, STATED, COUNTS))
    table.iloc[0, table.columns.get_loc("silent")] = table["tickets"].iloc[0]
    ax = draw_statements(table)
    assert ", 50%)" in ax.get_yticklabels()[0].get_text()


def test_a_judge_without_an_outcome_has_no_marks():
    table = tr.insight.judge_statements(tr.solve(SEATS, STATED, COUNTS))
    table[["stated", "observed"]] = np.nan
    assert draw_statements(table).get_lines()
