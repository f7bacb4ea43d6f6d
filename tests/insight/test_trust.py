"""Trust by category says who is most trusted where, and how surely."""

from __future__ import annotations

import numpy as np
import pytest
from support.drawn import drawn
from support.three_routers import COUNTED, PANEL, STATED

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


def test_how_surely_a_router_is_the_most_trusted_is_the_share_of_draws_in_which_it_is():
    share = np.array([[[0.5, 0.3, 0.2], [0.2, 0.7, 0.1], [0.6, 0.1, 0.3], [0.4, 0.35, 0.25]]])
    within = np.broadcast_to([0.6, 0.4, 0.7, 0.3, 1.0], (1, 4, 5))
    model = tr.Switch(calibration=False)
    posterior = drawn(PANEL, STATED, COUNTED, model, share=share, within=within)
    table = tr.insight.trust_by_category(posterior)
    trust = posterior.data["posterior"]["trust"].values[0]
    for c, category in enumerate(table.index):
        mean = trust[:, c].mean(axis=0)
        best = max(range(3), key=lambda r: mean[r])
        wins = sum(max(range(3), key=lambda r: trust[d, c, r]) == best for d in range(4))
        assert table.loc[category, "most_trusted"] == PANEL.router_names[best]
        assert table.loc[category, "probability"] == wins / 4
        np.testing.assert_allclose(table.loc[category, list(PANEL.router_names)].tolist(), mean)
    assert table["trials"].tolist() == [20, 7, 1]


def test_the_trust_of_a_closed_form_is_sure(exact_posterior):
    table = tr.insight.trust_by_category(exact_posterior)
    assert table.index.name == "category"
    assert table.index.tolist() == ["transfer failed"]
    names = list(exact_posterior.panel.router_names)
    assert table.columns.tolist() == [*names, "most_trusted", "probability", "trials"]
    np.testing.assert_allclose(table[names].to_numpy(float), exact_posterior.trust_mean)
    assert table["most_trusted"].tolist() == ["medium"]
    assert table["probability"].isna().all()
    assert table["trials"].tolist() == [22]
