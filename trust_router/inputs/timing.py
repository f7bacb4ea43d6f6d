"""Timing: rows told the periods of their tickets, so that what changed can be learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from trust_router.inputs.periods import Clock, Periods
from trust_router.inputs.rows import Rows
from trust_router.inputs.ticket_log import UNKNOWN, TicketLog

__all__ = ["timed"]


def timed(rows: Rows, names: Sequence[str], log: TicketLog | None, clock: Clock | None) -> Rows:
    """Tell rows, one a ticket, the periods of their tickets; without a clock they stay as they are.

    Parameters
    ----------
    names : sequence of str
        The ticket of each row. One that the log does not know has no period.
    log : TicketLog
        With the time of each ticket that has an outcome.
    clock : Clock or None

    Raises
    ------
    ValueError
        If a ticket with an outcome has no time.
    """
    if clock is None or log is None:
        return rows
    known = log.outcome != UNKNOWN
    lost = np.flatnonzero(known & np.isnat(log.time))
    if len(lost):
        raise ValueError(
            f"drift needs the time of every outcome; {len(lost)} of {known.sum()} have none, as "
            f"that of ticket {log.tickets[lost[0]]!r}; read outcomes from a table with a column "
            "`time`"
        )
    found = Periods.of(log.time, clock.every, time_zone=clock.time_zone)
    of = dict(zip(log.tickets, found.position.tolist(), strict=True))
    period = np.array([of.get(name, -1) for name in names], dtype=np.intp)
    return replace(rows, period=period, periods=found.labels)
