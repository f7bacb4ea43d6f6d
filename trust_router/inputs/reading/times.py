"""Times: instants of UTC from the dates and times of any frame, and from text."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np

from trust_router.basics.checks import is_missing, shown
from trust_router.basics.instants import INSTANT, Instants

__all__ = ["instants"]

_MISSING = {"", "na", "n/a", "nan", "nat", "null", "none"}
_FIRST, _LAST = 1000, 2999  # years; what is outside is a slip, or a stand-in for "never"


def instants(values: Sequence[Any], name: str) -> Instants:
    """Give a column of dates and times as instants of UTC, NaT where they are missing.

    Those without a time zone are taken as UTC. A column in which some have one and others have
    none is refused, with a row of each; so is what is no date, with its row.
    """
    found: list[datetime.datetime | None] = []
    rows: dict[bool, int] = {}  # the first with a time zone, and the first without
    for row, value in enumerate(values, start=1):
        moment = _moment(value)
        if moment is None and not _is_missing(value):
            raise ValueError(
                "time must be a date, or a date and time, in the years 1000 to 2999, as "
                f"2026-09-01T08:00:00+02:00; got {shown(value)} in row {row} (column {name!r}); a "
                "column that holds something else needs another name"
            )
        if moment is not None:
            rows.setdefault(moment.tzinfo is not None, row)
        found.append(moment)
    if len(rows) > 1:
        raise ValueError(
            f"time must have a time zone in all rows or in none; column {name!r} has one in row "
            f"{rows[True]} and none in row {rows[False]}"
        )
    if True in rows:
        found = [m and m.astimezone(datetime.UTC).replace(tzinfo=None) for m in found]
    return np.array(found, dtype=INSTANT)


def _moment(value: Any) -> datetime.datetime | None:
    """Give a date and time; None where it is none."""
    if isinstance(value, str):
        text = value.strip()
        in_utc = text.upper().endswith("UTC")
        try:
            value = datetime.datetime.fromisoformat(f"{text[:-3].rstrip()}Z" if in_utc else text)
        except ValueError:
            return None
    elif isinstance(value, np.datetime64):
        value = value.astype(INSTANT).item()
    elif isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = datetime.datetime(value.year, value.month, value.day)
    known = isinstance(value, datetime.datetime)  # NaT as well, which lies in no year
    return value if known and _FIRST <= value.year <= _LAST else None


def _is_missing(value: Any) -> bool:
    return is_missing(value) or (isinstance(value, str) and value.strip().casefold() in _MISSING)
