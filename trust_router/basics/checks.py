"""Checks of single arguments; each says the argument, the rule and the offending value."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, get_args

import numpy as np

from trust_router.basics.characters import unprintable
from trust_router.defaults import CiKind

__all__ = [
    "check_interval",
    "check_names",
    "is_missing",
    "is_number",
    "listed",
    "number",
    "repeated",
    "shown",
    "whole_number",
]

_MOST_SHOWN = 60  # characters of an offending value in a message


def is_number(value: Any) -> bool:
    """Tell whether a value is a real number that a float can hold; a bool is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return False
    try:
        float(value)
    except OverflowError:  # a whole number of more than 308 digits
        return False
    return True


def is_missing(value: Any) -> bool:
    """Tell whether a value stands for "not known": None, NaN, pandas' NA and NaT."""
    return (
        value is None
        or (isinstance(value, (float, np.floating)) and math.isnan(value))
        # These answer neither True nor False when compared, so they are told by name.
        or type(value).__name__ in {"NAType", "NaTType"}
    )


def number(name: str, value: Any) -> float:
    """Give a finite number as a float."""
    if not is_number(value):
        raise ValueError(f"`{name}` must be a number; got {shown(value)}")
    if not math.isfinite(value):
        raise ValueError(f"`{name}` must be finite; got {value}")
    return float(value)


def whole_number(name: str, value: Any, least: int) -> int:
    """Give a whole number of at least ``least``."""
    whole = isinstance(value, (int, np.integer)) and is_number(value)
    if not (whole and value >= least):
        raise ValueError(f"`{name}` must be a whole number of at least {least}; got {shown(value)}")
    return int(value)


def check_interval(ci_prob: Any, ci_kind: Any) -> None:
    """Refuse what describes no credible interval."""
    if not (is_number(ci_prob) and 0 < ci_prob < 1):
        raise ValueError(f"`ci_prob` must lie strictly between 0 and 1; got {shown(ci_prob)}")
    if ci_kind not in get_args(CiKind):
        raise ValueError(f"`ci_kind` must be 'eti' or 'hdi'; got {shown(ci_kind)}")


def shown(value: Any) -> str:
    """Write a value for a message, cut if it is long."""
    try:
        text = repr(value)
    except (RecursionError, ValueError):  # nested too deeply; a whole number of over 4300 digits
        text = f"a {type(value).__name__} too large to show"
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."


def listed(names: Iterable[Any], most: int = 10) -> str:
    """List names for a message, the first few of many."""
    names = [str(name) for name in names]
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def check_names(argument: str, kind: str, names: Sequence[Any]) -> None:
    """Refuse names that are blank, are no text, hold control characters or stand twice."""
    for place, name in enumerate(names, start=1):
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"{kind} {place} must be non-empty text; got {shown(name)}")
        if unprintable(name):
            raise ValueError(
                f"{kind} {place} must be text without control characters; got {shown(name)}"
            )
    if len(set(names)) < len(names):
        raise ValueError(f"`{argument}` must be unique; {repeated(names)!r} is used twice")


def repeated(values: Sequence[Any]) -> Any:
    """Give the first of the values that stands more than once."""
    return next(value for value, count in Counter(values).items() if count > 1)
