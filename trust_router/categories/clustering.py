"""Vectors in groups: KMeans, and where a vector lies among the groups."""

from __future__ import annotations

import warnings
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from trust_router.categories.embedding import Vectors, unit
from trust_router.defaults import KMEANS_STARTS

__all__ = ["Labels", "Places", "cluster", "one_thread", "place"]

Labels = NDArray[np.intp]


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
        n_init=KMEANS_STARTS if start is None else 1,
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
