"""Categories from text: found in the texts of past tickets."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np

from trust_router.basics.checks import whole_number
from trust_router.categories.categorizer import Categorizer
from trust_router.categories.clustering import Places, cluster, one_thread, place
from trust_router.categories.embedding import (
    check_embedding,
    clean_texts,
    embed,
    features,
    fit_embedding,
)
from trust_router.categories.naming import category_names
from trust_router.categories.suggesting import suggest_categories
from trust_router.categories.sureness import learn_sureness
from trust_router.defaults import EMBEDDING, EMBEDDING_TEXTS, EmbeddingName

__all__ = ["fit_categories"]

_EXAMPLES = 3


def fit_categories(
    texts: Iterable[Any],
    n_categories: int | None = None,
    *,
    embedding: EmbeddingName = EMBEDDING,
    random_seed: int | None = None,
) -> Categorizer:
    """Find categories in the texts of past tickets.

    Parameters
    ----------
    texts : sequence of str
        Texts of tickets, in any language. Missing and empty ones are left out; duplicates count
        as often as they stand.
    n_categories : int, optional
        How many categories. Default: what `suggest_categories` suggests.
    embedding : {"tfidf", "wordllama"}
        What makes texts similar: ``"tfidf"``, the letters they share (any language, nothing to
        install); ``"wordllama"``, word vectors (English, knows synonyms, needs
        ``trust-router[embed]``).
    random_seed : int, optional
        Seed of all that is drawn. Default: a new one, which is kept in the provenance.

    Returns
    -------
    Categorizer

    Raises
    ------
    TypeError
        If ``texts`` is a single text, or one of them is neither text nor missing.
    ValueError
        If no text has a word, or there are fewer different texts than categories.

    Notes
    -----
    TF-IDF of character n-grams, an SVD to at most 200 dimensions, KMeans on vectors of length 1. A
    ticket belongs to no category if it is less similar to the nearest centre than all but 2 % of
    past tickets were when they were held out.

    Examples
    --------
    >>> texts = ["my card is lost", "lost my card", "refund please", "a refund, please"]
    >>> fit_categories(texts, 2, random_seed=1)
    Categorizer(2 categories, tfidf, 4 of 4 texts assigned)
    """
    embedding = check_embedding(embedding)
    seed = secrets.randbits(31) if random_seed is None else random_seed
    cleaned = clean_texts(texts)
    counts = Counter(text for text in cleaned if text)
    distinct = list(counts)
    if not distinct:
        raise ValueError(f"`texts` must hold at least one with words; got {len(cleaned)} empty")
    if n_categories is None:
        n_categories = suggest_categories(
            distinct, embedding=embedding, random_seed=seed
        ).n_categories
    number = whole_number("n_categories", n_categories, 1)
    if number > len(distinct):
        raise ValueError(
            f"`n_categories` must be at most the number of different texts, {len(distinct)}; "
            f"got {number}"
        )
    with one_thread():
        found, places = _fitted(counts, number, embedding, seed, given=len(cleaned))
    fits, weights = found.fits(places), np.array(list(counts.values()))
    sizes = np.bincount(places.nearest[fits], weights=weights[fits], minlength=number)
    return replace(found, sizes=tuple(int(size) for size in sizes))


def _fitted(
    counts: Counter[str], number: int, embedding: EmbeddingName, seed: int, *, given: int
) -> tuple[Categorizer, Places]:
    texts, weights = list(counts), np.array(list(counts.values()), dtype=float)
    chosen = np.random.default_rng(seed).permutation(len(texts))[:EMBEDDING_TEXTS]
    fitted = fit_embedding(embedding, features(embedding, [texts[i] for i in chosen]), seed)
    vectors = embed(fitted, texts)
    centres, labels = cluster(vectors, number, seed, weights=weights)
    places = place(vectors, centres)
    found = Categorizer(
        fitted,
        centres,
        names=tuple(category_names(texts, labels, weights, number)),
        sizes=(0,) * number,
        examples=_examples(texts, labels, places, number),
        sureness=learn_sureness(embedding, texts, labels, seed),
        provenance=_provenance(given, len(texts), embedding, seed),
    )
    return found, places


def _examples(
    texts: list[str], labels: Any, places: Places, number: int
) -> tuple[tuple[str, ...], ...]:
    order = np.argsort(-places.similarity, kind="stable")
    return tuple(
        tuple(texts[i] for i in order[labels[order] == label][:_EXAMPLES])
        for label in range(number)
    )


def _provenance(
    texts: int, distinct: int, embedding: EmbeddingName, random_seed: int
) -> dict[str, Any]:
    libraries = ["numpy", "scipy", "scikit-learn", *["wordllama"] * (embedding == "wordllama")]
    return {
        "trust_router": version("trust_router"),
        "texts": texts,
        "distinct": distinct,
        "embedding": embedding,
        "random_seed": random_seed,
        **{library: version(library) for library in libraries},
    }
