"""Who answered a ticket: one that only the complex model answered has no outcome."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.checks import is_missing, shown
from trust_router.inputs.ticket_log import UNKNOWN

__all__ = ["untried"]

_TRIED = {"simple", "both"}  # by the simple model
_WORDS = {*_TRIED, "complex"}
_MISSING = {"", "na", "n/a", "nan", "null", "none"}


def untried(
    values: Sequence[Any],
    name: str,
    outcome: NDArray[np.int8],
    tickets: Sequence[str] | None,
    number: NDArray[np.int64] | None = None,
) -> NDArray[np.bool_]:
    """Tell which rows are of tickets that the complex model alone answered.

    Parameters
    ----------
    values : sequence
        ``simple``, ``complex`` or ``both``; missing only where the outcome is.
    name : str
        Of their column.
    outcome : ndarray of int, shape (row,)
        As `Meaning.codes` gives them.
    tickets : sequence of str, optional
        The ticket of each row; one that the simple model tried in any row was tried.
    number : ndarray of int, shape (row,), optional
        How many tickets each row stands for; default: one.

    Raises
    ------
    ValueError
        If a value is none of these, or every ticket that the complex model alone answered has
        outcome 1: then an escalation was written down as a need.

    Warns
    -----
    UserWarning
        If such tickets have outcomes, which are not used.
    """
    said = [_said(value, row, name) for row, value in enumerate(values, start=1)]
    for row, (word, result) in enumerate(zip(said, outcome.tolist(), strict=True), start=1):
        if not word and result != UNKNOWN:
            raise ValueError(
                f"answered_by is missing in row {row} (column {name!r}), which has outcome "
                f"{result}; write simple, complex or both, or leave the outcome empty"
            )
    alone = np.array([word == "complex" for word in said], dtype=bool)
    if tickets is not None:
        tried = {t for t, word in zip(tickets, said, strict=True) if word in _TRIED}
        alone &= np.array([ticket not in tried for ticket in tickets], dtype=bool)
    _question(outcome, alone, np.ones(len(outcome), dtype=np.int64) if number is None else number)
    return alone


def _said(value: Any, row: int, name: str) -> str:
    word = value.strip().casefold() if isinstance(value, str) else value
    if is_missing(word) or word in _MISSING:
        return ""
    if word in _WORDS:
        return str(word)
    raise ValueError(
        f"answered_by must be simple, complex or both; got {shown(value)} in row {row} (column "
        f"{name!r}); replace names of models by these words, or rename a column of something else"
    )


def _question(outcome: NDArray[np.int8], alone: NDArray[np.bool_], each: NDArray[np.int64]) -> None:
    number = int(each[alone].sum())
    if number and (outcome[alone] == 1).all():
        raise ValueError(
            f"outcome is 1 on {'the only ticket' if number == 1 else f'all {number:,} tickets'} "
            "that the complex model alone answered: that somebody escalated is no need, for nobody "
            "saw whether the simple model would have resolved them; leave the outcome of such "
            "tickets empty, and write `both` where the simple model was tried and failed"
        )
    stated = np.flatnonzero(alone & (outcome != UNKNOWN))
    if len(stated):
        lost = int(each[stated].sum())
        warnings.warn(
            f"{lost:,} outcome{'s' * (lost != 1)} of tickets that the complex model "
            f"alone answered, the first in row {stated[0] + 1}, are not used: nobody saw whether "
            "the simple model would have resolved them; `answered_by` is `both` where it was tried",
            UserWarning,
            stacklevel=2,
        )
