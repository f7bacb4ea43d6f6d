"""How many tickets could be observed is said in one line."""

from __future__ import annotations

from trust_router.inputs.observed import Observed


def test_all_tickets_but_the_untried_were_tried():
    assert Observed(35, 31).tried == 4
    assert Observed().tried == 0
    assert str(Observed()).startswith("observed 100.0% of 0 tickets")


def test_it_says_how_many_have_no_outcome():
    assert str(Observed(2_000, 1)) == (
        "observed over 99.9% of 2,000 tickets; 1 that only the complex model answered has no "
        "outcome"
    )
    assert str(Observed(1, 1)).startswith("observed 0.0% of 1 ticket; 1 that")
