"""Decisions agree with brute force, and money always comes with its uncertainty."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trust_router.examples.source_costs import source_costs

from trust_router.decisions.costs import Costs, read_costs
from trust_router.decisions.deciding import Decision, decide, decide_all
from trust_router.decisions.policies import savings
from trust_router.decisions.routing import route
from trust_router.examples import load_seed
from trust_router.inputs.beliefs import Beliefs, stated_beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel, Router
from trust_router.learning.posterior import Posterior
from trust_router.learning.solving import solve

CATEGORY, TRUSTED = "transfer failed", ("simple", "medium", "complex")
DRAWS = 40_000
COSTS = {
    "seed": Costs(0.03, 3.0, failure=5.0),
    "dear failure": Costs(0.03, 3.0, failure=14.5),
    "dearer failure": Costs(0.03, 3.0, failure=40.0),
    "wrong escalation": Costs(0.2, 1.0, failure=1.0, wrong_escalation=2.5),
    "simple dearer": Costs(5.0, 1.0, failure=2.0),
    "escalating never pays": Costs(0.0, 10.0),
}
every_cost = pytest.mark.parametrize("cost", COSTS.values(), ids=COSTS)
amount = st.floats(0, 1e4)


def posterior_of(trials: list[int], needs: list[int], missing: list[int] | None = None):
    panel, _, _ = load_seed()
    outcomes = Outcomes([f"c{i}" for i in range(len(trials))], trials, needs, missing)
    return solve(panel, stated_beliefs(panel, outcomes.categories), outcomes)


@pytest.fixture(scope="module")
def three() -> Posterior:  # categories where need is rare, common and unknown
    return posterior_of([22, 20, 0], [3, 15, 0], [0, 10, 4])


def assert_within_five_errors(draws: np.ndarray, expected: float) -> None:
    error = draws.std(ddof=1) / math.sqrt(draws.size)
    # One draw of size 1 is granted, for events so rare that none is drawn.
    assert abs(draws.mean() - expected) <= 5 * error + 1 / draws.size


def assert_frequency(got: float, p: float, draws: int) -> None:
    assert abs(got - p) <= 5 * math.sqrt(p * (1 - p) / draws)


@pytest.mark.parametrize(
    ("cost", "threshold"),
    [
        (Costs(0.03, 3.0, failure=5.0), 2.97 / 8),
        (Costs(0.2, 1.0, 1.0, wrong_escalation=2.5), 3.3 / 4.5),
        (Costs(5.0, 1.0), -4.0),
    ],
)
def test_threshold_is_where_both_actions_cost_the_same(cost, threshold):
    assert cost.threshold == pytest.approx(threshold, rel=1e-14)
    assert cost.simple_first(threshold) == pytest.approx(cost.escalate(threshold), rel=1e-12)


@given(amounts=st.tuples(amount, st.floats(0.01, 1e4), amount, amount), need=st.floats(0, 1))
def test_escalating_is_cheaper_exactly_above_the_threshold(amounts, need):
    cost, slope = Costs(*amounts), sum(amounts[1:])
    gain = cost.simple_first(need) - cost.escalate(need)
    assert gain == pytest.approx(slope * (need - cost.threshold), rel=1e-9, abs=1e-9 * (1 + slope))


def test_a_failed_simple_answer_is_escalated_and_a_needless_escalation_paid_for():
    cost = Costs(1, 10, failure=100, wrong_escalation=7)
    assert cost.simple_first([0, 1]).tolist() == [1, 111]
    assert cost.escalate([0, 1]).tolist() == [17, 10]


def test_costs_may_be_numpy_numbers():
    assert Costs(np.int64(1), np.float32(2)) == Costs(1.0, 2.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"simple": -1}, "cost `simple` must be a number of 0 or more; got -1"),
        ({"complex": math.nan}, "cost `complex` must be a number of 0 or more; got nan"),
        ({"failure": math.inf}, "cost `failure` must be a number of 0 or more; got inf"),
        ({"wrong_escalation": True}, "cost `wrong_escalation` must be a number .* got True"),
        ({"simple": "1"}, "cost `simple` must be a number of 0 or more; got '1'"),
        ({"currency": 3}, "`currency` must be text; got 3"),
        ({"complex": 0}, "cannot all be 0; then no decision depends on need"),
    ],
)
def test_invalid_costs_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Costs(**({"simple": 1, "complex": 2} | arguments))


FULL = 'simple = 1\ncomplex = 2\nfailure = 3\nwrong_escalation = 4\ncurrency = "EUR"\n'


def test_costs_are_read_from_the_panels_file(tmp_path, costs):
    path = tmp_path / "panel.toml"
    path.write_text("[costs]\n" + FULL)
    assert read_costs(path) == Costs(1, 2, 3, 4, "EUR")
    assert costs == Costs(0.03, 3.0, 5.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"panel.toml has no table \[costs\]; state at least `simple` and `complex`"),
        ("[costs]\nsimple = 1", r"panel.toml: \[costs\] does not state `complex`"),
        ("[costs]\ncomplex = 1", r"panel.toml: \[costs\] does not state `simple`"),
        (f"[costs]\n{FULL}fail = 1", r"panel.toml: unknown key 'fail' in \[costs\]; allowed are"),
        ("[costs]\nsimple = 1\ncomplex = -2", "panel.toml: cost `complex` must be .* got -2"),
        ("[costs]\nsimple = 1\ncomplex = '2'", "panel.toml: cost `complex` must be .* got '2'"),
    ],
)
def test_an_invalid_table_of_costs_is_refused(tmp_path, text, message):
    path = tmp_path / "panel.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_costs(path)
    with pytest.raises(FileNotFoundError, match=r"there is no .* file '.*nowhere.toml'"):
        read_costs(tmp_path / "nowhere.toml")


@every_cost
def test_a_decision_is_what_brute_force_finds(three, cost):
    need = three.mixtures().sample(DRAWS, random_seed=7)
    for c, (category, row) in enumerate(decide_all(three, cost).iterrows()):
        first, straight = cost.simple_first(need[:, c]), cost.escalate(need[:, c])
        assert_within_five_errors(need[:, c], row["need"])
        assert_within_five_errors(first, row["cost_simple_first"])
        assert_within_five_errors(straight, row["cost_escalate"])
        cheaper = row["cost_escalate"] < row["cost_simple_first"]
        assert row["action"] == ("escalate" if cheaper else "simple first")
        paid, other = (straight, first) if cheaper else (first, straight)
        assert_within_five_errors((paid <= other).astype(float), row["certainty"])
        assert_within_five_errors(paid - np.minimum(first, straight), row["expected_loss"])
        assert Decision(category, **row) == decide(three, category, cost)


@every_cost
@pytest.mark.parametrize(("trials", "needs"), [(22, 3), (20, 15), (0, 0), (1, 1), (400, 150)])
def test_value_of_an_outcome_is_what_updating_with_one_more_gives(trials, needs, cost):
    def least(posterior: Posterior) -> float:
        need = posterior.mixture("c0").mean
        return float(min(cost.simple_first(need), cost.escalate(need)))

    now = posterior_of([trials], [needs])
    chance = float(now.mixture("c0").mean)
    after = [least(posterior_of([trials + 1], [needs + y])) for y in (0, 1)]
    expected = least(now) - (1 - chance) * after[0] - chance * after[1]
    assert decide(now, "c0", cost).value_of_outcome == pytest.approx(expected, abs=1e-10)


def test_an_outcome_is_worth_something_only_if_it_can_change_the_action(exact_posterior):
    assert decide(exact_posterior, CATEGORY, COSTS["dear failure"]).value_of_outcome > 1e-3
    assert decide(exact_posterior, CATEGORY, COSTS["seed"]).value_of_outcome == 0


@every_cost
def test_no_information_is_worth_more_than_knowing_need(three, cost):
    table = decide_all(three, cost)
    for name in ("value_of_outcome", "value_of_router"):
        assert (table[name] >= 0).all()
        assert (table[name] <= table["expected_loss"] + 1e-12).all()


@every_cost
def test_value_of_the_router_is_what_deciding_by_each_routers_need_saves(three, cost):
    table = decide_all(three, cost)
    need = np.stack([three.mixtures(name).mean for name in three.panel.router_names], axis=1)
    known = (three.trust_mean * np.minimum(cost.simple_first(need), cost.escalate(need))).sum(1)
    now = table[["cost_simple_first", "cost_escalate"]].min(axis=1)
    np.testing.assert_allclose(table["value_of_router"], now - known, rtol=0, atol=1e-10)


@pytest.mark.parametrize(("ask", "more"), [(decide, COSTS), (route, COSTS), (source_costs, {})])
def test_an_unknown_category_is_refused(exact_posterior, ask, more):
    with pytest.raises(ValueError, match="unknown category 'z'; outcomes know 1"):
        ask(exact_posterior, "z", *list(more.values())[:1])


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


def test_against_a_free_complex_model_nothing_is_saved(exact_posterior):
    table = savings(exact_posterior, Costs(0.5, 0.0, failure=1.0), draws=99).table()
    assert table["p_saves"].tolist() == [0, 0, 0]


def test_routes_follow_trust_and_the_mixtures_and_repeat_with_the_seed(exact_posterior):
    cost, tickets = COSTS["dear failure"], 4000
    routed = route(exact_posterior, CATEGORY, cost, tickets=tickets, random_seed=2)
    again = route(exact_posterior, CATEGORY, cost, tickets=tickets, random_seed=2)
    assert again == routed
    assert all(r.escalate == (r.need > cost.threshold) for r in routed)
    counts = Counter(r.router for r in routed)
    for name, trust in zip(TRUSTED, exact_posterior.trust_mean[0], strict=True):
        assert_frequency(counts[name] / tickets, trust, tickets)
        drawn = np.array([r.need for r in routed if r.router == name])
        assert_within_five_errors(drawn, float(exact_posterior.mixture(CATEGORY, name).mean))
    above = float(exact_posterior.mixture(CATEGORY).sf(cost.threshold))
    assert_frequency(np.mean([r.escalate for r in routed]), above, tickets)


@pytest.mark.parametrize("tickets", [0, -1, 2.0, True, "3"])
def test_route_refuses_a_number_of_tickets_that_is_none(exact_posterior, costs, tickets):
    with pytest.raises(ValueError, match=f"`tickets` must be a whole number .* got {tickets!r}"):
        route(exact_posterior, CATEGORY, costs, tickets=tickets)


@pytest.mark.parametrize("tickets", [0, -5, 2.0])
def test_amounts_per_no_tickets_are_refused(exact_posterior, costs, tickets):
    for ask in (
        lambda: source_costs(exact_posterior, CATEGORY, tickets=tickets),
        lambda: savings(exact_posterior, costs, tickets=tickets),
    ):
        with pytest.raises(ValueError, match=f"`tickets` must be a whole number .* got {tickets}"):
            ask()


def test_the_sources_arithmetic_gives_the_sources_costs(exact_posterior):
    result = source_costs(exact_posterior, CATEGORY)
    assert (result.all_last, result.tickets) == (300.0, 100)
    assert result.weighted == pytest.approx(59.44, abs=0.005)
    assert 100 * result.weighted_saving == pytest.approx(80.2, abs=0.05)
    assert result.escalating == pytest.approx(63.2, abs=0.05)
    assert 100 * result.escalating_saving == pytest.approx(78.9, abs=0.05)


@pytest.mark.parametrize(
    ("prices", "message"),
    [
        ((None, 3.0), "router 'a' has no `price`; the source's costs need it"),
        ((1.0, 0.0), "`price` of the last router is 0; nothing can be saved against it"),
    ],
)
def test_the_sources_arithmetic_needs_prices(prices, message):
    a, b = (Router(n, {"j": 1}, price=p) for n, p in zip("ab", prices, strict=True))
    held = Beliefs(["c"], ["j"], [[1]], [[1]])
    posterior = solve(Panel([a, b]), held, Outcomes(["c"], [1], [0]))
    with pytest.raises(ValueError, match=message):
        source_costs(posterior, "c")


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
