"""Counts of needs as an observed variable whose constant part is computed once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.random import Generator
from scipy import special

from trust_router.basics.arrays import Array, blocks
from trust_router.inputs.rows import Rows

__all__ = ["counted", "log_binomial", "log_of_counts", "observed_needs", "some_rows"]

_AT_ONCE = 500_000  # values of (draw, row)


def some_rows(rows: Rows) -> Rows:
    """Rows with outcomes; without any, one row that says nothing."""
    known = rows.known()
    return known if len(known) else rows.take(np.arange(min(1, len(rows))))


def log_binomial(needs: Any, trials: Any) -> Array:
    """Log of the binomial coefficient."""
    n, k = np.asarray(trials, dtype=float), np.asarray(needs, dtype=float)
    return np.asarray(special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1))


def counted(known: Rows) -> dict[str, Any]:
    """Categories and counts of rows, as data of a graph whose ``needs`` are observed."""
    return {
        "row_category": known.category.astype(np.int64),
        "trials": known.trials,
        "log_ways": log_binomial(known.needs, known.trials),
        "observed": known.needs,
    }


def log_of_counts(log_odds: Callable[[Rows], Array], known: Rows, draws: int) -> Array:
    """Log probability of all needs, up to a constant, (sample,), of log odds under draws."""
    total = np.zeros(draws)
    for at in blocks(len(known), draws, _AT_ONCE):
        part = known.take(at)
        eta = log_odds(part)
        total += eta @ part.needs.astype(float)
        # As `logaddexp(0, eta)`, in a fifth of the time.
        total -= np.maximum(eta, 0) @ part.trials.astype(float)
        np.abs(eta, out=eta)
        np.exp(np.negative(eta, out=eta), out=eta)
        total -= np.log1p(eta, out=eta) @ part.trials.astype(float)
    return total


def observed_needs(held: dict[str, Any], log_odds: Any) -> Any:
    """Add Binomial ``needs``; `pm.Binomial` would compute the coefficients anew at every step.

    Need is given as log odds, of which neither the smallest nor the largest is cut.
    """
    return pm.CustomDist(
        "needs",
        held["trials"],
        log_odds,
        held["log_ways"],
        logp=_logp,
        random=_random,
        signature="(),(),()->()",
        dtype="int64",
        observed=held["observed"],
    )


def _logp(needs: Any, trials: Any, log_odds: Any, log_ways: Any) -> Any:
    return log_ways + needs * log_odds - trials * pt.softplus(log_odds)


def _random(
    trials: Array,
    log_odds: Array,
    log_ways: Array,  # noqa: ARG001  # only the density needs it
    rng: Generator,
    size: tuple[int, ...] | None = None,
) -> Array:
    return np.asarray(rng.binomial(trials.astype(np.int64), special.expit(log_odds), size=size))
