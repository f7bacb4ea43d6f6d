"""Costs that differ between tickets: the same arithmetic, one ticket a place."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from trust_router.basics.arrays import Array
from trust_router.basics.checks import listed
from trust_router.basics.shown import Shown
from trust_router.decisions.costs import Costs, Prices

__all__ = ["StatedCosts", "TicketCosts", "costs_of_tickets"]

StatedCosts = Costs | list[Costs] | tuple[Costs, ...] | pd.DataFrame


@dataclass(frozen=True, eq=False, repr=False)
class TicketCosts(Shown, Prices[Array]):
    """What answers and failures cost, amounts as in `Costs`, each of shape (ticket,)."""

    simple: Array
    complex: Array
    failure: Array
    wrong_escalation: Array
    currency: str

    def take(self, part: slice) -> TicketCosts:
        """Keep some tickets."""
        return TicketCosts(
            self.simple[part],
            self.complex[part],
            self.failure[part],
            self.wrong_escalation[part],
            self.currency,
        )

    def average(self) -> Costs:
        """Give the mean amounts."""
        return Costs(
            float(self.simple.mean()),
            float(self.complex.mean()),
            float(self.failure.mean()),
            float(self.wrong_escalation.mean()),
            self.currency,
        )


def costs_of_tickets(costs: StatedCosts, tickets: Sequence[str]) -> Costs | TicketCosts:
    """Bring the costs of tickets into their order.

    Parameters
    ----------
    costs : Costs, sequence of Costs, or pandas.DataFrame
        The same for all; one for each ticket, in their order; or a table with the amounts of
        `Costs` as columns and tickets as its column ``ticket`` or its index. Amounts that it does
        not have are those that `Costs` assumes, and it may know other tickets.
    tickets : sequence of str

    Raises
    ------
    ValueError
        If a ticket has no costs or two, an amount is invalid, or currencies differ.
    TypeError
        If it is none of these.
    """
    if isinstance(costs, Costs):
        return costs
    if isinstance(costs, pd.DataFrame):
        each = _of_table(costs, tickets)
    elif isinstance(costs, (list, tuple)):
        each = list(costs)
    else:
        raise TypeError(
            "`costs` must be Costs, one Costs for each ticket, or a table of amounts by ticket; "
            f"got {type(costs).__name__}"
        )
    if wrong := [item for item in each if not isinstance(item, Costs)]:
        raise TypeError(f"`costs` must hold Costs; got {type(wrong[0]).__name__}")
    if len(each) != len(tickets):
        raise ValueError(f"`costs` must be one for each of {len(tickets)} tickets; got {len(each)}")
    if len(units := sorted({item.currency for item in each})) > 1:
        raise ValueError(f"`costs` must have one currency; got {listed(units)}")
    return TicketCosts(
        np.array([item.simple for item in each]),
        np.array([item.complex for item in each]),
        np.array([item.failure for item in each]),
        np.array([item.wrong_escalation for item in each]),
        units[0] if units else Costs(0, 1).currency,
    )


def _of_table(table: pd.DataFrame, tickets: Sequence[str]) -> list[Costs]:
    if "ticket" in table:
        table = table.set_index("ticket")
    known = [field.name for field in fields(Costs)]
    if unknown := [name for name in table if name not in known]:
        raise ValueError(f"unknown column {unknown[0]!r} of `costs`; allowed are {known}")
    for name in ("simple", "complex"):
        if name not in table:
            raise ValueError(f"`costs` has no column {name!r}, the price of such a call")
    table = table.set_axis(table.index.astype(str))
    if table.index.has_duplicates:
        twice = table.index[table.index.duplicated()][0]
        raise ValueError(f"`costs` has two rows for ticket {twice!r}")
    if lacking := sorted(set(tickets) - set(table.index)):
        raise ValueError(f"`costs` has no row for ticket {lacking[0]!r}")
    rows = table.loc[list(tickets)].to_dict("records")
    return [_stated(row, ticket) for row, ticket in zip(rows, tickets, strict=True)]


def _stated(row: Mapping[Hashable, Any], ticket: str) -> Costs:
    try:
        return Costs(**{str(name): value for name, value in row.items()})
    except ValueError as error:
        raise ValueError(f"{error} for ticket {ticket!r}") from None
