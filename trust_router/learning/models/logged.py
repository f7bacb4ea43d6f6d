"""Logged outcomes: what is observed of tickets with a need, where outcomes may be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from trust_router.basics.arrays import Array
from trust_router.inputs.rows import Rows
from trust_router.learning.noise import RATES, Noise
from trust_router.learning.past import outcomes_of

__all__ = ["NOISE_PARAMETERS", "drawn_odds", "log_chances", "logged_odds", "noise_rates"]

NOISE_PARAMETERS = {
    "false_needed": "how often a resolved ticket is logged as one that needed the complex model",
    "false_resolved": "how often a ticket that needed the complex model is logged as resolved",
}


def noise_rates(noise: Noise | None, held: dict[str, Any]) -> tuple[Any, Any] | None:
    """Add both rates to the current model, with the checked outcomes in them; None without noise.

    A Beta belief and counts of right and wrong make a Beta: the checked outcomes need no
    likelihood of their own.
    """
    if noise is None:
        return None
    shapes = held["noise_shapes"]
    needed, resolved = (pm.Beta(name, shapes[i, 0], shapes[i, 1]) for i, name in enumerate(RATES))
    return needed, resolved


def logged_odds(log_odds: Any, rates: tuple[Any, Any]) -> Any:
    r"""Log odds of being logged as needed, given those of need, in a graph.

    Notes
    -----
    With :math:`x` the log odds of need they are
    :math:`\log(e^x (1 - f_r) + f_n) - \log(e^x f_r + 1 - f_n)`, here without an exponential that
    overflows.
    """
    needed, resolved = rates
    base, kept = pt.log(needed), pt.log1p(-needed)
    up = pt.softplus(log_odds + pt.log1p(-resolved) - base)
    return base - kept + up - pt.softplus(log_odds + pt.log(resolved) - kept)


def log_chances(log_odds: Array, values: Mapping[str, Array], rows: Rows) -> Array:
    """Log probability of outcomes 0 and 1 of a ticket of each row, as it is known.

    Checked outcomes are true ones, others may be wrong; where a row holds both, it is the average
    over its tickets, so that the sum over tickets is the log likelihood.

    Parameters
    ----------
    log_odds : ndarray, shape (sample, row, ...)
        Of need.
    values : mapping of str to ndarray, each (sample, ...)
        Draws of parameters.
    rows : Rows

    Returns
    -------
    ndarray, shape (sample, row, ..., 2)
    """
    true = _both(log_odds)
    if RATES[0] not in values:
        return true
    over = (slice(None), *[None] * (log_odds.ndim - 1))
    needed, resolved = (values[name][over] for name in RATES)
    logged = _both(drawn_odds(log_odds, needed, resolved))
    share = rows.found / np.maximum(outcomes_of(rows), 1)
    share = share.reshape(len(rows), *[1] * (log_odds.ndim - 2), 2)
    return np.asarray(logged + share * (true - logged))


def drawn_odds(log_odds: Array, needed: Array, resolved: Array) -> Array:
    """As `logged_odds`, under draws."""
    base, kept = np.log(needed), np.log1p(-needed)
    up = np.logaddexp(0, log_odds + np.log1p(-resolved) - base)
    return np.asarray(base - kept + up - np.logaddexp(0, log_odds + np.log(resolved) - kept))


def _both(log_odds: Array) -> Array:
    return -np.stack([np.logaddexp(0, log_odds), np.logaddexp(0, -log_odds)], axis=-1)
