"""`judges` and `savings` print what Python says, for people and as JSON."""

from __future__ import annotations

import json

import pytest
from support.commands import PANEL

import trust_router as tr
from trust_router.cli.judging import _less, _sure


def test_judges_are_the_table_of_the_posterior(trust_router, pool_posterior, saved_pool):
    code, out, err = trust_router("judges", "--posterior", saved_pool, "--json")
    assert code == 0, err
    found = json.loads(out)
    table, worth = pool_posterior.judges(), tr.insight.judge_worth(pool_posterior).table()
    assert [row["judge"] for row in found["judges"]] == list(table.index)
    for row in found["judges"]:
        assert row["auc"] == pytest.approx(table.auc[row["judge"]])
        assert row["slope_upper"] == pytest.approx(table.slope_upper[row["judge"]])
        assert row["worth"] == pytest.approx(worth.change[row["judge"]])
        assert row["repeated"] == pytest.approx(worth.repeated[row["judge"]])
    said = [finding["sentence"] for finding in found["findings"]]
    assert said == [finding.sentence for finding in tr.insight.check_judges(pool_posterior)]


def test_judges_are_printed_with_intervals_and_what_columns_mean(trust_router, saved_pool):
    code, out, _ = trust_router("judges", "--posterior", saved_pool)
    assert code == 0
    assert "good" in out
    assert "0.5 is a coin" in out
    assert "89% intervals" in out


def test_judges_of_categories_have_what_they_stated_alone(trust_router):
    code, out, _ = trust_router("judges")
    assert code == 0
    assert "gpt-4o-mini" in out
    assert "auc" not in out
    assert "Outcomes say nothing against a judge." in out


def test_savings_are_those_of_python(trust_router, pool_posterior, saved_pool):
    asked = ("savings", "--posterior", saved_pool, "--costs", PANEL, "--tickets", "1000")
    code, out, err = trust_router(*asked, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert (found["tickets"], found["currency"]) == (1000, "USD")
    costs = tr.read_costs(PANEL)
    table = tr.savings(pool_posterior, costs, tickets=1000, random_seed=1).table()
    for row in found["policies"]:
        assert row["cost"] == pytest.approx(table.cost[row["policy"]])
        assert row["saving_upper"] == pytest.approx(table.saving_upper[row["policy"]])
    shown = trust_router(*asked)[1]
    assert "USD for 1,000 tickets" in shown
    assert shown.count("against") == 2


def test_savings_need_costs(trust_router, saved_pool):
    code, _, err = trust_router("savings", "--posterior", saved_pool)
    assert code == 2
    assert "no costs are stated; give --costs FILE" in err


def test_savings_of_the_bundled_example_are_exact(trust_router):
    code, out, _ = trust_router("savings")
    assert code == 0
    assert "138.4" in out


def test_nothing_is_saved_with_a_minus_sign_or_for_sure():
    assert _less(-3.0, -4.0, -2.0, "USD") == "costs 3.00 USD more [2.00, 4.00]"
    assert _less(3.0, 2.0, 4.0, "USD") == "saves 3.00 USD [2.00, 4.00]"
    assert _sure(1.0) == "above 99.9%"
    assert _sure(0.0) == "below 0.1%"
    assert _sure(0.5) == "50.0%"
