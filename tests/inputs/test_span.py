"""From when to when tickets happened, and how many that is a month."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import trust_router as tr
from trust_router.inputs.matches import Matches
from trust_router.inputs.matching import match
from trust_router.inputs.span import Span
from trust_router.inputs.ticket_log import TicketLog


def log(*times):
    names = [f"t{i}" for i in range(len(times))]
    return TicketLog(names, [0] * len(times), [0] * len(times), time=np.array(times, "M8[us]"))


def test_it_is_of_the_tickets_that_have_a_date():
    found = Span.of(log("2026-03-31T23:59", "NaT", "2026-03-02T00:00", "2026-03-09"))
    assert found == Span("2026-03-02", "2026-03-31", 3)
    assert found.days == 30
    assert found.a_month == pytest.approx(3 / 30 * 365.25 / 12)
    assert Span.of(log("NaT", "NaT")) is None
    assert Span.of(None) is None


def test_a_few_days_tell_no_month():
    assert Span("2026-03-02", "2026-03-14", 900).a_month is None
    assert Span("2026-03-02", "2026-03-15", 900).a_month is not None


def test_matches_keep_it_and_older_ones_had_none():
    counts = {"outcomes": 1, "matched": 1, "beliefs": 1, "without_outcome": 0}
    held = Matches("ticket", **counts, silent=0, unseen=0, span=Span("2026-01-01", "2026-01-02", 2))
    assert Matches.from_dict(held.to_dict()) == held
    older = held.to_dict()
    del older["span"]
    assert Matches.from_dict(older).span is None


def inputs(first, number, names):
    times = pd.Timestamp(first) + pd.to_timedelta(np.arange(number), unit="D")
    table = pd.DataFrame({"ticket": names, "category": "a", "outcome": 0, "time": times})
    return tr.read_outcomes(table)


@pytest.mark.parametrize("about", ["category", "ticket"])
def test_it_comes_with_outcomes_whatever_beliefs_are_about(about):
    panel = tr.Panel([tr.Router("r", {"j": 1.0})], [tr.Judge("j", tr.Beta(1, 3))])
    outcomes = inputs("2026-03-02", 20, [f"t{i}" for i in range(20)])
    beliefs = tr.stated_beliefs(panel, ["a"])
    if about == "ticket":
        names = outcomes.log.tickets
        shapes = np.ones((20, 1)), np.full((20, 1), 3.0)
        beliefs = tr.Beliefs(names, ["j"], *shapes, about="ticket", category=["a"] * 20)
    assert match(panel, beliefs, outcomes).matches.span == Span("2026-03-02", "2026-03-21", 20)


def test_an_update_joins_both_and_counts_a_ticket_once(tmp_path):
    panel = tr.Panel([tr.Router("r", {"j": 1.0})], [tr.Judge("j", tr.Beta(1, 3))])
    first = inputs("2026-03-02", 20, [f"t{i}" for i in range(20)])
    posterior = tr.solve(panel, tr.stated_beliefs(panel, ["a"]), first)
    posterior = posterior.update(
        outcomes=inputs("2026-03-20", 10, [f"t{i}" for i in range(15, 25)])
    )
    assert posterior.rows.matches.span == Span("2026-03-02", "2026-03-29", 25)
    posterior.save(tmp_path / "p.nc")
    assert tr.load(tmp_path / "p.nc").rows.matches.span == posterior.rows.matches.span
    one = Span("2026-01-01", "2026-01-02", 2)
    assert one.joined(None, 0) == one
