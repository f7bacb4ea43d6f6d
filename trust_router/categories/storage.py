"""Files of categories: NumPy arrays and JSON in one npz, no pickle, whole or not at all."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from trust_router.basics.checks import shown_path
from trust_router.basics.files import write_whole
from trust_router.categories.embedding import Embedding, Tfidf, WordLlama, check_embedding
from trust_router.categories.sureness import Sureness

__all__ = ["read_parts", "write_parts"]

_CREATOR = "trust_router categories"
_FORMAT = 1  # of saved files; raise it when their parts change meaning
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, KeyError, TypeError, EOFError)
_ARRAYS = ("columns", "idf", "components")  # of a Tfidf


def write_parts(path: str | Path, parts: Mapping[str, Any]) -> Path:
    """Write the parts of a categorizer; an older file is replaced whole or not at all."""
    embedding = parts["embedding"]
    about = {
        "creator": _CREATOR,
        "format": _FORMAT,
        "embedding": embedding.name,
        "names": parts["names"],
        "sizes": parts["sizes"],
        "examples": parts["examples"],
        "calibration": vars(parts["sureness"]),  # its name in format 1
        "provenance": dict(parts["provenance"]),
    }
    arrays: dict[str, Any] = {"centres": parts["centres"]}
    if isinstance(embedding, Tfidf):
        arrays |= {name: getattr(embedding, name) for name in _ARRAYS}
        about["unseen"] = embedding.unseen
    text = json.dumps(about, ensure_ascii=False).encode()
    arrays["about"] = np.frombuffer(text, np.uint8)

    content = BytesIO()
    np.savez_compressed(content, **arrays)
    return write_whole(path, lambda file: file.write_bytes(content.getvalue()))


def read_parts[T](path: str | Path, make: Callable[..., T]) -> T:
    """Read the parts that `write_parts` wrote, and make of them what they are parts of.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is broken, was not written by this package, is of another format, or its parts
        do not fit each other.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no categories file {shown_path(path)}")
    foreign = f"{path.name} was not saved by trust_router; write one with `Categorizer.save`"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            arrays = {name: held[name] for name in held.files}
        about = json.loads(arrays["about"].tobytes())
    except _BROKEN:
        raise ValueError(foreign) from None
    if not isinstance(about, dict) or about.get("creator") != _CREATOR:
        raise ValueError(foreign)
    if about.get("format") != _FORMAT:
        written = about.get("provenance", {}).get("trust_router", "unknown")
        raise ValueError(
            f"{path.name} has format {about.get('format')} (trust_router {written}), this version "
            f"reads format {_FORMAT}; fit again or install that version"
        )
    try:
        return make(**_parts(about, arrays))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name} is damaged: {error}") from None


def _parts(about: Mapping[str, Any], arrays: Mapping[str, Any]) -> dict[str, Any]:
    embedding: Embedding = WordLlama()
    if check_embedding(about["embedding"]) == "tfidf":
        columns, idf, components = (arrays[name] for name in _ARRAYS)
        embedding = Tfidf(columns, idf, float(about["unseen"]), components)
    return {
        "embedding": embedding,
        "centres": arrays["centres"],
        "names": tuple(about["names"]),
        "sizes": tuple(about["sizes"]),
        "examples": tuple(tuple(shown) for shown in about["examples"]),
        "sureness": Sureness(**about["calibration"]),
        "provenance": about["provenance"],
    }
