"""Beliefs: what every judge believes about need in every category, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from trust_router.basics.beta import SHAPE_LIMITS, Array
from trust_router.basics.checks import shown
from trust_router.inputs.panel import Judge, Panel

__all__ = ["Beliefs", "stated_beliefs"]


@dataclass(frozen=True, eq=False)
class Beliefs:
    """Beta shapes for each category and judge.

    Parameters
    ----------
    categories, judges : sequence of str
        Labels of the two dims.
    alpha, beta : array_like, shape (category, judge)
        Shapes of the beliefs, positive; between 1e-6 and 1e9.

    Raises
    ------
    ValueError
        If labels repeat, a shape of the arrays does not fit the labels, or a value is not a
        positive number.

    Examples
    --------
    >>> beliefs = Beliefs(["refund"], ["haiku", "gpt"], alpha=[[3, 8]], beta=[[3, 2]])
    >>> beliefs.mean
    array([[0.5, 0.8]])
    """

    categories: tuple[str, ...]
    judges: tuple[str, ...]
    alpha: Array
    beta: Array

    def __init__(
        self,
        categories: Sequence[str],
        judges: Sequence[str],
        alpha: ArrayLike,
        beta: ArrayLike,
    ) -> None:
        object.__setattr__(self, "categories", tuple(categories))
        object.__setattr__(self, "judges", tuple(judges))
        for what, labels in (("categories", self.categories), ("judges", self.judges)):
            if len(set(labels)) < len(labels):
                raise ValueError(f"`{what}` must be unique; got {list(labels)}")
        for name, values in (("alpha", alpha), ("beta", beta)):
            object.__setattr__(self, name, self._checked(name, values))

    @property
    def mean(self) -> Array:
        """Expected need under each belief, shape (category, judge)."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def concentration(self) -> Array:
        """Weight of each belief in pseudo-observations, shape (category, judge)."""
        return self.alpha + self.beta

    def select(self, categories: Sequence[str], judges: Sequence[str]) -> Beliefs:
        """Beliefs about ``categories`` of ``judges``, in that order.

        Raises
        ------
        ValueError
            If there is no belief about one of the categories, or of one of the judges.
        """
        places = []
        for what, wanted, held in (
            ("category", categories, self.categories),
            ("judge", judges, self.judges),
        ):
            position = {label: i for i, label in enumerate(held)}
            missing = [label for label in wanted if label not in position]
            if missing:
                raise ValueError(
                    f"there is no belief for {what} {missing[0]!r}"
                    + (f" and {len(missing) - 1} more" if missing[1:] else "")
                    + f"; beliefs cover {len(held)}: {', '.join(held[:10])}"
                )
            places.append([position[label] for label in wanted])
        rows = np.ix_(*places)
        return Beliefs(categories, judges, self.alpha[rows], self.beta[rows])

    def _checked(self, name: str, values: ArrayLike) -> Array:
        try:
            array = np.array(values, dtype=float)
        except (OverflowError, TypeError, ValueError):
            raise ValueError(
                f"`{name}` must be numbers of shape (category, judge); got {shown(values)}"
            ) from None
        shape = (len(self.categories), len(self.judges))
        if array.shape != shape:
            raise ValueError(
                f"`{name}` must have shape (category, judge) = {shape}; got {array.shape}"
            )
        low, high = SHAPE_LIMITS
        wrong = np.argwhere(~((array >= low) & (array <= high)))
        if len(wrong):
            c, j = wrong[0]
            value = array[c, j]
            limits = f", between {low:g} and {high:g}" if 0 < value < np.inf else ""
            raise ValueError(
                f"`{name}` must be positive and finite{limits}; got {value:g} "
                f"for judge {self.judges[j]!r} in category {self.categories[c]!r}"
            )
        array.setflags(write=False)
        return array


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
    """
    names = panel.judge_names if judges is None else tuple(judges)
    asked = [judge for judge in panel.judges if judge.name in names]
    rows = [[_stated(judge, category) for judge in asked] for category in categories]
    alpha = [[alpha for alpha, _ in row] for row in rows]
    beta = [[beta for _, beta in row] for row in rows]
    return Beliefs(categories, [judge.name for judge in asked], alpha, beta)


def _stated(judge: Judge, category: str) -> tuple[float, float]:
    belief = judge.category_beliefs.get(category, judge.belief)
    if belief is None:
        raise ValueError(
            f"judge {judge.name!r} states no belief about category {category!r}; "
            "give it a `belief` for any category or one in `category_beliefs`"
        )
    return belief.alpha, belief.beta
