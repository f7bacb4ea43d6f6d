"""How many categories: candidates compared by how clear and how repeatable they are."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from trust_router.basics.checks import whole_number
from trust_router.basics.shown import Shown
from trust_router.categories.clustering import cluster, one_thread, place
from trust_router.categories.embedding import (
    Vectors,
    check_embedding,
    clean_texts,
    features,
    fit_embedding,
    unit,
)
from trust_router.defaults import (
    CANDIDATES,
    CATEGORY_TICKETS,
    EMBEDDING,
    SUGGESTION_TEXTS,
    EmbeddingName,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Suggestion", "suggest_categories"]

_PAIRS = 3
_NEARLY = 0.9  # of the best score; the fewest categories that reach it are suggested


@dataclass(frozen=True, eq=False, repr=False)
class Suggestion(Shown):
    """Candidate numbers of categories, and the one that is suggested.

    Attributes
    ----------
    candidates : pandas.DataFrame
        Index ``n_categories``; columns ``silhouette`` (how clearly categories are apart, at most
        1), ``stability`` (adjusted Rand index of fits to two halves of the texts: 1 the same, 0 no
        more alike than by chance), ``smallest`` (different texts in the smallest category) and
        ``score``, the product of the first two.
    n_categories : int
        The number suggested.
    reason : str
        Why.
    """

    candidates: pd.DataFrame
    n_categories: int
    reason: str

    def table(self) -> pd.DataFrame:
        """Tabulate the candidates: how clear, how repeatable, how small."""
        return self.candidates.copy()

    def _headline(self) -> str:
        return self.reason


def suggest_categories(
    texts: Iterable[Any],
    candidates: Sequence[int] | None = None,
    *,
    embedding: EmbeddingName = EMBEDDING,
    random_seed: int | None = None,
) -> Suggestion:
    """Compare numbers of categories on past tickets.

    Parameters
    ----------
    texts : sequence of str
        Texts of tickets; duplicates count once here, missing and empty ones not at all.
    candidates : sequence of int, optional
        Numbers to compare; default: some from 2 to 96, as far as there are 10 different texts for
        each category.
    embedding : {"tfidf", "wordllama"}
        As in `fit_categories`.
    random_seed : int, optional
        Draws the texts compared, if there are many, and the halves. Default: a new one.

    Raises
    ------
    ValueError
        If there are too few different texts for any candidate.

    Notes
    -----
    Suggested is the smallest candidate whose score (silhouette times stability) is at least 0.9 of
    the best, among those whose smallest category has 10 different texts or more; if there are
    none such, among all.

    Examples
    --------
    >>> texts = [f"{what} {i}" for what in ("card lost", "refund please") for i in range(20)]
    >>> suggest_categories(texts, [2, 3], random_seed=1).n_categories
    2
    """
    embedding = check_embedding(embedding)
    seed = secrets.randbits(31) if random_seed is None else random_seed
    distinct = list(dict.fromkeys(text for text in clean_texts(texts) if text))
    numbers = _checked_candidates(candidates, len(distinct))
    rng = np.random.default_rng(seed)
    chosen = [distinct[i] for i in rng.permutation(len(distinct))[:SUGGESTION_TEXTS]]
    with one_thread():
        given = features(embedding, chosen)
        vectors = unit(fit_embedding(embedding, given, seed).vectors(given))
        return _suggested([_compared(vectors, number, seed) for number in numbers], numbers)


def _checked_candidates(candidates: Sequence[int] | None, texts: int) -> list[int]:
    if candidates is None:
        numbers = [n for n in CANDIDATES if n * CATEGORY_TICKETS <= texts]
        if not numbers:
            raise ValueError(
                f"suggesting a number of categories needs at least "
                f"{CANDIDATES[0] * CATEGORY_TICKETS} different texts; got {texts}; state the number"
            )
        return numbers
    numbers = sorted({whole_number("candidates", number, 2) for number in candidates})
    most = min(texts, SUGGESTION_TEXTS) // 2  # a half of them has to hold so many categories
    if not numbers:
        raise ValueError("`candidates` must name at least one number; got none")
    if numbers[-1] > most:
        raise ValueError(
            f"`candidates` must be at most {most} with {texts} different texts; got {numbers[-1]}"
        )
    return numbers


def _compared(vectors: Vectors, number: int, seed: int) -> dict[str, float]:
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    _, labels = cluster(vectors, number, seed)
    stability = []
    for pair in range(_PAIRS):
        order = np.random.default_rng([seed, pair]).permutation(len(vectors))
        halves = np.array_split(order, 2)
        sides = [
            place(vectors, cluster(vectors[half], number, seed + pair)[0]).nearest
            for half in halves
        ]
        stability.append(adjusted_rand_score(*sides))
    return {
        "silhouette": float(silhouette_score(vectors, labels)),
        "stability": float(np.mean(stability)),
        "smallest": int(np.bincount(labels, minlength=number).min()),
    }


def _suggested(rows: list[dict[str, float]], numbers: list[int]) -> Suggestion:
    import pandas as pd

    table = pd.DataFrame(rows, index=pd.Index(numbers, name="n_categories"))
    table["score"] = table["silhouette"] * table["stability"]
    large = table[table["smallest"] >= CATEGORY_TICKETS]
    eligible = table if large.empty else large
    top = eligible["score"].max()
    number = int(eligible.index[eligible["score"] >= top - (1 - _NEARLY) * abs(top)][0])
    best = table.loc[number]
    reason = (
        f"{number} categories: the fewest whose silhouette times stability "
        f"({best['silhouette']:.3f} x {best['stability']:.2f}) is at least {_NEARLY:.0%} of the "
        f"best; the smallest has {best['smallest']:.0f} different texts"
        + (", which is few." if large.empty else ".")
    )
    return Suggestion(table, number, reason)
