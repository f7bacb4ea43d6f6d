"""The categorizer: assigns tickets to categories and says when none fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.checks import listed, repeated
from trust_router.basics.shown import Shown
from trust_router.categories.clustering import Places, place
from trust_router.categories.embedding import Embedding, Vectors, clean_texts, embed
from trust_router.categories.storage import read_parts, write_parts
from trust_router.categories.sureness import Sureness

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["NO_CATEGORY", "Categorizer", "load_categories"]

NO_CATEGORY = "none of these"


@dataclass(frozen=True, eq=False)
class Categorizer(Shown):
    """Categories that were found in past tickets; assigns new ones.

    `fit_categories` makes one.

    Attributes
    ----------
    embedding : Tfidf or WordLlama
        Turns texts into vectors.
    centres : ndarray, shape (category, dim)
        Centres of the categories.
    names : tuple of str
        Names, each once; `renamed` changes them.
    sizes : tuple of int
        Training tickets assigned to each category.
    examples : tuple of tuple of str
        The different training texts nearest to each centre, up to three.
    sureness : Sureness
        When a ticket belongs to no category, and how sure the others are.
    provenance : mapping
        Package, seed, number of texts, embedding, library versions.

    Raises
    ------
    ValueError
        If names repeat, are blank or ``"none of these"``, or parts do not fit each other.
    """

    embedding: Embedding
    centres: Vectors
    names: tuple[str, ...]
    sizes: tuple[int, ...]
    examples: tuple[tuple[str, ...], ...]
    sureness: Sureness
    provenance: Mapping[str, Any]

    def __post_init__(self) -> None:
        for name in self.names:
            if not isinstance(name, str) or not name.strip() or name == NO_CATEGORY:
                raise ValueError(
                    f"`names` must be non-empty text other than {NO_CATEGORY!r}; got {name!r}"
                )
        if len(set(self.names)) < len(self.names):
            raise ValueError(f"`names` must be unique; {repeated(self.names)!r} is used twice")
        if self.centres.shape != (len(self.names), self.embedding.dims):
            raise ValueError(
                f"`centres` must have shape (category, dim) = "
                f"{(len(self.names), self.embedding.dims)}; got {self.centres.shape}"
            )
        for what, values in (("sizes", self.sizes), ("examples", self.examples)):
            if len(values) != len(self.names):
                raise ValueError(f"`{what}` must be {len(self.names)}; got {len(values)}")

    def assign(self, texts: Iterable[Any]) -> pd.DataFrame:
        """Assign tickets to categories.

        Parameters
        ----------
        texts : sequence of str
            Texts of tickets in any language; missing and empty ones belong to no category. Of long
            ones the first 2000 characters are read.

        Returns
        -------
        pandas.DataFrame
            One row a text, with the index of ``texts`` if that is a pandas Series. Columns:
            ``category`` (a name, or ``"none of these"``), ``confidence`` (0 for none), ``nearest``
            (the nearest category even if it is too far; missing for empty texts) and ``similarity``
            to its centre.

        Raises
        ------
        TypeError
            If ``texts`` is a single text, or one of them is neither text nor missing.

        Notes
        -----
        The confidence is about the categorizer, not about the truth: of past tickets as clear as
        this one, so many kept their category when it was fitted again without them.

        Examples
        --------
        >>> from trust_router.categories.finding import fit_categories
        >>> texts = ["my card is lost", "lost my card", "refund please", "a refund, please"]
        >>> categorizer = fit_categories(texts, 2, random_seed=1)
        >>> categorizer.assign(["my lost card", "", "数据库"])["category"].tolist()
        ['card / is / lost', 'none of these', 'none of these']
        """
        import pandas as pd

        cleaned = clean_texts(texts)
        places = place(embed(self.embedding, cleaned), self.centres)
        fits = self.fits(places)
        names = np.array([*self.names, NO_CATEGORY, None], dtype=object)
        known = places.similarity != 0
        confidence = self.sureness.confidence(places.margin).astype(float)
        return pd.DataFrame(
            {
                "category": names[np.where(fits, places.nearest, -2)].astype(str),
                "confidence": np.where(fits, confidence, 0.0),
                "nearest": names[np.where(known, places.nearest, -1)],
                "similarity": places.similarity.astype(float),
            },
            index=texts.index if isinstance(texts, pd.Series) else None,
        )

    def table(self) -> pd.DataFrame:
        """Tabulate the categories: index ``category``, columns ``size``, ``share``, ``example``."""
        import pandas as pd

        sizes = np.array(self.sizes)
        return pd.DataFrame(
            {
                "size": sizes,
                "share": sizes / max(self.provenance["texts"], 1),
                "example": [shown[0] if shown else "" for shown in self.examples],
            },
            index=pd.Index(self.names, name="category"),
        )

    def renamed(self, names: Mapping[str, str]) -> Categorizer:
        """Give some categories other names.

        Raises
        ------
        ValueError
            If an old name is unknown, or a new one is taken or blank.

        Examples
        --------
        >>> from trust_router.categories.finding import fit_categories
        >>> categorizer = fit_categories(["lost card", "refund"], 1, random_seed=1)
        >>> categorizer.renamed({categorizer.names[0]: "anything"}).names
        ('anything',)
        """
        for old in names:
            if old not in self.names:
                raise ValueError(
                    f"there is no category {old!r} to rename; there are {listed(self.names)}"
                )
        return replace(self, names=tuple(names.get(name, name) for name in self.names))

    def save(self, path: str | Path, *, examples: bool = True) -> Path:
        """Write everything to a file (npz); an older one is replaced whole or not at all.

        Parameters
        ----------
        path : path
            File to write.
        examples : bool
            Whether to keep the texts of `examples` in it. The names hold words of tickets anyway.
        """
        held = self if examples else replace(self, examples=((),) * len(self.names))
        return write_parts(path, {f.name: getattr(held, f.name) for f in fields(held)})

    def __repr__(self) -> str:
        number, given = len(self.names), self.provenance["texts"]
        return (
            f"Categorizer({number} categor{'y' if number == 1 else 'ies'}, {self.embedding.name}, "
            f"{sum(self.sizes)} of {given} texts assigned)"
        )

    def fits(self, places: Places) -> NDArray[np.bool_]:
        """Tell which texts are near enough to belong to their nearest category."""
        return (places.similarity > 0) & (places.similarity >= self.sureness.threshold)


def load_categories(path: str | Path) -> Categorizer:
    """Read a categorizer that `Categorizer.save` wrote.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is broken, was not written by this package, or is of another format.

    Examples
    --------
    >>> import trust_router as tr
    >>> texts = ["reset my password", "password forgotten", "where is my parcel", "parcel is late"]
    >>> path = tr.fit_categories(texts, 2, random_seed=1).save("categories.npz")  # doctest: +SKIP
    >>> load_categories("categories.npz").assign(["the parcel has not come"])  # doctest: +SKIP
    """
    return read_parts(path, Categorizer)
