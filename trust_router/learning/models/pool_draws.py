"""What draws of the pool model's parameters say: need of rows and of categories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from scipy import special

from trust_router.basics.arrays import Array, blocks
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import flat
from trust_router.learning.models.scores import JudgeScale

__all__ = ["PoolDraws"]


@dataclass(frozen=True, eq=False)
class PoolDraws:
    """Draws of the parameters, chains one after the other, and the need that follows from them.

    Attributes
    ----------
    panel : Panel
    scale : JudgeScale
        How beliefs are scored.
    values : mapping of str to ndarray, each (sample, ...)
        Parameters by name. Those that a variant of the model does not have are absent.
    """

    panel: Panel
    scale: JudgeScale
    values: dict[str, Array]

    @classmethod
    def of(cls, draws: xr.Dataset, panel: Panel, scale: JudgeScale) -> PoolDraws:
        """Take the draws of a ``posterior`` group."""
        return cls(panel, scale, {str(name): flat(draws[name]) for name in draws.data_vars})

    def need(self, rows: Rows) -> Array:
        """Need of rows under each draw, shape (sample, row)."""
        values, scores = self.values, self.scale.scores(rows.alpha, rows.beta)
        speaks = (~np.isnan(scores)).astype(float)
        scores = np.nan_to_num(scores)
        eta = self._pooled(rows, scores, speaks)
        if "bend" in values:
            eta *= values["gain"][:, None] - values["bend"][:, None] * eta
        else:
            eta *= values["gain"][:, None]
        eta += values["intercept"][:, None]
        if "category_z" in values:
            # A fresh effect for unknown categories; fixed, as everything else is given the draws.
            rng = np.random.default_rng(0)
            fresh = rng.standard_normal(len(eta))
            effects = rows.of_category(values["category_z"], fresh)
            eta += values["category_sd"][:, None] * effects
        need = special.expit(eta, out=eta)
        if "floor" in values:
            floor, lapse = values["floor"][:, None], values["lapse"][:, None]
            need = floor + (1 - floor - lapse) * need
        return np.asarray(need)

    def category_need(self, rows: Rows) -> Array:
        """Need of each category, averaged over its tickets, shape (sample, category)."""
        weight = np.maximum(rows.number, 1) if rows.about == "category" else rows.number
        number, categories = len(self.values["gain"]), len(rows.categories)
        total = np.zeros((number, categories))
        for at in blocks(len(rows), number):
            part = rows.take(at)
            inside = np.zeros((len(part), categories))
            inside[np.arange(len(part)), part.category] = part.category >= 0
            total += (self.need(part) * weight[at]) @ inside
        known = rows.category >= 0
        count = np.bincount(rows.category[known], weight[known], minlength=categories)
        with np.errstate(invalid="ignore"):
            return np.asarray(total / count)

    def _pooled(self, rows: Rows, scores: Array, speaks: Array) -> Array:
        """Weighted mean of the scores of those who speak, shape (sample, row)."""
        seats, values = self.panel.seats, self.values
        member = np.zeros((len(seats.judge), len(self.panel.judges)))
        member[np.arange(len(seats.judge)), seats.judge] = 1

        def pool(share: Array, at: Any) -> Array:
            by_judge = (share[:, seats.router] * values["within"]) @ member
            return np.asarray(by_judge @ scores[at].T / np.maximum(by_judge @ speaks[at].T, 1e-12))

        if "trust_z" not in values:
            return pool(values["share"], slice(None))
        pooled = np.empty((len(values["gain"]), len(rows)))
        for c in np.unique(rows.category):
            at = np.flatnonzero(rows.category == c)
            # Trust of the population where the category is not known.
            deviation = values["trust_z"][:, c] if c >= 0 else 0.0
            log_share = np.log(values["share"]) + values["trust_sd"][:, None] * deviation
            pooled[:, at] = pool(special.softmax(log_share, axis=1), at)
        return pooled
