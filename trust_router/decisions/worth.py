"""What knowing more would be worth before a decision, per ticket decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.draws import NeedDraws
from trust_router.basics.mixture import BetaMixture
from trust_router.decisions.costs import Costs

if TYPE_CHECKING:
    from trust_router.learning.posterior import Posterior

__all__ = ["value_of_knowing", "value_of_outcome", "value_of_router"]


def value_of_knowing(need: BetaMixture | NeedDraws, costs: Costs) -> Array:
    """Worth of knowing need exactly: the expected cost of acting on what is known instead."""
    mean, threshold = need.mean, costs.threshold
    excess = need.mean_excess(threshold)
    # Regret is linear beyond the threshold: E(need - t)+ on one side, E(t - need)+ on the other.
    regret = costs.slope * np.where(costs.escalates(mean), excess - (mean - threshold), excess)
    return np.asarray(regret.clip(min=0))


def value_of_outcome(need: BetaMixture | NeedDraws, costs: Costs) -> Array:
    """Worth of one more outcome: after a 1 the mean of need is E[need**2] / E[need]."""
    mean, square = need.mean, need.second_moment
    after_one = np.divide(square, mean, out=np.ones_like(mean), where=mean > 0)
    after_zero = np.divide(mean - square, 1 - mean, out=np.zeros_like(mean), where=mean < 1)
    then = mean * costs.least(after_one) + (1 - mean) * costs.least(after_zero)
    return _gain(costs.least(mean), then)


def value_of_router(posterior: Posterior, need: Array, costs: Costs) -> Array:
    """Worth of knowing the right router; NaN where routers are pooled and none is right."""
    if not posterior.facts.has_mixtures:
        return np.full(need.shape, np.nan)
    names = posterior.panel.router_names
    known = np.stack([costs.least(posterior.mixtures(name).mean) for name in names], axis=-1)
    return _gain(costs.least(need), (posterior.trust_mean * known).sum(axis=-1))


def _gain(now: Array, then: Array) -> Array:
    # Knowing more never costs; what is left of a difference of equals is rounding.
    return np.where(now - then > 1e-12 * now, now - then, 0.0)
