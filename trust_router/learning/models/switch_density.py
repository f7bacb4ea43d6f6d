"""The switch model's outcomes as one distribution: seats summed out within each category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.random import Generator
from scipy import special

from trust_router.basics.arrays import Array

__all__ = ["SwitchLogp", "SwitchRandom", "noisy_evidence"]


@dataclass(frozen=True)
class SwitchLogp:
    """Log probability of all rows: seats summed out within each category."""

    categories: int
    by_ticket: bool
    precomputed: bool

    def __call__(  # noqa: D102
        self,
        needs: Any,
        log_weight: Any,
        mean_logit: Any,
        log_nu: Any,
        trials: Any,
        category: Any,
        log_ways: Any,
        evidence: Any,
    ) -> Any:
        if not self.precomputed:
            evidence = self._evidence(needs[:, None], mean_logit, log_nu, trials[:, None])
            evidence = evidence + log_ways[:, None]
        total = pt.zeros((self.categories, log_weight.shape[-1]))
        total = pt.inc_subtensor(total[category], evidence)
        return pm.math.logsumexp(log_weight + total, axis=-1).sum()

    def _evidence(self, needs: Any, mean_logit: Any, log_nu: Any, trials: Any) -> Any:
        rest = trials - needs
        if self.by_ticket:
            return -needs * pt.softplus(-mean_logit) - rest * pt.softplus(mean_logit)
        nu = pt.exp(log_nu)
        alpha, beta = pt.sigmoid(mean_logit) * nu, pt.sigmoid(-mean_logit) * nu
        return _betaln(alpha + needs, beta + rest) - _betaln(alpha, beta)


def noisy_evidence(held: dict[str, Any], log_odds: Any, logged: Any) -> Any:
    """Log probability of each row if a seat is right, (row, seat), where outcomes may be wrong."""
    checked, found = held["checked"][:, None], held["found"][:, None]
    needs, trials = held["observed"][:, None] - found, held["trials"][:, None] - checked
    of_checked = found * log_odds - checked * pt.softplus(log_odds)
    return of_checked + needs * logged - trials * pt.softplus(logged) + held["log_ways"][:, None]


def _betaln(alpha: Any, beta: Any) -> Any:
    return pt.gammaln(alpha) + pt.gammaln(beta) - pt.gammaln(alpha + beta)


@dataclass(frozen=True)
class SwitchRandom:
    """Draw a seat for each category, then the needs of its rows."""

    by_ticket: bool

    def __call__(  # noqa: D102
        self,
        log_weight: Array,
        mean_logit: Array,
        log_nu: Array,
        trials: Array,
        category: Array,
        log_ways: Array,  # only the density needs these two
        evidence: Array,
        rng: Generator,
        size: tuple[int, ...] | None = None,
    ) -> Array:
        batch = np.broadcast_shapes(log_weight.shape[:-1], mean_logit.shape[:-2], size or ())
        flat_logit = np.broadcast_to(mean_logit, (*batch, *mean_logit.shape[-2:]))
        noise = rng.gumbel(size=(*batch, int(category.max(initial=0)) + 1, log_weight.shape[-1]))
        seat = (log_weight[..., None, :] + noise).argmax(axis=-1)
        codes = category.reshape(-1, category.shape[-1])[0].astype(int)
        at = seat[..., codes][..., None]
        mean = special.expit(np.take_along_axis(flat_logit, at, axis=-1)[..., 0])
        if not self.by_ticket:
            nu = np.exp(np.broadcast_to(log_nu, flat_logit.shape))
            nu = np.take_along_axis(nu, at, axis=-1)[..., 0]
            floor = np.finfo(float).tiny
            mean = rng.beta(np.maximum(mean * nu, floor), np.maximum((1 - mean) * nu, floor))
        return np.asarray(rng.binomial(trials.astype(int), mean))
