"""Counts of needs as an observed variable whose constant part is computed once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from numpy.random import Generator
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.basics.evidence import log_binomial
from trust_router.inputs.rows import Rows
from trust_router.learning.models.logged import logged_odds
from trust_router.learning.noise import Noise

__all__ = ["counted", "log_ways", "observed_needs", "some_rows"]


def some_rows(rows: Rows) -> Rows:
    """Rows with outcomes; without any, one row that says nothing."""
    known = rows.known()
    return known if len(known) else rows.take(np.arange(min(1, len(rows))))


def log_ways(rows: Rows) -> Array:
    """Log of the number of orders of what is known of each row, checked tickets apart."""
    checked, found = rows.found.sum(axis=1), rows.found[:, 1]
    unchecked = log_binomial(rows.needs - found, rows.trials - checked)
    return unchecked + log_binomial(found, checked)


def counted(known: Rows, noise: Noise | None = None) -> dict[str, Any]:
    """Categories and counts of rows, as data of a graph whose ``needs`` are observed."""
    values = {
        "row_category": known.category.astype(np.int64),
        "trials": known.trials,
        "log_ways": log_binomial(known.needs, known.trials),
        "observed": known.needs,
    }
    if noise is None:
        return values
    return values | {
        "log_ways": log_ways(known),
        "checked": known.found.sum(axis=1),
        "found": known.found[:, 1],
        "noise_shapes": noise.after(known.mistakes),
    }


def observed_needs(
    held: dict[str, Any], log_odds: Any, rates: tuple[Any, Any] | None = None
) -> Any:
    """Add Binomial ``needs``; `pm.Binomial` would compute the coefficients anew at every step.

    Need is given as log odds, of which neither the smallest nor the largest is cut. With rates of
    noise, outcomes that nobody checked are as logged.
    """
    if rates is not None:
        return pm.CustomDist(
            "needs",
            held["trials"],
            log_odds,
            logged_odds(log_odds, rates),
            held["checked"],
            held["found"],
            held["log_ways"],
            logp=_noisy_logp,
            random=_noisy_random,
            signature="(),(),(),(),(),()->()",
            dtype="int64",
            observed=held["observed"],
        )
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


def _noisy_logp(
    needs: Any, trials: Any, log_odds: Any, logged: Any, checked: Any, found: Any, log_ways: Any
) -> Any:
    of_checked = _logp(found, checked, log_odds, log_ways)
    return of_checked + _logp(needs - found, trials - checked, logged, 0.0)


def _noisy_random(
    trials: Array,
    log_odds: Array,
    logged: Array,
    checked: Array,
    found: Array,  # noqa: ARG001  # only the density needs these two
    log_ways: Array,  # noqa: ARG001
    rng: Generator,
    size: tuple[int, ...] | None = None,
) -> Array:
    unchecked = (trials - checked).astype(np.int64)
    drawn = rng.binomial(unchecked, special.expit(logged), size=size)
    return np.asarray(
        drawn + rng.binomial(checked.astype(np.int64), special.expit(log_odds), size=size)
    )


def _random(
    trials: Array,
    log_odds: Array,
    log_ways: Array,  # noqa: ARG001  # only the density needs it
    rng: Generator,
    size: tuple[int, ...] | None = None,
) -> Array:
    return np.asarray(rng.binomial(trials.astype(np.int64), special.expit(log_odds), size=size))
