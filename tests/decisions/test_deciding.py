"""Decisions agree with brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import special, stats
from support.decided import COSTS, DRAWS, assert_within_five_errors, every_cost, posterior_of
from support.drawn import drawn
from support.exported import asked, pool
from support.three_routers import COUNTED, PANEL, STATED

import trust_router as tr
from trust_router.basics.warned import JudgeWarning
from trust_router.decisions.deciding import decide, decide_all
from trust_router.decisions.tickets import decide_tickets


def sampled(seed, number=400):
    """The switch over categories whose weights and judges are known from independent draws."""
    rng = np.random.default_rng(seed)
    shape = (2, number // 2)
    within = np.concatenate(
        [rng.dirichlet(5 * np.array(w), shape) for w in ([0.6, 0.4], [0.7, 0.3], [1.0])], axis=-1
    )
    judges = {
        "bias": rng.normal(0, 0.5, (*shape, 3)),
        "slope": rng.normal(1, 0.2, (*shape, 3)),
        "sharpness": rng.normal(0, 0.3, (*shape, 3)),
    }
    share = rng.dirichlet(20 * PANEL.share, shape)
    return drawn(PANEL, STATED, COUNTED, tr.Switch(), share=share, within=within, **judges)


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
        single = decide(three, category, cost)
        assert {name: getattr(single, name) for name in row.index if "_mcse" not in name} == {
            name: value for name, value in row.items() if "_mcse" not in name
        }
        assert set(single.mcse.values()) == {0.0}  # nothing is sampled


def test_an_unknown_category_is_refused(exact_posterior):
    with pytest.raises(ValueError, match="unknown category 'z'; outcomes know 1"):
        decide(exact_posterior, "z", COSTS["seed"])


def test_errors_of_a_sampled_decision_are_those_seen_between_refits():
    tables = [decide_all(sampled(seed), COSTS["seed"]) for seed in range(20)]
    for name in ("need", "certainty", "cost_escalate", "cost_simple_first", "expected_loss"):
        values = np.array([table[name] for table in tables])
        stated = np.array([table[f"{name}_mcse"] for table in tables]).mean(axis=0)
        seen = values.std(axis=0, ddof=1)
        wide = seen > 1e-9
        assert wide.any() or name == "cost_escalate"
        assert (stated[wide] / seen[wide] > 0.6).all(), name
        assert (stated[wide] / seen[wide] < 1.6).all(), name


def test_parts_of_a_sampled_decision_add_up():
    """Trust times need of each router is need, however few the draws."""
    posterior = sampled(1, number=50)
    need = posterior.need_distribution()
    parts = [posterior.mixtures(name).mean for name in posterior.panel.router_names]
    total = (posterior.trust_mean * np.stack(parts, axis=1)).sum(axis=1)
    np.testing.assert_allclose(total, need.mean, rtol=1e-12)
    np.testing.assert_allclose(decide_all(posterior, COSTS["seed"])["need"], need.mean, rtol=1e-12)


@pytest.mark.parametrize("number", [20, 400])
def test_knowing_the_router_is_worth_nothing_where_all_routers_would_do_the_same(number):
    table = decide_all(sampled(2, number=number), tr.Costs(0.03, 3.0, failure=0.001))
    assert (table["value_of_router"] == 0).all()


def test_other_objects_are_told_by_name_with_what_to_call(exact_posterior):
    cost = COSTS["seed"]
    for ask in (lambda p, c: decide(p, "c0", c), decide_all):
        with pytest.raises(TypeError, match="`costs` must be Costs; got None; make it with `Costs"):
            ask(exact_posterior, None)
        with pytest.raises(
            TypeError, match=r"`posterior` must be a Posterior; got 'p.nc'; read it"
        ):
            ask("p.nc", cost)
        with pytest.raises(TypeError, match="must be a Posterior; got Costs: the order is"):
            ask(cost, exact_posterior)
    with pytest.raises(TypeError, match=r"must be a Prediction; .* `posterior.predict"):
        decide_tickets(exact_posterior, cost)


def by_hand(panel, trials, needs, cost):
    """All numbers of a decision, seat by seat, with integrals over a grid."""
    beliefs = tr.stated_beliefs(panel, ["c0"])
    router_of, need_of, weight = [], [], []
    for r, router in enumerate(panel.routers):
        for name, within in router.judges.items():
            j = panel.judge_names.index(name)
            a, b = beliefs.alpha[0, j], beliefs.beta[0, j]
            evidence = special.betaln(a + needs, b + trials - needs) - special.betaln(a, b)
            router_of.append(r)
            need_of.append(stats.beta(a + needs, b + trials - needs))
            weight.append(np.exp(evidence) * within * panel.share[r])
    weight = np.array(weight) / sum(weight)
    mean = np.array([d.mean() for d in need_of])
    t, slope = cost.threshold, cost.complex + cost.failure + cost.wrong_escalation

    def least(p):
        first = cost.simple + p * (cost.complex + cost.failure)
        return min(first, cost.complex + (1 - p) * cost.wrong_escalation)

    need = weight @ mean
    above = sum(w * d.sf(t) for w, d in zip(weight, need_of, strict=True))
    escalates = slope * (need - t) > 0
    grid = np.linspace(0, t, 4001) if escalates else np.linspace(t, 1, 4001)
    tail = sum(
        w * (d.cdf(grid) if escalates else d.sf(grid)) for w, d in zip(weight, need_of, strict=True)
    )
    chance = [weight[np.array(router_of) == r].sum() for r in range(len(panel.routers))]
    given = [
        (weight * mean)[np.array(router_of) == r].sum() / chance[r]
        for r in range(len(panel.routers))
    ]
    one = sum(w * (d.var() + d.mean() ** 2) for w, d in zip(weight, need_of, strict=True))
    after = need * least(one / need) + (1 - need) * least((need - one) / (1 - need))
    return {
        "need": need,
        "threshold": t,
        "certainty": above if escalates else 1 - above,
        "cost_simple_first": cost.simple + need * (cost.complex + cost.failure),
        "cost_escalate": cost.complex + (1 - need) * cost.wrong_escalation,
        "expected_loss": slope * np.trapezoid(tail, grid),
        "value_of_outcome": least(need) - after,
        "value_of_router": least(need) - np.dot(chance, [least(g) for g in given]),
    }


amounts = st.integers(1, 40).map(lambda x: x / 10)


@settings(max_examples=25)
@given(st.integers(1, 30), st.integers(0, 30), st.tuples(*[amounts] * 4))
def test_every_number_of_a_decision_is_that_of_a_sum_over_seats(trials, needs, prices):
    needs, cost = min(needs, trials), tr.Costs(*prices)
    assume(0 < cost.threshold < 1)
    posterior = posterior_of([trials], [needs])
    table = decide_all(posterior, cost)
    expected = by_hand(posterior.panel, trials, needs, cost)
    assume(abs(expected["need"] - cost.threshold) > 1e-9)
    escalates = expected["need"] > cost.threshold
    assert table["action"].item() == ("escalate" if escalates else "simple first")
    assert set(expected) <= set(table)
    for name, value in expected.items():
        assert table[name].item() == pytest.approx(value, abs=2e-5), name


def test_lines_of_tables_are_named_after_categories_and_tickets(three, costs):
    table = decide_all(three, costs)
    assert table.index.name == "category"
    assert table.index.tolist() == list(three.outcomes.categories)
    posterior = pool()
    with pytest.warns(JudgeWarning):
        tickets = decide_tickets(posterior.predict(asked()), costs)
    assert tickets.index.name == "ticket"
