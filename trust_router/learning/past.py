"""The past: what is known of tickets with an outcome from all others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array, Counts
from trust_router.basics.shown import Shown
from trust_router.inputs.rows import Rows

__all__ = ["Foretold", "outcomes_of"]


@dataclass(frozen=True, eq=False, repr=False)
class Foretold(Shown):
    """What is known of tickets with an outcome from all others.

    Attributes
    ----------
    rows : Rows
        Those with outcomes.
    tickets : ndarray of int, shape (row, 2)
        How many tickets of the row had outcome 0, and 1.
    need : ndarray, shape (row, 2)
        Probability that such a ticket needs the complex model; NaN where there is none.
    of_category : ndarray, shape (row,)
        Need of its category given all tickets: where one decision is for all, to leave one out
        would turn it against just that ticket.
    """

    rows: Rows
    tickets: NDArray[np.int64]
    need: Array
    of_category: Array

    @property
    def log_chance(self) -> Array:
        """Log probability of what happened, shape (row, 2)."""
        return np.asarray(np.log(np.stack([1 - self.need[:, 0], self.need[:, 1]], axis=-1)))


def outcomes_of(rows: Rows) -> Counts:
    """Count the tickets of each row with outcome 0, and 1, shape (row, 2)."""
    return np.stack([rows.trials - rows.needs, rows.needs], axis=-1)
