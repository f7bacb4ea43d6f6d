"""Names of scores: which are asked for, by whatever name the tool has, and which are left over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import numpy as np

from trust_router.basics.checks import listed
from trust_router.basics.words import many
from trust_router.inputs.reading.logs.entries import Entries
from trust_router.inputs.reading.logs.wording import plain_number

__all__ = ["left_over", "renamed"]


def renamed(entries: Entries, names: Mapping[str, str]) -> Entries:
    """Call scores by our names, where ``names`` says what the tool calls them.

    Raises
    ------
    ValueError
        If there is no such score, or another one has that name already.
    """
    known = dict.fromkeys(entries.name)
    for ours, theirs in names.items():
        if theirs not in known:
            raise ValueError(
                f"there is no score {theirs!r} for {ours!r}; scores are {listed(known)}"
            )
        if ours in known and ours not in names.values():
            raise ValueError(
                f"`columns` calls the score {theirs!r} {ours!r}, but there is a score of that name"
            )
    back = {theirs: ours for ours, theirs in names.items()}
    return replace(entries, name=[back.get(name, name) for name in entries.name])


def left_over(entries: Entries, taken: Collection[str]) -> Iterator[str]:
    """Tell of each name that was not asked for how many scores it has, of what kind and whose."""
    places: dict[str, list[int]] = {}
    for i, name in enumerate(entries.name):
        if name not in taken:
            places.setdefault(name, []).append(i)
    for name, at in places.items():
        mine = entries.take(np.array(at))
        words = Counter(word for word in mine.said if word)
        by = f" by {', '.join(words)}" if words else ""
        said = f"{many(len(at), 'score')} {name!r}{by}, {_kind(mine)}"
        yield f"{said}: named as no judge, nor outcome"


def _kind(mine: Entries) -> str:
    if mine.boolean.all():
        return "true or false"
    numbers = mine.number[~np.isnan(mine.number)]
    if len(numbers) < len(mine):
        return f"words ({listed(sorted({text for text in mine.text if text}), 4)})"
    low, high = plain_number(numbers.min()), plain_number(numbers.max())
    return f"{low} to {high}" if low != high else f"all {low}"
