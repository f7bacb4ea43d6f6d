"""What is advised has stood up to the past, and what it saves is the difference of two policies."""

from __future__ import annotations

import numpy as np
import pytest
from support.desk import desk, turned

import trust_router as tr
from trust_router.decisions.gains import advised, compared_with, gain_of

COSTS = tr.Costs(0.03, 3.0, failure=5.0)
ALL = ("all complex", "all simple first", "decide", "decide each ticket", "as today")


@pytest.fixture(scope="module")
def posterior():
    return desk()


@pytest.fixture(scope="module")
def saved(posterior):
    return tr.savings(posterior, COSTS, random_seed=1)


def test_the_finest_rule_is_advised_and_never_what_is_done_today(posterior):
    assert advised(posterior.foretold, COSTS, ALL) == ("decide each ticket", ())
    assert advised(posterior.foretold, COSTS, ALL[:3]) == ("decide", ())
    assert advised(None, COSTS, ALL) == ("decide each ticket", ())  # nothing speaks against it


def test_where_the_past_speaks_against_rules_a_constant_is_advised_and_each_is_told():
    past = turned(desk(answered=False)).foretold
    name, against = advised(past, COSTS, ALL)
    assert name in ALL[:2]
    assert [said.split(" would")[0] for said in against] == [
        "Deciding ticket by ticket",
        "Deciding by category",
    ]


def test_today_is_compared_with_where_it_is_known():
    assert compared_with(ALL) == "as today"
    assert compared_with(ALL[:4]) == "all complex"


def test_a_gain_is_the_difference_of_two_costs_a_ticket(saved):
    table = saved.table()
    gain = gain_of(saved, "decide each ticket", "as today")
    less = (table.cost["as today"] - table.cost["decide each ticket"]) / saved.tickets
    assert gain.mean == pytest.approx(less)
    assert gain.lower < gain.mean < gain.upper
    assert gain.share == pytest.approx(less / (table.cost["as today"] / saved.tickets))
    assert gain.probability == pytest.approx(np.mean(saved.draws[3] < saved.draws[4]))


def test_nothing_is_a_share_of_what_is_free(posterior):
    free = tr.Costs(0.0, 0.0, failure=1.0)
    found = tr.savings(posterior, free, random_seed=1)
    assert np.isnan(gain_of(found, "all simple first", "all complex").share)
