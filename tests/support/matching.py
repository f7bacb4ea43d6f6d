"""Small tables of beliefs and outcomes, and what tickets stand behind rows."""

from __future__ import annotations

import numpy as np
import pandas as pd

import trust_router as tr

NAN = np.nan
PANEL = tr.Panel([tr.Router("cheap", {"x": 0.6, "y": 0.4}), tr.Router("big", {"y": 1.0})])


def outcomes(rows):
    return tr.read_outcomes(pd.DataFrame(rows, columns=["ticket", "category", "outcome"]))


def tickets(mean, names=None, category=None, judges=("x", "y")):
    mean = np.asarray(mean, dtype=float)
    names = [f"t{i}" for i in range(len(mean))] if names is None else names
    return tr.Beliefs(names, judges, 10 * mean, 10 * (1 - mean), about="ticket", category=category)


def by_ticket(held):
    """Multiset of (category, beliefs, outcome) of the tickets behind rows."""
    found = []
    for r in range(len(held)):
        c = held.category[r]
        key = (held.categories[c] if c >= 0 else "", *np.nan_to_num(held.mean[r], nan=-1).round(9))
        needs, trials = held.needs[r], held.trials[r]
        found += [(*key, 1)] * needs + [(*key, 0)] * (trials - needs)
        found += [(*key, None)] * (held.number[r] - trials)
    return sorted(found, key=str)
