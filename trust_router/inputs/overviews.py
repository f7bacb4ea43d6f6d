"""Tables that inputs show of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.shown import Table, written
from trust_router.basics.words import many, percent
from trust_router.inputs.routers import Judge, Router

__all__ = ["counted_beliefs", "table_of_judges", "table_of_outcomes", "table_of_seats"]

_MOST = 12  # rows


def table_of_seats(
    routers: Sequence[Router], judges: Iterable[Judge], trust: Mapping[str, float]
) -> Table:
    """Give a line for each seat: router, its initial trust, judge, weight, and what it states."""
    said = {judge.name: _statement(judge) for judge in judges}
    rows = [
        (
            "" if at else router.name,
            "" if at else percent(trust[router.name]),
            judge,
            percent(weight, 0),
            said[judge],
        )
        for router in routers
        for at, (judge, weight) in enumerate(router.judges.items())
    ]
    columns = ("router", "initial trust", "judge", "weight", "belief")
    return Table(columns, tuple(rows))


def table_of_judges(judges: Sequence[str], mean: Array) -> Table:
    """Give a line for each judge: how many labels it speaks of, and the need it states there."""
    spoken = ~np.isnan(mean)
    number = spoken.sum(axis=0)
    stated = [
        np.quantile(column[said], (0, 0.5, 1)) if said.any() else [np.nan] * 3
        for column, said in zip(mean.T, spoken.T, strict=True)
    ]
    rows = [
        (name, written(int(n)), *map(percent, need))
        for name, n, need in zip(judges, number, stated, strict=True)
    ]
    return _first(("judge", "beliefs", "least need", "median", "most"), rows)


def counted_beliefs(about: str, alpha: Array) -> str:
    """Count labels, judges and, about tickets, the beliefs that are missing."""
    told = [many(len(alpha), about), many(alpha.shape[1], "judge")]
    if about == "ticket":
        told.append(f"{many(int(np.isnan(alpha).sum()), 'belief')} missing")
    return ", ".join(told)


def table_of_outcomes(
    categories: Sequence[str],
    trials: NDArray[np.int64],
    needs: NDArray[np.int64],
    missing: NDArray[np.int64],
) -> Table:
    """Give a line for each category: known outcomes, needs, their share, and those unknown."""
    rows = [
        (name, written(n), written(k), percent(k / n if n else np.nan), written(unknown))
        for name, n, k, unknown in zip(
            categories, trials.tolist(), needs.tolist(), missing.tolist(), strict=True
        )
    ]
    return _first(("category", "known outcomes", "needed complex", "share", "unknown"), rows)


def _first(columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    return Table(columns, tuple(rows[:_MOST]), max(0, len(rows) - _MOST))


def _statement(judge: Judge) -> str:
    """Say what a judge states beforehand."""
    if judge.belief is not None:
        return f"Beta({judge.belief.alpha:.4g}, {judge.belief.beta:.4g})"
    if judge.category_beliefs:
        return f"in {len(judge.category_beliefs)} categories"
    return "about tickets" if judge.by_ticket else "stated elsewhere"
