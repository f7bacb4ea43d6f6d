"""What is logged of a need: formulas that lose no digits, in graphs and under draws."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special
from support.three_routers import CHECKED_ROWS, PLAIN, TICKET_ROWS

from trust_router.learning.models.logged import drawn_odds, log_chances, logged_odds

EVERY = np.array([-800.0, -30, -2, 0, 0.5, 7, 800])


def logged(log_odds, needed, resolved):
    """By the definition."""
    need = special.expit(log_odds)
    return special.logit(need * (1 - resolved) + (1 - need) * needed)


@pytest.mark.parametrize("rates", [(0.1, 0.3), (1e-3, 0.6), (0.5, 0.5)])
def test_odds_of_being_logged_are_those_of_the_mixed_probability(rates):
    np.testing.assert_allclose(drawn_odds(EVERY, *rates), logged(EVERY, *rates), atol=1e-9)


def test_rates_of_next_to_nothing_leave_the_odds_as_they_are():
    inside = EVERY[1:-1]
    np.testing.assert_allclose(drawn_odds(inside, 1e-30, 1e-30), inside, rtol=1e-12, atol=1e-13)


def test_the_graph_says_the_same_and_its_gradient_is_finite():
    import pytensor
    import pytensor.tensor as pt

    x, needed, resolved = pt.vector(), pt.scalar(), pt.scalar()
    found = logged_odds(x, (needed, resolved))
    gradients = pt.grad(found.sum(), [x, needed, resolved])
    function = pytensor.function([x, needed, resolved], [found, *gradients], mode=PLAIN)
    odds, *slopes = function(EVERY, 0.1, 0.3)
    np.testing.assert_allclose(odds, drawn_odds(EVERY, 0.1, 0.3), rtol=1e-12)
    for slope in slopes:
        assert np.isfinite(slope).all()


def test_without_noise_outcomes_have_the_chances_of_need():
    log_odds = np.linspace(-3, 3, len(TICKET_ROWS))[None]
    found = log_chances(log_odds, {}, CHECKED_ROWS)
    np.testing.assert_allclose(np.exp(found[0, :, 1]), special.expit(log_odds[0]))
    np.testing.assert_allclose(np.exp(found).sum(axis=-1), 1)


def test_checked_outcomes_have_the_chances_of_need_and_others_of_what_is_logged():
    log_odds = np.linspace(-3, 3, len(CHECKED_ROWS))[None]
    values = {"false_needed": np.array([0.1]), "false_resolved": np.array([0.3])}
    found = np.exp(log_chances(log_odds, values, CHECKED_ROWS))[0]
    need = special.expit(log_odds[0])
    outcomes = np.stack([CHECKED_ROWS.trials - CHECKED_ROWS.needs, CHECKED_ROWS.needs], axis=1)
    chances = need * 0.7 + (1 - need) * 0.1
    both = (np.stack([1 - p, p], axis=1) for p in (need, chances))
    true, as_logged = both
    for expected, these in (
        (true, CHECKED_ROWS.found == outcomes),
        (as_logged, CHECKED_ROWS.found == 0),
    ):
        at = these & (outcomes > 0)
        assert at.any()
        np.testing.assert_allclose(found[at], expected[at])
