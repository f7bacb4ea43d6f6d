"""Uniform ranks stay in the band, and others are seen to leave it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from support.ranked import check

from trust_router.evaluation import RankCheck


def test_uniform_ranks_stay_in_the_band_and_others_leave_it():
    table = check(2).table()
    assert table["inside"].to_dict() == {"right": True, "wrong": False}
    assert check(1).table()["inside"].all()


def test_the_band_holds_simultaneously_as_often_as_it_says():
    ranks = pd.DataFrame(np.random.default_rng(2).random((100, 1000)))
    inside = RankCheck("any", ranks.rename(columns=str), 0).table(0.9)["inside"].mean()
    assert abs(inside - 0.9) < 5 * np.sqrt(0.09 / 1000) + 0.01
