"""What draws of the pool model's parameters say: need of rows and of categories."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from trust_router.basics.arrays import Array, blocks
from trust_router.basics.chance import generator_of
from trust_router.basics.log_odds import expit
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import flat
from trust_router.learning.models.scores import JudgeScale
from trust_router.learning.models.strangers import fresh_effects

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["PARAMETERS", "PoolDraws"]

# What need follows from; some variants do not have all of them.
PARAMETERS = (
    "share", "within", "intercept", "gain", "bend", "category_sd", "category_z", "trust_sd",
    "trust_z", "floor", "lapse",
)  # fmt: skip

_AT_ONCE = 200_000  # values of (draw, row) of tickets on which no judge speaks
_STAND_FOR_ALL = 1000  # so many tickets stand for all of a category


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
            fresh = fresh_effects(rows, len(eta)) if (rows.category < 0).any() else 0.0
            effects = rows.of_category(values["category_z"], fresh)
            eta += values["category_sd"][:, None] * effects
        need = expit(eta, out=eta)
        if "floor" in values:
            floor, lapse = values["floor"][:, None], values["lapse"][:, None]
            need = floor + (1 - floor - lapse) * need
        return np.asarray(need)

    def prediction(self, reference: Rows, rows: Rows) -> Array:
        """Need of tickets not seen, shape (sample, row).

        A ticket on which no judge speaks is any ticket of its category, or of all where the
        category has none: under each draw it has the need of one of those that were seen.
        """
        need = self.need(rows)
        silent = np.isnan(rows.alpha).all(axis=1)
        if not silent.any():
            return need
        heard = reference.take(np.flatnonzero(~np.isnan(reference.alpha).all(axis=1)))
        names = [*rows.categories, *rows.others]
        for slot in np.unique(rows.slot[silent]):
            drawn = self._of_any(_alike(heard, int(slot)), generator_of("silent", names[slot]))
            need[:, silent & (rows.slot == slot)] = drawn[:, None]
        return need

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

    def _of_any(self, tickets: Rows, rng: np.random.Generator) -> Array:
        """Need of a ticket drawn at random under each draw, shape (sample,)."""
        number = len(self.values["gain"])
        scores = self.scale.scores(tickets.alpha, tickets.beta)
        # From the easiest to the hardest, so that a few stand for all and each comes in its turn.
        order = np.argsort(np.nanmean(scores, axis=1), kind="stable")
        upto = np.maximum(tickets.number[order], 1).cumsum()
        middles = (np.arange(_STAND_FOR_ALL) + 0.5) / _STAND_FOR_ALL * upto[-1]
        held, place = np.unique(order[np.searchsorted(upto, middles)], return_inverse=True)
        turn = place[((rng.permutation(number) + 0.5) * (_STAND_FOR_ALL / number)).astype(int)]
        drawn = np.empty(number)
        for at in blocks(len(held), number, _AT_ONCE):
            mine = np.flatnonzero((turn >= at.start) & (turn < at.stop))
            drawn[mine] = self.need(tickets.take(held[at]))[mine, turn[mine] - at.start]
        return drawn

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
            deviation = values["trust_z"][:, c] if c >= 0 else self._fresh_trust(rows, c)
            log_share = np.log(values["share"]) + values["trust_sd"][:, None] * deviation
            power = np.exp(log_share - log_share.max(axis=1, keepdims=True))
            pooled[:, at] = pool(power / power.sum(axis=1, keepdims=True), at)
        return pooled

    def _fresh_trust(self, rows: Rows, category: int) -> Array:
        """Draw deviations of trust in a category not seen, (sample, router)."""
        rng = generator_of("trust", rows.others[-1 - category])
        return rng.standard_normal(self.values["share"].shape)


def _alike(heard: Rows, slot: int) -> Rows:
    """Tickets of which one on which no judge speaks may be any."""
    if slot >= len(heard.categories):
        return heard
    inside = heard.take(np.flatnonzero(heard.category == slot))
    # Of a category in which no ticket was ever heard of, only the effect is known.
    return inside if len(inside) else replace(heard, category=np.full(len(heard), slot))
