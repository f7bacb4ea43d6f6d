"""What changed is told with its period, its size and its probability."""

from __future__ import annotations

import numpy as np
import pytest
from support.drifted import JUDGES, SHIFT, drifted
from support.three_routers import COUNTED, PANEL, STATED

import trust_router as tr
from trust_router.defaults import ALL_CATEGORIES


@pytest.fixture(scope="module")
def changed():
    return tr.insight.drift(drifted())


def test_a_jump_is_told_in_the_week_in_which_it_happened(changed):
    found = {(c.of, c.name): c for c in changed.changes}
    for name in (ALL_CATEGORIES, "billing", "orders"):
        assert found["need", name].period == "2026-W16"
        assert found["need", name].probability == 1.0
    need = changed.need.loc[ALL_CATEGORIES]["mean"]
    assert found["need", ALL_CATEGORIES].before == pytest.approx(need.iloc[:SHIFT].mean(), abs=0.01)
    assert found["need", ALL_CATEGORIES].after == pytest.approx(need.iloc[SHIFT:].mean(), abs=0.01)
    assert "in the week of 13 April 2026, probability 1.00" in found["need", "billing"].sentence
    assert found["need", "billing"].sentence.startswith("need in billing rose from ")
    assert repr(changed).splitlines()[: len(changed.changes)] == changed.sentences()


def test_a_judge_is_told_to_turn_round_and_only_where_it_does(changed):
    turned = [c for c in changed.changes if c.of == "judge" and c.name == "z"]
    assert [c.period for c in turned] == ["2026-W16"]
    assert turned[0].sentence.startswith("z turned round (+0.3")
    still = tr.insight.drift(drifted(turn=0.0))
    assert not [c for c in still.changes if c.of == "judge"]


def test_what_a_judge_is_worth_is_the_slope_of_the_log_odds():
    """Of scores as the model takes them, with all others held."""
    posterior = drifted(noise=0.0, shift=0.0)
    weight = tr.insight.drift(posterior).judges["mean"].unstack("period")
    third = 1 / 3  # each judge's share of the panel's score, whose gain is 1
    now = third * (1.0 + 2.0) - np.array([0.0, 0.0, 2.0])
    np.testing.assert_allclose(weight.iloc[:, -1].loc[list(JUDGES)], now, atol=1e-9)
    np.testing.assert_allclose(weight.iloc[:, 0], third, atol=1e-9)


def test_where_the_panel_counts_for_less_each_judge_does():
    found = tr.insight.drift(drifted(noise=0.0, shift=0.0, turn=0.0, gain=-0.9)).judges["mean"]
    weight = found.unstack("period")
    np.testing.assert_allclose(weight.iloc[:, 0] - weight.iloc[:, -1], 0.9 / 3, atol=1e-9)


def test_p_changed_is_low_away_from_the_jump_and_one_at_it(changed):
    p = changed.need.loc[ALL_CATEGORIES]["p_changed"]
    assert p.iloc[SHIFT] == 1.0
    assert p.iloc[[0, 1, SHIFT - 5, SHIFT + 5]].max() == 0


def test_intervals_hold_their_means_and_widen_with_their_probability(changed):
    table = changed.table()
    assert ((table["lower"] <= table["mean"]) & (table["mean"] <= table["upper"])).all()
    wider = tr.insight.drift(drifted(), ci_prob=0.99).need
    assert (wider["upper"] - wider["lower"] > table["upper"] - table["lower"]).all()


def test_quiet_draws_have_nothing_to_tell():
    quiet = tr.insight.drift(drifted(shift=0.0, turn=0.0))
    assert quiet.sentences() == []
    assert repr(quiet).startswith("nothing changed that is sure")


def test_a_posterior_without_drift_is_refused():
    solved = tr.solve(PANEL, STATED, COUNTED)
    with pytest.raises(ValueError, match=r"got a posterior of the seed model without drift"):
        tr.insight.drift(solved)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (0.6, 0.05, "stopped being informative"),
        (0.0, -0.5, "began to be informative"),
        (0.6, -0.5, "turned round"),
        (0.6, 0.3, "counts for less"),
        (-0.3, -0.6, "counts for more"),
    ],
)
def test_a_judge_is_told_of_in_words(before, after, words):
    change = tr.insight.Change("judge", "grok-3", "2026-06", before, after, 0.98)
    assert change.sentence == (
        f"grok-3 {words} ({before:+.2f} to {after:+.2f}) in June 2026, probability 0.98"
    )
