"""Rows: beliefs and outcomes brought together, tickets that look alike merged into one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array, Counts
from trust_router.basics.frozen import Frozen
from trust_router.basics.shown import Shown
from trust_router.inputs.beliefs import About
from trust_router.inputs.keyed import Keyed
from trust_router.inputs.matches import Matches
from trust_router.inputs.outcomes import Outcomes

__all__ = ["Rows", "distinct", "positions"]


@dataclass(frozen=True, eq=False)
class Rows(Shown, Frozen):
    """What models learn from: distinct combinations of category and beliefs, with their counts.

    Attributes
    ----------
    about : {"category", "ticket"}
        Whether beliefs are about the need of a whole category, or about single tickets.
    categories, judges : tuple of str
        Labels.
    category : ndarray of int, shape (row,)
        Position in ``categories``; -1 - k for the k-th of ``others``.
    alpha, beta : ndarray, shape (row, judge)
        Beta shapes of the beliefs; NaN where a judge is missing.
    trials, needs : ndarray of int, shape (row,)
        Tickets with a known outcome, and how many of them needed the complex model.
    number : ndarray of int, shape (row,)
        All tickets of the row, with those whose outcome nobody knows.
    others : tuple of str
        Categories that are asked about and not among ``categories``; the first is none at all.
    checked : ndarray of int, shape (row, 2, 3), or None
        Of the ``trials``, those whose outcome somebody checked, by what was found (0, 1) and by
        what had been logged (0, 1, nothing); they count in ``needs`` as found. None: no ticket was.
    matches : Matches or None
        How many outcomes found a belief when they were brought together; rows that are taken from
        others keep it.
    period : ndarray of int, shape (row,), or None
        Position in ``periods``; -1 where nobody knows when it was. None: rows know no time.
    periods : tuple of str
        Labels of `Periods`, in their order.
    tickets : Keyed or None
        Which tickets they are, as far as that is known; rows that are taken from others forget it.
    """

    about: About
    categories: tuple[str, ...]
    judges: tuple[str, ...]
    category: NDArray[np.intp]
    alpha: Array
    beta: Array
    trials: Counts
    needs: Counts
    number: Counts
    others: tuple[str, ...] = ("",)
    matches: Matches | None = None
    period: NDArray[np.intp] | None = None
    periods: tuple[str, ...] = ()
    tickets: Keyed | None = None
    checked: Counts | None = None

    def __repr__(self) -> str:
        rest = "" if self.matches is None else f"; {self.matches}"
        return (
            f"Rows({len(self)} about {self.about}, {self.number.sum()} tickets, "
            f"{self.trials.sum()} trials, {self.needs.sum()} needs{rest})"
        )

    def __len__(self) -> int:
        return len(self.category)

    @property
    def mean(self) -> Array:
        """Expected need under each belief, shape (row, judge); NaN where missing."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def names(self) -> list[str]:
        """Name of each row's category; blank where it has none."""
        every = [*self.categories, *self.others]
        return [every[c] for c in self.slot]

    @property
    def slot(self) -> NDArray[np.intp]:
        """Position in ``categories`` followed by ``others``, shape (row,)."""
        return np.where(self.category < 0, len(self.categories) - 1 - self.category, self.category)

    @property
    def found(self) -> Counts:
        """Tickets whose outcome was checked, by what was found: 0, or 1; shape (row, 2)."""
        if self.checked is None:
            return np.zeros((len(self), 2), dtype=np.int64)
        return np.asarray(self.checked.sum(axis=-1))

    @property
    def mistakes(self) -> Counts:
        """Checked tickets of all rows by what was found and what had been logged, shape (2, 2)."""
        if self.checked is None:
            return np.zeros((2, 2), dtype=np.int64)
        return np.asarray(self.checked.sum(axis=0)[:, :2])

    def of_category(self, values: Array, otherwise: Array | float) -> Array:
        """Give each row the value of its category.

        Parameters
        ----------
        values : ndarray, shape (..., category)
        otherwise : ndarray, shape (..., other), or float
            For rows whose category is not among ``categories``.

        Returns
        -------
        ndarray, shape (..., row)
        """
        last = np.broadcast_to(otherwise, (*values.shape[:-1], len(self.others)))
        return np.concatenate([values, last], axis=-1)[..., self.slot]

    def counts(self) -> Outcomes:
        """Outcomes of each category."""
        known = self.category >= 0
        trials, needs, tickets = (
            np.bincount(self.category[known], counts[known], minlength=len(self.categories))
            for counts in (self.trials, self.needs, self.number)
        )
        return Outcomes(self.categories, trials, needs, tickets - trials)

    def recoded(self, categories: tuple[str, ...]) -> Rows:
        """Express rows in other categories, which must hold all of theirs.

        Raises
        ------
        ValueError
            If a category is not among them, or if beliefs are about categories and one is missing.
        """
        if categories == self.categories:
            return self
        place = positions(self.categories, categories)
        extra = [name for name, at in zip(self.categories, place, strict=True) if at < 0]
        lacking = set(categories) - set(self.categories) if self.about == "category" else set()
        if extra or lacking:
            what = f"{extra[0]!r} is new" if extra else f"{min(lacking)!r} is missing"
            raise ValueError(f"categories must be those the model was compiled for; {what}")
        place = np.append(place, -1)  # position -1, no category, stays -1
        moved = replace(self, categories=categories, category=place[self.category])
        return moved._ordered() if self.about == "category" else moved

    def known(self) -> Rows:
        """Keep the rows with outcomes."""
        return self.take(np.flatnonzero(self.trials > 0))

    def merged(self) -> Rows:
        """Merge rows that are alike and of one period; of categories, those of the same one."""
        if self.about == "category":
            first, inverse = np.unique(self.category, return_index=True, return_inverse=True)[1:]
        else:
            first, inverse = distinct(self._moment(), self.alpha, self.beta)

        def total(counts: Counts) -> Counts:
            return np.bincount(inverse, counts, minlength=len(first)).astype(np.int64)

        return replace(
            self.take(first),
            trials=total(self.trials),
            needs=total(self.needs),
            number=total(self.number),
            tickets=None if self.tickets is None else self.tickets.moved(inverse),
            checked=None if self.checked is None else _sums(self.checked, inverse, len(first)),
        )

    def hiding(self, hidden: NDArray[np.bool_]) -> Rows:
        """Forget the outcomes of some rows."""
        return replace(
            self,
            trials=np.where(hidden, 0, self.trials),
            needs=np.where(hidden, 0, self.needs),
            checked=None
            if self.checked is None
            else np.where(hidden[:, None, None], 0, self.checked),
        )

    def take(self, index: NDArray[np.intp] | slice) -> Rows:
        """Keep some rows, by their positions or a slice of `blocks`."""
        names = ("category", "alpha", "beta", "trials", "needs", "number")
        taken = {name: getattr(self, name)[index] for name in names}
        for name in ("checked", "period"):
            held = getattr(self, name)
            taken[name] = None if held is None else held[index]
        return replace(self, **taken, tickets=None)

    def timeless(self) -> Rows:
        """Forget when they were."""
        return replace(self, period=None, periods=())

    def keep(self, kept: NDArray[np.bool_]) -> Rows:
        """Keep some rows, and know which tickets they are."""
        tickets = self.tickets
        if tickets is not None:
            tickets = tickets.take(kept[tickets.row]).moved(kept.cumsum() - 1)
        return replace(self.take(np.flatnonzero(kept)), tickets=tickets)

    def _moment(self) -> NDArray[np.intp]:
        """One number for category and period."""
        if self.period is None:
            return self.category
        return (len(self.periods) + 1) * self.category + self.period + 1

    def _ordered(self) -> Rows:
        """Put rows in the order of their categories."""
        order = np.argsort(self.category)
        place = np.argsort(order)
        tickets = None if self.tickets is None else self.tickets.moved(place)
        return replace(self.take(order), tickets=tickets)


def _sums(counts: Counts, inverse: NDArray[np.intp], number: int) -> Counts:
    """Add up counts of rows that become one."""
    found = np.zeros((number, *counts.shape[1:]), dtype=np.int64)
    np.add.at(found, inverse, counts)
    return found


def positions(category: Sequence[str], categories: Sequence[str]) -> NDArray[np.intp]:
    """Give the position of each category among ``categories``, -1 where it is none of them."""
    position = {name: i for i, name in enumerate(categories)}
    return np.array([position.get(name, -1) for name in category], dtype=np.intp)


def distinct(
    codes: NDArray[np.intp], alpha: Array, beta: Array
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give the first place of each distinct row, and the row of each place."""
    if len(codes) == 1:  # served one at a time
        return np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.intp)
    key = np.unique(codes, return_inverse=True)[1]
    for column in (*alpha.T, *beta.T):
        # Missing ones are alike here: NaN differs from itself elsewhere.
        inverse = np.unique(column, return_inverse=True, equal_nan=True)[1]
        key = np.unique(key * (inverse.max(initial=0) + 1) + inverse, return_inverse=True)[1]
    first = np.unique(key, return_index=True)[1]
    return first.astype(np.intp), key.astype(np.intp)
