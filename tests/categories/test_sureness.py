"""How sure a category is, learned from tickets held out."""

from __future__ import annotations

import numpy as np
import pytest

import trust_router as tr
from trust_router.categories.categorizer import NO_CATEGORY
from trust_router.categories.sureness import Sureness


def test_nearly_all_tickets_like_the_past_ones_have_a_category(past):
    rng = np.random.default_rng(3)
    order = rng.permutation(len(past[0]))
    seen, new = ([past[0][i] for i in part] for part in np.array_split(order, 2))
    assigned = tr.fit_categories(seen, 12, random_seed=1).assign(new)
    # 2 % are expected; 252 tickets with that chance stay below 20 in all but 1 of 1e6 cases.
    assert (assigned["category"] == NO_CATEGORY).sum() < 20


def test_confidence_is_calibrated_on_tickets_held_out(past, fitted):
    assigned = fitted.assign(past[0])
    kept = assigned[assigned["category"] != NO_CATEGORY]
    assert kept["confidence"].between(0, 1).all()
    clear, between = Sureness(0.2, 0.0, 5.0).confidence(np.array([0.9, 0.0]))
    assert clear > 0.95
    assert between == pytest.approx(0.5)


def test_one_category_is_sure():
    one = tr.fit_categories(["lost card", "card lost", "my card was lost"], 1, random_seed=1)
    assert one.assign(["lost card"]).loc[0, "confidence"] == 1
