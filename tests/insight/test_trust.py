"""Trust by category says who is most trusted where, and how surely."""

from __future__ import annotations

import pytest

import trust_router as tr


def test_trust_by_category_names_the_most_trusted(exact_posterior, nuts_posterior):
    exact, sampled = (tr.insight.trust_by_category(p) for p in (exact_posterior, nuts_posterior))
    assert exact["most_trusted"].tolist() == sampled["most_trusted"].tolist() == ["medium"]
    assert exact["trials"].tolist() == [22]
    assert 0 < sampled["probability"].iloc[0] < 1


@pytest.mark.parametrize(
    "ask",
    [
        tr.insight.trust_by_category,
        tr.insight.prior_sensitivity,
        tr.insight.fitted_calibration,
        tr.insight.judge_statements,
        tr.evaluation.ticket_loo,
    ],
)
def test_what_is_no_posterior_is_told_what_to_call(ask):
    with pytest.raises(TypeError, match=r"`posterior` must be .* got 'p.nc'; read it with `load"):
        ask("p.nc")
