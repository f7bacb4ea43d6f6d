"""Looks: the log probability of all outcomes under draws, prepared once and taken many times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from trust_router.basics.arrays import Array, blocks
from trust_router.inputs.rows import Rows
from trust_router.learning.models.pool_draws import PoolDraws
from trust_router.learning.models.pooling import Pooled, Pooling
from trust_router.learning.noise import RATES

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["log_of_counts", "pool_likelihood"]

_AT_ONCE = 500_000  # values of (draw, row)


def log_of_counts(
    log_odds: Callable[[slice], Array],
    known: Rows,
    draws: int,
    rates: Sequence[Array] | None = None,
) -> Array:
    """Log probability of all needs, up to a constant, (sample,), of log odds under draws.

    Parameters
    ----------
    log_odds : callable
        Of the need of some rows, (sample, row), which are written over.
    rates : sequence of ndarray, each (sample,), optional
        How often outcomes that nobody checked are wrong; see `Noise`.
    """
    total = np.zeros(draws)
    counts = np.stack([known.trials, known.needs])
    sure = counts if rates is None else np.stack([known.found.sum(axis=1), known.found[:, 1]])
    for at in blocks(len(known), draws, _AT_ONCE):
        eta = log_odds(at)
        if rates is not None:
            total += _log_logged(eta, *(counts - sure)[:, at].astype(float), *rates)
        if rates is None or sure[0, at].any():
            total += _log_true(eta, *sure[:, at].astype(float))
    return total


def _log_true(eta: Array, trials: Array, needs: Array) -> Array:
    """Log probability of outcomes that are true; the log odds are written over."""
    total = eta @ needs
    # As `logaddexp(0, eta)`, in a fifth of the time.
    total -= np.maximum(eta, 0) @ trials
    np.abs(eta, out=eta)
    np.exp(np.negative(eta, out=eta), out=eta)
    total -= np.log1p(eta, out=eta) @ trials
    return np.asarray(total)


def _log_logged(eta: Array, trials: Array, needs: Array, needed: Array, resolved: Array) -> Array:
    """Log probability of outcomes as they are logged; sums without cancellation."""
    need, not_need = special.expit(eta), special.expit(-eta)
    needed, resolved = needed[:, None], resolved[:, None]
    total = np.log(need * (1 - resolved) + not_need * needed) @ needs
    total += np.log(need * resolved + not_need * (1 - needed)) @ (trials - needs)
    return np.asarray(total)


def pool_likelihood(
    pooling: Pooling, rows: Rows, drift_tail: float
) -> Callable[[xr.Dataset], Array]:
    """Prepare the log probability of all outcomes under draws, (sample,)."""
    known = rows.known()
    pooled = pooling.pooled(known)

    def likelihood(draws: xr.Dataset) -> Array:
        given = PoolDraws.of(draws, pooling, drift_tail)
        rates = [given.values[n] for n in RATES] if RATES[0] in given.values else None

        def log_odds(at: slice) -> Array:
            return given.log_odds(known.take(at), Pooled(*(part[at] for part in pooled)))

        return log_of_counts(log_odds, known, len(given.values["gain"]), rates)

    return likelihood
