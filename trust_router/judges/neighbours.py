"""A judge that knows past outcomes: what became of the tickets that are most alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.checks import whole_number
from trust_router.basics.shown import Shown
from trust_router.categories.embedding import (
    Embedding,
    Vectors,
    clean_texts,
    embed,
    features,
    fit_embedding,
    unit,
)
from trust_router.defaults import EMBEDDING, NEIGHBOURS
from trust_router.inputs.texts import TicketTexts
from trust_router.judges.kinds import plain_number

__all__ = ["NeighbourJudge"]

_AT_ONCE = 1000  # tickets compared with all past ones; bounds memory


@dataclass(frozen=True, eq=False, repr=False)
class NeighbourJudge(Shown):
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
    >>> from trust_router.inputs.reading.texts import as_texts
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
        values = [plain_number(v) for v in self.outcomes]
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
