"""Tickets made by hand, whose judges differ in what they know."""

from __future__ import annotations

import numpy as np
import pandas as pd


def simulated_tickets(number: int, random_seed: int) -> pd.DataFrame:
    """Wide beliefs with outcomes: judge "good" knows need, "weak" hardly, "vain" not at all."""
    rng = np.random.default_rng(random_seed)
    log_odds = rng.normal(-0.5, 1.5, number)
    said = {name: log_odds + rng.normal(0, sd, number) for name, sd in (("good", 0.3), ("weak", 2))}
    said["vain"] = rng.normal(-2, 1, number)
    table = {
        "ticket": [f"t{random_seed}-{i}" for i in range(number)],
        "category": rng.choice(["login", "refund", "transfer"], number),
    }
    table |= {name: (1 / (1 + np.exp(-x))).round(1) for name, x in said.items()}
    table["outcome"] = (rng.random(number) < 1 / (1 + np.exp(-log_odds))).astype(int)
    return pd.DataFrame(table)
