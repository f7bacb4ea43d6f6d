"""How many tickets were tried by the simple model, so that an outcome could be seen."""

from __future__ import annotations

from dataclasses import dataclass

from trust_router.basics.shown import Shown
from trust_router.basics.words import percent

__all__ = ["Observed"]


@dataclass(frozen=True, repr=False)
class Observed(Shown):
    """Tickets, and those of them that nobody could observe.

    Attributes
    ----------
    tickets : int
        All, whether their outcome is known or not.
    untried : int
        Of these, those that the complex model alone answered: nobody saw whether the simple one
        would have resolved them, so they have no outcome.

    Examples
    --------
    >>> print(Observed(tickets=35, untried=31))
    observed 11.4% of 35 tickets; 31 that only the complex model answered have no outcome
    """

    tickets: int = 0
    untried: int = 0

    @property
    def tried(self) -> int:
        """Tickets that the simple model tried."""
        return self.tickets - self.untried

    def __str__(self) -> str:
        tickets = f"{self.tickets:,} ticket{'s' * (self.tickets != 1)}"
        return (
            f"observed {percent(self.tried / self.tickets if self.tickets else 1)} of {tickets}; "
            f"{self.untried:,} that only the complex model answered "
            f"{'has' if self.untried == 1 else 'have'} no outcome"
        )
