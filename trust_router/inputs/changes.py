"""What a later table changes in an earlier one, and how names of both become one list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.shown import Shown

__all__ = ["Changes", "placed"]


@dataclass(frozen=True, repr=False)
class Changes(Shown):
    """Counts of what a later table would change.

    Attributes
    ----------
    added : int
        Tickets of which something is said that was not said before: new ones, and those whose
        outcome, or belief of a judge, was missing.
    corrected : int
        Tickets of which something that was said is replaced.
    same : int
        Tickets that stand in both and do not change.
    """

    added: int
    corrected: int
    same: int

    def __str__(self) -> str:
        return f"{self.added:,} added, {self.corrected:,} corrected, {self.same:,} the same"


def placed(
    earlier: Sequence[str], later: Sequence[str]
) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Join names, each once, and give the places of the later ones.

    Examples
    --------
    >>> placed(["a", "b"], ["c", "b"])
    (('a', 'b', 'c'), array([2, 1]))
    """
    place = {name: at for at, name in enumerate(earlier)}
    at = [place.setdefault(name, len(place)) for name in later]
    return tuple(place), np.array(at, dtype=np.intp)
