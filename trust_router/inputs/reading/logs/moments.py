"""Times of exports: instants, or counts from 1970 of which the name of the column says the unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from trust_router.basics.checks import listed, shown
from trust_router.basics.instants import INSTANT, Instants
from trust_router.inputs.reading.logs.fields import is_blank
from trust_router.inputs.reading.times import instants

__all__ = ["Found", "moments"]

Found = tuple[str, list[Any]] | None  # the name of a column, and its values
_UNITS = {"s": (10**6, 1), "ms": (1000, 1), "us": (1, 1), "ns": (1, 1000)}  # microseconds


def moments(found: Found, rows: int) -> Instants:
    """Give times, of which the name of the column may say that they count from 1970."""
    if found is None:
        return np.full(rows, "NaT", dtype=INSTANT)
    name, _, unit = found[0].partition(":")
    if not unit:
        return instants(found[1], name)
    counts = [
        np.datetime64("NaT", "us") if is_blank(v) else _counted(v, unit, name) for v in found[1]
    ]
    return np.array(counts, dtype=INSTANT)


def _counted(value: Any, unit: str, name: str) -> np.datetime64:
    try:
        times, parts = _UNITS[unit]
        return np.datetime64(int(value) * times // parts, "us")
    except (KeyError, OverflowError, TypeError, ValueError):
        raise ValueError(
            f"time must count from 1970 in {listed(_UNITS)}; got {shown(value)} (column "
            f"'{name}:{unit}')"
        ) from None
