"""Tickets with their categories, and how many tickets each category has."""

from __future__ import annotations

from trust_router.categories.assigned import assign_tickets, count_categories
from trust_router.categories.categorizer import NO_CATEGORY
from trust_router.inputs.texts import TicketTexts


def test_outcomes_are_carried_over_and_every_category_is_counted(fitted):
    read = TicketTexts(["a", "b", "c"], ["login code", "login code", ""], ["1", "", "0"])
    assigned = assign_tickets(fitted, read)
    assert list(assigned) == ["ticket", "category", "confidence", "outcome"]
    assert assigned["outcome"].tolist() == ["1", "", "0"]
    counts = count_categories(fitted, assigned)
    assert list(counts.index) == [*fitted.names, NO_CATEGORY]
    assert counts.loc[assigned["category"][0], "tickets"] == 2
    assert counts.loc[NO_CATEGORY, "share"] == 1 / 3
    assert counts["tickets"].sum() == 3


def test_tickets_without_outcomes_get_no_such_column(fitted):
    assigned = assign_tickets(fitted, TicketTexts(["a"], ["login code"]))
    assert list(assigned) == ["ticket", "category", "confidence"]
