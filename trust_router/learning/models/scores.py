"""Scales: where a belief stands among everything its judge has said."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.log_odds import digamma, log_odds
from trust_router.inputs.rows import Rows

__all__ = ["JudgeScale", "ScaleKind", "expected_log_odds", "judge_scale"]

ScaleKind = Literal["rank", "log odds"]

_LOGISTIC_SD = math.pi / math.sqrt(3)
_DIGITS = 9  # the same probability reached by different arithmetic is still the same


def expected_log_odds(alpha: Array, beta: Array) -> Array:
    """E[log(need / (1 - need))] under Beta(alpha, beta)."""
    at_alpha, at_beta = digamma(np.stack([alpha, beta]))
    return np.asarray(np.round(at_alpha - at_beta, _DIGITS))


def _stated(alpha: Array, beta: Array, kind: ScaleKind) -> Array:
    """Give what beliefs are ordered by, or scored as.

    Beliefs are ranked by their means: where a judge says that it is unsure, the expected log odds
    of the same mean lie further out.
    """
    if kind == "log odds":
        return expected_log_odds(alpha, beta)
    return np.asarray(np.round(alpha / (alpha + beta), _DIGITS))


@dataclass(frozen=True, eq=False)
class JudgeScale:
    """Turns beliefs into scores that are comparable between judges.

    Attributes
    ----------
    kind : {"rank", "log odds"}
    values : tuple of ndarray
        For each judge the distinct means that it stated, ascending; or expected log odds.
    below : tuple of ndarray
        For each of these, how many statements lie below it; one entry more, the number of all.
    """

    kind: ScaleKind
    values: tuple[Array, ...]
    below: tuple[Array, ...]

    def scores(self, alpha: Array, beta: Array) -> Array:
        r"""Score beliefs, shape (row, judge); NaN where missing.

        Notes
        -----
        ``"rank"``: with the means of :math:`b` of a judge's :math:`n` statements below that of the
        belief and :math:`e` equal to it, the score is
        :math:`\mathrm{logit}((b + e/2 + 1/2) / (n + 1))` in units of the logistic's standard
        deviation: standard scores that forget where on the scale from 0 to 1 a judge likes to be.
        ``"log odds"``: the expected log odds in the same unit.
        """
        stated = _stated(alpha, beta, self.kind)
        if self.kind == "log odds":
            return stated / _LOGISTIC_SD
        scored = np.full(stated.shape, np.nan)
        for j, (values, below) in enumerate(zip(self.values, self.below, strict=True)):
            heard = ~np.isnan(stated[:, j])
            left = below[np.searchsorted(values, stated[heard, j], "left")]
            right = below[np.searchsorted(values, stated[heard, j], "right")]
            share = ((left + right) / 2 + 0.5) / (below[-1] + 1)
            scored[heard, j] = log_odds(share) / _LOGISTIC_SD
        return scored


def judge_scale(rows: Rows, kind: ScaleKind) -> JudgeScale:
    """Take the scale of each judge from its statements about all tickets, or all categories."""
    stated = _stated(rows.alpha, rows.beta, kind)
    weight = rows.number if rows.about == "ticket" else np.ones(len(rows), dtype=np.int64)
    values, below = [], []
    for column in stated.T:
        heard = ~np.isnan(column)
        distinct, inverse = np.unique(column[heard], return_inverse=True)
        counts = np.bincount(inverse, weights=weight[heard], minlength=len(distinct))
        values.append(distinct)
        below.append(np.r_[0.0, np.cumsum(counts)])
    return JudgeScale(kind, tuple(values), tuple(below))
