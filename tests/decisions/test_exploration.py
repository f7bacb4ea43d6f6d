"""What is tried although the rule escalates: where it pays, and else nothing."""

from __future__ import annotations

import numpy as np
import pytest
from support.decided import posterior_of
from support.drawn import drawn
from support.pooled import pool_draws
from support.three_routers import COUNTED, PANEL, STATED

import trust_router as tr
from trust_router.decisions import exploration
from trust_router.decisions.bandit import Trying, trying
from trust_router.decisions.exploration import explore
from trust_router.decisions.tries import Tries

COST = tr.Costs(0.03, 3.0, failure=5.0)


@pytest.fixture(scope="module")
def pool(pooled):
    return pool_draws(*pooled)[0]


def new_tickets(number=20, mean=0.6):
    return tr.Beliefs(
        [f"n{i}" for i in range(number)],
        ["a", "b"],
        np.full((number, 2), 10 * mean),
        np.full((number, 2), 10 * (1 - mean)),
        about="ticket",
        category=["all"] * number,
    )


def costs_at(threshold):
    return tr.Costs(0.0, 3.0, failure=3 / threshold - 3)


def test_categories_are_the_bandits_of_their_share_of_what_comes():
    posterior = posterior_of([22, 20, 0], [3, 15, 0], [0, 10, 4])
    found = explore(posterior, COST, horizon=600)
    table = found.table()
    assert table["rule"].tolist() == tr.decide_all(posterior, COST)["action"].tolist()
    share = np.array([22, 30, 4]) / 56
    for c, (_, row) in enumerate(table.iterrows()):
        exact = trying(posterior.need_distribution().at(c), COST, 600 * share[c])
        escalates = row["rule"] == "escalate"
        tries = escalates and exact.worth > exact.cost
        assert row["cost"] == pytest.approx(exact.cost if escalates else 0)
        assert row["worth"] == (exact.worth if escalates else 0)
        assert row["at_once"] == (exact.at_once if tries else 0)
        assert (row["action"] == "simple first") == (tries or not escalates)
    assert found.tried == ["c2"]
    assert (found.total_worth, found.mcse) == (table.loc["c2", "worth"], 0.0)
    assert (table["probability"] == 1).all()
    assert "1 of 2 escalated categories to be tried: that costs 0.954 USD now" in repr(found)


def test_a_stated_volume_counts_in_place_of_what_was_seen():
    posterior = posterior_of([0, 0], [0, 0])
    found = explore(posterior, COST, horizon=100, volume=[1, 0])
    assert found.tried == ["c0"]
    assert found.table().loc["c1", "worth"] == 0


def test_where_nothing_is_worth_a_try_nothing_is_tried_and_it_says_so():
    posterior = posterior_of([200, 22], [150, 3])
    found = explore(posterior, COST, horizon=1000)
    assert found.tried == []
    assert (found.total_cost, found.total_worth) == (0, 0)
    assert repr(found).startswith("none of 1 escalated category is worth a try: what would be")
    assert found.warnings() == []


def test_a_rule_that_tries_everything_leaves_nothing_to_explore():
    never = tr.Costs(0.0, 10.0)
    assert explore(posterior_of([0], [0]), never, horizon=1e6).tried == []


def test_of_draws_a_gain_within_their_error_counts_as_none(monkeypatch):
    """Need in categories of the switch is drawn; so the cost of a try has an error."""
    rng = np.random.default_rng(1)
    share = rng.dirichlet(np.ones(3), (2, 40))
    within = np.broadcast_to(PANEL.seats.within, (2, 40, 5)) * np.ones((2, 40, 1))
    switch = drawn(PANEL, STATED, COUNTED, tr.Switch(calibration=False), share=share, within=within)
    found = explore(switch, costs_at(0.05), horizon=100)
    assert np.isnan(found.mcse)
    need = switch.need_distribution().given(0.05)
    error = costs_at(0.05).slope * need.error(need.mean)[0]
    assert (error > 0).all()

    def barely(mixture, costs, _):
        loss = float(costs.simple_first(mixture.mean) - costs.escalate(mixture.mean))
        return Trying(loss, loss + factor * error.min(), 3)

    monkeypatch.setattr(exploration, "trying", barely)
    factor = 1.9
    assert explore(switch, costs_at(0.05), horizon=100).tried == []
    factor = 2.1 * error.max() / error.min()
    assert len(explore(switch, costs_at(0.05), horizon=100).tried) == 3


def test_tickets_are_decided_as_the_rule_does_where_nothing_pays(pool):
    new = new_tickets()
    cost = costs_at(float(pool.predict(new).mean[0]) - 0.05)
    rule = tr.decide_tickets(pool.predict(new), cost)
    for horizon in (1, 100, 1e6):  # short: of no use; long: outcomes of easier tickets come anyway
        found = explore(pool, cost, horizon=horizon, beliefs=new)
        table = found.table()
        assert found.tried == []
        assert table["action"].tolist() == rule["action"].tolist()
        np.testing.assert_allclose(table["need"], rule["need"])
        loss = rule["cost_simple_first"] - rule["cost_escalate"]
        np.testing.assert_allclose(table["cost"], loss, atol=1e-12)
        assert list(table.index) == list(new.labels)


def test_of_tickets_that_are_alike_each_is_as_likely_to_be_tried(pool, monkeypatch):
    """The probability in the table is how often that is done, over many seeds."""
    monkeypatch.setattr(
        exploration, "choose_tries", lambda *_: Tries(np.array([5]), np.array([1.0]), 9.0, 0.1)
    )
    new, cost = new_tickets(), costs_at(0.3)
    found = explore(pool, cost, horizon=100, beliefs=new)
    assert explore(pool, cost, horizon=100, beliefs=new).tried == found.tried
    assert explore(pool, cost, horizon=100, beliefs=new, random_seed=1).tried != found.tried
    first = found.table()["action"] == "simple first"
    assert first.sum() == 5
    np.testing.assert_allclose(found.table()["probability"], np.where(first, 0.25, 0.75))
    row, number = np.zeros(20, dtype=int), np.array([5])
    dealt = [exploration._dealt(new.labels, row, number, seed)[0] for seed in range(400)]
    np.testing.assert_allclose(np.mean(dealt, 0), 0.25, atol=5 * np.sqrt(0.25 * 0.75 / 400))
    assert "save 9.00 (Monte Carlo error 0.10) over about 100 tickets to come" in repr(found)
    assert found.total_cost == pytest.approx(5 * found.table()["cost"].iloc[0])


def test_kinds_that_cost_most_are_left_out_and_said(pool, monkeypatch):
    monkeypatch.setattr(exploration, "_ROWS", 2)
    mean = np.linspace(0.6, 0.9, 5)[:, None] * np.ones((5, 2))
    new = tr.Beliefs(
        [f"n{i}" for i in range(5)],
        ["a", "b"],
        10 * mean,
        10 * (1 - mean),
        about="ticket",
        category=["all"] * 5,
    )
    found = explore(pool, costs_at(0.3), horizon=100, beliefs=new)
    assert found.warnings() == ["3 kinds of tickets that cost most to try were not looked at"]


@pytest.mark.parametrize("horizon", [0, -3, np.nan, np.inf, 1e10, "9", True])
def test_a_horizon_is_a_number_of_tickets(exact_posterior, horizon):
    with pytest.raises(ValueError, match="`horizon` must be a number from 1 to 1e"):
        explore(exact_posterior, COST, horizon=horizon)


def test_beliefs_are_those_the_posterior_is_about(exact_posterior, pool):
    with pytest.raises(ValueError, match="leave them out"):
        explore(exact_posterior, COST, horizon=10, beliefs=new_tickets())
    with pytest.raises(ValueError, match="`beliefs` must be given, about the tickets"):
        explore(pool, COST, horizon=10)


def test_where_outcomes_may_be_wrong_the_worth_of_a_try_is_said_to_be_an_upper_bound():
    noisy = tr.solve(PANEL, STATED, COUNTED, noise=tr.Noise())
    with pytest.warns(UserWarning, match="an upper bound where outcomes may be wrong"):
        explore(noisy, COST, horizon=100)
