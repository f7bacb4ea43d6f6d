"""The alarm: raised soon after a change, and hardly ever without one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special
from support.drifted import PANEL, SHIFT, inputs

import trust_router as tr
from trust_router.insight.alarm import TOGETHER, Alarm


@pytest.fixture(scope="module")
def turned():
    return tr.insight.drift_alarm(*inputs())


def test_a_judge_that_turns_round_raises_it_within_two_weeks_and_is_named(turned):
    weeks = list(turned.table().index)
    assert SHIFT <= weeks.index(turned.raised) <= SHIFT + 2
    only = tr.insight.drift_alarm(*inputs(shift=0.0))
    assert only.about == "z"
    assert "need no longer follows z as it did" in repr(only)


def test_nothing_raises_none():
    quiet = tr.insight.drift_alarm(*inputs(shift=0.0, turned=False))
    assert quiet.raised is None
    assert quiet.about is None
    assert quiet.p_value > 0.01
    assert repr(quiet).startswith("no alarm (1.0% of false alarms at most")


def test_the_evidence_together_is_the_average_of_the_e_processes(turned):
    table = turned.table()
    average = special.logsumexp(table.drop(columns=TOGETHER), axis=1) - np.log(4)
    np.testing.assert_allclose(table[TOGETHER], average)


def test_it_is_raised_where_the_evidence_reaches_one_over_the_rate(turned):
    over = np.exp(turned.table()[TOGETHER].loc[turned.raised])
    assert Alarm(turned.table(), 1 / over).raised == turned.raised
    assert Alarm(turned.table().loc[: turned.raised], 0.999 / over).raised is None
    assert turned.p_value == pytest.approx(np.exp(-turned.table()[TOGETHER].max()))


def test_a_panel_of_one_judge_is_watched_once():
    _, beliefs, outcomes = inputs(number=100)
    alone = tr.Panel([tr.Router("x", {"x": 1.0})])
    assert list(tr.insight.drift_alarm(alone, beliefs, outcomes).table()) == ["the panel", TOGETHER]


@pytest.mark.parametrize("rate", [0, 1, 1.5, float("nan")])
def test_a_rate_is_a_probability(rate):
    with pytest.raises(ValueError, match=r"`rate` must lie between 0 and 1"):
        tr.insight.drift_alarm(*inputs(number=50), rate=rate)


def test_without_times_it_is_refused():
    _, beliefs, _ = inputs(number=3)
    table = {"ticket": ["t0", "t1"], "category": beliefs.category[:2], "outcome": [0, 1]}
    with pytest.raises(ValueError, match="2 of 2 have none"):
        tr.insight.drift_alarm(PANEL, beliefs, tr.read_outcomes(pd.DataFrame(table).iloc[:2]))
