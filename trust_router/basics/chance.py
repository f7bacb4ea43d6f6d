"""Chance that belongs to a name: the same in every process, alone and among others."""

from __future__ import annotations

import hashlib
import json

import numpy as np

__all__ = ["generator_of"]


def generator_of(*names: str | int) -> np.random.Generator:
    """Make the generator of random numbers that belongs to some names.

    Examples
    --------
    >>> first, again = generator_of("conversation", "a1"), generator_of("conversation", "a1")
    >>> bool(first.random() == again.random())
    True
    """
    written = json.dumps(names).encode()  # "ab", "c" are not "a", "bc"
    return np.random.default_rng(int.from_bytes(hashlib.sha256(written).digest()))
