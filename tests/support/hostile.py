"""A posterior whose names try to break pages and files."""

from __future__ import annotations

import trust_router as tr


def hostile_posterior():
    name = "<script>alert(1)</script>"
    panel = tr.Panel(
        [tr.Router(name, {"j": 1.0}, nickname="$x_1$ & co"), tr.Router("b", {"k": 1.0})],
        [tr.Judge("j", tr.Beta(2, 2)), tr.Judge("k", tr.Beta(1, 4))],
    )
    outcomes = tr.Outcomes([name, "refund $5 to $10"], [5, 7], [2, 3], missing=[1, 0])
    return tr.solve(panel, tr.stated_beliefs(panel, outcomes.categories), outcomes)
