"""Who answered a ticket: the simple model, the complex one, or both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from trust_router.basics.checks import listed, shown
from trust_router.basics.shown import Shown
from trust_router.inputs.reading.logs.calls import Calls

__all__ = ["Answered", "Both"]

Both = Literal["need", "feedback"]


@dataclass(frozen=True, init=False, repr=False)
class Answered(Shown):
    """Which models are the simple one and the complex one, and where the log says who answered.

    A ticket that the complex model alone answered has no outcome: nobody saw whether the simple
    one would have resolved it.

    Parameters
    ----------
    simple, complex : str or sequence of str
        Names of the models, as the log writes them. Others, as those of judges, do not count.
    calls : Calls, optional
        Which models were called for a ticket. Without them the export must name the model of each
        score, as Inspect's does.
    both : {"need", "feedback"}, optional
        What feedback on a ticket says for which both were called: ``"need"`` if the complex model
        was called because the simple one had failed, so that it was needed whatever the feedback;
        ``"feedback"`` if the feedback is about the answer of the simple model.

    Raises
    ------
    ValueError
        If a model is both simple and complex, or none is named.

    Examples
    --------
    >>> Answered(simple="gpt-4o-mini", complex=["gpt-4.1", "gpt-5"]).role("gpt-5")
    'complex'
    """

    simple: tuple[str, ...]
    complex: tuple[str, ...]
    calls: Calls | None
    both: Both | None

    def __init__(
        self,
        simple: str | Sequence[str],
        complex: str | Sequence[str],  # noqa: A002  # as the other model is called everywhere
        *,
        calls: Calls | None = None,
        both: Both | None = None,
    ) -> None:
        for name, given in (("simple", simple), ("complex", complex)):
            object.__setattr__(self, name, _names(name, given))
        twice = set(self.simple) & set(self.complex)
        if twice:
            raise ValueError(f"a model is simple or complex; {min(twice)!r} is named as both")
        if calls is not None and not isinstance(calls, Calls):
            raise TypeError(
                f"`calls` must be calls that `tr.logs.litellm` or another reader gives; got "
                f"{shown(calls)}"
            )
        if both is not None and both not in get_args(Both):
            raise ValueError(f"`both` must be 'need' or 'feedback'; got {shown(both)}")
        object.__setattr__(self, "calls", calls)
        object.__setattr__(self, "both", both)

    def role(self, model: str) -> str:
        """Give ``simple`` or ``complex``, "" for any other model."""
        return "simple" if model in self.simple else "complex" if model in self.complex else ""

    def by_ticket(self, tickets: Sequence[str]) -> list[str]:
        """Give ``simple``, ``complex`` or ``both`` of each ticket by the calls; "" if none says."""
        if self.calls is None:
            return [""] * len(tickets)
        known = set(tickets)
        if not known & set(self.calls.ticket):
            raise ValueError(
                f"no ticket of {self.calls.title} has a score; their names do not fit, "
                f"{self.calls.ticket[0]!r} there and {tickets[0]!r} here: `columns` says where "
                "both name the same"
            )
        roles: dict[str, set[str]] = {}
        for ticket, model in zip(self.calls.ticket, self.calls.model, strict=True):
            if ticket in known:
                roles.setdefault(ticket, set()).add(self.role(model))
        if not any(role for held in roles.values() for role in held):
            raise ValueError(
                f"no call is of {listed((*self.simple, *self.complex))}; {self.calls.title} name "
                f"the models {listed(dict.fromkeys(self.calls.model))}"
            )
        return [_word(roles.get(ticket, set()) - {""}) for ticket in tickets]

    def prices(self) -> dict[str, float]:
        """Give what the calls for a ticket cost on average, by the model that is called."""
        found: dict[str, float] = {}
        if self.calls is None:
            return found
        role = np.array([self.role(model) for model in self.calls.model])
        for name in ("simple", "complex"):
            at = np.flatnonzero((role == name) & ~np.isnan(self.calls.cost))
            if len(at):
                tickets = {self.calls.ticket[i] for i in at.tolist()}
                found[name] = float(self.calls.cost[at].sum()) / len(tickets)
        return found


def _word(roles: set[str]) -> str:
    return "both" if len(roles) > 1 else next(iter(roles), "")


def _names(argument: str, given: Any) -> tuple[str, ...]:
    several = isinstance(given, Iterable) and not isinstance(given, str)
    names = tuple(given) if several else (given,)
    if not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise ValueError(f"`{argument}` must name a model, or several; got {shown(given)}")
    return names
