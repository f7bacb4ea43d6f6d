"""Walks: where level, gain and judges of a pool that drifts were in each period, under draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.inputs.rows import Rows

__all__ = ["WALKS", "drawn_shift", "drawn_walks", "drifts", "periods_of", "since", "stepped"]

WALKS = ("level", "gain", "judge")


def drifts(rows: Rows) -> bool:
    """Whether there is more than one period."""
    return rows.period is not None and len(rows.periods) > 1


def periods_of(rows: Rows) -> dict[str, Any]:
    """Give the period of each row as data of a graph; nothing where nothing can drift."""
    if rows.period is None or not drifts(rows):
        return {}
    return {"row_period": rows.period.astype(np.int64)}


def stepped(z: Any, scale: Any, tail: float, xp: Any = np) -> Any:
    """Make steps of Tukey's h distribution of standard Normal ones; ``xp`` is of their kind."""
    return scale * z * xp.exp(tail / 2 * z**2)


def since(steps: Any, xp: Any = np) -> Any:
    """Where a walk was in each period, seen from the last, (..., period), by its steps between."""
    back = -xp.cumsum(steps[..., ::-1], axis=-1)[..., ::-1]
    return xp.concatenate([back, xp.zeros_like(back[..., :1])], axis=-1)


def drawn_walks(values: Mapping[str, Array], tail: float) -> dict[str, Array]:
    """Where each of `WALKS` was, seen from the last period, (sample, ..., period)."""
    walks = {}
    for name in WALKS:
        z = values.get(f"{name}_step")
        if z is not None:
            scale = values[f"{name}_scale"].reshape(-1, *[1] * (z.ndim - 1))
            walks[name] = since(stepped(z, scale, tail))
    return walks


def drawn_shift(walks: Mapping[str, Array], parts: Array, rows: Rows) -> tuple[Array, Array]:
    """Give how far level and pooled score of rows are off those of the last period, (sample, row).

    Parameters
    ----------
    parts : ndarray, shape (row, coefficient)
        As `Pooled.parts`.
    rows : Rows
        Of which one without a period is of the last.
    """
    at = rows.period
    line = walks["gain"][:, at] * parts[:, 0]
    if "judge" in walks:
        own = parts[:, -walks["judge"].shape[1] :]
        for j in range(own.shape[1]):
            line += walks["judge"][:, j, at] * own[:, j]
    return walks["level"][:, at], line
