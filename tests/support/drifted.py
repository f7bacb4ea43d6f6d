"""A pool that drifts, with draws made by hand: need jumps and a judge turns round half way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.inputs.periods import Clock
from trust_router.learning.diagnostics import Diagnostics
from trust_router.learning.models.pool import Pool
from trust_router.learning.provenance import describe_run
from trust_router.learning.storage import assemble

WEEKS, SHIFT = 12, 6
JUDGES = ("x", "y", "z")
PANEL = tr.Panel([tr.Router(name, {name: 1.0}) for name in JUDGES])
MODEL = Pool(drift="week", drift_tail=0.0, category_effects=False)


def inputs(shift=1.5, turned=True, number=1200, seed=1):
    """Beliefs and outcomes of some weeks; judge z turns round, and need rises, in the same one."""
    rng = np.random.default_rng(seed)
    week = np.sort(rng.integers(0, WEEKS, number))
    score = rng.normal(size=(number, 3))
    sign = np.where((week >= SHIFT) & turned, -1, 1)
    log_odds = -1 + shift * (week >= SHIFT) + score @ [0.3, 0.3, 0.0] + sign * score[:, 2]
    mean = 1 / (1 + np.exp(-score))
    names = [f"t{i}" for i in range(number)]
    category = rng.choice(["billing", "orders"], number)
    beliefs = tr.Beliefs(
        names, JUDGES, 10 * mean, 10 * (1 - mean), about="ticket", category=list(category)
    )
    time = np.datetime64("2026-03-02", "us") + week * np.timedelta64(7, "D")
    outcome = (rng.random(number) < 1 / (1 + np.exp(-log_odds))).astype(int)
    table = {"ticket": names, "category": category, "outcome": outcome, "time": time}
    return PANEL, beliefs, tr.read_outcomes(pd.DataFrame(table))


def drifted(shift=1.5, turn=-2.0, noise=0.05, draws=200, gain=0.0):
    """A posterior whose level and judge z change by so much in week `SHIFT`."""
    panel, beliefs, outcomes = inputs()
    rows = match(panel, beliefs, outcomes, clock=Clock("week"))
    rng = np.random.default_rng(2)

    def near(value, *shape):
        return value + noise * rng.normal(size=(2, draws, *shape))

    level, judge = np.zeros(WEEKS - 1), np.zeros((3, WEEKS - 1))
    level[SHIFT - 1], judge[2, SHIFT - 1] = shift, turn
    steps = noise * rng.normal(size=(2, draws, WEEKS - 1)) / WEEKS
    one = np.ones((2, draws))
    sample = ("chain", "draw")
    values = {
        "intercept": (sample, near(-1 + shift)),
        "gain": (sample, near(1.0)),
        "bend": (sample, 0 * one),
        "discord": (sample, 0 * one),
        "damping": (sample, 0 * one),
        "judge_gain": ((*sample, "judge"), near(np.array([0.0, 0.0, turn]), 3)),
        "level_scale": (sample, one),
        "level_step": ((*sample, "step"), level + steps),
        "gain_scale": (sample, one),
        "gain_step": ((*sample, "step"), gain * (np.arange(WEEKS - 1) == SHIFT - 1) + steps),
        "judge_scale": (sample, one),
        "judge_step": ((*sample, "judge", "step"), judge + steps[:, :, None]),
    }
    sampled = xr.Dataset(values)
    recovered = MODEL.recover(sampled, panel, rows).assign_coords(MODEL.coords(panel, rows))
    settings = {"options": MODEL.options()}
    run = describe_run(
        panel, rows, method="nuts", model="pool", libraries=("numpy",), settings=settings
    )
    posterior = assemble({"posterior": recovered}, panel, rows, run)
    posterior.__dict__["diagnostics"] = Diagnostics(0, 1.0, 1e4, 1e4, 1.0, 0)
    return posterior
