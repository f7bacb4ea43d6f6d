"""Labels: the one text by which a ticket, a category or a judge is known, whatever held it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

from trust_router.basics.characters import canonical, unprintable
from trust_router.basics.checks import is_missing, is_number, shown

__all__ = ["labels", "text_labels"]

_DATES = (datetime.date, datetime.time, np.datetime64)
# What programs write where they have nothing.
_NOTHING = {"nan", "none", "null", "<na>", "nat", "n/a", "#n/a"}
_POINT_ZERO = re.compile(r"([+-]?\d+)\.0+")
# A number of which a program kept some digits; "12e5" alone may be a name, but is no ticket.
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d*e[+-]?|e[+-])\d{1,3}", re.IGNORECASE)
_SHORT = re.compile(r"[+-]?\de\d{1,3}", re.IGNORECASE)
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d{1,9})?"
    r" ?(?:(Z|UTC)|([+-]\d\d)(?::?(\d\d))?)?",
    re.IGNORECASE,
)
_MOST_DIGITS = 40  # of a decimal that is a label


def labels(values: Sequence[Any], kind: str, name: str) -> list[str]:
    """Give values as labels, see `text_labels`; a missing one is refused with its row."""
    given = text_labels(values, kind, name)
    for row, value in enumerate(given, start=1):
        if not value:
            raise ValueError(f"{kind} is missing in row {row} (column {name!r})")
    return given


def text_labels(values: Sequence[Any], kind: str, name: str) -> list[str]:
    """Give values as labels, missing ones as ''.

    One thing has one label: 1001, 1001.0 and "1001.0" are "1001", an instant is that of UTC however
    it was written, and text is in its canonical form. What cannot be a label is refused with its
    row: a number that has lost digits, a word for missing, control characters, anything but text,
    whole numbers and dates.
    """
    known: dict[Any, str] = {}  # tables repeat their categories and judges
    given = []
    for row, value in enumerate(values, start=1):
        text = known.get(value) if isinstance(value, str) else None
        if text is None:
            try:
                text = _label(value, kind)
            except ValueError as error:
                rule, _, advice = str(error).partition("; ")
                raise ValueError(
                    f"{kind} must be {rule}; got {shown(value)} in row {row} (column {name!r})"
                    + (f"; {advice}" if advice else "")
                ) from None
            if isinstance(value, str):
                known[value] = text
        given.append(text)
    return given


def _label(value: Any, kind: str) -> str:
    """Give the label of a value; a ValueError says what it must be, and perhaps what to do."""
    if isinstance(value, str):
        return _of_text(value, kind)
    if is_missing(value):
        return ""
    if isinstance(value, (*_DATES, UUID)):
        return _of_text(str(value), kind)
    if isinstance(value, Decimal):
        whole = value.is_finite() and value.adjusted() < _MOST_DIGITS and not value % 1
    else:
        whole = is_number(value) and value % 1 == 0
    if not whole:
        raise ValueError("text, a whole number or a date")
    # Frames turn whole numbers into floats where one is missing: 7.0 is the 7 of other tables.
    if isinstance(value, (float, np.floating)) and abs(float(value)) >= _exact(value):
        raise ValueError(
            f"a number that has all its digits; a float holds {_exact(value).bit_length() - 1} "
            "bits: read or export the column as text"
        )
    return str(int(value))


def _exact(value: float | np.floating[Any]) -> int:
    """Give the size from which on a float may stand for several whole numbers."""
    return 1 << (int(np.finfo(type(value)).nmant) + 1)


def _of_text(value: str, kind: str) -> str:
    text = canonical(value)
    if unprintable(text):
        raise ValueError("without control characters")
    if text.casefold() in _NOTHING:
        raise ValueError(
            "blank where it is missing, or a name; programs write this word where they have none"
        )
    if _SCIENTIFIC.fullmatch(text) or (kind == "ticket" and _SHORT.fullmatch(text)):
        raise ValueError(
            "text that has all its digits; a program made a number of it: export the column as text"
        )
    if whole := _POINT_ZERO.fullmatch(text):
        if len(whole[1]) > _MOST_DIGITS or abs(int(whole[1])) >= _exact(1.0):
            raise ValueError("a number that has all its digits; export the column as text")
        return whole[1]
    if instant := _INSTANT.fullmatch(text):
        return _of_instant(text, instant)
    return text


def _of_instant(text: str, parts: re.Match[str]) -> str:
    """Write an instant in UTC, one without a zone as it is, and midnight without one as its day."""
    day, minutes, seconds, fraction, utc, hours_off, minutes_off = parts.groups()
    try:
        moment = datetime.datetime.fromisoformat(f"{day}T{minutes}{seconds or ':00'}")
        if hours_off:
            away = datetime.timedelta(hours=int(hours_off[1:]), minutes=int(minutes_off or 0))
            moment += away if hours_off[0] == "-" else -away
    except (OverflowError, ValueError):  # it only looks like one
        return text
    rest = (fraction or "").rstrip("0").rstrip(".")
    if utc or hours_off:
        return f"{moment.isoformat()}{rest}Z"
    if not rest and moment.time() == datetime.time():
        return day
    return f"{moment.isoformat()}{rest}"
