"""What asking would take, said without asking."""

from __future__ import annotations

from support.asking import PRICED, local, texts

import trust_router as tr


def test_an_estimate_calls_nobody_and_bounds_the_cost(scripted_server, tmp_path):
    given = {
        "judges": {"haiku": local(scripted_server)},
        "tickets": [*texts(10), "ticket number 1"],
    }
    cache = tmp_path / "answers.sqlite"
    before = tr.estimate_cost(**given, prices=PRICED, cache=cache)
    assert before.calls == 10
    assert not scripted_server.requests
    assert not cache.exists()
    answers = tr.ask(**given, prices=PRICED, cache=cache)
    assert answers.cost <= before.tallies[0].cost_at_most
    assert tr.estimate_cost(**given, prices=PRICED, cache=cache).calls == 0
