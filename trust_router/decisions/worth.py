"""What knowing more would be worth before a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from trust_router.basics.beta import Array, BetaMixture
from trust_router.basics.draws import NeedDraws
from trust_router.decisions.costs import Costs

if TYPE_CHECKING:
    from trust_router.learning.posterior import Posterior


def _value_of_outcome(need: BetaMixture | NeedDraws, costs: Costs) -> Array:
    mean, square = need.mean, need.second_moment
    after_one = np.divide(square, mean, out=np.ones_like(mean), where=mean > 0)
    after_zero = np.divide(mean - square, 1 - mean, out=np.zeros_like(mean), where=mean < 1)
    then = mean * _least(after_one, costs) + (1 - mean) * _least(after_zero, costs)
    return _worth(_least(mean, costs), then)


def _value_of_router(posterior: Posterior, mean: Array, costs: Costs) -> Array:
    if not posterior.facts.has_mixtures:
        return np.full(mean.shape, np.nan)  # no router is right; they are pooled
    known = np.stack(
        [_least(posterior.mixtures(name).mean, costs) for name in posterior.panel.router_names],
        axis=-1,
    )
    return _worth(_least(mean, costs), (posterior.trust_mean * known).sum(axis=-1))


def _worth(now: Array, then: Array) -> Array:
    # Knowing more never costs; what is left of a difference of equals is rounding.
    return np.where(now - then > 1e-12 * now, now - then, 0.0)


def _least(mean: Array, costs: Costs) -> Array:
    return np.minimum(costs.simple_first(mean), costs.escalate(mean))
