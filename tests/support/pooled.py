"""A pool of two parameters whose posterior is known on a grid."""

from __future__ import annotations

import numpy as np
from scipy import special
from support.drawn import drawn

import trust_router as tr

GRID = np.linspace(-4, 4, 161)


def pool_draws(panel, beliefs, outcomes, seed=1, number=4000, **options):
    """The exact posterior of (intercept, log gain), drawn from a fine grid."""
    model = tr.Pool(bend=False, category_effects=False, **options)
    intercept, log_gain = (x.ravel() for x in np.meshgrid(GRID, GRID / 2))
    log_p = -(intercept**2) / 2 - ((log_gain - np.log(1.65)) / 0.5) ** 2 / 2
    one = np.ones((1, len(intercept)))
    at = {"intercept": intercept[None], "gain": np.exp(log_gain)[None]}
    fixed = {"share": one[..., None], "within": one[..., None] * panel.seats.within}
    every = drawn(panel, beliefs, outcomes, model, **at, **fixed)
    known = every.rows
    need = model.need(every.data["posterior"].to_dataset(), panel, known, known)
    each = np.stack([np.log1p(-need), np.log(need)], axis=-1)
    counts = np.stack([known.trials - known.needs, known.needs], axis=-1)
    log_p = log_p + (each * counts).sum(axis=(1, 2))
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(log_p), number, p=special.softmax(log_p)).reshape(4, -1)
    draws = {name: values[0][chosen] for name, values in (at | fixed).items()}
    exact = special.logsumexp(log_p) - special.logsumexp(log_p[:, None, None] - each, axis=0)
    return drawn(panel, beliefs, outcomes, model, **draws), np.where(counts > 0, exact, np.nan)
