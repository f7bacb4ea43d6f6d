"""How many tickets amounts are of: as stated, as dates have it, or a thousand."""

from __future__ import annotations

import pytest

import trust_router as tr
from trust_router.inputs.span import Span
from trust_router.show.reports.volume import check_volume, volume_of


def test_what_is_stated_comes_before_what_dates_say():
    span = Span("2026-01-01", "2026-06-30", 3000)
    assert volume_of(None, span).tickets == 504
    assert volume_of(None, span).source == "504 tickets a month, as the dates have it."
    stated = volume_of(2000, span)
    assert (stated.tickets, stated.per) == (2000, "a month")
    assert stated.source == "2,000 tickets a month, as stated."


@pytest.mark.parametrize("span", [None, Span("2026-01-01", "2026-01-03", 3000)])
def test_without_dates_amounts_are_of_a_thousand_tickets(span):
    volume = volume_of(None, span)
    assert (volume.tickets, volume.monthly, volume.per) == (1000, False, "per 1,000 tickets")
    assert ("span 3 days only" in volume.source) == (span is not None)


@pytest.mark.parametrize("wrong", [0, -3, float("nan"), float("inf"), 1e13, "many", True])
def test_what_is_no_volume_is_refused_before_anything_is_computed(wrong, tmp_path, seed):
    with pytest.raises(ValueError, match=r"`volume` must be a number of tickets a month.*got"):
        check_volume(wrong)
    with pytest.raises(ValueError, match="`volume` must be"):
        tr.write_report(tr.solve(*seed), tmp_path / "r.html", volume=wrong)
    assert not (tmp_path / "r.html").exists()
