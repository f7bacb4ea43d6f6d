"""Routers carry Shapley shares of the variance of the pooled score; trust centres them."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from support.drawn import tickets
from support.three_routers import CATEGORY_ROWS, PANEL, TICKET_ROWS

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.learning.models import knowledge
from trust_router.learning.models.knowledge import Carried, centred
from trust_router.learning.models.pooling import Pooling, ticket_weights


def said(number=80, seed=1, **judges):
    """Rows of judges that see a common truth, each with its sign and its noise."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(0, 1, number)
    stated = {
        name: special.expit(sign * truth + rng.normal(0, noise, number)).round(3)
        for name, (sign, noise) in judges.items()
    }
    return stated, rng.integers(0, 2, number)


def made(panel, stated, outcome):
    """Pooling and rows; judges whose scores are their log odds."""
    rows = match(panel, *tickets(stated, outcome))
    pooling = Pooling.of(panel, rows, "log odds")
    return pooling, rows


def each_alone(names, **trust):
    return tr.Panel([tr.Router(f"of {n}", {n: 1.0}) for n in names], initial_trust=trust or None)


def counting(*of_score, routers=None):
    """Coefficients with which the pooled score is the sum of scores times these numbers."""
    routers = len(of_score) if routers is None else routers
    return np.array([[sum(of_score), *[0.0] * routers, *of_score]])


def explained(score, columns, weight):
    """Variance of the score that a linear function of the columns explains: least squares."""
    root = np.sqrt(weight)[:, None]
    design = np.column_stack([np.ones(len(score)), columns])
    fit = design @ np.linalg.lstsq(root * design, root[:, 0] * score, rcond=None)[0]
    return weight @ (fit - weight @ fit) ** 2


def by_hand(pooling, rows, coefficients):
    """Shapley values over all orders of routers, each coalition by least squares."""
    weight = ticket_weights(rows) / ticket_weights(rows).sum()
    scores = pooling.scores(rows)
    heard = ~np.isnan(scores)
    middle = np.nansum(scores * weight[:, None], axis=0) / (weight @ heard)
    columns = np.where(heard, scores - middle, 0)
    members = [np.flatnonzero(w) for w in pooling.within]
    line = pooling.pooled(rows).parts @ coefficients
    value, orders = np.zeros(len(members)), list(permutations(range(len(members))))
    for order in orders:
        before, held = 0.0, []
        for router in order:
            held = sorted({*held, *members[router]})
            after = explained(line, columns[:, held], weight)
            value[router] += (after - before) / len(orders)
            before = after
    return value


@pytest.mark.parametrize("rows", [TICKET_ROWS, CATEGORY_ROWS], ids=["tickets", "categories"])
@pytest.mark.parametrize("seed", range(3))
def test_shares_are_those_of_all_orders_with_least_squares(rows, seed):
    """Judges sit in several routers, are silent now and then, and rows count several tickets."""
    pooling = Pooling.of(PANEL, rows, "rank")
    coefficients = np.random.default_rng(seed).normal(0, 1, (4, 7))
    found = Carried.of(pooling, rows).by_router(coefficients)
    expected = [by_hand(pooling, rows, each) for each in coefficients]
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_shares_are_never_negative_and_add_up_to_the_variance_of_the_pooled_score():
    stated, outcome = said(a=(1, 0.5), b=(1, 0.5), c=(-1, 0.5), d=(0, 1))
    pooling, rows = made(each_alone("abcd"), stated, outcome)
    coefficients = np.random.default_rng(0).normal(0, 1, (500, 9))
    carried = Carried.of(pooling, rows).by_router(coefficients)
    assert (carried >= 0).all()
    line = pooling.pooled(rows).parts @ coefficients.T
    weight = ticket_weights(rows) / ticket_weights(rows).sum()
    variance = weight @ (line - weight @ line) ** 2
    np.testing.assert_allclose(carried.sum(axis=1), variance)


def test_judges_that_know_apart_carry_the_squares_of_their_weights():
    rng = np.random.default_rng(0)
    grid = np.array(np.meshgrid([0.2, 0.4, 0.6, 0.8], [0.1, 0.5, 0.9])).reshape(2, -1)
    stated = {"a": grid[0], "b": grid[1]}  # each with each: nothing in common
    pooling, rows = made(each_alone("ab"), stated, rng.integers(0, 2, 12))
    carried = Carried.of(pooling, rows).by_router(counting(0.7, -1.1))
    expected = np.array([0.7, 1.1]) ** 2 * pooling.scores(rows).var(axis=0)
    np.testing.assert_allclose(carried[0], expected)


def test_two_routers_that_say_the_same_carry_the_same_whoever_has_the_coefficient():
    stated, outcome = said(a=(1, 0.5), b=(1, 1))
    pooling, rows = made(each_alone("abc"), stated | {"c": stated["a"]}, outcome)
    coefficients = np.random.default_rng(0).normal(0, 1, (50, 7))
    a, b, c = Carried.of(pooling, rows).by_router(coefficients).T
    np.testing.assert_allclose(a, c)
    assert (np.abs(a - b) > 1e-6).all()


def test_a_judge_listed_twice_changes_nothing_for_other_routers():
    stated, outcome = said(a=(1, 0.5), b=(1, 1), c=(1, 0.7))
    once = tr.Panel([tr.Router("r", {"a": 0.6, "b": 0.4}), tr.Router("s", {"c": 1.0})])
    listed = tr.Router("r", {"a": 0.35, "b": 0.4, "twin": 0.25})
    twice = tr.Panel([listed, tr.Router("s", {"c": 1.0})])
    one, rows = made(once, stated, outcome)
    two, more = made(twice, stated | {"twin": stated["a"]}, outcome)
    assert one.pooled(rows).mean == pytest.approx(two.pooled(more).mean)
    assert one.usual == pytest.approx(two.usual)
    given = np.random.default_rng(0).normal(0, 1, (20, 6))
    at = [twice.judge_names.index(name) for name in once.judge_names]
    with_twin = np.random.default_rng(1).normal(0, 1, (20, 7))  # what the twin has is not heard
    with_twin[:, :3], with_twin[:, 3:][:, at] = given[:, :3], given[:, 3:]
    np.testing.assert_allclose(
        Carried.of(one, rows).by_router(given), Carried.of(two, more).by_router(with_twin)
    )


def test_a_copy_of_unrelated_judges_takes_from_its_original_alone():
    grid = np.array(np.meshgrid([0.2, 0.4, 0.6, 0.8], [0.1, 0.5, 0.9])).reshape(2, -1)
    stated, outcome = {"a": grid[0], "b": grid[1]}, np.arange(12) % 2
    pooling, rows = made(each_alone("ab"), stated, outcome)
    alone = Carried.of(pooling, rows).by_router(counting(0.7, 1.1))[0]
    pooling, rows = made(each_alone("abc"), stated | {"c": stated["a"]}, outcome)
    # a + copy + b weigh 1/3 each: 0.7 a + 1.1 b is the mean times 1.8 and these on top.
    line = counting(0.7, 1.1, 0.0)
    parts = pooling.pooled(rows).parts @ line[0]
    np.testing.assert_allclose(parts, pooling.scores(rows)[:, :2] @ [0.7, 1.1])
    found = Carried.of(pooling, rows).by_router(line)[0]
    np.testing.assert_allclose(found, [alone[0] / 2, alone[1], alone[0] / 2])


def test_a_router_of_noise_that_nobody_follows_carries_little():
    stated, outcome = said(2000, good=(1, 0.5), coin=(0, 1))
    pooling, rows = made(each_alone(["good", "coin"]), stated, outcome)
    good, coin = Carried.of(pooling, rows).by_router(counting(1.0, 0.0))[0]
    assert coin < 0.005 * good


def test_in_which_direction_a_judge_points_does_not_matter():
    stated, outcome = said(a=(1, 0.5), b=(1, 1), c=(1, 0.7))
    turned = stated | {"b": 1 - stated["b"]}
    shares = []
    for held, sign in ((stated, 1), (turned, -1)):
        pooling, rows = made(each_alone("abc"), held, outcome)
        carried = Carried.of(pooling, rows)
        line = counting(0.9, 0.5 * sign, 0.3)
        shares.append([carried.by_router(line)[0], carried.by_judge(line)[0]])
    np.testing.assert_allclose(shares[0], shares[1])


def test_what_a_judge_would_carry_alone_is_what_its_score_explains():
    pooling = Pooling.of(PANEL, TICKET_ROWS, "rank")
    coefficients = np.random.default_rng(3).normal(0, 1, (5, 7))
    found = Carried.of(pooling, TICKET_ROWS).by_judge(coefficients)
    weight = ticket_weights(TICKET_ROWS) / ticket_weights(TICKET_ROWS).sum()
    scores = pooling.scores(TICKET_ROWS)
    heard = ~np.isnan(scores)
    middle = np.nansum(scores * weight[:, None], axis=0) / (weight @ heard)
    columns = np.where(heard, scores - middle, 0)
    lines = pooling.pooled(TICKET_ROWS).parts @ coefficients.T
    expected = [[explained(line, columns[:, [j]], weight) for j in range(3)] for line in lines.T]
    np.testing.assert_allclose(found, expected, atol=1e-10)


def test_a_judge_that_always_says_the_same_carries_nothing():
    stated, outcome = said(a=(1, 0.5), b=(1, 1))
    pooling, rows = made(each_alone("abc"), stated | {"c": np.full(80, 0.7)}, outcome)
    carried = Carried.of(pooling, rows)
    line = np.random.default_rng(0).normal(0, 1, (10, 7))
    assert carried.by_router(line)[:, 2].max() < 1e-12
    assert carried.by_judge(line)[:, 2].max() < 1e-12


@pytest.mark.parametrize("seed", range(2))
def test_many_routers_are_asked_in_random_orders_and_come_near_the_exact_shares(seed, monkeypatch):
    names = "abcdefghij"
    rng = np.random.default_rng(seed)
    judges = {n: (rng.choice([-1, 0, 1]), rng.uniform(0.3, 2)) for n in names}
    pooling, rows = made(each_alone(names), *said(300, seed, **judges))
    line = rng.normal(0, 1, (20, 21))
    near = Carried.of(pooling, rows).by_router(line)
    monkeypatch.setattr(knowledge, "_EXACT", 10)
    exact = Carried.of(pooling, rows).by_router(line)
    assert np.abs(near - exact).max() > 1e-6  # they were indeed not gone through
    np.testing.assert_allclose(near.sum(axis=1), exact.sum(axis=1))
    total = exact.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(near / total, exact / total, atol=0.03)


def test_the_ways_of_joining_others_are_those_of_all_orders():
    seen = {}
    for chance, before, router in knowledge._joining(4):
        seen[before, router] = seen.get((before, router), 0) + chance
    expected = {}
    for order in permutations(range(4)):
        for place, router in enumerate(order):
            key = tuple(sorted(order[:place])), router
            expected[key] = expected.get(key, 0) + 1 / 24
    assert seen == pytest.approx(expected)


@given(
    seed=st.integers(0, 1000),
    stated=st.lists(st.floats(0.02, 1), min_size=2, max_size=5),
    apart=st.floats(0, 3),
)
def test_shares_are_the_initial_ones_on_average_before_outcomes(seed, stated, apart):
    rng = np.random.default_rng(seed)
    initial = np.array(stated) / sum(stated)
    sizes = np.exp(apart * rng.normal(0, 1, len(initial)))
    before = rng.chisquare(2, (400, len(initial))) * sizes
    found = centred(before, before, initial)
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1)
    np.testing.assert_allclose(found.mean(axis=0), initial, atol=1e-6)


def test_who_carries_more_than_expected_is_trusted_more():
    before = np.random.default_rng(1).chisquare(1, (2000, 2)) * [1, 50]
    initial = np.array([0.7, 0.3])
    usual = np.median(before, axis=0)
    more, same = centred(np.array([usual * [10, 1], usual]), before, initial)
    assert more[0] > same[0] > 0.5


def test_the_initial_shares_stand_where_nothing_is_carried():
    before = np.random.default_rng(1).chisquare(1, (100, 2))
    initial = np.array([0.7, 0.3])
    np.testing.assert_allclose(centred(np.zeros((3, 2)), before, initial), [initial] * 3)
    np.testing.assert_allclose(centred(np.zeros((3, 2)), 0 * before, initial), [initial] * 3)


@pytest.mark.parametrize("noise", [0.0, 1e-28])
def test_who_can_carry_nothing_keeps_its_share_and_the_others_divide_the_rest(noise):
    rng = np.random.default_rng(1)
    before = rng.chisquare(1, (500, 3)) * [1, 4, noise]
    initial = np.array([0.5, 0.2, 0.3])
    found = centred(before, before, initial)
    np.testing.assert_allclose(found[:, 2], 0.3)
    np.testing.assert_allclose(found.mean(axis=0), initial, atol=1e-6)
    np.testing.assert_allclose(centred(np.array([[1.0, 0, 0]]), before, initial), [[0.7, 0, 0.3]])


def test_a_lone_router_has_all_the_trust():
    panel = tr.Panel([tr.Router("r", {"a": 0.5, "b": 0.5})])
    stated, outcome = said(a=(1, 0.5), b=(1, 1))
    pooling, rows = made(panel, stated, outcome)
    carried = Carried.of(pooling, rows).by_router(np.random.default_rng(0).normal(0, 1, (5, 4)))
    assert centred(carried, carried, np.ones(1)).tolist() == [[1.0]] * 5
