"""Judges as the outcomes show them: how they rank, which way, and how far off they are."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.defaults import PREDICTION_DRAWS, CiKind
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import SAMPLE_DIMS
from trust_router.learning.summaries import intervals

__all__ = ["drawn_interval", "judge_table", "need_of_all", "tickets_of"]

_BLIND = 0.5  # AUC of a coin
_VALUES, _LEAST = 20_000_000, 50  # of need at once, and draws at least


class _Known(Protocol):
    @property
    def rows(self) -> Rows: ...
    def need_draws(self, rows: Rows, draws: int = ...) -> Array: ...


def judge_table(posterior: _Known, ci_prob: float, ci_kind: CiKind) -> pd.DataFrame:
    """Tabulate judges, as `Posterior.judges` has it."""
    rows = posterior.rows
    need, weight = need_of_all(posterior), tickets_of(rows)
    stated = special.logit(rows.mean.clip(1e-9, 1 - 1e-9))
    heard = ~np.isnan(stated)
    found = {
        name: np.full((len(need), len(rows.judges)), np.nan) for name in ("auc", "bias", "slope")
    }
    for j in range(len(rows.judges)):
        at = heard[:, j]
        if not at.any() or np.ptp(stated[at, j]) == 0:
            continue
        each = stated[at, j], need[:, at], weight[at]
        found["auc"][:, j] = _auc(*each)
        found["bias"][:, j], found["slope"][:, j] = _line(*each)
    table = pd.DataFrame(index=pd.Index(rows.judges, name="judge"))
    table["tickets"] = (weight @ heard).astype(int)
    for name, draws in found.items():
        table[name] = draws.mean(axis=0)
        table[f"{name}_lower"], table[f"{name}_upper"] = drawn_interval(draws, ci_prob, ci_kind)
    below = (found["auc"] < _BLIND).mean(axis=0)
    table.insert(4, "p_reversed", np.where(np.isnan(table["auc"]), np.nan, below))
    return table


def need_of_all(posterior: _Known, most: int = PREDICTION_DRAWS) -> Array:
    """Need of all rows under some draws, (sample, row)."""
    draws = max(_LEAST, min(most, _VALUES // max(1, len(posterior.rows))))
    return posterior.need_draws(posterior.rows, draws)


def tickets_of(rows: Rows) -> Array:
    """How many tickets each row stands for; categories of which nobody counted any, for one."""
    return np.maximum(rows.number, float(rows.about == "category"))


def _auc(score: Array, need: Array, weight: Array) -> Array:
    """Probability that a ticket in need has the higher score than one that is not, (sample,)."""
    order = np.argsort(score, kind="stable")
    starts = np.flatnonzero(np.diff(score[order], prepend=-np.inf))
    ones = np.add.reduceat((need * weight)[:, order], starts, axis=1)
    zeros = np.add.reduceat(((1 - need) * weight)[:, order], starts, axis=1)
    below = zeros.cumsum(axis=1) - zeros / 2
    return np.asarray((below * ones).sum(axis=1) / (ones.sum(axis=1) * zeros.sum(axis=1)))


def _line(stated: Array, need: Array, weight: Array) -> tuple[Array, Array]:
    """Intercept and slope, each (sample,), of the log odds of need over those stated."""
    share: Array = weight / weight.sum()
    middle = stated @ share
    log_odds = special.logit(need.clip(1e-9, 1 - 1e-9))
    slope = log_odds @ (share * (stated - middle)) / (share @ (stated - middle) ** 2)
    return np.asarray(log_odds @ share - slope * middle), np.asarray(slope)


def drawn_interval(draws: Array, ci_prob: float, ci_kind: CiKind) -> tuple[Array, Array]:
    """Credible interval of each column over its draws."""
    return intervals(xr.DataArray(draws[None], dims=(*SAMPLE_DIMS, "value")), ci_prob, ci_kind)
