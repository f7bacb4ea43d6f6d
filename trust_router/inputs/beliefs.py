"""Beliefs: what every judge believes about need, in categories or on tickets, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from trust_router.basics.arrays import Array, floats
from trust_router.basics.beta import SHAPE_LIMITS
from trust_router.basics.checks import check_name, check_names, listed, shown
from trust_router.basics.frozen import Frozen
from trust_router.basics.shown import Shown, Table
from trust_router.inputs.changes import Changes, placed
from trust_router.inputs.expected import expect
from trust_router.inputs.overviews import counted_beliefs, table_of_judges
from trust_router.inputs.panel import Panel
from trust_router.inputs.routers import Judge

__all__ = ["About", "Beliefs", "stated_beliefs"]

About = Literal["category", "ticket"]


@dataclass(frozen=True, eq=False)
class Beliefs(Shown, Frozen):
    """Beta shapes for each label, a category or a single ticket, and judge.

    Several tables of one panel add up: the same label twice is one, and what the later table states
    replaces what the earlier one did, judge by judge; a missing belief replaces nothing.

    Parameters
    ----------
    labels, judges : sequence of str
        Names of the categories or tickets, and of the judges; each once.
    alpha, beta : array_like, shape (label, judge)
        Shapes of the beliefs, between 1e-6 and 1e9. About tickets both may be NaN, where a judge
        said nothing.
    about : {"category", "ticket"}
        What the beliefs, and ``labels``, are about.
    category : sequence of str, optional
        Category of each ticket; ``""`` where it is known from the outcomes, or not at all. Beliefs
        about categories have ``labels`` here.

    Raises
    ------
    ValueError
        If a label is blank or repeats, a shape of the arrays does not fit the labels, or a value
        is no belief.

    Examples
    --------
    >>> beliefs = Beliefs(["refund"], ["haiku", "gpt"], alpha=[[3, 8]], beta=[[3, 2]])
    >>> beliefs.mean
    array([[0.5, 0.8]])
    >>> nan = float("nan")
    >>> Beliefs(["t1", "t2"], ["haiku"], [[3], [nan]], [[9], [nan]], about="ticket")
    Beliefs(2 tickets, 1 judge, 1 belief missing)
    >>> beliefs + Beliefs(["login"], ["gpt", "haiku"], alpha=[[1, 2]], beta=[[9, 8]])
    Beliefs(2 categories, 2 judges)
    """

    labels: tuple[str, ...]
    judges: tuple[str, ...]
    alpha: Array
    beta: Array
    about: About
    category: tuple[str, ...]

    def __init__(
        self,
        labels: Sequence[str],
        judges: Sequence[str],
        alpha: ArrayLike,
        beta: ArrayLike,
        *,
        about: About = "category",
        category: Sequence[str] | None = None,
    ) -> None:
        if about not in get_args(About):
            raise ValueError(f"`about` must be 'category' or 'ticket'; got {shown(about)}")
        object.__setattr__(self, "about", about)
        object.__setattr__(self, "labels", tuple(labels))
        object.__setattr__(self, "judges", tuple(judges))
        check_names("labels", about, self.labels)
        check_names("judges", "judge", self.judges)
        object.__setattr__(self, "category", self._categories(category))
        for name, values in (("alpha", alpha), ("beta", beta)):
            object.__setattr__(self, name, self._checked(name, values))
        unpaired = np.isnan(self.alpha) != np.isnan(self.beta)
        if unpaired.any():
            place = self._at(*np.argwhere(unpaired)[0])
            raise ValueError(f"`alpha` and `beta` must be missing together; only one is {place}")

    def __repr__(self) -> str:
        return f"Beliefs({counted_beliefs(self.about, self.alpha)})"

    def _shown(self) -> Table:
        return table_of_judges(self.judges, self.mean)

    def __len__(self) -> int:
        return len(self.labels)

    def __add__(self, later: Beliefs) -> Beliefs:
        if not isinstance(later, Beliefs):
            return NotImplemented
        later = self._beside(later)
        labels, at = placed(self.labels, later.labels)
        shapes = np.full((2, len(labels), len(self.judges)), np.nan)
        shapes[:, : len(self)] = self.alpha, self.beta
        stated = np.stack([later.alpha, later.beta])
        shapes[:, at] = np.where(np.isnan(stated), shapes[:, at], stated)
        category = [*self.category, *[""] * (len(labels) - len(self))]
        for place, name in zip(at.tolist(), later.category, strict=True):
            category[place] = name or category[place]
        return Beliefs(labels, self.judges, *shapes, about=self.about, category=category)

    def changed_by(self, later: Beliefs) -> Changes:
        """Count what adding later beliefs changes, by label.

        Examples
        --------
        >>> held = Beliefs(["t1"], ["gpt"], alpha=[[3]], beta=[[1]], about="ticket")
        >>> later = Beliefs(["t1", "t2"], ["gpt"], [[2], [1]], [[2], [9]], about="ticket")
        >>> print(held.changed_by(later))
        1 added, 1 corrected, 0 the same
        """
        later = self._beside(later)
        at = placed(self.labels, later.labels)[1]
        both = np.flatnonzero(at < len(self))
        before = np.stack([self.alpha, self.beta])[:, at[both]]
        after = np.stack([later.alpha, later.beta])[:, both]
        replaced = ((before != after) & ~np.isnan(before) & ~np.isnan(after)).any(axis=(0, 2))
        filled = (np.isnan(before) & ~np.isnan(after)).any(axis=(0, 2)) & ~replaced
        added, corrected = len(at) - len(both) + int(filled.sum()), int(replaced.sum())
        return Changes(added, corrected, len(at) - added - corrected)

    @property
    def mean(self) -> Array:
        """Expected need under each belief, shape (label, judge); NaN where missing."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def concentration(self) -> Array:
        """Weight of each belief in pseudo-observations, shape (label, judge); NaN where missing."""
        return self.alpha + self.beta

    def select(self, labels: Sequence[str], judges: Sequence[str]) -> Beliefs:
        """Beliefs about ``labels`` of ``judges``, in that order.

        Raises
        ------
        ValueError
            If there is no belief about one of the labels, or of one of the judges.
        """
        if (tuple(labels), tuple(judges)) == (self.labels, self.judges):
            return self
        places = []
        sides = (self.about, labels, self.labels), ("judge", judges, self.judges)
        for what, wanted, held in sides:
            position = {label: i for i, label in enumerate(held)}
            missing = [label for label in wanted if label not in position]
            if missing:
                raise ValueError(
                    f"there is no belief for {what} {missing[0]!r}"
                    + (f" and {len(missing) - 1} more" if missing[1:] else "")
                    + f"; beliefs cover {len(held)}: {listed(held)}"
                )
            places.append([position[label] for label in wanted])
        return self._part(*places)

    def take(self, index: ArrayLike) -> Beliefs:
        """Keep the tickets, or categories, at some positions, in that order."""
        return self._part(np.asarray(index, dtype=np.intp), range(len(self.judges)))

    def with_category(self, category: Mapping[str, str] | Sequence[str]) -> Beliefs:
        """Set the category of each ticket, by its identifier or in order."""
        if isinstance(category, Mapping):
            category = [category.get(t, c) for t, c in zip(self.labels, self.category, strict=True)]
        return Beliefs(
            self.labels, self.judges, self.alpha, self.beta, about=self.about, category=category
        )

    def _beside(self, later: Beliefs) -> Beliefs:
        """Give later beliefs with the judges in this order; those of other judges are refused."""
        expect(later, Beliefs, "later")
        if later.about != self.about:
            raise ValueError(f"beliefs about a {self.about} and a {later.about} do not add up")
        if set(later.judges) != set(self.judges):
            raise ValueError(
                f"beliefs that are added must be of the same judges; got {listed(self.judges)} and "
                f"{listed(later.judges)}"
            )
        return later.select(later.labels, self.judges)

    def _part(self, rows: ArrayLike, columns: ArrayLike) -> Beliefs:
        at = np.asarray(rows, dtype=np.intp)
        cells = np.ix_(at, np.asarray(columns, dtype=np.intp))
        return Beliefs(
            [self.labels[i] for i in at],
            [self.judges[j] for j in cells[1][0]],
            self.alpha[cells],
            self.beta[cells],
            about=self.about,
            category=[self.category[i] for i in at],
        )

    def _categories(self, given: Sequence[str] | None) -> tuple[str, ...]:
        names = tuple(given) if given is not None else None
        if self.about == "category":
            if names not in (None, self.labels):
                raise ValueError("`category` is for beliefs about tickets; `labels` are categories")
            return self.labels
        if names is None:
            return ("",) * len(self.labels)
        if len(names) != len(self.labels):
            raise ValueError(
                f"`category` must name one for each of {len(self.labels)} tickets; got {len(names)}"
            )
        first = dict(zip(names[::-1], self.labels[::-1], strict=True))  # ticket of each
        for name, ticket in reversed(first.items()):
            if name != "":
                check_name(f"the category of ticket {ticket!r}", name)
        return names

    def _checked(self, name: str, values: ArrayLike) -> Array:
        try:
            array = floats(values)
        except (OverflowError, TypeError, ValueError):
            raise ValueError(
                f"`{name}` must be numbers of shape ({self.about}, judge); got {shown(values)}"
            ) from None
        shape = (len(self.labels), len(self.judges))
        if array.shape != shape:
            raise ValueError(
                f"`{name}` must have shape ({self.about}, judge) = {shape}; got {array.shape}"
            )
        low, high = SHAPE_LIMITS
        may_miss = self.about == "ticket"
        right = (array >= low) & (array <= high) | (np.isnan(array) & may_miss)
        if not right.all():
            at = np.argwhere(~right)[0]
            value = array[tuple(at)]
            limits = f", between {low:g} and {high:g}" if 0 < value < np.inf else ""
            raise ValueError(
                f"`{name}` must be positive and finite{limits}{', or missing' * may_miss}; "
                f"got {value:g} {self._at(*at)}"
            )
        array.setflags(write=False)
        return array

    def _at(self, label: int, judge: int) -> str:
        where = "in category" if self.about == "category" else "on ticket"
        return f"for judge {self.judges[judge]!r} {where} {self.labels[label]!r}"


def stated_beliefs(
    panel: Panel, categories: Sequence[str], judges: Sequence[str] | None = None
) -> Beliefs:
    """Collect what the judges of a panel state about categories.

    Parameters
    ----------
    panel : Panel
        Its judges state a belief about any category, about single ones, or both.
    categories : sequence of str
        Categories to cover, usually ``outcomes.categories``.
    judges : sequence of str, optional
        Only these; default: all.

    Raises
    ------
    ValueError
        If a judge states nothing about one of the categories.

    Examples
    --------
    >>> from trust_router.examples import load_seed
    >>> stated_beliefs(load_seed()[0], ["refund", "login"])
    Beliefs(2 categories, 6 judges)
    """
    expect(panel, Panel, "panel")
    asked = [judge for judge in panel.judges if judges is None or judge.name in judges]
    rows = [[_stated(judge, category) for judge in asked] for category in categories]
    alpha, beta = ([[shapes[i] for shapes in row] for row in rows] for i in (0, 1))
    return Beliefs(categories, [judge.name for judge in asked], alpha, beta)


def _stated(judge: Judge, category: str) -> tuple[float, float]:
    belief = judge.category_beliefs.get(category, judge.belief)
    if belief is None:
        raise ValueError(
            f"judge {judge.name!r} states no belief about category {category!r}; "
            "give it a `belief` for any category or one in `category_beliefs`"
        )
    return belief.alpha, belief.beta
