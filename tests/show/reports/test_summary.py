"""The first part of a report is put together from its brief, with the data's own dates."""

from __future__ import annotations

import pytest
from support.desk import desk

import trust_router as tr
from trust_router.show.reports.brief import brief
from trust_router.show.reports.report import render_report
from trust_router.show.reports.summary import advice_of

COSTS = tr.Costs(0.03, 3.0, failure=5.0)


@pytest.fixture(scope="module")
def advice():
    return advice_of(brief(desk(), COSTS))


def test_it_says_what_to_do_what_it_saves_whom_to_ask_and_what_to_watch(advice):
    assert any("ticket by ticket" in each for each in advice.do)
    assert "against what is done today" in advice.saving
    assert "with a probability of" in advice.sure
    assert advice.judges[0].startswith("Ask good and flipped")
    assert "coin" in advice.judges[1]
    assert any("flipped ranks tickets backwards" in each for each in advice.watch)
    assert any("were answered by the complex model alone" in each for each in advice.watch)


def test_dates_are_those_of_the_data(advice):
    known = desk().outcomes.trials.sum()
    assert (
        advice.data == f"From {known} outcomes among 400 tickets, from 2 March 2026 to 1 May 2026."
    )
    undated = advice_of(brief(desk(dated=False), COSTS))
    assert undated.data.endswith("; the data have no dates.")


def test_without_costs_nothing_is_to_be_done(exact_posterior):
    advice = advice_of(brief(exact_posterior))
    assert (advice.do, advice.saving, advice.sure) == ((), "", "")
    assert "router medium is trusted most" in advice.judges[0]
    assert advice.data == "From 22 outcomes; the data have no dates."


def test_what_speaks_against_deciding_is_to_be_watched():
    """A judge that speaks of categories, whose need is no longer what it says."""
    panel = tr.Panel([tr.Router("r", {"j": 1.0})], [tr.Judge("j", tr.Beta(500, 5))])
    outcomes = tr.Outcomes(["a"], [200], [10])
    posterior = tr.solve(panel, tr.stated_beliefs(panel, ["a"]), outcomes)
    told = brief(posterior, COSTS)
    advice = advice_of(told)
    assert told.money.against
    assert advice.watch[0] == told.money.against[0]
    assert advice.do == (
        "Do not route by these judges yet. Until they have been looked at:",
        "Try the simple model first for a.",
    )
    assert "is not told" in advice.saving
    assert "<script" not in render_report(posterior, costs=COSTS)
    assert told.money.stated.policy == "all simple first"
