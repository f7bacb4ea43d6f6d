"""What is foretold of a ticket from all others, against leave-one-out and fits without it."""

from __future__ import annotations

import numpy as np
import pytest
from support.pooled import pool_draws

import trust_router as tr
from trust_router.learning.foretold import foretold


def test_the_closed_form_foretells_what_it_would_say_without_the_ticket(categories):
    panel, beliefs, outcomes = categories
    seen = foretold(tr.solve(*categories))
    for row, outcome in np.argwhere(seen.tickets > 0):
        one = np.arange(len(outcomes.categories)) == row
        fewer = tr.Outcomes(
            outcomes.categories, outcomes.trials - one, outcomes.needs - outcome * one
        )
        without = tr.solve(panel, beliefs, fewer).mixtures().mean
        assert seen.need[row, outcome] == pytest.approx(without[row], abs=1e-10)
    assert np.isnan(seen.need[seen.tickets == 0]).all()


def test_draws_foretell_as_leave_one_out_does(pooled):
    posterior, exact = pool_draws(*pooled)
    seen = foretold(posterior)
    np.testing.assert_allclose(seen.log_chance, exact, atol=0.2)  # of 100 draws
    assert np.nanmean(np.abs(seen.log_chance - exact)) < 0.04
    assert (np.isnan(seen.need) == (seen.tickets == 0)).all()
    need = posterior.data["posterior"]["need"].mean().item()
    assert seen.of_category == pytest.approx(need, abs=0.02)
