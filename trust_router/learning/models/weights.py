"""Weights of routers and of their judges as simplexes, of the switch model."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from trust_router.inputs.panel import Panel

__all__ = ["Weights", "dirichlet_weights"]


class Weights(NamedTuple):
    """Symbolic weights: of routers (router,), of seats inside their router and overall (seat,)."""

    share: Any
    within: Any
    seat: Any


def dirichlet_weights(panel: Panel, concentration: float) -> Weights:
    """Add ``share`` and ``within`` to the current model, with Dirichlet priors.

    The prior means are what the panel states: initial trust, and the weights inside each router.
    The parameters of each Dirichlet add up to ``concentration`` times the number of its weights.
    """
    seats, number = panel.seats, len(panel.routers)
    if number > 1:
        share = pm.Dirichlet("share", concentration * number * panel.share, dims="router")
    else:
        share = pm.Deterministic("share", pt.ones(1), dims="router")
    sizes = np.bincount(seats.router, minlength=number)
    within: Any = pt.ones(len(seats.router))
    for size in np.unique(sizes[sizes > 1]).tolist():
        # Routers of the same size are one variable: the model stays small with many routers.
        at = np.flatnonzero(sizes[seats.router] == size)
        stated = seats.within[at].reshape(-1, size)
        part = pm.Dirichlet(f"within_{size}", concentration * size * stated)
        within = pt.set_subtensor(within[at], part.flatten())
    within = pm.Deterministic("within", within, dims="seat")
    return Weights(share, within, share[seats.router] * within)
