"""Tickets are routed by trust and by draws of need, the same way again with the same seed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from support.decided import CATEGORY, COSTS, assert_frequency, assert_within_five_errors
from support.drawn import drawn
from support.exported import pool
from support.pooled import pool_draws
from support.three_routers import COUNTED, PANEL, STATED

import trust_router as tr
from trust_router.decisions.costs import Costs
from trust_router.decisions.routing import route

TRUSTED = ("simple", "medium", "complex")


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


def test_an_unknown_category_is_refused(exact_posterior):
    with pytest.raises(ValueError, match="unknown category 'z'; outcomes know 1"):
        route(exact_posterior, "z", COSTS["seed"])


def test_a_path_is_no_posterior(costs):
    with pytest.raises(TypeError, match=r"`posterior` must be .* got 'p.nc'; read it with `load"):
        route("p.nc", CATEGORY, costs)


def test_a_key_is_routed_the_same_way_whatever_else_is_routed(exact_posterior):
    cost = COSTS["dear failure"]
    first = route(exact_posterior, CATEGORY, cost, key="conversation 1")
    route(exact_posterior, CATEGORY, cost, key="conversation 2")
    route(exact_posterior, CATEGORY, cost, random_seed=3)
    assert route(exact_posterior, CATEGORY, cost, key="conversation 1") == first
    assert first[0].router == "complex"  # in every process, as hash() would not have it
    assert first[0].need == pytest.approx(0.221724, abs=1e-5)


def test_keys_are_routed_by_trust_as_tickets_are(exact_posterior):
    cost = COSTS["dear failure"]
    routed = [route(exact_posterior, CATEGORY, cost, key=f"user {i}")[0] for i in range(2000)]
    counts = Counter(r.router for r in routed)
    for name, trust in zip(TRUSTED, exact_posterior.trust_mean[0], strict=True):
        assert_frequency(counts[name] / 2000, trust, 2000)
    anew = [
        route(exact_posterior, CATEGORY, cost, key=f"user {i}", random_seed=1)[0] for i in range(50)
    ]
    assert anew != routed[:50]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"key": ""}, "`key` must be text"),
        ({"key": 7}, "`key` must be text, .* got 7"),
        ({"key": "a", "tickets": 2}, "leave `tickets` at 1, got 2"),
        ({"key": "a", "random_seed": np.random.default_rng(1)}, "must be a whole number"),
    ],
)
def test_what_a_key_cannot_be_is_refused(exact_posterior, costs, settings, message):
    with pytest.raises(ValueError, match=message):
        route(exact_posterior, CATEGORY, costs, **settings)


def test_where_routers_are_pooled_all_have_the_same_opinion_each_time():
    cost, posterior = COSTS["dear failure"], pool(category_effects=False)
    one, again = (route(posterior, "a", cost, tickets=50, random_seed=3) for _ in range(2))
    assert one == again
    need = posterior.need_draws(posterior.rows)
    assert need.min() <= min(r.need for r in one) <= max(r.need for r in one) <= need.max()


def test_no_more_than_a_million_are_routed_at_once(exact_posterior, costs):
    with pytest.raises(ValueError, match=r"`tickets` must be .* 1000001"):
        route(exact_posterior, CATEGORY, costs, tickets=1_000_001)


def _assert_told(posterior, category, threshold):
    cost = Costs(0.0, 1.0, failure=1 / threshold - 1)
    routed = route(posterior, category, cost, tickets=3000, random_seed=1)
    routed += [route(posterior, category, cost, key=f"user {i}")[0] for i in range(200)]
    (chance,) = {r.probability for r in routed if r.escalate}
    (other,) = {r.probability for r in routed if not r.escalate}
    assert other == pytest.approx(1 - chance)
    assert 0.2 < chance < 0.8
    assert_frequency(np.mean([r.escalate for r in routed]), chance, len(routed))


def test_the_probability_of_what_is_done_is_how_often_it_is_done(exact_posterior, pooled):
    _assert_told(exact_posterior, CATEGORY, 0.18)
    open_pool, _ = pool_draws(*pooled)
    _assert_told(open_pool, "all", float(open_pool.need_distribution().mean[0]))


def test_where_routers_are_right_under_some_draws_only_need_is_drawn_from_these():
    one = np.arange(200).reshape(2, 100) % 2 == 0
    share = np.where(one[..., None], [0.94, 0.03, 0.03], [0.03, 0.94, 0.03])
    within = np.broadcast_to(PANEL.seats.within, (2, 100, 5)) * np.ones((2, 100, 1))
    bias = np.where(one[..., None], 2.0, -2.0) * np.ones(3)
    rest = {"slope": np.ones((2, 100, 3)), "sharpness": np.zeros((2, 100, 3))}
    switch = drawn(
        PANEL, STATED, COUNTED, tr.Switch(), share=share, within=within, bias=bias, **rest
    )
    routed = route(switch, "c", COSTS["seed"], tickets=2000, random_seed=1)
    for name in ("cheap", "big"):  # each is right under other draws, of other need
        drawn_of = np.array([r.need for r in routed if r.router == name])
        assert_within_five_errors(drawn_of, float(switch.mixture("c", name).mean))
    _assert_told(switch, "c", float(switch.mixture("c").mean))
