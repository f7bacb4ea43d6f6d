"""Beliefs about single tickets, as arrays in which a judge may be missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from trust_router.basics.beta import SHAPE_LIMITS, Array
from trust_router.basics.checks import repeated

__all__ = ["TicketBeliefs"]


@dataclass(frozen=True, eq=False)
class TicketBeliefs:
    """Beta shapes for each ticket and judge; NaN where a judge said nothing.

    Parameters
    ----------
    tickets : sequence of str
        Identifiers, each once.
    judges : sequence of str
        Names, each once.
    alpha, beta : array_like, shape (ticket, judge)
        Shapes of the beliefs, between 1e-6 and 1e9; both NaN where a judge is missing.
    category : sequence of str, optional
        Category of each ticket; ``""`` where it is known from the outcomes, or not at all.

    Raises
    ------
    ValueError
        If a label repeats, a shape of the arrays does not fit the labels, or a value is invalid.

    Examples
    --------
    >>> TicketBeliefs(["t1", "t2"], ["haiku"], alpha=[[3], [float("nan")]], beta=[[9], [np.nan]])
    TicketBeliefs(2 tickets, 1 judge, 1 belief missing)
    """

    tickets: tuple[str, ...]
    judges: tuple[str, ...]
    alpha: Array
    beta: Array
    category: tuple[str, ...]

    def __init__(
        self,
        tickets: Sequence[str],
        judges: Sequence[str],
        alpha: ArrayLike,
        beta: ArrayLike,
        *,
        category: Sequence[str] | None = None,
    ) -> None:
        object.__setattr__(self, "tickets", tuple(tickets))
        object.__setattr__(self, "judges", tuple(judges))
        for what, names in (("tickets", self.tickets), ("judges", self.judges)):
            if len(set(names)) < len(names):
                raise ValueError(f"`{what}` must be unique; {repeated(names)!r} is used twice")
        object.__setattr__(self, "category", tuple(category or [""] * len(self.tickets)))
        if len(self.category) != len(self.tickets):
            raise ValueError(
                f"`category` must name one for each of {len(self.tickets)} tickets; "
                f"got {len(self.category)}"
            )
        arrays = [np.array(values, dtype=float) for values in (alpha, beta)]
        for name, values in zip(("alpha", "beta"), arrays, strict=True):
            self._check(name, values)
        unpaired = np.argwhere(np.isnan(arrays[0]) != np.isnan(arrays[1]))
        if len(unpaired):
            raise ValueError(
                f"`alpha` and `beta` must be missing together; only one is {self._at(*unpaired[0])}"
            )
        for name, values in zip(("alpha", "beta"), arrays, strict=True):
            values.setflags(write=False)
            object.__setattr__(self, name, values)

    def __repr__(self) -> str:
        absent = int(np.isnan(self.alpha).sum())
        return (
            f"TicketBeliefs({len(self.tickets)} tickets, {len(self.judges)} "
            f"judge{'s' * (len(self.judges) != 1)}, "
            f"{absent} belief{'s' * (absent != 1)} missing)"
        )

    def __len__(self) -> int:
        return len(self.tickets)

    @property
    def mean(self) -> Array:
        """Expected need under each belief, shape (ticket, judge); NaN where missing."""
        return self.alpha / (self.alpha + self.beta)

    def take(self, index: ArrayLike) -> TicketBeliefs:
        """Keep the tickets at some positions, in that order."""
        at = np.asarray(index, dtype=np.intp)
        return TicketBeliefs(
            [self.tickets[i] for i in at],
            self.judges,
            self.alpha[at],
            self.beta[at],
            category=[self.category[i] for i in at],
        )

    def with_category(self, category: Mapping[str, str] | Sequence[str]) -> TicketBeliefs:
        """Set the category of each ticket, by its identifier or in order."""
        if isinstance(category, Mapping):
            category = [
                category.get(t, c) for t, c in zip(self.tickets, self.category, strict=True)
            ]
        return TicketBeliefs(self.tickets, self.judges, self.alpha, self.beta, category=category)

    def _check(self, name: str, values: Array) -> None:
        shape = (len(self.tickets), len(self.judges))
        if values.shape != shape:
            raise ValueError(
                f"`{name}` must have shape (ticket, judge) = {shape}; got {values.shape}"
            )
        low, high = SHAPE_LIMITS
        wrong = np.argwhere(~(np.isnan(values) | ((values >= low) & (values <= high))))
        if len(wrong):
            raise ValueError(
                f"`{name}` must be positive and between {low:g} and {high:g}, or missing; "
                f"got {values[tuple(wrong[0])]:g} {self._at(*wrong[0])}"
            )

    def _at(self, ticket: int, judge: int) -> str:
        return f"for judge {self.judges[judge]!r} on ticket {self.tickets[ticket]!r}"
