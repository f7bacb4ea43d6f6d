"""Outcomes: which tickets needed the complex model, counted per category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from trust_router.basics.arrays import Counts
from trust_router.basics.checks import check_names
from trust_router.basics.frozen import Frozen
from trust_router.basics.shown import Shown, Table
from trust_router.inputs.changes import Changes, placed
from trust_router.inputs.observed import Observed
from trust_router.inputs.overviews import table_of_outcomes
from trust_router.inputs.ticket_log import TicketLog, whole

__all__ = ["Outcomes"]

_MOST = 1e15  # whole numbers are exact in float64 up to here
_COUNTS = f"whole numbers from 0 to {_MOST:g}"


@dataclass(frozen=True, eq=False)
class Outcomes(Shown, Frozen):
    """Counts of outcomes per category.

    Several days' outcomes add up. Tickets are known by their identifiers: the same one twice
    changes nothing, a later outcome replaces an earlier one, and one that nobody knows replaces
    nothing. Counts without identifiers have no identity and simply add.

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
    untried : array_like of int, shape (category,), optional
        Of the missing, those that the complex model alone answered.
    log : TicketLog, optional
        The single tickets behind the counts, or some of them: lets ``+`` correct them, and models
        learn from beliefs about single tickets.

    Raises
    ------
    ValueError
        If a count is negative or no whole number, needs exceed trials, untried exceed missing, or
        the log counts more than the counts do.

    Examples
    --------
    >>> monday = Outcomes(["refund", "login"], trials=[5, 2], needs=[1, 0])
    >>> monday + Outcomes(["login"], trials=[3], needs=[2])
    Outcomes(2 categories, 10 trials, 3 needs, 0 missing)
    >>> first = Outcomes(["refund"], [1], [0], log=TicketLog(["t1"], [0], [0]))
    >>> reopened = Outcomes(["refund"], [1], [1], log=TicketLog(["t1"], [0], [1]))
    >>> first + reopened
    Outcomes(1 category, 1 trials, 1 needs, 0 missing, 1 corrected)
    """

    categories: tuple[str, ...]
    trials: Counts
    needs: Counts
    missing: Counts
    untried: Counts
    log: TicketLog | None

    def __init__(
        self,
        categories: Sequence[str],
        trials: ArrayLike,
        needs: ArrayLike,
        missing: ArrayLike | None = None,
        *,
        untried: ArrayLike | None = None,
        log: TicketLog | None = None,
    ) -> None:
        names = tuple(categories)
        check_names("categories", "category", names)
        if not names:
            raise ValueError("outcomes need at least one category; got none")
        object.__setattr__(self, "categories", names)
        none = np.zeros(len(names), dtype=np.int64)
        for name, values in (
            ("trials", trials),
            ("needs", needs),
            ("missing", none if missing is None else missing),
            ("untried", none if untried is None else untried),
        ):
            counts = whole(name, values, (0, _MOST), _COUNTS, names, "category")
            object.__setattr__(self, name, counts)
        object.__setattr__(self, "log", log)
        self._check_parts("needs", "trials")
        self._check_parts("untried", "missing")
        if log is not None:
            self._check_log(log)

    def __repr__(self) -> str:
        number, corrected, checked = len(self.categories), self.corrected, self.checked
        return (
            f"Outcomes({number} categor{'y' if number == 1 else 'ies'}, "
            f"{self.trials.sum()} trials, {self.needs.sum()} needs, {self.missing.sum()} missing"
            + (f", {corrected} corrected" if corrected else "")
            + (f", {checked.sum()} checked" if checked is not None else "")
            + (f"; {self.observed}" if self.observed.untried else "")
            + ")"
        )

    def _shown(self) -> Table:
        return table_of_outcomes(self.categories, self.trials, self.needs, self.missing)

    def __add__(self, other: Outcomes) -> Outcomes:
        if not isinstance(other, Outcomes):
            return NotImplemented
        names, at = placed(self.categories, other.categories)
        sums = np.zeros((4, len(names)), dtype=np.int64)
        sums[:, : len(self.categories)] += self._unnamed
        sums[:, at] += other._unnamed
        log = self.log
        if other.log is not None:
            moved = other.log.recoded(at)
            log = moved if log is None else log.joined(moved)
        if log is not None:
            sums += log.counts(len(names))
        trials, needs, missing, untried = sums
        return Outcomes(names, trials, needs, missing, untried=untried, log=log)

    def changed_by(self, later: Outcomes) -> Changes:
        """Count what adding later outcomes changes; those without identifiers are new.

        Examples
        --------
        >>> held = Outcomes(["refund"], [1], [0], log=TicketLog(["t1"], [0], [0]))
        >>> print(held.changed_by(held + Outcomes(["refund"], trials=[5], needs=[2])))
        5 added, 0 corrected, 1 the same
        """
        unnamed = int(later._unnamed[[0, 2]].sum())
        if later.log is None:
            return Changes(unnamed, 0, 0)
        moved = later.log.recoded(placed(self.categories, later.categories)[1])
        held = TicketLog((), [], []) if self.log is None else self.log
        named = held.changed_by(moved)
        return Changes(named.added + unnamed, named.corrected, named.same)

    @property
    def observed(self) -> Observed:
        """How many tickets the simple model tried, so that an outcome could be seen."""
        return Observed(int((self.trials + self.missing).sum()), int(self.untried.sum()))

    @property
    def corrected(self) -> int:
        """Tickets whose outcome, or category, replaced another one."""
        return 0 if self.log is None else int(self.log.corrected.sum())

    @property
    def checked(self) -> Counts | None:
        """Tickets whose outcome somebody checked, (category, 2, 3); None if there are none.

        By what was found (0, 1), and by what had been logged (0, 1, nothing); they count in
        ``needs`` as found.
        """
        return None if self.log is None else self.log.found(len(self.categories))

    @cached_property
    def tickets(self) -> frozenset[str]:
        """Identifiers of the tickets counted, as far as they are known."""
        return frozenset() if self.log is None else frozenset(self.log.tickets)

    def select(self, categories: Sequence[str]) -> Outcomes:
        """Keep only some categories (tickets, and which were checked, are no longer told apart)."""
        at = [self.position(category) for category in categories]
        counts = (self.trials[at], self.needs[at], self.missing[at])
        return Outcomes(categories, *counts, untried=self.untried[at])

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
        """Plain data, without the identifiers of tickets; ``untried`` if there are any."""
        names = ("trials", "needs", "missing", *["untried"] * bool(self.untried.any()))
        counts = {name: getattr(self, name).tolist() for name in names}
        return {"categories": list(self.categories), **counts}

    @property
    def _unnamed(self) -> Counts:
        """Trials, needs, missing and untried of tickets without a name, shape (4, category)."""
        counts = np.stack([self.trials, self.needs, self.missing, self.untried])
        return counts if self.log is None else counts - self.log.counts(len(self.categories))

    def _check_parts(self, part: str, whole: str) -> None:
        counts = zip(self.categories, getattr(self, whole), getattr(self, part), strict=True)
        for label, n, k in counts:
            if k > n:
                raise ValueError(
                    f"`{part}` cannot exceed `{whole}`; got {k} of {n} in category {label!r}"
                )

    def _check_log(self, log: TicketLog) -> None:
        if log.category.max(initial=0) >= len(self.categories):
            raise ValueError(
                f"`log` must place its tickets in the {len(self.categories)} categories; "
                f"got position {log.category.max()}"
            )
        trials, needs, missing, untried = self._unnamed
        short = np.flatnonzero(
            np.min([trials, needs, trials - needs, missing, untried], axis=0) < 0
        )
        if len(short):
            raise ValueError(
                "`log` must not hold more tickets of an outcome than are counted; it does in "
                f"category {self.categories[short[0]]!r}"
            )
