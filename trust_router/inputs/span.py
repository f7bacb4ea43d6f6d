"""Span: from when to when tickets happened, as far as their dates are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from trust_router.inputs.ticket_log import TicketLog

__all__ = ["Span"]

_MONTH = 365.25 / 12  # days
_FEW_DAYS = 14  # of fewer, two Mondays more or less are a month's tickets


@dataclass(frozen=True)
class Span:
    """The days between which dated tickets lie.

    Attributes
    ----------
    first, last : str
        Days of UTC, as ``"2026-09-01"``.
    tickets : int
        How many tickets have a date.

    Examples
    --------
    >>> half_a_year = Span("2026-01-01", "2026-06-30", tickets=3000)
    >>> half_a_year.days, round(half_a_year.a_month)
    (181, 504)
    """

    first: str
    last: str
    tickets: int

    @classmethod
    def of(cls, log: TicketLog | None) -> Span | None:
        """Find it in a log; None where no ticket has a date."""
        times = np.empty(0) if log is None else log.time[~np.isnat(log.time)]
        if not len(times):
            return None
        first, last = (str(day) for day in (times.min(), times.max()))
        return cls(first[:10], last[:10], len(times))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> Span | None:
        """Take what `to_dict` gave; None where nothing was kept."""
        return cls(**data) if data else None

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for provenance."""
        return asdict(self)

    @property
    def days(self) -> int:
        """How many days it has, the first and the last one included."""
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1

    @property
    def a_month(self) -> float | None:
        """Dated tickets a month; None where less than two weeks are known."""
        return None if self.days < _FEW_DAYS else self.tickets / self.days * _MONTH

    def joined(self, later: Span | None, again: int) -> Span:
        """Bring a later one in, ``again`` tickets of which were known."""
        if later is None:
            return self
        first, last = min(self.first, later.first), max(self.last, later.last)
        return Span(first, last, max(self.tickets, self.tickets + later.tickets - again))
