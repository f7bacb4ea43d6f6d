"""Checks of single arguments; each says the argument, the rule and the offending value."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, get_args

import numpy as np

from trust_router.basics.characters import canonical, escaped, unprintable, unseen
from trust_router.defaults import CiKind

__all__ = [
    "check_amount",
    "check_interval",
    "check_keys",
    "check_name",
    "check_names",
    "check_rows_once",
    "check_table",
    "is_missing",
    "is_number",
    "listed",
    "number",
    "repeated",
    "shown",
    "shown_path",
    "whole_number",
]

_MOST_SHOWN = 60  # characters of an offending value in a message
_MOST_OF_PATH = 500
_MOST = 10_000_000  # of a whole number, unless said otherwise; more would not end
_MOST_MONEY = 1e15  # sums of larger amounts may be too large for a float


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
    """Tell whether a value stands for "not known": None, NaN of any kind, NA and NaT."""
    return (
        value is None
        or (isinstance(value, (float, np.floating)) and math.isnan(value))
        or (isinstance(value, Decimal) and value.is_nan())
        or (isinstance(value, (np.datetime64, np.timedelta64)) and bool(np.isnat(value)))
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


def whole_number(name: str, value: Any, least: int, most: int | None = _MOST) -> int:
    """Give a whole number of at least ``least``; one that nobody could mean is refused."""
    whole = isinstance(value, (int, np.integer)) and is_number(value)
    if not (whole and value >= least):
        raise ValueError(f"`{name}` must be a whole number of at least {least}; got {shown(value)}")
    if most is not None and value > most:
        raise ValueError(f"`{name}` must be at most {most:,}; got {shown(value)}")
    return int(value)


def check_amount(name: str, value: Any) -> None:
    """Refuse what is no amount of money, or one too large to be summed."""
    if not (is_number(value) and 0 <= value < math.inf):
        raise ValueError(f"{name} must be a number of 0 or more; got {shown(value)}")
    if value > _MOST_MONEY:
        raise ValueError(f"{name} must be at most {_MOST_MONEY:g}; got {shown(value)}")


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


def shown_path(path: object) -> str:
    """Write a path for a message, its middle cut if it is long."""
    text = repr(str(path))
    if len(text) <= _MOST_OF_PATH:
        return text
    return f"{text[: _MOST_OF_PATH // 2]}...{text[-_MOST_OF_PATH // 4 :]}"


def listed(names: Iterable[Any], most: int = 10) -> str:
    """List names for a message, the first few of many."""
    names = [escaped(str(name)) for name in names]
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def check_name(kind: str, name: Any) -> None:
    """Refuse a name that is blank, is no text or holds characters that nobody sees."""
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"{kind} must have a non-empty name; got {shown(name)}")
    if unprintable(name):
        raise ValueError(f"{kind} must have a name without control characters; got {shown(name)}")
    if unseen(name):
        raise ValueError(
            f"{kind} must have a name without characters that nobody sees; got {shown(name)}"
        )


def check_names(argument: str, kind: str, names: Sequence[Any]) -> None:
    """Refuse names of which one is none, or stands twice; see `check_name`."""
    # All at once, for there may be a million of them.
    if not all(isinstance(name, str) and name.strip() for name in names) or (
        unprintable(joined := "".join(names)) or unseen(joined)
    ):
        for place, name in enumerate(names, start=1):
            check_name(f"{kind} {place}", name)
    if len(set(names)) < len(names):
        raise ValueError(f"`{argument}` must be unique; {repeated(names)!r} is used twice")
    if not joined.isascii():
        _check_distinct(argument, names)


def _check_distinct(argument: str, names: Sequence[str]) -> None:
    """Refuse names that differ only in what nobody sees."""
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(canonical(name), name)
        if other != name:
            raise ValueError(f"`{argument}` must be unique; {other!a} and {name!a} look the same")


def check_rows_once(
    keys: Sequence[Any], named: Callable[[Any], str], numbers: Sequence[Any] | None = None
) -> None:
    """Refuse a key that stands in two rows; rows are counted from 1, or have ``numbers``.

    ``named`` says what a key stands for.
    """
    if len(set(keys)) == len(keys):
        return
    twice = repeated(keys)
    counted = range(1, len(keys) + 1) if numbers is None else numbers
    rows = [row for row, key in zip(counted, keys, strict=True) if key == twice]
    several = sum(count > 1 for count in Counter(keys).values())
    more = f" ({several} of them stand in several rows)" if several > 1 else ""
    raise ValueError(
        f"{named(twice)} stands in rows {rows[0]} and {rows[1]}; each counts once{more}"
    )


def check_table(value: Any, place: str) -> Mapping[str, Any]:
    """Give plain data that is a table, as of TOML."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{place} must be a table; got {shown(value)}")
    return value


def check_keys(table: Mapping[str, Any], allowed: Collection[str], place: str) -> None:
    """Refuse a table with a key that is unknown."""
    for key in table:
        if key not in allowed:
            raise ValueError(f"unknown key {key!r} in {place}; allowed are {listed(allowed)}")


def repeated(values: Sequence[Any]) -> Any:
    """Give the first of the values that stands more than once."""
    return next(value for value, count in Counter(values).items() if count > 1)
