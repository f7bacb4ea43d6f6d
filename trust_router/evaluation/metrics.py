"""Metrics: how good predicted need is, as probabilities, as a ranking, and in money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.decisions.costs import Costs
from trust_router.defaults import RELIABILITY_BINS, TICKETS
from trust_router.evaluation.curves import bin_of, risk_coverage, routing_curve
from trust_router.evaluation.held_out import HeldOut

__all__ = ["COST_METRICS", "METRICS", "score"]

_CLIP = 1e-12  # of a predicted probability, so that being surely wrong stays a number

METRICS: Final[Mapping[str, str]] = {
    "log_loss": "Log loss",
    "brier": "Brier score",
    "ece": "Expected calibration error",
    "aurc": "Area under the risk-coverage curve",
    "apgr": "APGR",
    "cpt50": "CPT(50 %)",
    "cpt80": "CPT(80 %)",
}
COST_METRICS: Final[Mapping[str, str]] = {
    "cost": "Cost per 100 tickets",
    "regret_oracle": "Regret against the oracle",
    "regret_constant": "Regret against the best constant policy",
}


def score(
    need: Array, held_out: HeldOut, *, weights: Array | None = None, costs: Costs | None = None
) -> dict[str, Array]:
    r"""Compute every metric.

    Parameters
    ----------
    need : ndarray, shape (ticket,)
        Predicted probability that the ticket needs the complex model.
    held_out : HeldOut
    weights : ndarray, shape (replicate, ticket), optional
        How often each ticket counts, for instance in bootstrap replicates; default: once.
    costs : Costs, optional
        Adds the metrics in money, per 100 tickets.

    Returns
    -------
    dict of str to ndarray, shape (replicate,)
        The keys of ``METRICS``, and with costs those of ``COST_METRICS``. NaN where a metric is not
        defined, as APGR where the complex model is no better.

    Notes
    -----
    ``ece`` has 10 bins of equal width. ``aurc`` is the share of wrong answers to "need above 1/2?",
    averaged over coverages, the surest tickets first. Sending the share :math:`c` of tickets with
    the highest predicted need to the complex model gives

    .. math:: \mathrm{PGR}(c) = (\mathrm{quality}(c) - \mathrm{quality}(0))
              / (\mathrm{quality}(1) - \mathrm{quality}(0)),

    ``apgr`` is its area over :math:`0 \le c \le 1` and ``cpt50`` the least :math:`c` at which it
    reaches 50 % [1]_. Decisions follow the expected-cost rule; ``regret_oracle`` is the cost above
    that of knowing every outcome, ``regret_constant`` the cost above the cheaper of "always simple
    first" and "always complex", negative where the prediction is worth something.

    References
    ----------
    .. [1] I. Ong et al., "RouteLLM: Learning to Route LLMs with Preference Data", ICLR 2025.
    """
    weights = held_out.counted(weights)
    with np.errstate(invalid="ignore"):  # a replicate without any ticket: NaN
        return _scores(need, held_out, weights, costs)


def _scores(
    need: Array, held_out: HeldOut, weights: Array, costs: Costs | None
) -> dict[str, Array]:
    total = weights.sum(axis=1)
    loss, y = np.clip(need, _CLIP, 1 - _CLIP), held_out.outcome
    entropy = -special.xlogy(y, loss) - special.xlog1py(1 - y, -loss)
    share, gain = routing_curve(need, held_out, weights)
    scores = {
        "log_loss": weights @ entropy / total,
        "brier": weights @ (need - y) ** 2 / total,
        "ece": _calibration_error(need, y, weights) / total,
        "aurc": _area_under_risk(need, held_out, weights),
        "apgr": np.trapezoid(gain, share, axis=1),
        "cpt50": _first_crossing(share, gain, 0.5),
        "cpt80": _first_crossing(share, gain, 0.8),
    }
    if costs is None:
        return scores
    first, straight = costs.simple_first(y), costs.escalate(y)
    paid, best = np.where(costs.escalates(need), straight, first), costs.least(y)
    constant = np.minimum(weights @ first, weights @ straight)
    return scores | {
        "cost": TICKETS * (weights @ paid) / total,
        "regret_oracle": TICKETS * (weights @ (paid - best)) / total,
        "regret_constant": TICKETS * (weights @ paid - constant) / total,
    }


def _calibration_error(need: Array, outcome: NDArray[np.int64], weights: Array) -> Array:
    inside = np.zeros((len(need), RELIABILITY_BINS))
    inside[np.arange(len(need)), bin_of(need)] = need - outcome
    return np.asarray(np.abs(weights @ inside).sum(axis=1))


def _area_under_risk(need: Array, held_out: HeldOut, weights: Array) -> Array:
    coverage, risk = risk_coverage(need, held_out, weights)
    return np.asarray((risk * np.diff(coverage, axis=1, prepend=0)).sum(axis=1))


def _first_crossing(share: Array, gain: Array, level: float) -> Array:
    """Least share at which the gain reaches a level, linear between neighbours."""
    reached = gain >= level
    at = reached.argmax(axis=1)
    rows = np.arange(len(gain))
    before = np.maximum(at - 1, 0)
    step = gain[rows, at] - gain[rows, before]
    part = np.divide(level - gain[rows, before], step, out=np.ones_like(step), where=step > 0)
    crossing = share[rows, before] + part * (share[rows, at] - share[rows, before])
    return np.where(reached.any(axis=1), crossing, np.nan)
