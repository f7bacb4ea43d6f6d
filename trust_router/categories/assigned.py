"""Tickets with the categories that they are assigned to, and how many each has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trust_router.categories.categorizer import NO_CATEGORY, Categorizer
from trust_router.inputs.texts import TicketTexts

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["assign_tickets", "count_categories"]


def assign_tickets(categorizer: Categorizer, read: TicketTexts) -> pd.DataFrame:
    """Tabulate ``ticket``, ``category``, ``confidence`` and ``outcome``, if there are outcomes."""
    assigned = categorizer.assign(read.texts)[["category", "confidence"]]
    assigned.insert(0, "ticket", read.tickets)
    return assigned if read.outcomes is None else assigned.assign(outcome=read.outcomes)


def count_categories(categorizer: Categorizer, assigned: pd.DataFrame) -> pd.DataFrame:
    """Count tickets per category: index ``category``, columns ``tickets`` and ``share``."""
    names = [*categorizer.names, NO_CATEGORY]
    counts = assigned["category"].value_counts().reindex(names, fill_value=0)
    return counts.rename_axis("category").to_frame("tickets").assign(share=counts / len(assigned))
