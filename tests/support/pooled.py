"""A pool of two parameters whose posterior is known on a grid."""

from __future__ import annotations

import numpy as np
from scipy import special
from support.drawn import drawn

import trust_router as tr

GRID = np.linspace(-4, 4, 161)

# All that the pool can learn beside intercept and gain, where there is nothing of it.
STRAIGHT = {
    "bend_mean": 0.0,
    "bend_sd": 1e-6,
    "discord_sd": 1e-6,
    "damping_sd": 1e-6,
    "router_sd": 1e-6,
    "judge_sd": 1e-6,
}


def straight_pool(**options):
    """A pool that adds up judges as the panel states, with intercept and gain to learn."""
    return tr.Pool(category_effects=False, **(STRAIGHT | options))


def straight(intercept, gain):
    """Draws of its parameters: whatever else there is stays 0, as it is where it is not named."""
    return {"intercept": intercept, "gain": gain, "bend": 0 * gain}


def pool_draws(panel, beliefs, outcomes, seed=1, number=4000, **options):
    """The exact posterior of (intercept, gain), drawn from a fine grid."""
    model = straight_pool(**options)
    intercept, gain = (x.ravel() for x in np.meshgrid(GRID - 0.5, 1.2 + 1.4 * GRID))
    log_p = -((intercept + 0.5) ** 2) / 2 - ((gain - 1.2) / 1.4) ** 2 / 2
    at = straight(intercept[None], gain[None])
    every = drawn(panel, beliefs, outcomes, model, **at)
    known = every.rows
    need = model.need(every.data["posterior"].to_dataset(), panel, known, known)
    each = np.stack([np.log1p(-need), np.log(need)], axis=-1)
    counts = np.stack([known.trials - known.needs, known.needs], axis=-1)
    log_p = log_p + (each * counts).sum(axis=(1, 2))
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(log_p), number, p=special.softmax(log_p)).reshape(4, -1)
    draws = {name: values[0][chosen] for name, values in at.items()}
    exact = special.logsumexp(log_p) - special.logsumexp(log_p[:, None, None] - each, axis=0)
    return drawn(panel, beliefs, outcomes, model, **draws), np.where(counts > 0, exact, np.nan)
