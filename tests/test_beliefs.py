"""Beliefs are labelled arrays that cannot be invalid, and cover what they are asked about."""

from __future__ import annotations

import math

import numpy as np
import pytest

from trust_router.basics.beta import Beta
from trust_router.inputs.beliefs import Beliefs, stated_beliefs
from trust_router.inputs.panel import Judge, Panel, Router

BELIEFS = Beliefs(["refund", "login"], ["x", "y", "z"], [[1, 2, 3], [4, 5, 6]], [[7, 6, 5]] * 2)
ROUTER = Router("r", {"x": 0.5, "y": 0.5})


def test_mean_and_concentration_follow_from_the_shapes():
    np.testing.assert_allclose(BELIEFS.mean, [[1 / 8, 2 / 8, 3 / 8], [4 / 11, 5 / 11, 6 / 11]])
    assert BELIEFS.concentration.tolist() == [[8, 8, 8], [11, 11, 11]]


def test_select_orders_by_label():
    chosen = BELIEFS.select(["login", "refund"], ["z", "x"])
    assert chosen.categories == ("login", "refund")
    assert chosen.judges == ("z", "x")
    assert chosen.alpha.tolist() == [[6, 4], [3, 1]]
    assert chosen.beta.tolist() == [[5, 7], [5, 7]]


@pytest.mark.parametrize(
    ("categories", "judges", "message"),
    [
        (["fraud"], ["x"], "there is no belief for category 'fraud'; beliefs cover 2: refund"),
        (["a", "b", "c"], ["x"], "no belief for category 'a' and 2 more; beliefs cover 2"),
        (["login"], ["w"], "there is no belief for judge 'w'; beliefs cover 3: x, y, z"),
    ],
)
def test_select_names_what_is_not_covered(categories, judges, message):
    with pytest.raises(ValueError, match=message):
        BELIEFS.select(categories, judges)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["c", "c"], ["j"], [[1], [1]], [[1], [1]]), "`categories` must be unique; got"),
        ((["c"], ["j", "j"], [[1, 1]], [[1, 1]]), "`judges` must be unique; got"),
        ((["c"], ["j"], [1], [[1]]), r"`alpha` must have shape .* = \(1, 1\); got \(1,\)"),
        ((["c"], ["j"], [[1]], [[1, 2]]), r"`beta` must have shape .* = \(1, 1\); got \(1, 2\)"),
        ((["c"], ["i", "j"], [[1, 0]], [[1, 1]]), "`alpha` .* got 0 for judge 'j' in category 'c'"),
        ((["c"], ["j"], [[1]], [[-0.2]]), "`beta` must be positive and finite; got -0.2 for judge"),
        ((["c"], ["j"], [[math.nan]], [[1]]), "`alpha` must be positive and finite; got nan for"),
        ((["c"], ["j"], [[1]], [[math.inf]]), "`beta` must be positive and finite; got inf for"),
    ],
)
def test_invalid_beliefs_are_refused_with_their_place(arguments, message):
    with pytest.raises(ValueError, match=message):
        Beliefs(*arguments)


def test_beliefs_cannot_be_changed_afterwards():
    alpha = np.array([[1.0]])
    beliefs = Beliefs(["c"], ["j"], alpha, [[1]])
    alpha[:] = 9
    assert beliefs.alpha.item() == 1
    with pytest.raises(ValueError, match="read-only"):
        beliefs.alpha[:] = 9


def test_a_belief_about_the_category_goes_before_the_general_one():
    panel = Panel([ROUTER], [Judge("x", Beta(1, 2), {"login": Beta(3, 4)}), Judge("y", Beta(5, 6))])
    beliefs = stated_beliefs(panel, ["refund", "login"])
    assert beliefs.judges == panel.judge_names
    assert beliefs.alpha.tolist() == [[1, 5], [3, 5]]
    assert beliefs.beta.tolist() == [[2, 6], [4, 6]]


@pytest.mark.parametrize("stated", [None, {"login": Beta(1, 1)}], ids=["none", "another"])
def test_a_judge_without_a_belief_about_a_category_is_named(stated):
    judges = [Judge(name, None, stated or {}) for name in "xy"]
    with pytest.raises(ValueError, match="judge 'x' states no belief about category 'refund'"):
        stated_beliefs(Panel([ROUTER], judges), ["refund"])
