"""A pool over tickets with draws made by hand, for what is exported of it."""

from __future__ import annotations

import numpy as np
from support.drawn import drawn, tickets
from support.three_routers import PANEL

import trust_router as tr

JUDGES = ("x", "y", "z")
CATEGORIES = ("a", "b", "c")
OTHER_COSTS = tr.Costs(0.2, 1.0, failure=1.0, wrong_escalation=2.5)


def pool(seed=1, number=80, **options):
    """Draws of all parameters that the options ask for; on some tickets judges are silent."""
    rng = np.random.default_rng(seed)
    mean = rng.integers(1, 10, (number, 3)) / 10
    mean[rng.random(mean.shape) < 0.3] = np.nan
    mean[:6] = np.nan
    category = rng.choice(CATEGORIES, number)
    stated = dict(zip(JUDGES, mean.T, strict=True))
    beliefs, outcomes = tickets(stated, rng.integers(0, 2, number), category)
    chains = (2, 700)
    draws = {
        "intercept": rng.normal(size=chains),
        "gain": rng.normal(1, 1, size=chains),
        "bend": rng.normal(0.1, 0.1, size=chains),
        "discord": rng.normal(size=chains),
        "damping": rng.normal(0, 0.3, size=chains),
        "router_gain": rng.normal(0, 0.3, size=(*chains, 3)),
        "judge_gain": rng.normal(0, 0.5, size=(*chains, 3)),
    }
    model = tr.Pool(**options)
    if model.category_effects:
        z = rng.normal(size=(*chains, 3))
        draws |= {"category_sd": np.abs(rng.normal(size=chains)), "category_z": z}
    return drawn(PANEL, beliefs, outcomes, model, **draws)


def asked(seed=3, number=20):
    """Beliefs about new tickets, some of categories not seen, of none, or without any judge."""
    rng = np.random.default_rng(seed)
    mean = rng.integers(0, 101, (number, 3)) / 100
    mean[rng.random(mean.shape) < 0.3] = np.nan
    mean[[0, 5, 9, 13]] = np.nan
    category = rng.choice([*CATEGORIES, "new", "newer", ""], number)
    mean, names = mean.clip(0.01, 0.99), [f"n{i}" for i in range(number)]
    return tr.Beliefs(
        names, JUDGES, 10 * mean, 10 * (1 - mean), about="ticket", category=list(category)
    )
