"""Costs of tickets come in their order, and whatever is wrong is said with the ticket."""

from __future__ import annotations

import pandas as pd
import pytest

from trust_router.decisions.costs import Costs
from trust_router.decisions.ticket_costs import costs_of_tickets

TICKETS = ("t1", "t2")
TABLE = pd.DataFrame(
    {"ticket": ["t2", "t3", "t1"], "simple": [2.0, 3.0, 1.0], "complex": [20.0, 30, 10]}
)


def test_costs_that_are_the_same_for_all_stay_as_they_are():
    costs = Costs(1, 2)
    assert costs_of_tickets(costs, TICKETS) is costs


@pytest.mark.parametrize("table", [TABLE, TABLE.set_index("ticket")])
def test_a_table_is_brought_into_the_order_of_the_tickets(table):
    costs = costs_of_tickets(table, TICKETS)
    assert costs.simple.tolist() == [1, 2]
    assert costs.complex.tolist() == [10, 20]
    assert costs.failure.tolist() == [0, 0]
    assert costs.average() == Costs(1.5, 15)


@pytest.mark.parametrize(
    ("costs", "message"),
    [
        (TABLE.drop(index=2), "no row for ticket 't1'"),
        (pd.concat([TABLE, TABLE]), "two rows for ticket 't2'"),
        (TABLE.drop(columns="simple"), "no column 'simple'"),
        (TABLE.assign(price=1), "unknown column 'price' of `costs`; allowed are"),
        (TABLE.assign(complex=[20, 30, -1.0]), "`complex` must be .* -1.* for ticket 't1'"),
        (TABLE.assign(complex=[float("nan"), 30, 1]), "`complex` must be .* for ticket 't2'"),
        ([Costs(1, 2)], "one for each of 2 tickets; got 1"),
        ([Costs(1, 2), Costs(1, 2, currency="EUR")], "one currency; got EUR, USD|'EUR', 'USD'"),
    ],
)
def test_what_does_not_fit_is_refused(costs, message):
    with pytest.raises(ValueError, match=message):
        costs_of_tickets(costs, TICKETS)


@pytest.mark.parametrize("costs", ["costs.toml", 3, [1, 2]])
def test_what_are_no_costs_is_refused(costs):
    with pytest.raises(TypeError, match="`costs` must"):
        costs_of_tickets(costs, TICKETS)


def test_of_no_tickets_there_are_no_costs():
    for costs in ([], TABLE):
        found = costs_of_tickets(costs, ())
        assert found.simple.tolist() == []
        assert found.currency == Costs(0, 1).currency


def test_every_amount_of_a_table_arrives():
    table = TABLE.assign(failure=[5.0, 6, 4], wrong_escalation=[0.5, 0.6, 0.4], currency="EUR")
    found = costs_of_tickets(table, ("t3", "t1"))
    amounts = (found.simple, found.complex, found.failure, found.wrong_escalation)
    assert [each.tolist() for each in amounts] == [[3, 1], [30, 10], [6, 4], [0.6, 0.4]]
    assert found.currency == "EUR"
    assert found.average() == Costs(2, 20, failure=5, wrong_escalation=0.5, currency="EUR")
    assert found.take(slice(1)).average() == Costs(3, 30, 6, 0.6, "EUR")
