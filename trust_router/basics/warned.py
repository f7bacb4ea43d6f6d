"""The warning about judges, and about decisions that rest on them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

__all__ = ["JudgeWarning", "warn_of"]


class JudgeWarning(UserWarning):
    """Outcomes speak against judges, or against deciding by them."""


def warn_of(sentences: Iterable[str], stacklevel: int = 3) -> None:
    """Warn once, with all sentences; not at all if there are none."""
    said = " ".join(dict.fromkeys(filter(None, sentences)))
    if said:
        warnings.warn(said, JudgeWarning, stacklevel=stacklevel)
