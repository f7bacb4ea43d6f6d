"""The closed form while outcomes stream in: counts that grow, and numbers when asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from trust_router.basics.arrays import Counts
from trust_router.basics.checks import listed, shown
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.learning.exact import ClosedForm, closed_form

__all__ = ["Stream"]


class Stream:
    """Counts of outcomes by category, in a process that learns while it serves.

    The seed model is conjugate: all that outcomes say of it are their counts, so that taking one in
    is an addition, and memory does not grow. Nothing is known of single tickets; a correction takes
    `Posterior.update`.

    Parameters
    ----------
    panel : Panel
    beliefs : Beliefs
        About categories.
    outcomes : Outcomes, optional
        That are known already.

    Raises
    ------
    ValueError
        If beliefs are about tickets, or outcomes of a category that they do not know.

    Examples
    --------
    >>> from trust_router.examples import load_seed
    >>> panel, beliefs, outcomes = load_seed()
    >>> stream = Stream(panel, beliefs, outcomes)
    >>> stream.add("transfer failed", 1)
    >>> stream.add_many(["transfer failed"] * 3, [0, 1, 0])
    >>> stream.outcomes
    Outcomes(1 category, 26 trials, 5 needs, 0 missing)
    >>> stream.now("transfer failed").trust.round(3).tolist()
    [[0.321, 0.502, 0.177]]
    """

    def __init__(self, panel: Panel, beliefs: Beliefs, outcomes: Outcomes | None = None) -> None:
        if beliefs.about != "category":
            raise ValueError("a stream counts by category; `beliefs` must be about categories")
        self.panel, self.beliefs = panel, beliefs
        self._place = {name: at for at, name in enumerate(beliefs.labels)}
        self._counts = np.zeros((2, len(beliefs)), dtype=np.int64)
        self._row = [0] * (2 * len(beliefs))  # of single ones, which arrays take slowly
        if outcomes is not None:
            at = self._positions(outcomes.categories)
            self._counts[:, at] += np.stack([outcomes.trials - outcomes.needs, outcomes.needs])

    def add(self, category: str, outcome: int) -> None:
        """Take one outcome in, 0 or 1.

        Raises
        ------
        ValueError
            If the category is unknown, or the outcome is neither.
        """
        if outcome not in (0, 1):
            raise ValueError(f"`outcome` must be 0 or 1; got {shown(outcome)}")
        try:
            self._row[2 * self._place[category] + int(outcome)] += 1
        except (KeyError, TypeError):
            self._positions([category])

    def add_many(self, categories: Sequence[str] | ArrayLike, outcomes: ArrayLike) -> None:
        """Take many outcomes in; all or none.

        Parameters
        ----------
        categories : sequence of str or array_like of int, shape (ticket,)
            Names, or positions in ``beliefs.labels``.
        outcomes : array_like of int, shape (ticket,)

        Raises
        ------
        ValueError
            If a category is unknown, an outcome is neither 0 nor 1, or lengths differ.
        """
        known, at = np.asarray(outcomes), np.asarray(categories)
        if not np.issubdtype(at.dtype, np.integer):
            at = np.array(self._positions(at.tolist()), dtype=np.intp)
        elif len(at) and not 0 <= at.min() <= at.max() < len(self._place):
            raise ValueError(f"`categories` must be positions below {len(self._place)}")
        if known.shape != at.shape:
            raise ValueError(f"there must be an outcome a ticket; got {len(known)} for {len(at)}")
        wrong = np.flatnonzero((known != 0) & (known != 1))
        if len(wrong):
            raise ValueError(f"`outcomes` must be 0 or 1; got {known[wrong[0]]} at {wrong[0]}")
        cells = np.bincount(2 * at + known.astype(np.intp), minlength=2 * len(self._place))
        self._counts += cells.reshape(-1, 2).T

    @property
    def outcomes(self) -> Outcomes:
        """All outcomes so far."""
        rest, needs = self._taken()
        return Outcomes(self.beliefs.labels, rest + needs, needs)

    def now(self, category: str | None = None) -> ClosedForm:
        """Solve a category, or all of them, as things stand."""
        counted = self.outcomes
        return closed_form(
            self.panel, self.beliefs, counted if category is None else counted.select([category])
        )

    def _taken(self) -> Counts:
        """Move what came one at a time to the others."""
        self._counts += np.array(self._row).reshape(-1, 2).T
        self._row = [0] * len(self._row)
        return self._counts

    def _positions(self, categories: Sequence[str]) -> list[int]:
        try:
            return [self._place[name] for name in categories]
        except KeyError as error:
            raise ValueError(
                f"unknown category {error.args[0]!r}; beliefs know {listed(self.beliefs.labels)}"
            ) from None
