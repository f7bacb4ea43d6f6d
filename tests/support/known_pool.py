"""Pools that are sure how need follows from what judges say."""

from __future__ import annotations

import numpy as np
from scipy import special
from support.drawn import drawn, tickets

import trust_router as tr

NOT_MOVED = {"intercept": 0.0, "bend": 0.0, "discord": 0.0, "damping": 0.0}


def fitted(stated, weight, outcome=None):
    """A pool that is sure that need follows scores with these weights."""
    weight = np.array(weight)
    in_turn = np.arange(len(next(iter(stated.values())))) % 2
    beliefs, outcomes = tickets(stated, in_turn if outcome is None else outcome)
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


def four_who_know(number=400):
    """What four judges state who see need through noise of their own, and what happened."""
    rng = np.random.default_rng(4)
    difficulty = 1.5 * rng.normal(size=number)
    stated = {f"judge {j}": special.expit(difficulty + rng.normal(size=number)) for j in range(4)}
    return stated, (rng.random(number) < special.expit(difficulty)).astype(int)


def counted(stated, outcome):
    """A pool of these judges, and what `effective_judges` says of what it was fitted with."""
    posterior = fitted(stated, np.full(len(stated), 0.5), outcome)
    given = tickets(stated, outcome)
    return posterior, tr.insight.effective_judges(posterior.panel, *given)
