"""Savings are posterior distributions, and their tables are what their draws say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import special
from support.decided import (
    CATEGORY,
    COSTS,
    DRAWS,
    assert_frequency,
    assert_within_five_errors,
    every_cost,
)
from support.drawn import drawn, tickets
from support.drifted import drifted

import trust_router as tr
from trust_router.decisions.costs import Costs
from trust_router.decisions.deciding import decide_all
from trust_router.decisions.needs import _as_a_whole, shares
from trust_router.decisions.policies import savings
from trust_router.inputs.beliefs import Beliefs


@every_cost
def test_savings_expect_what_their_draws_average(three, cost):
    result = savings(three, cost, draws=DRAWS, random_seed=3)
    for p in range(len(result.policies)):
        assert_within_five_errors(result.draws[p], result.expected[p])
        assert_within_five_errors(result.failures[p], result.expected_failures[p])


@every_cost
def test_the_policy_decide_costs_what_its_actions_cost_and_is_the_cheapest(three, cost):
    result, table = savings(three, cost, tickets=1, draws=2), decide_all(three, cost)
    share = np.array([22, 30, 4]) / 56  # tickets seen, with or without an outcome
    expected = table[["cost_simple_first", "cost_escalate"]].min(axis=1)
    assert result.expected[2] == pytest.approx(share @ expected, rel=1e-12)
    assert result.expected[2] <= result.expected.min() + 1e-12
    quiet = np.where(table["action"] == "escalate", 0, table["need"])
    assert result.expected_failures[2] == pytest.approx(share @ quiet, rel=1e-12)


def test_probabilities_of_saving_and_of_failing_too_often_are_the_exact_ones(exact_posterior):
    cost, need = COSTS["dear failure"], exact_posterior.mixture(CATEGORY)
    table = savings(exact_posterior, cost, draws=DRAWS, random_seed=5).table(max_failures=0.15)
    row = table.loc["all simple first"]
    assert_frequency(row["p_saves"], float(need.cdf(cost.threshold)), DRAWS)
    assert_frequency(row["p_too_many_failures"], float(need.sf(0.15)), DRAWS)
    ends = 100 * cost.simple_first(np.stack(need.interval(0.89)))
    assert row[["cost_lower", "cost_upper"]].tolist() == pytest.approx(ends.tolist(), rel=0.01)
    assert table.loc["all complex", ["saving", "p_saves", "failures"]].tolist() == [0, 0, 0]


def test_savings_scale_with_tickets_follow_the_volume_and_the_seed(three, costs):
    one, many = (savings(three, costs, tickets=t, draws=9, random_seed=1) for t in (1, 1000))
    np.testing.assert_allclose(1000 * one.draws, many.draws, rtol=1e-12)
    last = savings(three, costs, volume=[0, 0, 7], tickets=1, draws=9)
    need = three.mixtures().mean[2]
    assert last.expected[:2] == pytest.approx([3.0, float(costs.simple_first(need))], rel=1e-12)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"volume": [1, 2]}, r"`volume` must be 3 numbers of 0 or more.*got \[1, 2\]"),
        ({"volume": [1, 2, -1]}, "`volume` must be 3 numbers of 0 or more"),
        ({"volume": [0, 0, 0]}, "`volume` must have a positive, finite sum"),
        ({"tickets": 0}, "`tickets`"),
        ({"draws": -1}, "`draws`"),
    ],
)
def test_invalid_arguments_of_savings_are_refused(three, costs, options, message):
    with pytest.raises(ValueError, match=message):
        savings(three, costs, **options)


@pytest.mark.parametrize("tickets", [0, -5, 2.0])
def test_amounts_per_no_tickets_are_refused(exact_posterior, costs, tickets):
    with pytest.raises(ValueError, match=f"`tickets` must be a whole number .* got {tickets}"):
        savings(exact_posterior, costs, tickets=tickets)


def test_against_a_free_complex_model_nothing_is_saved(exact_posterior):
    table = savings(exact_posterior, Costs(0.5, 0.0, failure=1.0), draws=99).table()
    assert table["p_saves"].tolist() == [0, 0, 0]


def test_deciding_each_ticket_never_costs_more_than_by_category(pool_posterior, costs):
    saved = savings(pool_posterior, costs, random_seed=1)
    assert saved.policies == ("all complex", "all simple first", "decide", "decide each ticket")
    assert saved.expected[3] <= saved.expected[2] <= min(saved.expected[:2]) + 1e-9
    rows = pool_posterior.rows
    need = pool_posterior.need_draws(rows).mean(axis=0)
    weight = rows.number / rows.number.sum()
    cheapest = np.minimum(costs.simple_first(need), costs.escalate(need)) @ weight
    assert saved.expected[3] == pytest.approx(100 * cheapest, rel=0.01)
    assert saved.escalated[3] == pytest.approx((need > costs.threshold) @ weight, abs=0.03)
    np.testing.assert_allclose(saved.draws.mean(axis=1), saved.expected)


def test_savings_of_other_objects_say_what_is_meant(seed, costs, exact_posterior):
    with pytest.raises(TypeError, match="`posterior` must be a Posterior; got a Panel: the order"):
        savings(seed[0], costs)
    with pytest.raises(TypeError, match=r"`costs` must be Costs; got .*Costs\(simple, complex\)"):
        savings(exact_posterior, {"simple": 1, "complex": 2})


def pooled(category, number=60):
    """A pool of one judge with draws by hand, fitted to tickets some of which have no category."""
    rng = np.random.default_rng(1)
    mean = rng.uniform(0.05, 0.95, number)
    names = [f"t{i}" for i in range(number)]
    beliefs = Beliefs(
        names,
        ["j"],
        10 * mean[:, None],
        10 * (1 - mean[:, None]),
        about="ticket",
        category=category,
    )
    known = [i for i in range(number) if category[i]]
    outcomes = tr.read_outcomes(
        pd.DataFrame(
            {
                "ticket": [names[i] for i in known],
                "category": [category[i] for i in known],
                "outcome": (mean[known] > 0.5).astype(int),
            }
        )
    )
    panel = tr.Panel([tr.Router("r", {"j": 1.0})])
    shape = (2, 30)
    return drawn(
        panel,
        beliefs,
        outcomes,
        tr.Pool(category_effects=False, scale="log odds"),
        gain=rng.normal(1.6, 0.1, shape),
        intercept=rng.normal(-0.5, 0.1, shape),
        bend=np.abs(rng.normal(0, 0.1, shape)),
    )


@pytest.mark.parametrize("without", [0, 20, 59])
def test_tickets_without_a_category_count_once_and_shares_sum_to_one(without):
    posterior = pooled(([""] * without + ["a", "b"] * 30)[:60])
    cost = Costs(0.03, 3.0, failure=5.0)
    result = savings(posterior, cost)
    table = result.table()
    assert table.loc["all complex", "cost"] == pytest.approx(300, rel=1e-12)
    assert table.loc["all complex", "escalated"] == pytest.approx(1, rel=1e-12)
    assert table["escalated"].between(0, 1 + 1e-12).all()
    rows = posterior.rows
    each = posterior.need_draws(rows, 10_000).mean(axis=0)
    paid = np.minimum(cost.simple_first(each), cost.escalate(each))
    expected = 100 * (paid @ rows.number) / rows.number.sum()
    assert table.loc["decide each ticket", "cost"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("number", "escalates"), [([1, 3, 9], True), ([3, 1, 9], False)])
def test_tickets_without_a_category_are_decided_for_by_the_mean_of_all_of_them(number, escalates):
    """Rows stand for several tickets; what the category's own row needs has no say."""
    posterior = pooled([""] * 2 + ["a"] * 4, number=6)
    rows = replace(
        posterior.rows.take(np.arange(3)),
        category=np.array([-1, -1, 0]),
        number=np.array(number),
    )
    cost = Costs(0.03, 3.0, failure=5.0)  # threshold .371
    chosen = _as_a_whole(rows, np.array([False]), np.array([0.1, 0.6, 0.9]), cost)
    assert chosen.tolist() == [escalates, escalates, False]


def test_a_stated_volume_is_one_of_categories_and_sums_to_one():
    posterior = pooled([""] * 20 + ["a", "b"] * 20)
    table = savings(posterior, Costs(0.03, 3.0, failure=5.0), volume=[5, 1]).table()
    assert table.loc["all complex", "cost"] == pytest.approx(300, rel=1e-12)
    assert table.loc["all complex", "escalated"] == pytest.approx(1, rel=1e-12)


def test_volume_of_a_category_without_tickets_is_refused():
    posterior = pooled(["a", "b"] * 30)
    rows = posterior.rows
    with pytest.raises(ValueError, match="category 'c', of which no ticket was seen"):
        shares(replace(rows, categories=("a", "b", "c")), [1, 1, 1])


@pytest.mark.parametrize("name", ["seed", "wrong escalation", "dearer failure"])
def test_savings_are_what_a_loop_over_tickets_pays(name):
    """Tickets of which half have no outcome, and many look alike."""
    cost, rng = COSTS[name], np.random.default_rng(6)
    stated = rng.choice([0.1, 0.3, 0.5, 0.8], 40)
    kind = rng.choice(["a", "b"], 40)
    outcome = np.where(rng.random(40) < 0.5, rng.integers(0, 2, 40), -1)
    given = tickets({"j": stated}, [None if y < 0 else y for y in outcome], kind)
    panel = tr.Panel([tr.Router("r", {"j": 1.0})])
    intercept, gain = rng.normal(-0.5, 0.7, (2, 30)), rng.lognormal(0.5, 0.4, (2, 30))
    model = tr.Pool(category_effects=False, scale="log odds")
    posterior = drawn(panel, *given, model, intercept=intercept, gain=gain, bend=0 * gain)
    result = savings(posterior, cost, draws=60, tickets=10)
    unit = np.pi / np.sqrt(3)
    score = (special.digamma(10 * stated) - special.digamma(10 - 10 * stated)) / unit
    need = special.expit(intercept.ravel()[:, None] + gain.ravel()[:, None] * score)
    together = {c: need[:, kind == c].mean() for c in "ab"}
    rules = [
        [True] * 40,
        [False] * 40,
        [together[k] > cost.threshold for k in kind],
        [need[:, i].mean() > cost.threshold for i in range(40)],
    ]
    for p, rule in enumerate(rules):
        paid, failed = np.zeros(60), np.zeros(60)
        for i, escalates in enumerate(rule):
            if escalates:
                paid += cost.complex + (1 - need[:, i]) * cost.wrong_escalation
            else:
                paid += cost.simple + need[:, i] * (cost.complex + cost.failure)
                failed += need[:, i]
        assert result.escalated[p] == pytest.approx(sum(rule) / 40)
        assert result.expected[p] == pytest.approx(paid.mean() / 4)
        assert result.expected_failures[p] == pytest.approx(failed.mean() / 40)
        np.testing.assert_allclose(np.sort(result.draws[p]), np.sort(paid / 4))
        np.testing.assert_allclose(np.sort(result.failures[p]), np.sort(failed / 40))
    table = result.table(max_failures=0.3, ci_prob=0.8)
    low, high = np.quantile(result.draws, [0.1, 0.9], axis=1)
    ratio = 1 - result.draws / result.draws[0]
    expected = {
        "cost_lower": low,
        "cost_upper": high,
        "saving": ratio.mean(axis=1),
        "saving_lower": np.quantile(ratio, 0.1, axis=1),
        "saving_upper": np.quantile(ratio, 0.9, axis=1),
        "p_saves": (result.draws < result.draws[0]).mean(axis=1),
        "p_too_many_failures": (result.failures > 0.3).mean(axis=1),
    }
    for column, values in expected.items():
        np.testing.assert_allclose(table[column], values, atol=1e-12)


def test_where_nothing_was_counted_all_categories_are_as_large(categories):
    panel, beliefs, _ = categories
    nothing = tr.Outcomes(["x", "y", "z"], trials=[0, 0, 0], needs=[0, 0, 0])
    posterior = tr.solve(panel, beliefs, nothing)
    result = savings(posterior, Costs(1.0, 4.0, failure=2.0), tickets=1, draws=5)
    assert result.expected[1] == pytest.approx(1 + 6 * posterior.mixtures().mean.mean())
    assert result.escalated.tolist()[:2] == [1, 0]


def test_policies_and_columns_of_the_table_bear_their_names(three, costs):
    table = savings(three, costs, draws=9).table()
    assert table.index.tolist() == ["all complex", "all simple first", "decide"]
    assert table.index.name == "policy"
    assert savings(three, costs, draws=9, tickets=7).tickets == 7
    assert savings(three, Costs(1, 2, currency="EUR"), draws=9).currency == "EUR"


def test_a_category_that_was_never_seen_may_have_a_volume_where_it_has_beliefs(categories):
    panel, beliefs, _ = categories
    posterior = tr.solve(panel, beliefs, tr.Outcomes(["x", "y", "z"], [9, 0, 4], [3, 0, 1]))
    cost = Costs(1.0, 4.0, failure=2.0)
    result = savings(posterior, cost, volume=[1, 3, 0], tickets=1, draws=5)
    need = posterior.mixtures().mean
    assert result.expected[1] == pytest.approx(1 + 6 * (need[0] + 3 * need[1]) / 4)


def test_a_pool_that_drifts_decides_for_the_last_period_of_all_tickets():
    posterior = drifted()  # need rises by 1.5 in the log odds half way
    result = savings(posterior, Costs(0.03, 3.0, failure=5.0))
    now = posterior.need_draws(posterior.rows.timeless()).mean(axis=0)
    weight = posterior.rows.number / posterior.rows.number.sum()
    assert result.expected_failures[1] == pytest.approx(now @ weight, rel=1e-9)
    then = posterior.need_draws(posterior.rows).mean(axis=0) @ weight
    assert result.expected_failures[1] > then + 0.1
