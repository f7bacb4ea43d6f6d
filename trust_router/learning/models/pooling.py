"""Pooling: what the scores of a panel's judges are together, and where they disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.models.scores import JudgeScale, ScaleKind, judge_scale

__all__ = ["Pooled", "Pooling", "ticket_weights"]

_ALIKE = 0.05  # judges whose scores vary less than this about agree, and how far does not matter


class Pooled(NamedTuple):
    """What a ticket's need depends on; all are 0 where no judge speaks.

    Attributes
    ----------
    mean : ndarray, shape (row,)
        Weighted mean of the scores of the judges that speak.
    discord : ndarray, shape (row,)
        How far apart they are: log(their weighted variance + 0.05), less its average over all
        tickets. The log, since need hardly grows further in the variance's long tail.
    router : ndarray, shape (row, router)
        How far the mean of each router's judges lies above that of all.
    judge : ndarray, shape (row, judge)
        How far each judge's score lies above the mean of all; 0 for one that only repeats another.
    """

    mean: Array
    discord: Array
    router: Array
    judge: Array

    @property
    def parts(self) -> Array:
        """Of what the pooled score is a sum: mean, routers and judges, (row, coefficient)."""
        return np.column_stack([self.mean, self.router, self.judge])


@dataclass(frozen=True, eq=False)
class Pooling:
    """Turns beliefs into what the pool model works with.

    Attributes
    ----------
    scale : JudgeScale
        How beliefs are scored.
    within : ndarray, shape (router, judge)
        Weight of each judge inside each router, as the panel states it.
    weight : ndarray, shape (judge,)
        Weight of each judge overall: initial trust in its routers times its weights inside them.
    first : ndarray of int, shape (judge,)
        The first judge of the panel that says the same of every ticket.
    usual : float
        Discord of the average ticket.
    """

    scale: JudgeScale
    within: Array
    weight: Array
    first: NDArray[np.intp]
    usual: float = 0.0

    @classmethod
    def of(cls, panel: Panel, reference: Rows, kind: ScaleKind) -> Pooling:
        """Take scales, copies and the usual discord from all tickets, with outcomes or without."""
        seats = panel.seats
        within = np.zeros((len(panel.routers), len(panel.judges)))
        np.add.at(within, (seats.router, seats.judge), seats.within)
        scale = judge_scale(reference, kind)
        said = np.nan_to_num(scale.scores(reference.alpha, reference.beta), nan=np.inf)
        _, first, place = np.unique(said, axis=1, return_index=True, return_inverse=True)
        bare = cls(scale, within, panel.share @ within, first[place.ravel()])
        discord = bare.pooled(reference).discord
        weight = ticket_weights(reference) * ~np.isnan(reference.alpha).all(axis=1)
        usual = float(discord @ weight / max(weight.sum(), 1))
        return cls(scale, within, bare.weight, bare.first, usual)

    @property
    def heard_once(self) -> NDArray[np.bool_]:
        """Which judges do not only repeat another one, shape (judge,)."""
        return np.asarray(self.first == np.arange(len(self.first)))

    def scores(self, rows: Rows) -> Array:
        """Score what judges say, shape (row, judge); NaN where they are silent."""
        return self.scale.scores(rows.alpha, rows.beta)

    def pooled(self, rows: Rows) -> Pooled:
        """Bring together what judges say about rows."""
        scores = self.scores(rows)
        missing = np.isnan(scores)
        speaks = (~missing).astype(float)
        scores = np.where(missing, 0.0, scores)
        total = speaks @ self.weight
        silent = total == 0
        mean = scores @ self.weight / np.where(silent, 1, total)
        judge = speaks * (scores - mean[:, None])
        discord = np.log(judge**2 @ self.weight / np.where(silent, 1, total) + _ALIKE)
        inside = speaks @ self.within.T
        router = judge @ self.within.T / np.where(inside == 0, 1, inside)
        discord = np.where(silent, 0.0, discord - self.usual)
        return Pooled(mean, discord, router, judge * self.heard_once)


def ticket_weights(rows: Rows) -> Array:
    """How many tickets each row stands for; categories count once."""
    if rows.about == "category":
        return np.ones(len(rows))
    return np.asarray(rows.number, dtype=float)
