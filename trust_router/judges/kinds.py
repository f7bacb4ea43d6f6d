"""Judges of tickets that are no LLM: columns, callables, classifiers, past outcomes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from trust_router.basics.arrays import Array
from trust_router.basics.checks import is_missing, is_number, listed, shown, whole_number
from trust_router.categories.embedding import (
    Embedding,
    Vectors,
    clean_texts,
    embed,
    features,
    fit_embedding,
    unit,
)
from trust_router.defaults import CONCENTRATION, EMBEDDING, NEIGHBOURS
from trust_router.inputs.texts import TicketTexts

__all__ = [
    "CallableJudge",
    "ClassifierJudge",
    "ColumnJudge",
    "NeighbourJudge",
    "TicketJudge",
]

_AT_ONCE = 1000  # tickets compared with all past ones; bounds memory


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


@dataclass(frozen=True)
class ColumnJudge:
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
        given = np.array([[_number(v) for v in tickets.table[name]()] for name in names])
        return given[0] if len(names) == 1 else given.T


@dataclass(frozen=True)
class CallableJudge:
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
    >>> from trust_router.inputs.texts import as_texts
    >>> length = CallableJudge("length", lambda texts: [min(len(t) / 500, 1) for t in texts])
    >>> length.beliefs(as_texts(["a short one"])).round(3)
    array([0.022])
    """

    name: str
    function: Callable[[list[str]], ArrayLike]
    concentration: float = CONCENTRATION

    def beliefs(self, tickets: TicketTexts) -> Array:
        """State beliefs about tickets."""
        return _array(self.function(list(tickets.texts)), self.name, len(tickets))


@dataclass(frozen=True)
class ClassifierJudge:
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
        return _array(given[:, classes.index(1)], self.name, len(tickets))


@dataclass(frozen=True, eq=False)
class NeighbourJudge:
    r"""States what became of the past tickets that are most alike.

    Parameters
    ----------
    name : str
    texts : sequence of str
        Of past tickets.
    outcomes : sequence
        0 or 1 of each; missing ones are left out.
    neighbours : int
        How many past tickets to look at; at most all.
    tickets : sequence of str, optional
        Identifiers of the past tickets; then no ticket is its own neighbour.

    Notes
    -----
    The belief is :math:`\mathrm{Beta}(p + \sum_i w_i y_i,\ 1 - p + \sum_i w_i (1 - y_i))`: the
    outcomes :math:`y` of the neighbours, each counted by its cosine similarity :math:`w`, and the
    share :math:`p` of past tickets that needed the complex model, counted once (with half a ticket
    more of each kind, so that it is neither 0 nor 1). So a ticket that is like no past one gets a
    weak belief.

    Examples
    --------
    >>> from trust_router.inputs.texts import as_texts
    >>> past = ["lost my card", "card lost", "open an account abroad", "account abroad"]
    >>> judge = NeighbourJudge("kNN", past, [0, 0, 1, 1], neighbours=2)
    >>> judge.beliefs(as_texts(["the card is lost"])).round(1)
    array([[0.5, 1.6]])
    """

    name: str
    texts: Sequence[str]
    outcomes: Sequence[Any]
    neighbours: int = NEIGHBOURS
    tickets: Sequence[str] | None = None
    _embedding: Embedding = field(init=False, repr=False)
    _vectors: Vectors = field(init=False, repr=False)
    _known: tuple[tuple[str, float], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        whole_number("neighbours", self.neighbours, 1)
        labels = [""] * len(self.texts) if self.tickets is None else [str(t) for t in self.tickets]
        if not len(labels) == len(self.texts) == len(self.outcomes):
            raise ValueError(
                f"`texts`, `outcomes` and `tickets` must be as many; got {len(self.texts)}, "
                f"{len(self.outcomes)} and {len(labels)}"
            )
        values = [_number(v) for v in self.outcomes]
        for value in values:
            if not (np.isnan(value) or value in (0, 1)):
                raise ValueError(f"`outcomes` must be 0, 1 or missing; got {value:g}")
        at = np.flatnonzero(~np.isnan(values)).tolist()
        if not len(at):
            raise ValueError(f"judge {self.name!r} knows no past outcome; give at least one")
        texts = clean_texts(self.texts[i] for i in at)
        if not any(texts):
            raise ValueError(f"judge {self.name!r} knows no past text; all are empty")
        embedding = fit_embedding(EMBEDDING, features(EMBEDDING, texts), 0)
        object.__setattr__(self, "_embedding", embedding)
        object.__setattr__(self, "_vectors", unit(embed(embedding, texts)))
        object.__setattr__(self, "_known", tuple((labels[i], values[i]) for i in at))

    def beliefs(self, tickets: TicketTexts) -> Array:
        """State beliefs about tickets."""
        rows = range(0, len(tickets), _AT_ONCE)
        return np.concatenate([self._stated(tickets, slice(i, i + _AT_ONCE)) for i in rows])

    def _stated(self, tickets: TicketTexts, rows: slice) -> Array:
        # Not scaled to length 1: a ticket of which the past explains little is like none of it.
        similar = embed(self._embedding, clean_texts(tickets.texts[rows])) @ self._vectors.T
        outcomes = np.array([y for _, y in self._known])
        place = {label: i for i, (label, _) in enumerate(self._known) if label}
        for row, ticket in enumerate(tickets.tickets[rows]):
            if ticket in place:
                similar[row, place[ticket]] = 0
        count = min(self.neighbours, len(outcomes))
        nearest = np.argpartition(-similar, count - 1, axis=1)[:, :count]
        weight = np.clip(np.take_along_axis(similar, nearest, axis=1), 0, 1)
        needed, share = outcomes[nearest], (outcomes.sum() + 0.5) / (len(outcomes) + 1)
        alpha = share + (weight * needed).sum(axis=1)
        beta = 1 - share + (weight * (1 - needed)).sum(axis=1)
        return np.stack([alpha, beta], axis=1).astype(float)


def _number(value: Any) -> float:
    """Give a number; NaN for what is missing or none, which `ask` counts as missing."""
    if is_number(value):
        return float(value)
    if isinstance(value, bool | np.bool_):
        return float(value)
    try:
        return np.nan if is_missing(value) else float(value)
    except (TypeError, ValueError):
        return np.nan


def _array(given: ArrayLike, name: str, tickets: int) -> Array:
    try:
        array = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(
            f"judge {name!r} must give numbers for tickets; got {shown(given)}"
        ) from None
    if array.shape not in ((tickets,), (tickets, 2)):
        raise ValueError(
            f"judge {name!r} must give shape ({tickets},) or ({tickets}, 2), a probability or "
            f"alpha and beta for each ticket; got {array.shape}"
        )
    return array
