"""Curves: what is gained by what is sent, risk by coverage, what happened by what was said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from trust_router.basics.arrays import Array
from trust_router.basics.shown import Shown
from trust_router.defaults import CI_PROB, RELIABILITY_BINS
from trust_router.evaluation.held_out import HeldOut

__all__ = ["Curves", "bin_of", "reliability", "risk_coverage", "routing_curve"]

_ROUNDING = 1e-12  # a mean gap in quality below it is none


@dataclass(frozen=True, eq=False, repr=False)
class Curves(Shown):
    """What predictions of held-out tickets are worth, as curves.

    Attributes
    ----------
    share, gain : ndarray, shape (ticket + 1,)
        See `routing_curve`.
    coverage, risk : ndarray, shape (ticket,)
        See `risk_coverage`.
    bins : pandas.DataFrame
        See `reliability`.
    """

    share: Array
    gain: Array
    coverage: Array
    risk: Array
    bins: pd.DataFrame


def routing_curve(
    need: Array, held_out: HeldOut, weights: Array | None = None
) -> tuple[Array, Array]:
    """Follow the performance gap recovered over the share of tickets sent to the complex model.

    Returns
    -------
    share, gain : ndarray, shape (replicate, ticket + 1)
        From nothing sent, to everything; see `score`.
    """
    weights = held_out.counted(weights)
    order = np.lexsort((held_out.ties, -need))
    w = weights[:, order]
    sent = np.pad(np.cumsum(w, axis=1), ((0, 0), (1, 0)))
    better = (held_out.complex_quality - held_out.simple_quality)[order]
    gained = np.pad(np.cumsum(w * better, axis=1), ((0, 0), (1, 0)))
    gap = gained[:, -1:]
    nothing = np.full_like(gained, np.nan)
    better_at_all = gap > _ROUNDING * sent[:, -1:]
    return sent / sent[:, -1:], np.divide(gained, gap, out=nothing, where=better_at_all)


def risk_coverage(
    need: Array, held_out: HeldOut, weights: Array | None = None
) -> tuple[Array, Array]:
    """Share of wrong answers to "need above 1/2?" among the surest tickets.

    Returns
    -------
    coverage, risk : ndarray, shape (replicate, ticket)
    """
    weights = held_out.counted(weights)
    order = np.lexsort((held_out.ties, -np.abs(need - 0.5)))
    w = weights[:, order]
    wrong = ((need > 0.5) != (held_out.outcome == 1))[order]
    covered = np.cumsum(w, axis=1)
    risk = np.divide(
        np.cumsum(w * wrong, axis=1), covered, out=np.zeros_like(covered), where=covered > 0
    )
    return covered / covered[:, -1:], risk


def reliability(
    need: Array,
    outcome: NDArray[np.int64],
    *,
    bins: int = RELIABILITY_BINS,
    ci_prob: float = CI_PROB,
) -> pd.DataFrame:
    """Compare predicted need with what happened, in bins of equal width.

    Returns
    -------
    pandas.DataFrame
        One row for each bin with tickets: ``predicted`` (mean), ``observed`` (share of outcomes 1),
        ``lower``, ``upper`` (Jeffreys interval of it), ``tickets``.
    """
    at = bin_of(need, bins)
    count = np.bincount(at, minlength=bins)
    predicted = np.bincount(at, need, minlength=bins)
    needs = np.bincount(at, outcome, minlength=bins)
    some = count > 0
    posterior = stats.beta(needs[some] + 0.5, (count - needs)[some] + 0.5)
    lower, upper = posterior.interval(ci_prob)
    return pd.DataFrame(
        {
            "predicted": predicted[some] / count[some],
            "observed": needs[some] / count[some],
            "lower": lower,
            "upper": upper,
            "tickets": count[some],
        }
    )


def bin_of(need: Array, bins: int = RELIABILITY_BINS) -> NDArray[np.intp]:
    """Bin of equal width that each predicted need falls into."""
    return np.minimum((need * bins).astype(np.intp), bins - 1)
