"""Whoever asks first asks; all others wait for the answer."""

from __future__ import annotations

from trust_router.judges.calls.flights import Flights


def test_one_asks_and_the_others_get_the_same():
    flights = Flights()
    mine, future = flights.claim("key")
    theirs, same = flights.claim("key")
    assert (mine, theirs) == (True, False)
    assert same is future
    flights.land("key", {"answer": "yes"})
    assert same.result(timeout=0) == {"answer": "yes"}


def test_after_a_failure_the_next_one_may_ask():
    flights = Flights()
    flights.claim("key")
    flights.land("key", None)
    assert flights.claim("key")[0]
