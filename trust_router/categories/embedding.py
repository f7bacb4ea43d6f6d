"""Texts as vectors: TF-IDF of character n-grams with an SVD, or ready-made word vectors."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, get_args

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.checks import is_missing, listed
from trust_router.defaults import EMBEDDING_DIMS, TEXT_CHARACTERS, EmbeddingName

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

__all__ = [
    "Embedding",
    "Tfidf",
    "Vectors",
    "WordLlama",
    "check_embedding",
    "clean_texts",
    "embed",
    "features",
    "fit_embedding",
    "unit",
]

Vectors = NDArray[np.float32]

_BATCH = 5000  # texts at once; bounds memory
_HASHES = 2**20
_GRAMS = (2, 4)  # characters; pairs serve scripts that are written without spaces
_MOST_GRAMS = 20_000
_FEW_TEXTS = 100  # with fewer, n-grams that stand in one text only are kept as well


@dataclass(frozen=True, eq=False)
class Tfidf:
    """TF-IDF of hashed character n-grams, reduced by an SVD.

    Attributes
    ----------
    columns : ndarray of int, shape (gram,)
        Hashes of the n-grams that are kept, sorted.
    idf : ndarray, shape (gram,)
        Their inverse document frequencies.
    unseen : float
        Inverse document frequency of any other n-gram.
    components : ndarray, shape (dim, gram)
        Right singular vectors of the training texts.

    Notes
    -----
    A text's vector is :math:`z = V x`. There :math:`x` holds (1 + log count) times the inverse
    document frequency of *all* n-grams of the text, scaled to length 1, and :math:`V` the
    components, with zeros for n-grams that are not kept. So the length of :math:`z` is at most 1
    and says how much of the text the training texts explain.
    """

    columns: NDArray[np.int32]
    idf: Vectors
    unseen: float
    components: Vectors
    name: ClassVar[EmbeddingName] = "tfidf"

    def __post_init__(self) -> None:
        grams = len(self.columns)
        for what in ("idf", "components"):
            if (held := getattr(self, what)).shape[-1:] != (grams,):
                raise ValueError(f"`{what}` must hold {grams} n-grams; got shape {held.shape}")

    @property
    def dims(self) -> int:
        """Length of the vectors."""
        return len(self.components)

    def vectors(self, grams: csr_matrix) -> Vectors:
        """Reduce n-gram counts of texts to vectors, shape (text, dim)."""
        from scipy.sparse import csr_matrix

        rows = np.repeat(np.arange(grams.shape[0]), np.diff(grams.indptr))
        at = np.minimum(np.searchsorted(self.columns, grams.indices), len(self.columns) - 1)
        kept = self.columns[at] == grams.indices
        weights = (1 + np.log(grams.data)) * np.where(kept, self.idf[at], self.unseen)
        length = np.sqrt(np.bincount(rows, weights**2, minlength=grams.shape[0]))
        shape = (grams.shape[0], len(self.columns))
        weighted = csr_matrix((weights[kept], (rows[kept], at[kept])), shape=shape)
        reduced = weighted @ self.components.T
        return np.asarray(reduced / np.maximum(length, 1e-12)[:, None], dtype=np.float32)


@dataclass(frozen=True, eq=False)
class WordLlama:
    """Averages of the word vectors that the package wordllama holds; nothing is fitted."""

    name: ClassVar[EmbeddingName] = "wordllama"
    dims: ClassVar[int] = 256

    def vectors(self, averages: Vectors) -> Vectors:
        """Scale averages of word vectors to length 1."""
        return unit(averages)


Embedding = Tfidf | WordLlama


def check_embedding(name: str) -> EmbeddingName:
    """Give the name of an embedding that is known and installed.

    Raises
    ------
    ValueError
        If it is unknown.
    ModuleNotFoundError
        If its package is not installed.
    """
    known: tuple[EmbeddingName, ...] = get_args(EmbeddingName)
    for each in known:
        if each == name:
            if each == "wordllama" and find_spec("wordllama") is None:
                raise ModuleNotFoundError(
                    "`embedding` 'wordllama' needs the package wordllama; install it with "
                    "pip install 'trust-router[embed]'"
                )
            return each
    raise ValueError(f"`embedding` must be one of {listed(known)}; got {name!r}")


def clean_texts(texts: Iterable[Any]) -> list[str]:
    """Give texts in one Unicode form with single blanks, cut to what is read; missing ones as ''.

    Raises
    ------
    TypeError
        If ``texts`` is a single text, or one of them is neither text nor missing.
    """
    if isinstance(texts, (str, bytes)):
        raise TypeError(f"`texts` must be a list of texts; got a single one, {texts[:40]!r}")
    return [_clean(text, row) for row, text in enumerate(texts, start=1)]


def features(embedding: EmbeddingName, texts: Sequence[str]) -> Any:
    """Give what an embedding is computed from: n-gram counts or average word vectors."""
    return _FEATURES[embedding](list(texts))


def fit_embedding(embedding: EmbeddingName, given: Any, random_seed: int) -> Embedding:
    """Fit an embedding to the `features` of texts."""
    return _fit_tfidf(given, random_seed) if embedding == "tfidf" else WordLlama()


def embed(embedding: Embedding, texts: Sequence[str]) -> Vectors:
    """Give the vectors of texts, shape (text, dim); zeros where nothing is known of a text."""
    vectors = np.zeros((len(texts), embedding.dims), dtype=np.float32)
    at = 0
    for batch in batched(texts, _BATCH):
        vectors[at : at + len(batch)] = embedding.vectors(features(embedding.name, batch))
        at += len(batch)
    return vectors


def unit(vectors: Vectors) -> Vectors:
    """Scale each row to length 1; rows of zeros stay."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(length > 0, length, 1)).astype(np.float32)


def _clean(text: Any, row: int) -> str:
    if is_missing(text):
        return ""
    if not isinstance(text, str):
        raise TypeError(f"`texts` must hold text or missing values; got {text!r} in row {row}")
    # Cut before and after: normal forms can be longer, and a huge text is not worth reading.
    beginning = text[: 2 * TEXT_CHARACTERS].encode("utf-8", errors="replace").decode("utf-8")
    return " ".join(unicodedata.normalize("NFKC", beginning).split())[:TEXT_CHARACTERS]


def _grams(texts: list[str]) -> csr_matrix:
    from sklearn.feature_extraction.text import HashingVectorizer

    # Hashed, so no vocabulary needs to be kept and n-grams never seen have a place as well.
    counter = HashingVectorizer(
        analyzer="char_wb",
        ngram_range=_GRAMS,
        n_features=_HASHES,
        alternate_sign=False,
        norm=None,
        dtype=np.float32,
    )
    return counter.transform(texts)


def _word_averages(texts: list[str]) -> Vectors:
    return np.asarray(_word_llama().embed(texts), dtype=np.float32)


@cache
def _word_llama() -> Any:
    import logging

    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    import wordllama

    # Its import sets up logging for the whole program; put that back.
    root.handlers[:] = handlers
    root.setLevel(level)
    folder = Path(wordllama.__file__).parent
    return wordllama.WordLlama.load(cache_dir=folder, disable_download=True)


_FEATURES: dict[EmbeddingName, Callable[[list[str]], Any]] = {
    "tfidf": _grams,
    "wordllama": _word_averages,
}


def _fit_tfidf(grams: csr_matrix, random_seed: int) -> Tfidf:
    from sklearn.utils.extmath import randomized_svd

    number = grams.shape[0]
    frequency = np.bincount(grams.indices, minlength=grams.shape[1])
    columns = np.flatnonzero(frequency >= (1 if number < _FEW_TEXTS else 2))
    if not len(columns):
        columns = np.flatnonzero(frequency)
    if len(columns) > _MOST_GRAMS:
        commonest = np.argsort(-frequency[columns], kind="stable")[:_MOST_GRAMS]
        columns = np.sort(columns[commonest])
    idf = np.log((1 + number) / (1 + frequency[columns])) + 1
    weighted = grams[:, columns]
    weighted.data = (1 + np.log(weighted.data)) * idf[weighted.indices]
    length = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    weighted.data /= np.repeat(np.maximum(length, 1e-12), np.diff(weighted.indptr))
    dims = min(EMBEDDING_DIMS, *weighted.shape)
    _, _, components = randomized_svd(weighted, dims, n_iter=5, random_state=random_seed)
    return Tfidf(
        columns.astype(np.int32),
        idf.astype(np.float32),
        float(np.log(1 + number) + 1),
        components.astype(np.float32),
    )
