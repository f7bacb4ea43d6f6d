"""Ranks that are uniform, or are not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from trust_router.evaluation import RankCheck


def check(power):
    u = np.random.default_rng(1).random((200, 2))
    return RankCheck("any", pd.DataFrame({"right": u[:, 0], "wrong": u[:, 1] ** power}), 0)
