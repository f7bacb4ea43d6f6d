"""How many outcomes found a belief, and how many beliefs an outcome: joins lose nothing unsaid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from trust_router.basics.shown import Shown
from trust_router.inputs.observed import Observed
from trust_router.inputs.span import Span

__all__ = ["Matches"]

_NOT_STATED = Observed()


@dataclass(frozen=True, repr=False)
class Matches(Shown):
    """Counts of a join of beliefs and outcomes.

    Attributes
    ----------
    about : {"category", "ticket"}
        What beliefs are about.
    outcomes : int
        Tickets with a known outcome.
    matched : int
        Of these, those about which, or about whose category, the table of beliefs knows something.
    beliefs : int
        Tickets, or categories, that the table of beliefs knows.
    without_outcome : int
        Of these, those without a known outcome.
    silent : int
        Tickets on which no judge says anything; of them only the outcome counts.
    unseen : int
        Categories of which no outcome is known.
    observed : Observed
        How many tickets the simple model tried, and how many have no outcome because it did not.
    span : Span or None
        From when to when they happened; None where no ticket has a date.
    """

    about: str
    outcomes: int
    matched: int
    beliefs: int
    without_outcome: int
    silent: int
    unseen: int
    observed: Observed = _NOT_STATED
    span: Span | None = None

    @property
    def unmatched(self) -> int:
        """Tickets with a known outcome, but without beliefs."""
        return self.outcomes - self.matched

    @property
    def complete(self) -> bool:
        """Whether every outcome found a belief, on every ticket somebody speaks, and so on."""
        lost = self.unmatched or self.without_outcome or self.silent or self.unseen
        return not (lost or self.observed.untried)

    @property
    def few(self) -> bool:
        """Whether less than half of the outcomes found a belief."""
        return 2 * self.matched < self.outcomes

    def __str__(self) -> str:
        whose = "ticket" if self.about == "ticket" else "category"
        said = [f"{self.matched:,} of {self.outcomes:,} outcomes have a belief"]
        if self.unmatched:
            said.append(f"{self.unmatched:,} {'has' if self.unmatched == 1 else 'have'} none")
        if self.without_outcome:
            said.append(
                f"{_many(self.without_outcome, whose)} with beliefs "
                f"{'has' if self.without_outcome == 1 else 'have'} no outcome"
            )
        if self.silent:
            said.append(f"on {_many(self.silent, 'ticket')} no judge speaks")
        if self.unseen and self.about == "ticket":
            said.append(f"{_many(self.unseen, 'category')} without any outcome")
        if self.observed.untried:
            said.append(str(self.observed))
        return "; ".join(said)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, for provenance."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> Matches | None:
        """Take what `to_dict` gave; None where nothing was kept."""
        if not data:
            return None
        later = {"observed", "span"}  # that older files do not hold
        counts = {field.name: data[field.name] for field in fields(cls) if field.name not in later}
        observed, span = Observed(**data.get("observed", {})), Span.from_dict(data.get("span"))
        return cls(**counts, observed=observed, span=span)


def _many(number: int, noun: str) -> str:
    plural = "categories" if noun == "category" else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"
