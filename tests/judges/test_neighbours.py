"""A judge that knows past outcomes leaves doubt."""

from __future__ import annotations

import trust_router as tr


def test_neighbours_that_are_all_alike_still_leave_doubt():
    judge = tr.judges.NeighbourJudge(
        "kNN", ["lost card", "card lost"], [0, 0], tickets=["p1", "p2"]
    )
    answers = tr.ask([judge], {"p1": "lost card", "new": "Kontoauszug"})
    assert (answers.adjusted == "").all()
    assert (answers.beliefs.mean > 0.02).all()
    assert (answers.beliefs.mean < 0.5).all()
