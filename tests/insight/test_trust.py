"""Trust by category says who is most trusted where, and how surely."""

from __future__ import annotations

import trust_router as tr


def test_trust_by_category_names_the_most_trusted(exact_posterior, nuts_posterior):
    exact, sampled = (tr.insight.trust_by_category(p) for p in (exact_posterior, nuts_posterior))
    assert exact["most_trusted"].tolist() == sampled["most_trusted"].tolist() == ["medium"]
    assert exact["trials"].tolist() == [22]
    assert 0 < sampled["probability"].iloc[0] < 1
