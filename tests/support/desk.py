"""A support desk by hand: who answered, when, a judge that ranks backwards, a coin and a copy."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special
from support.drawn import drawn
from support.known_pool import NOT_MOVED

import trust_router as tr

KINDS = ("login", "refund", "bug report")
JUDGES = {"good": 1.2, "flipped": -0.8, "coin": 0.0}


def desk(number=400, *, answered=True, dated=True, unseen=(0.0, 0.0, 0.0), seed=5):
    """A pool whose draws are sure what judges are worth, of tickets that were routed one-sidedly.

    ``unseen``: by how much the log odds of need of each kind are other than judges see.
    """
    rng = np.random.default_rng(seed)
    kind = rng.integers(3, size=number)
    seen = np.array([-2.0, 0.0, 2.0])[kind]
    score = (rng.normal(size=(number, 3)) + np.outer(seen, [1, -1, 0])).round(1)
    weight = list(JUDGES.values()) / np.array([2.0, 2.0, 1.0])  # of ranks, whose sd is 1
    need = special.expit(-0.5 + score @ weight + np.array(unseen)[kind])
    outcome = (rng.random(number) < need).astype(float)
    table = pd.DataFrame(special.expit(score), columns=list(JUDGES))
    table["ticket"] = [f"t{i}" for i in range(number)]
    table["category"] = np.array(KINDS)[kind]
    gone = (rng.random(number) < need) & answered
    if answered:
        table["answered_by"] = np.where(gone, "complex", "simple")
    if dated:
        days = pd.to_timedelta(np.linspace(0, 60, number).astype(int), unit="D")
        table["time"] = pd.Timestamp("2026-03-02") + days
    forgotten = rng.random(number) < 0.05  # tried, and nobody knows what came of it
    table["outcome"] = np.where(gone | forgotten, np.nan, outcome)
    panel = tr.Panel([tr.Router(name, {name: 1.0}) for name in JUDGES])
    gain = sum(JUDGES.values())
    spread = np.random.default_rng(1).normal(0, 0.15, (4, 50))
    draws = {name: np.full((4, 50), value) for name, value in NOT_MOVED.items()}
    draws |= {"intercept": -0.5 + spread, "gain": np.full((4, 50), gain)}
    apart = np.array(list(JUDGES.values())) - gain / 3
    draws["judge_gain"] = np.broadcast_to(apart, (4, 50, 3))
    beliefs = tr.read_beliefs(table, judges=list(JUDGES))
    model = tr.Pool(category_effects=False)
    return drawn(panel, beliefs, tr.read_outcomes(table), model, **draws)


def turned(posterior):
    """The same with all judges turned round, so that it is wrong about every outcome."""
    draws, wrong = posterior.data["posterior"].to_dataset(), posterior.data.copy()
    other = draws.assign(gain=-draws["gain"], judge_gain=-draws["judge_gain"])
    wrong["posterior"] = other.assign(need=1 - draws["need"])
    made = type(posterior)(wrong)
    made.__dict__["diagnostics"] = posterior.diagnostics
    return made
