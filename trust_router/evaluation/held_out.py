"""Held-out tickets: what happened to them, and how good either model's answer is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array

__all__ = ["HeldOut"]


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Tickets that a prediction is held against.

    Parameters
    ----------
    outcome : ndarray of int, shape (ticket,)
        0 or 1.
    simple_quality, complex_quality : ndarray, shape (ticket,)
        How good the answer of either model is, from 0 to 1. Where nobody knows, an outcome of 1
        says that the simple model fails and the complex one is taken to resolve every ticket, see
        `HeldOut.from_outcome`.
    ties : ndarray, shape (ticket,)
        Random numbers that order tickets of equal predicted need.
    """

    outcome: NDArray[np.int64]
    simple_quality: Array
    complex_quality: Array
    ties: Array

    @classmethod
    def from_outcome(
        cls,
        outcome: NDArray[np.int64],
        simple_quality: Array | None = None,
        complex_quality: Array | None = None,
        random_seed: int = 0,
    ) -> HeldOut:
        """Fill in what is not known."""
        outcome = np.asarray(outcome)
        simple = 1.0 - outcome if simple_quality is None else simple_quality
        strong = np.ones(len(outcome)) if complex_quality is None else complex_quality
        ties = np.random.default_rng(random_seed).random(len(outcome))
        return cls(outcome, np.asarray(simple, float), np.asarray(strong, float), ties)

    def take(self, index: NDArray[np.intp]) -> HeldOut:
        """Keep some tickets."""
        return HeldOut(
            self.outcome[index],
            self.simple_quality[index],
            self.complex_quality[index],
            self.ties[index],
        )

    def counted(self, weights: Array | None = None) -> Array:
        """How often each ticket counts, shape (replicate, ticket): once, if nothing is said."""
        if weights is None:
            return np.ones((1, len(self.outcome)))
        return weights if weights.dtype.kind == "f" else weights.astype(float)
