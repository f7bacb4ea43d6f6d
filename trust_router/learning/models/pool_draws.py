"""What draws of the pool model's parameters say: need of rows and of categories."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from trust_router.basics.arrays import Array, blocks
from trust_router.basics.chance import generator_of
from trust_router.basics.log_odds import expit
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import flat
from trust_router.learning.models.pooling import Pooled, Pooling
from trust_router.learning.models.strangers import drawn_effects
from trust_router.learning.models.walks import drawn_shift, drawn_walks

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["PARAMETERS", "PoolDraws"]

# What need follows from; panels of one judge, router or category do not have all of them.
PARAMETERS = (
    "intercept", "gain", "bend", "discord", "damping", "router_gain", "judge_gain", "category_sd",
    "category_z",
)  # fmt: skip

_AT_ONCE = 200_000  # values of (draw, row) of tickets on which no judge speaks
_STAND_FOR_ALL = 1000  # so many tickets stand for all of a category


@dataclass(frozen=True, eq=False)
class PoolDraws:
    """Draws of the parameters, chains one after the other, and the need that follows from them.

    Attributes
    ----------
    pooling : Pooling
        How beliefs are brought together.
    values : mapping of str to ndarray, each (sample, ...)
        Parameters by name. Those that a panel does not have are absent.
    drift_tail : float
        Of the steps of a pool that drifts.
    """

    pooling: Pooling
    values: dict[str, Array]
    drift_tail: float = 0.0

    @classmethod
    def of(cls, draws: xr.Dataset, pooling: Pooling, drift_tail: float = 0.0) -> PoolDraws:
        """Take the draws of a ``posterior`` group."""
        values = {str(name): flat(draws[name]) for name in draws.data_vars}
        return cls(pooling, values, drift_tail)

    @cached_property
    def linear(self) -> Array:
        """Coefficients of the mean, of routers and of judges, shape (sample, coefficient)."""
        routers, judges = self.pooling.within.shape
        gain = self.values["gain"][:, None]
        return np.hstack(
            [gain, self._deviations("router", routers), self._deviations("judge", judges)]
        )

    @cached_property
    def walks(self) -> dict[str, Array]:
        """Where what drifts was in each period, seen from the last; empty without drift."""
        return drawn_walks(self.values, self.drift_tail)

    def need(self, rows: Rows) -> Array:
        """Need of rows under each draw, shape (sample, row)."""
        log_odds = self.log_odds(rows)
        return expit(log_odds, out=log_odds)

    def log_odds(self, rows: Rows, pooled: Pooled | None = None) -> Array:
        """Log odds of the need of rows under each draw, shape (sample, row)."""
        values, pooled = self.values, pooled or self.pooling.pooled(rows)
        line, level = self.linear @ pooled.parts.T, values["intercept"][:, None]
        if self.walks and rows.period is not None:
            moved, off = drawn_shift(self.walks, pooled.parts, rows)
            line, level = line + off, level + moved
        # line (1 - bend line - damping v) + discord v + level, and few passes over what is large.
        eta = line * -values["bend"][:, None]
        if "discord" in values:
            eta -= np.multiply.outer(values["damping"], pooled.discord)
        eta += 1
        eta *= line
        if "discord" in values:
            eta += np.multiply.outer(values["discord"], pooled.discord)
        eta += level
        if "category_z" in values:
            eta += drawn_effects(values, rows)
        return np.asarray(eta)

    def prediction(self, reference: Rows, rows: Rows) -> Array:
        """Need of tickets not seen, shape (sample, row).

        A ticket on which no judge speaks is any ticket of its category, or of all where the
        category has none: under each draw it has the need of one of those that were seen.
        """
        need = self.need(rows)
        silent = np.isnan(rows.alpha).all(axis=1)
        if not silent.any():
            return need
        reference = reference.timeless()
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
        scores = self.pooling.scores(tickets)
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

    def _deviations(self, whose: str, number: int) -> Array:
        known = self.values.get(f"{whose}_gain")
        return np.zeros((len(self.values["gain"]), number)) if known is None else known


def _alike(heard: Rows, slot: int) -> Rows:
    """Tickets of which one on which no judge speaks may be any."""
    if slot >= len(heard.categories):
        return heard
    inside = heard.take(np.flatnonzero(heard.category == slot))
    # Of a category in which no ticket was ever heard of, only the effect is known.
    return inside if len(inside) else replace(heard, category=np.full(len(heard), slot))
