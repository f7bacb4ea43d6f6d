"""One judge that knows and one that guesses, with everything a backtest takes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

import trust_router as tr

JUDGES = ("good", "noise")


def table(size=240, seed=1):
    """One judge that knows, one that guesses; three categories."""
    rng = np.random.default_rng(seed)
    category = rng.choice(["a", "b", "c"], size)
    log_odds = rng.normal(0, 1.5, size) + (category == "a")
    said = special.expit(np.stack([log_odds - 1, rng.normal(0, 1, size)], axis=1))
    frame = pd.DataFrame(dict(zip(JUDGES, said.T, strict=True)))
    return frame.assign(
        ticket=[f"t{i}" for i in range(size)],
        category=category,
        outcome=rng.binomial(1, special.expit(log_odds)),
    )


def inputs(frame):
    panel = tr.Panel(
        [tr.Router(name, {name: 1.0}) for name in JUDGES],
        [tr.Judge(name, by_ticket=True) for name in JUDGES],
    )
    return panel, tr.read_beliefs(frame, judges=JUDGES), tr.read_outcomes(frame)
