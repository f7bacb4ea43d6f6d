"""What is prepared for many looks is what the model says of each ticket, added up."""

from __future__ import annotations

import numpy as np
import pytest
from support.drawn import tickets

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.inputs.rows import Rows
from trust_router.learning.models import looks
from trust_router.learning.models.looks import log_of_counts

LONE = tr.Panel([tr.Router("r", {"x": 1.0})])
RNG = np.random.default_rng(2)
ETA = RNG.normal(0, 3, (7, 5))
TRIALS, NEEDS = np.array([4, 3, 0, 9, 2]), np.array([1, 3, 0, 4, 0])


def rows(checked=None):
    nothing = np.ones((5, 1))
    return Rows(
        "ticket", ("a",), ("x",), np.zeros(5, int), nothing, nothing, TRIALS, NEEDS, TRIALS,
        checked=checked,
    )  # fmt: skip


@pytest.mark.parametrize("at_once", [500_000, 10])
def test_counts_of_outcomes_that_are_true_are_binomial(monkeypatch, at_once):
    monkeypatch.setattr(looks, "_AT_ONCE", at_once)
    need = 1 / (1 + np.exp(-ETA))
    by_hand = np.log(need) @ NEEDS + np.log1p(-need) @ (TRIALS - NEEDS)
    np.testing.assert_allclose(log_of_counts(lambda at: ETA[:, at].copy(), rows(), 7), by_hand)


def test_checked_outcomes_are_true_and_others_as_they_are_logged():
    found = np.zeros((5, 2, 3), dtype=np.int64)
    found[0, 0, 1], found[3, 1, 1], found[3, 1, 0] = 2, 1, 1
    needed, resolved = RNG.uniform(0.01, 0.3, (2, 7))
    need = 1 / (1 + np.exp(-ETA))
    logged = need * (1 - resolved[:, None]) + (1 - need) * needed[:, None]
    sure, sure_needs = found.sum(axis=(1, 2)), found[:, 1].sum(axis=1)
    rest, rest_needs = TRIALS - sure, NEEDS - sure_needs
    by_hand = np.log(need) @ sure_needs + np.log1p(-need) @ (sure - sure_needs)
    by_hand += np.log(logged) @ rest_needs + np.log1p(-logged) @ (rest - rest_needs)
    ours = log_of_counts(lambda at: ETA[:, at].copy(), rows(found), 7, [needed, resolved])
    np.testing.assert_allclose(ours, by_hand)


def test_need_that_rounds_to_one_has_a_chance_all_the_same():
    far = np.full((1, 5), 60.0)
    rates = [np.array([1e-9]), np.array([1e-12])]
    ours = log_of_counts(lambda at: far[:, at].copy(), rows(), 1, rates)
    np.testing.assert_allclose(ours, np.log(1e-12) * (TRIALS - NEEDS).sum(), rtol=1e-6)


def test_a_look_that_is_prepared_is_the_likelihood_of_the_pool():
    beliefs, seen = tickets({"x": [0.2, 0.4, 0.9, 0.9]}, [0, 1, 1, 0])
    model = tr.models.Pool(category_effects=False, noise=tr.Noise())
    held = match(LONE, beliefs, seen)
    vector = model.vector(LONE, held)
    draws = vector.unpack(RNG.normal(0, 1, (6, vector.size)))
    look = model.likelihood(LONE, held)
    chance = model.ticket_log_likelihood(draws, LONE, held, held)
    by_ticket = chance[..., 1] @ held.needs + chance[..., 0] @ (held.trials - held.needs)
    np.testing.assert_allclose(look(draws), by_ticket)
    np.testing.assert_allclose(look(draws), model.log_likelihood(draws, LONE, held))
