"""Pools that are sure how need follows from what judges say."""

from __future__ import annotations

import numpy as np
from scipy import special
from support.drawn import drawn, tickets

import trust_router as tr

NOT_MOVED = {"intercept": 0.0, "bend": 0.0, "discord": 0.0, "damping": 0.0}


def fitted(stated, weight):
    """A pool that is sure that need follows scores with these weights."""
    weight = np.array(weight)
    beliefs, outcomes = tickets(stated, np.arange(len(next(iter(stated.values())))) % 2)
    panel = tr.Panel([tr.Router(name, {name: 1.0}) for name in stated])
    gains = {"gain": weight.sum()}
    if len(weight) > 1:
        gains["judge_gain"] = weight - weight.sum() / len(weight)
    values = {name: np.broadcast_to(x, (4, 50, *np.shape(x))) for name, x in gains.items()}
    still = {name: np.full((4, 50), x) for name, x in NOT_MOVED.items()}
    model = tr.Pool(category_effects=False)
    return drawn(panel, beliefs, outcomes, model, **values, **still)


def good_and_coin(number=400):
    """What a judge says who knows, and one who guesses."""
    score, guess = (np.random.default_rng(seed).normal(0, 1, number) for seed in (1, 2))
    return {"good": special.expit(score), "coin": special.expit(guess)}
