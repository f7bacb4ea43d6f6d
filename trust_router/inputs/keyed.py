"""Tickets known by a hash of their names: enough to know one again, not to read its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trust_router.basics.frozen import Frozen

__all__ = ["UNCHECKED", "UNTRIED", "Keyed"]

UNTRIED = -2  # an outcome that nobody can know
UNCHECKED = -3  # where nobody looked whether the outcome is right


@dataclass(frozen=True, eq=False)
class Keyed(Frozen):
    """Tickets behind rows.

    Attributes
    ----------
    key : ndarray of int64, shape (ticket,)
        BLAKE2b of each identifier, 8 bytes: of a million tickets, two share one with a probability
        of 3e-8.
    row : ndarray of int, shape (ticket,)
        Where each stands.
    outcome : ndarray of int8, shape (ticket,)
        0, 1, or -1 where nobody knows; -2 of these where the complex model alone answered. Of a
        ticket that somebody checked, what was found.
    logged : ndarray of int8, shape (ticket,)
        Of tickets that somebody checked, the outcome before that: 0, 1, or -1; of others -3.
    """

    key: NDArray[np.int64]
    row: NDArray[np.intp]
    outcome: NDArray[np.int8]
    logged: NDArray[np.int8]

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        row: ArrayLike,
        outcome: ArrayLike,
        logged: ArrayLike | None = None,
    ) -> Keyed:
        """Hash identifiers."""
        hashed = b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names)
        return cls(
            np.frombuffer(hashed, dtype="<i8").astype(np.int64),
            np.asarray(row, dtype=np.intp),
            np.asarray(outcome, dtype=np.int8),
            np.asarray(np.full(len(names), UNCHECKED) if logged is None else logged, np.int8),
        )

    def __len__(self) -> int:
        return len(self.key)

    @property
    def counts(self) -> NDArray[np.int64]:
        """What each ticket counts: trials, needs and number, shape (3, ticket)."""
        known = self.outcome >= 0
        return np.stack([known, self.outcome == 1, np.ones_like(known)]).astype(np.int64)

    @property
    def checked(self) -> NDArray[np.bool_]:
        """Whether somebody looked, shape (ticket,)."""
        return np.asarray(self.logged != UNCHECKED)

    @property
    def said(self) -> NDArray[np.int8]:
        """The outcome as it was logged, -1 where nobody knows, shape (ticket,)."""
        return np.maximum(np.where(self.checked, self.logged, self.outcome), -1).astype(np.int8)

    def found(self, rows: int) -> NDArray[np.int64]:
        """Count those that were checked; as `Rows.checked`, shape (row, 2, 3)."""
        counts, at = np.zeros((rows, 2, 3), dtype=np.int64), np.flatnonzero(self.checked)
        before = np.where(self.logged == -1, 2, self.logged)
        np.add.at(counts, (self.row[at], self.outcome[at], before[at]), 1)
        return counts

    @property
    def untried(self) -> int:
        """How many the complex model alone answered."""
        return int((self.outcome == UNTRIED).sum())

    def moved(self, place: NDArray[np.intp]) -> Keyed:
        """Give each row its new place."""
        return Keyed(self.key, place[self.row], self.outcome, self.logged)

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_]) -> Keyed:
        """Keep some tickets."""
        return Keyed(self.key[index], self.row[index], self.outcome[index], self.logged[index])
