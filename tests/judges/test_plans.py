"""What is wrong with a plan is said before anybody is asked."""

from __future__ import annotations

import pytest
from support.asking import local

import trust_router as tr


def test_a_limit_with_an_unknown_price_is_refused(scripted_server):
    with pytest.raises(
        ValueError, match=r"`limit` cannot be kept: nobody knows the price of .*haiku"
    ):
        tr.ask({"haiku": local(scripted_server)}, ["a"], limit=1.0)
    assert not scripted_server.requests
