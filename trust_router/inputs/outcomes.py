"""Outcomes: which tickets needed the complex model, counted per category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trust_router.basics.arrays import Counts, floats
from trust_router.basics.checks import check_names, check_rows_once, shown
from trust_router.basics.frozen import Frozen

__all__ = ["UNKNOWN", "Outcomes", "TicketLog"]

UNKNOWN = -1  # an outcome that nobody knows, in `TicketLog`
_MOST = 1e15  # whole numbers are exact in float64 up to here
_COUNTS = f"whole numbers from 0 to {_MOST:g}"


@dataclass(frozen=True, eq=False)
class TicketLog(Frozen):
    """Outcomes of single tickets, which beliefs about single tickets are matched with.

    Parameters
    ----------
    tickets : sequence of str
        Identifiers, each once and not blank.
    category : array_like of int, shape (ticket,)
        Positions in ``Outcomes.categories``.
    outcome : array_like of int, shape (ticket,)
        0, 1, or -1 where nobody knows.

    Raises
    ------
    ValueError
        If a ticket is blank or stands twice, or a number is none of these.
    """

    tickets: tuple[str, ...]
    category: NDArray[np.int32]
    outcome: NDArray[np.int8]

    def __post_init__(self) -> None:
        tickets = tuple(self.tickets)
        check_rows_once(tickets, lambda ticket: f"ticket {ticket!r}")
        check_names("tickets", "ticket", tickets)
        object.__setattr__(self, "tickets", tickets)
        position = "positions of categories, whole numbers of 0 or more"
        category = _whole("category", self.category, (0, 2**31 - 1), position, tickets, "ticket")
        known = "0, 1, or -1 where nobody knows"
        outcome = _whole("outcome", self.outcome, (UNKNOWN, 1), known, tickets, "ticket")
        for name, values, kind in (("category", category, "int32"), ("outcome", outcome, "int8")):
            frozen = values.astype(kind)
            frozen.setflags(write=False)
            object.__setattr__(self, name, frozen)


@dataclass(frozen=True, eq=False)
class Outcomes(Frozen):
    """Counts of outcomes per category.

    Parameters
    ----------
    categories : sequence of str
        Labels, unique and not blank.
    trials : array_like of int, shape (category,)
        Tickets with a known outcome.
    needs : array_like of int, shape (category,)
        Of these, how many needed the complex model (outcome 1).
    missing : array_like of int, shape (category,), optional
        Tickets whose outcome nobody knows; they are reported and do not count as trials.
    log : TicketLog, optional
        The single tickets behind the counts: lets ``+`` refuse to count a ticket twice, and models
        learn from beliefs about single tickets.

    Raises
    ------
    ValueError
        If a count is negative or no whole number, or needs exceed trials.

    Examples
    --------
    >>> monday = Outcomes(["refund", "login"], trials=[5, 2], needs=[1, 0])
    >>> monday + Outcomes(["login"], trials=[3], needs=[2])
    Outcomes(2 categories, 10 trials, 3 needs, 0 missing)
    """

    categories: tuple[str, ...]
    trials: Counts
    needs: Counts
    missing: Counts
    log: TicketLog | None

    def __init__(
        self,
        categories: Sequence[str],
        trials: ArrayLike,
        needs: ArrayLike,
        missing: ArrayLike | None = None,
        *,
        log: TicketLog | None = None,
    ) -> None:
        names = tuple(categories)
        check_names("categories", "category", names)
        if not names:
            raise ValueError("outcomes need at least one category; got none")
        object.__setattr__(self, "categories", names)
        absent = np.zeros(len(names), dtype=np.int64) if missing is None else missing
        for name, values in (("trials", trials), ("needs", needs), ("missing", absent)):
            counts = _whole(name, values, (0, _MOST), _COUNTS, names, "category")
            object.__setattr__(self, name, counts)
        for label, n, k in zip(names, self.trials, self.needs, strict=True):
            if k > n:
                raise ValueError(
                    f"`needs` cannot exceed `trials`; got {k} of {n} in category {label!r}"
                )
        if log is not None and log.category.max(initial=0) >= len(names):
            raise ValueError(
                f"`log` must place its tickets in the {len(names)} categories; "
                f"got position {log.category.max()}"
            )
        object.__setattr__(self, "log", log)

    def __repr__(self) -> str:
        number = len(self.categories)
        return (
            f"Outcomes({number} categor{'y' if number == 1 else 'ies'}, "
            f"{self.trials.sum()} trials, {self.needs.sum()} needs, {self.missing.sum()} missing)"
        )

    def __add__(self, other: Outcomes) -> Outcomes:
        if not isinstance(other, Outcomes):
            return NotImplemented
        twice = self.tickets & other.tickets
        if twice:
            raise ValueError(
                f"ticket {min(twice)!r} is in both sets of outcomes "
                f"({len(twice)} shared in all); counting it twice would be wrong"
            )
        names = tuple(dict.fromkeys(self.categories + other.categories))
        position = {label: i for i, label in enumerate(names)}
        sums = np.zeros((3, len(names)), dtype=np.int64)
        for part in (self, other):
            at = [position[label] for label in part.categories]
            sums[:, at] += np.stack([part.trials, part.needs, part.missing])
        return Outcomes(names, *sums, log=_joined(self, other, position))

    @cached_property
    def tickets(self) -> frozenset[str]:
        """Identifiers of the tickets counted, as far as they are known."""
        return frozenset() if self.log is None else frozenset(self.log.tickets)

    def select(self, categories: Sequence[str]) -> Outcomes:
        """Keep only some categories (their tickets are no longer told apart)."""
        at = [self.position(category) for category in categories]
        return Outcomes(categories, self.trials[at], self.needs[at], self.missing[at])

    def position(self, category: str) -> int:
        """Position of a category; an unknown one is a ValueError that lists the known."""
        if category not in self.categories:
            raise ValueError(
                f"unknown category {category!r}; outcomes know {len(self.categories)}: "
                + ", ".join(repr(known) for known in self.categories[:10])
            )
        return self.categories.index(category)

    def meant(self, category: str | None) -> str:
        """Give a category that is known; it may be left out where there is only one."""
        if category is None and len(self.categories) > 1:
            raise ValueError(
                f"`category` must be given, there are {len(self.categories)}: "
                + ", ".join(repr(known) for known in self.categories[:10])
            )
        return self.categories[0 if category is None else self.position(category)]

    def to_dict(self) -> dict[str, Any]:
        """Plain data, without the identifiers of tickets."""
        return {
            "categories": list(self.categories),
            "trials": self.trials.tolist(),
            "needs": self.needs.tolist(),
            "missing": self.missing.tolist(),
        }


def _joined(a: Outcomes, b: Outcomes, position: Mapping[str, int]) -> TicketLog | None:
    logs = [(part.log, part.categories) for part in (a, b)]
    known = [(log, names) for log, names in logs if log is not None]
    if not known:
        return None
    moved = [np.array([position[c] for c in names])[log.category] for log, names in known]
    return TicketLog(
        tuple(ticket for log, _ in known for ticket in log.tickets),
        np.concatenate(moved).astype(np.int32),
        np.concatenate([log.outcome for log, _ in known]),
    )


def _whole(
    name: str,
    given: ArrayLike,
    limits: tuple[float, float],
    rule: str,
    labels: Sequence[str],
    of: str,
) -> Counts:
    """Give whole numbers within limits, one for each label."""
    try:
        array = floats(given)
    except (OverflowError, TypeError, ValueError):
        raise ValueError(f"`{name}` must be {rule}, one a {of}; got {shown(given)}") from None
    if array.shape != (len(labels),):
        raise ValueError(f"`{name}` must have shape ({of},) = {(len(labels),)}; got {array.shape}")
    low, high = limits
    wrong = np.flatnonzero(~((array >= low) & (array <= high) & (array == np.floor(array))))
    if len(wrong):
        at = f"{'on' if of == 'ticket' else 'in'} {of} {labels[wrong[0]]!r}"
        raise ValueError(f"`{name}` must be {rule}; got {array[wrong[0]]:g} {at}")
    counts = array.astype(np.int64)
    counts.setflags(write=False)
    return counts
