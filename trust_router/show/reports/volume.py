"""Volume: how many tickets amounts are of, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass

from trust_router.basics.checks import is_number, shown
from trust_router.basics.words import number
from trust_router.inputs.span import Span

__all__ = ["Volume", "check_volume", "volume_of"]

_OTHERWISE, _MOST = 1000.0, 1e12


@dataclass(frozen=True)
class Volume:
    """Tickets that amounts are of.

    Attributes
    ----------
    tickets : float
    monthly : bool
        Whether so many come in a month.
    source : str
        How that is known, as a sentence.
    """

    tickets: float
    monthly: bool
    source: str

    @property
    def per(self) -> str:
        """What amounts are for."""
        return "a month" if self.monthly else f"per {number(self.tickets, 0)} tickets"


def volume_of(stated: float | None, span: Span | None) -> Volume:
    """Take the volume that is stated, else that of the data's dates, else 1,000 tickets."""
    if stated is not None:
        return Volume(float(stated), True, f"{number(stated, 0)} tickets a month, as stated.")
    found = None if span is None else span.a_month
    if found is None:
        why = "" if span is None else f"Dates span {span.days} days only. "
        return Volume(_OTHERWISE, False, f"{why}Amounts are a month's where the volume is stated.")
    return Volume(
        float(round(found)), True, f"{number(found, 0)} tickets a month, as the dates have it."
    )


def check_volume(volume: object) -> None:
    """Refuse what is no number of tickets.

    Raises
    ------
    ValueError
        If it is no positive number up to a million million.
    """
    if not (is_number(volume) and 0 < float(volume) <= _MOST):  # type: ignore[arg-type]
        raise ValueError(
            f"`volume` must be a number of tickets a month, above 0 and up to {_MOST:g}; got "
            f"{shown(volume)}"
        )
