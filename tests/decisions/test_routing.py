"""Tickets are routed by trust and by draws of need, the same way again with the same seed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from support.decided import CATEGORY, COSTS, assert_frequency, assert_within_five_errors
from support.exported import pool

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
