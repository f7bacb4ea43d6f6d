"""What to watch, and whom to ask: each thing once, and nothing where there is nothing."""

from __future__ import annotations

import pandas as pd
import pytest
from support.drifted import drifted

import trust_router as tr
from trust_router.inputs.matches import Matches
from trust_router.inputs.observed import Observed
from trust_router.insight.selection import Selection
from trust_router.insight.worth import JudgeWorth
from trust_router.learning.findings import Finding
from trust_router.show.reports.watch import judges_sentences, watch_sentences

REVERSED = Finding("reversed", ("flipped",), "", {})
COIN = Finding("coin", ("coin",), "", {})
COPIES = Finding("copies", ("a", "b"), "", {})
MANY = tr.Outcomes(["x", "y"], [100, 90], [20, 10])


def worth(**change):
    table = pd.DataFrame({"change": change}).assign(lower=0.0, upper=0.1, repeated=0.5)
    return JudgeWorth(table, 0.5, 0.89)


def test_judges_are_asked_by_what_they_add_and_the_useless_left_out():
    found = worth(coin=0.001, a=0.01, b=0.0, c=0.02, d=0.0001)
    ask, spare = judges_sentences(["coin", "a", "b", "c", "d"], [COIN, COPIES], found)
    assert ask == "Ask c and a (in this order of what each adds)."
    assert spare == (
        "Next to nothing would be lost without any one of coin (cannot be told from a coin), b "
        "(says what a says), d (adds next to nothing)."
    )


def test_one_judge_is_asked_and_none_where_none_knows():
    assert judges_sentences(["a"], [], None) == ("Ask a.",)
    assert judges_sentences(["coin"], [COIN], None)[0].startswith("No judge tells tickets apart")


def said(findings=(), outcomes=MANY, matches=None, selection=None, drift=None, **options):
    options = {"whole": ["x", "y"], "pooled": True} | options
    return watch_sentences(findings, outcomes, matches, selection, drift, **options)


def test_nothing_is_said_where_there_is_nothing():
    assert said() == ()


def test_judges_that_rank_backwards_are_named_with_what_to_do():
    assert said([REVERSED]) == (
        "flipped ranks tickets backwards; the model turns it round, so it can be asked all the "
        "same.",
    )
    assert "turn its score round before you use it" in said([REVERSED], pooled=False)[0]


def test_few_outcomes_are_told_by_kind():
    (few,) = said(outcomes=tr.Outcomes(["x", "y"], [19, 20], [0, 0]))
    assert few == "Fewer than 20 outcomes are known for x: check some by hand."


def tipping(*, shift):
    columns = {"unseen": [40, 0], "shift": [shift, 0.1], "need_then": [0.43, 0.5]}
    table = pd.DataFrame(columns | {"need_unseen": [0.49, 0.5]}, index=["x", "y"])
    return Selection(table, 0.37)


@pytest.mark.parametrize(
    ("selection", "end"),
    [
        (None, "send some of them to the simple model by lot, to know."),
        (tipping(shift=-0.3), "that for x: it would turn if 43% of its tickets without an outcome "
         "needed the complex model instead of 49%, as it looks."),
        (tipping(shift=float("nan")), "No decision for a whole kind of ticket hangs on them."),
    ],
)  # fmt: skip
def test_one_sided_outcomes_are_told_with_the_decision_that_hangs_on_them(selection, end):
    counts = {"outcomes": 150, "matched": 150, "beliefs": 200, "without_outcome": 50}
    matches = Matches("ticket", **counts, silent=0, unseen=0, observed=Observed(200, 50))
    (one,) = said(matches=matches, selection=selection)
    assert one.startswith("50 of 200 tickets (25%) were answered by the complex model alone")
    assert one.endswith(end)
    assert said(matches=Matches("ticket", **counts, silent=0, unseen=0)) == ()


def test_drift_is_told_with_its_alarm():
    found = said(drift=tr.insight.drift(drifted()))
    assert found[0].startswith("Alarm in the week of")
    assert any("turned round" in each or "rose from" in each for each in found[1:])
