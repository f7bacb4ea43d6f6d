"""Verified outcomes: what somebody found who checked some of those that were logged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.inputs.reading.meaning import Meaning
from trust_router.inputs.ticket_log import UNKNOWN

__all__ = ["verified"]


def verified(
    values: Sequence[Any], name: str, meaning: Meaning, tickets: Sequence[str] | None
) -> NDArray[np.int8]:
    """Give what was found in each row, 0 or 1; -1 where nobody looked.

    Parameters
    ----------
    values : sequence
        As outcomes are written.
    name : str
        Of their column.
    meaning : Meaning
        What values of outcomes mean.
    tickets : sequence of str, optional
        The ticket of each row.

    Raises
    ------
    ValueError
        If a value is none of these; if no row is blank: then the column says of each ticket whether
        it was checked, or the outcomes are those that were found; or if tickets have no names.
    """
    found = meaning.codes(values, name)
    if (found == UNKNOWN).all():
        return found
    if tickets is None:
        raise ValueError(
            f"column {name!r} holds what was found of single tickets, so a column `ticket` must "
            "name them"
        )
    if (found != UNKNOWN).all():
        raise ValueError(
            f"verified (column {name!r}) must be what was found where somebody checked the "
            f"outcome, and blank where nobody did; no row of {len(found)} is blank: a column that "
            "says whether a ticket was checked needs another name, and outcomes that were all "
            "checked belong in the column of outcomes"
        )
    return found
