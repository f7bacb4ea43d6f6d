"""Judges of tickets that are no LLM: columns, callables, classifiers, or what you write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from trust_router.basics.arrays import Array
from trust_router.basics.checks import is_missing, is_number, listed, shown
from trust_router.basics.shown import Shown
from trust_router.defaults import CONCENTRATION
from trust_router.inputs.texts import TicketTexts

__all__ = [
    "CallableJudge",
    "ClassifierJudge",
    "ColumnJudge",
    "TicketJudge",
    "plain_number",
    "stated",
]


@runtime_checkable
class TicketJudge(Protocol):
    """Anything with a name that states beliefs about tickets.

    `beliefs` takes the tickets and gives, in their order, either the probability that each needs
    the complex model, shape (ticket,), or alpha and beta, shape (ticket, 2). NaN is a missing
    belief. `ask` sanitises what it gives.
    """

    @property
    def name(self) -> str:
        """Name of the judge, as panels have it."""

    def beliefs(self, tickets: TicketTexts) -> ArrayLike:
        """State beliefs about tickets."""


@dataclass(frozen=True, repr=False)
class ColumnJudge(Shown):
    """States what stands in a column of the tickets' table.

    Parameters
    ----------
    name : str
    column : str or pair of str
        Column of probabilities, or columns of alpha and beta.
    concentration : float
        Weight of a probability.
    """

    name: str
    column: str | tuple[str, str]
    concentration: float = CONCENTRATION

    def beliefs(self, tickets: TicketTexts) -> Array:
        """State beliefs about tickets."""
        names = (self.column,) if isinstance(self.column, str) else tuple(self.column)
        for name in names:
            if name not in tickets.table:
                raise ValueError(
                    f"judge {self.name!r} reads the column {name!r}, which the tickets do not "
                    f"have; columns are {listed(tickets.table) or 'none'}"
                )
        given = np.array([[plain_number(v) for v in tickets.table[name]()] for name in names])
        return given[0] if len(names) == 1 else given.T


@dataclass(frozen=True, repr=False)
class CallableJudge(Shown):
    """States what a function of the texts gives.

    Parameters
    ----------
    name : str
    function : callable
        Takes the list of texts and gives a probability for each, or alpha and beta.
    concentration : float
        Weight of a probability.

    Examples
    --------
    >>> from trust_router.inputs.reading.texts import as_texts
    >>> length = CallableJudge("length", lambda texts: [min(len(t) / 500, 1) for t in texts])
    >>> length.beliefs(as_texts(["a short one"]))
    [0.022]
    """

    name: str
    function: Callable[[list[str]], ArrayLike]
    concentration: float = CONCENTRATION

    def beliefs(self, tickets: TicketTexts) -> ArrayLike:
        """State beliefs about tickets."""
        return self.function(list(tickets.texts))


@dataclass(frozen=True, repr=False)
class ClassifierJudge(Shown):
    """States what a fitted scikit-learn classifier of texts gives for class 1.

    Parameters
    ----------
    name : str
    classifier : estimator
        Has ``predict_proba`` and ``classes_``, of which one is 1 (or True); takes a list of texts,
        as a pipeline that starts with a vectorizer does.
    concentration : float
        Weight of a probability.
    """

    name: str
    classifier: Any
    concentration: float = CONCENTRATION

    def beliefs(self, tickets: TicketTexts) -> Array:
        """State beliefs about tickets."""
        classes = [c.item() if hasattr(c, "item") else c for c in self.classifier.classes_]
        if 1 not in classes:
            raise ValueError(
                f"the classifier of judge {self.name!r} must know class 1 (needs the complex "
                f"model); its classes are {listed(classes)}"
            )
        given = np.asarray(self.classifier.predict_proba(list(tickets.texts)), dtype=float)
        return np.asarray(given[:, classes.index(1)])


def plain_number(value: Any) -> float:
    """Give a number; NaN for what is missing or none, which `ask` counts as missing."""
    if is_number(value):
        return float(value)
    if isinstance(value, bool | np.bool_):
        return float(value)
    try:
        return np.nan if is_missing(value) else float(value)
    except (TypeError, ValueError):
        return np.nan


def stated(judge: TicketJudge, tickets: TicketTexts) -> Array:
    """Give what a judge states about tickets as numbers, shape (ticket,) or (ticket, 2)."""
    given, count = judge.beliefs(tickets), len(tickets)
    try:
        array = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(
            f"judge {judge.name!r} must give numbers for tickets; got {shown(given)}"
        ) from None
    if array.shape not in ((count,), (count, 2)):
        raise ValueError(
            f"judge {judge.name!r} must give shape ({count},) or ({count}, 2), a probability or "
            f"alpha and beta for each ticket; got {array.shape}"
        )
    return array
