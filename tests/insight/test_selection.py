"""Tipping points: where unseen tickets turn a decision or the most trusted router."""

from __future__ import annotations

import numpy as np
import pytest
from support.decided import posterior_of

import trust_router as tr
from trust_router.insight.selection import Selection, _times, selection
from trust_router.insight.tipping import shifted_trusts, unseen_needs

T = 0.3713


@pytest.fixture(scope="module")
def open_posterior():
    return posterior_of([22, 6, 20, 9, 0], [3, 3, 15, 2, 0], [90, 6, 2, 0, 5])


@pytest.fixture(scope="module")
def found(open_posterior):
    return selection(open_posterior, threshold=T)


def test_at_the_tipping_point_the_decision_is_a_draw(open_posterior, found):
    table, needs = found.table(), unseen_needs(open_posterior)
    told = 0
    for need, (_, row) in zip(needs, table.iterrows(), strict=True):
        if np.isnan(row["shift"]):
            for far in (-6, 6):
                assert (need.overall(far) > T) == (row["action"] == "escalate")
        else:
            assert need.overall(row["shift"]) == pytest.approx(T, abs=1e-9)
            assert need.unseen(row["shift"]) == pytest.approx(row["need_then"])
            assert (row["shift"] > 0) == (row["action"] == "simple first")
            told += 1
    assert told == 3
    decided = tr.decide_all(open_posterior, tr.Costs(0.03, 3.0, failure=5.0))
    assert table["action"].tolist() == decided["action"].tolist()


def test_at_the_tipping_point_two_routers_are_trusted_alike(open_posterior, found):
    names = open_posterior.panel.router_names
    trusts = shifted_trusts(open_posterior, open_posterior.outcomes.missing)
    for trust, (name, row) in zip(trusts, found.table().iterrows(), strict=True):
        first = names.index(row["router"])
        if np.isnan(row["router_shift"]):
            assert row["router_then"] == ""
            assert all(trust(x).argmax() == first for x in np.linspace(-6, 6, 25))
        elif name == "c4":  # before any outcome all are trusted alike
            assert row["router_shift"] == 0
        else:
            there = trust(row["router_shift"])
            assert there[first] == pytest.approx(there[names.index(row["router_then"])], abs=1e-6)
            inside = np.linspace(0, row["router_shift"], 20)[:-1]
            assert all(trust(x).argmax() == first for x in inside)


def test_where_every_ticket_has_an_outcome_nothing_can_change(found):
    all_seen = found.table().loc["c3"]
    assert np.isnan(all_seen[["shift", "router_shift", "need_unseen"]].astype(float)).all()
    whole = selection(posterior_of([6, 9], [3, 2]), threshold=T)
    assert whole.sentences() == []
    assert repr(whole).startswith("every ticket has an outcome")


def test_the_more_are_unseen_the_less_it_takes():
    shifts = [
        selection(posterior_of([22], [3], [missing]), threshold=T).table()["shift"].iloc[0]
        for missing in (10, 30, 300)
    ]
    assert shifts[0] > shifts[1] > shifts[2] > 1


def test_sentences_say_how_far_conclusions_hold_nearest_first(found):
    said = found.sentences()
    assert len(said) == 4
    assert any(
        s.startswith("c1 (6 of 12 tickets without an outcome): escalate holds until their odds")
        for s in said
    )
    assert any("escalate holds whatever their need" in s for s in said if s.startswith("c2"))
    assert any("no router is trusted more than all others" in s for s in said)
    nearest = found.table().loc[[s[:2] for s in said], ["shift", "router_shift"]].abs().min(axis=1)
    assert nearest.fillna(9.0).is_monotonic_increasing


def test_odds_are_written_as_people_say_them():
    assert [_times(np.log(times)) for times in (254.0, 0.861, 2.1)] == ["250", "0.86", "2.1"]


def test_without_a_threshold_only_trust_is_looked_at(open_posterior):
    found = selection(open_posterior)
    assert found.table()["shift"].isna().all()
    assert all("most trusted router" in s or "trusted more" in s for s in found.sentences())
    assert not any("holds" in s for s in found.sentences())


def test_trust_that_is_the_same_everywhere_is_told_once(found):
    pooled = Selection(found.tipping, T, trust_varies=False)
    said = pooled.sentences()
    assert said[0].startswith("all tickets: ")
    assert sum("router" in s for s in said) == 1
    many = Selection(found.tipping.iloc[[0, 1] * 4], T)
    assert repr(many).endswith("... and 3 more")


@pytest.mark.parametrize("threshold", [np.nan, np.inf, "0.3", True])
def test_a_threshold_is_a_number(exact_posterior, threshold):
    with pytest.raises(ValueError, match="`threshold` must be a finite number"):
        selection(exact_posterior, threshold=threshold)
