"""Vectors in groups: KMeans, how sure a ticket's place is, and names for groups."""

from __future__ import annotations

import re
import sys
import unicodedata
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from trust_router.categories.embedding import Vectors, features, fit_embedding, unit
from trust_router.defaults import (
    CALIBRATION_TEXTS,
    KMEANS_STARTS,
    NONE_SHARE,
    EmbeddingName,
)

__all__ = [
    "Calibration",
    "Places",
    "calibrate",
    "category_names",
    "cluster",
    "one_thread",
    "place",
]

Labels = NDArray[np.intp]

_FOLDS = 5
_NAME_TERMS = 3
# Scripts written without spaces; pairs of their characters stand for words.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"


@dataclass(frozen=True, eq=False)
class Places:
    """Where texts lie among groups.

    Attributes
    ----------
    nearest : ndarray of int, shape (text,)
        The group whose centre is nearest.
    margin : ndarray, shape (text,)
        How much farther the second is, as a difference of squared distances; infinite if there is
        one group.
    similarity : ndarray, shape (text,)
        Between the text's vector and the nearest centre, at most 1.
    """

    nearest: Labels
    margin: Vectors
    similarity: Vectors


@dataclass(frozen=True)
class Calibration:
    """Rules learned from texts that were held out.

    Attributes
    ----------
    threshold : float
        A text less similar than this to its nearest centre belongs to no group.
    intercept, slope : float
        Log-odds that a group stays the same are intercept + slope * margin.
    """

    threshold: float
    intercept: float
    slope: float

    def confidence(self, margin: Vectors) -> Vectors:
        """Probability that a text keeps its group in a fit to other texts."""
        sure = np.isinf(margin)
        log_odds = self.intercept + self.slope * np.where(sure, 0, margin)
        return np.where(sure, 1, 1 / (1 + np.exp(-log_odds))).astype(np.float32)


def one_thread() -> AbstractContextManager[Any]:
    """Let NumPy and scikit-learn use one thread in this context.

    The same numbers then come out on any number of cores, and threads that wait for each other on
    a busy machine do not make a fit many times slower.
    """
    from threadpoolctl import threadpool_limits

    return cast("AbstractContextManager[Any]", threadpool_limits(limits=1))


def cluster(
    vectors: Vectors,
    number: int,
    random_seed: int,
    *,
    weights: Any = None,
    start: Vectors | None = None,
    starts: int = KMEANS_STARTS,
) -> tuple[Vectors, Labels]:
    """Give centres, shape (group, dim), and the group of each text, by KMeans on unit vectors.

    Raises
    ------
    ValueError
        If there are fewer different vectors than groups.
    """
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    means = KMeans(
        number,
        init="k-means++" if start is None else start,
        n_init=starts if start is None else 1,
        random_state=random_seed,
    )
    with warnings.catch_warnings():
        # Groups that start from given centres may run together; nothing depends on that.
        warnings.simplefilter("error" if start is None else "ignore", ConvergenceWarning)
        try:
            means.fit(unit(vectors), sample_weight=weights)
        except ConvergenceWarning:
            raise ValueError(
                f"`n_categories` must be at most the number of texts that differ in their words; "
                f"got {number}"
            ) from None
    return means.cluster_centers_.astype(np.float32), means.labels_.astype(np.intp)


def place(vectors: Vectors, centres: Vectors) -> Places:
    """Find the nearest centre of each vector."""
    # Squared distance of the unit vector to each centre, less the 1 they have in common.
    distance = (centres**2).sum(axis=1) - 2 * unit(vectors) @ centres.T
    nearest = distance.argmin(axis=1)
    similarity = (vectors * unit(centres)[nearest]).sum(axis=1)
    if len(centres) == 1:
        return Places(nearest, np.full(len(vectors), np.inf, dtype=np.float32), similarity)
    two = np.partition(distance, 1, axis=1)[:, :2]
    return Places(nearest, two[:, 1] - two[:, 0], similarity)


def calibrate(
    embedding: EmbeddingName, texts: Sequence[str], labels: Labels, random_seed: int
) -> Calibration:
    """Hold texts out in turn, fit embedding and centres to the others, and place them.

    Parameters
    ----------
    embedding : str
        Name of the embedding.
    texts : sequence of str
        Different texts that were fitted.
    labels : ndarray of int, shape (text,)
        Their groups; centres start from the means of these, so that groups stay comparable.
    random_seed : int
        Draws the texts, if there are many, and the folds.

    Notes
    -----
    The threshold is the quantile `NONE_SHARE` of the held-out similarities (the smallest of them
    if there are too few for that quantile). The confidence is a logistic regression, on the margin,
    of whether a held-out text got its own group again.
    """
    rng = np.random.default_rng(random_seed)
    chosen = rng.permutation(len(texts))[:CALIBRATION_TEXTS]
    if len(chosen) < 2:
        return Calibration(0.0, 0.0, 0.0)
    given, own = features(embedding, [texts[i] for i in chosen]), labels[chosen]
    fold = np.arange(len(chosen)) % _FOLDS
    found = [
        _held_out(embedding, given, own, fold == f, random_seed)
        for f in range(min(_FOLDS, len(chosen)))
    ]
    same, margin, similarity = (np.concatenate(part) for part in zip(*found, strict=True))
    return Calibration(_quantile(similarity), *_log_odds(margin, same))


def category_names(texts: Sequence[str], labels: Labels, weights: Any, number: int) -> list[str]:
    r"""Name each group by words that are common in it and rarer elsewhere; each name once.

    Notes
    -----
    A word's score is :math:`p \log (p / q) \log (1 / q)` with the shares :math:`p` of the group's
    tickets and :math:`q` of all tickets that have it: what is common everywhere scores low, in any
    language and without lists of words.
    """
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import CountVectorizer

    try:
        counter = CountVectorizer(analyzer=_words, binary=True, dtype=np.float32)
        present = counter.fit_transform(texts)
    except ValueError:  # no text has a word
        return [f"category {i + 1}" for i in range(number)]
    terms = counter.get_feature_names_out()
    member = csr_matrix((weights, (labels, np.arange(len(texts)))), shape=(number, len(texts)))
    inside = (member @ present).toarray()
    size = np.asarray(member.sum(axis=1)).ravel()
    everywhere = inside.sum(axis=0) / size.sum()
    share = inside / np.maximum(size, 1)[:, None]
    lift = np.log(np.maximum(share, 1e-12) / everywhere)
    score = share * lift * -np.log(everywhere) if number > 1 else share
    names: list[str] = []
    for i, row in enumerate(score):
        best = [terms[t] for t in np.argsort(-row, kind="stable")[:20] if row[t] > 0]
        names.append(_new_name(best, names, f"category {i + 1}"))
    return names


def _held_out(
    embedding: EmbeddingName, given: Any, own: Labels, out: NDArray[np.bool_], random_seed: int
) -> tuple[NDArray[np.bool_], Vectors, Vectors]:
    fitted = fit_embedding(embedding, given[~out], random_seed)
    inside = unit(fitted.vectors(given[~out]))
    known = np.unique(own[~out])
    start = np.stack([inside[own[~out] == label].mean(axis=0) for label in known])
    centres, _ = cluster(inside, len(known), random_seed, start=start)
    places = place(fitted.vectors(given[out]), centres)
    return known[places.nearest] == own[out], places.margin, places.similarity


def _quantile(similarity: Vectors) -> float:
    rank = int(NONE_SHARE * (len(similarity) + 1))
    return float(np.sort(similarity)[max(rank - 1, 0)])


def _log_odds(margin: Vectors, same: NDArray[np.bool_]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    finite = np.isfinite(margin)
    if not finite.any():
        return 0.0, 0.0
    scale = float(margin[finite].mean()) or 1.0
    # A text between two groups may go either way; this also keeps both answers present.
    x = np.concatenate([margin[finite] / scale, [0, 0]])[:, None]
    regression = LogisticRegression().fit(x, np.concatenate([same[finite], [True, False]]))
    return float(regression.intercept_[0]), max(float(regression.coef_[0, 0]), 0.0) / scale


@cache
def _word_pattern() -> re.Pattern[str]:
    # Marks belong to words in many scripts, but not to the class \w.
    marks = "".join(
        re.escape(chr(c)) for c in range(0x10000) if unicodedata.category(chr(c)).startswith("M")
    )
    return re.compile(f"[{_UNSPACED}]+|(?:(?![{_UNSPACED}_])[\\w{marks}])+(?:['\u2019]\\w+)?")


def _words(text: str) -> list[str]:
    words: list[str] = []
    for run in _word_pattern().findall(text.casefold()):
        if re.match(f"[{_UNSPACED}]", run):
            words += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        elif len(run) > 1 and not run.isdigit():
            words.append(sys.intern(run))
    return words


def _new_name(terms: Sequence[str], taken: Sequence[str], otherwise: str) -> str:
    """Join the first terms, more of them if the name is taken, leaving out mere variants."""
    chosen: list[str] = []
    for term in terms:
        if any(term in other or other in term for other in chosen):
            continue
        chosen.append(term)
        name = " / ".join(chosen)
        if len(chosen) >= _NAME_TERMS and name not in taken:
            return name
    name = " / ".join(chosen) or otherwise
    number = 2
    while name in taken:
        name = f"{' / '.join(chosen)} ({number})"
        number += 1
    return name
