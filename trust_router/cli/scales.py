"""Scales of scores as they are written in a shell: 1..5 of all judges, haiku=1..5 of one.

Of words it is the need that each means: verdict=pass:0.1,fail:0.9.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["stated_meaning", "stated_scale"]


def stated_scale(said: Sequence[str] | None) -> Any:
    """Give what `--scale` said as `read_beliefs` takes it.

    Examples
    --------
    >>> stated_scale(["1..5"]), stated_scale(["haiku=0..10", "gpt=percent"])
    ((1.0, 5.0), {'haiku': (0.0, 10.0), 'gpt': 'percent'})
    >>> stated_scale(["verdict=pass:0.1,fail:0.9"])
    {'verdict': {'pass': 0.1, 'fail': 0.9}}
    """
    scale = _by_judge("--scale", said, _ends)
    if said and isinstance(scale, dict) and len(said) == 1 and "=" not in said[0]:
        raise ValueError(
            f"--scale must say of which judge words are, as verdict={said[0]}; got {said[0]!r}"
        )
    return scale


def stated_meaning(said: Sequence[str] | None) -> Any:
    """Give what `--high-means` said as `read_beliefs` takes it.

    Examples
    --------
    >>> stated_meaning(["resolved"]), stated_meaning(None)
    ('resolved', None)
    """
    return _by_judge("--high-means", said, str)


def _by_judge(option: str, said: Sequence[str] | None, read: Callable[[str], Any]) -> Any:
    if not said:
        return None
    named = ["=" in text for text in said]
    if not any(named) and len(said) == 1:
        return read(said[0])
    if not all(named):
        raise ValueError(
            f"{option} must be one for all judges, or one for each as haiku=...; got "
            + " and ".join(repr(text) for text in said)
        )
    pairs = [text.rpartition("=") for text in said]
    held = {judge: read(value) for judge, _, value in pairs}
    if len(held) < len(pairs):
        raise ValueError(f"{option} names a judge twice; got {', '.join(said)}")
    return held


def _ends(text: str) -> Any:
    low, dots, high = text.partition("..")
    try:
        if dots:
            return float(low), float(high)
        if ":" in text:
            pairs = [part.rpartition(":") for part in text.split(",")]
            return {value.strip(): float(need) for value, _, need in pairs}
    except ValueError:
        raise ValueError(
            f"--scale must read low..high, as 1..5, a name as percent, or pass:0.1,fail:0.9; got "
            f"{text!r}"
        ) from None
    return text  # a name, which is checked where beliefs are read
