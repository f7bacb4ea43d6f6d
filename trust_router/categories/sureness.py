"""How sure a ticket's category is, and when it has none: learned from texts held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.categories.clustering import Labels, cluster, place
from trust_router.categories.embedding import Vectors, features, fit_embedding, unit
from trust_router.defaults import CALIBRATION_TEXTS, NONE_SHARE, EmbeddingName

__all__ = ["Sureness", "learn_sureness"]

_FOLDS = 5


@dataclass(frozen=True)
class Sureness:
    """How sure a category is: rules learned from texts that were held out.

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


def learn_sureness(
    embedding: EmbeddingName, texts: Sequence[str], labels: Labels, random_seed: int
) -> Sureness:
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
        return Sureness(0.0, 0.0, 0.0)
    given, own = features(embedding, [texts[i] for i in chosen]), labels[chosen]
    fold = np.arange(len(chosen)) % _FOLDS
    found = [
        _held_out(embedding, given, own, fold == f, random_seed)
        for f in range(min(_FOLDS, len(chosen)))
    ]
    same, margin, similarity = (np.concatenate(part) for part in zip(*found, strict=True))
    return Sureness(_quantile(similarity), *_log_odds(margin, same))


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
