"""Need in categories as mixtures of Betas over the seats of a panel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.mixture import BetaMixture
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows

__all__ = ["judge_weights", "mixture_of", "seat_shapes", "stated_mixtures"]


def seat_shapes(panel: Panel, rows: Rows) -> tuple[Array, Array]:
    """Shapes of need given the seat after the outcomes, each (category, seat)."""
    judge = panel.seats.judge
    alpha = rows.alpha[:, judge] + rows.needs[:, None]
    return alpha, rows.beta[:, judge] + (rows.trials - rows.needs)[:, None]


def judge_weights(panel: Panel, seat_posterior: Array) -> Array:
    """Weight of each judge inside its router, given that of each seat, shape (..., seat)."""
    seats = panel.seats
    by_router = seats.sum_by_router(seat_posterior)[..., seats.router]
    fallback = np.broadcast_to(seats.within, seat_posterior.shape)
    # A router whose trust underflows keeps its prior weights rather than 0 / 0.
    return np.divide(seat_posterior, by_router, out=fallback.copy(), where=by_router > 0)


def stated_mixtures(panel: Panel, rows: Rows, router: str | None) -> BetaMixture:
    """Need in every category before the outcomes, over all routers or if one is right."""
    seats = panel.seats
    alpha, beta = rows.alpha[:, seats.judge], rows.beta[:, seats.judge]
    weights = seats.weight if router is None else seats.within
    return mixture_of(np.broadcast_to(weights, alpha.shape), alpha, beta, seats_of(panel, router))


def mixture_of(weights: Array, alpha: Array, beta: Array, at: NDArray[np.intp]) -> BetaMixture:
    """Take the seats at some positions, each array of shape (category, seat)."""
    return BetaMixture(weights[:, at], alpha[:, at], beta[:, at])


def seats_of(panel: Panel, router: str | None) -> NDArray[np.intp]:
    """Positions of the seats of a router, or of all."""
    return np.arange(len(panel.seats.judge)) if router is None else panel.router_seats(router)
