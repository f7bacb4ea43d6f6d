"""A panel seats judges in the order declared, and cannot be invalid or changed."""

from __future__ import annotations

import numpy as np
import pytest
from support.copies import COPIERS
from support.panels import PYTHON

from trust_router.basics.beta import Beta
from trust_router.examples import example_path
from trust_router.inputs.llm import LLM
from trust_router.inputs.panel import Panel
from trust_router.inputs.reading.panels import read_panel
from trust_router.inputs.routers import Judge, Router

GIVEN = "`initial_trust` must be given for every router or for none; got none for router "


def test_the_order_of_routers_and_judges_is_the_declared_one():
    assert PYTHON.router_names == ("cheap", "big")
    assert PYTHON.judge_names == ("haiku", "gpt", "opus")
    assert PYTHON.seats.labels == ("cheap/haiku", "cheap/gpt", "big/opus", "big/haiku")


def test_seats_carry_router_judge_and_prior_weight():
    seats = PYTHON.seats
    assert seats.router.tolist() == [0, 0, 1, 1]
    assert seats.judge.tolist() == [0, 1, 2, 0]
    np.testing.assert_allclose(seats.within, [0.6, 0.4, 0.3, 0.7], rtol=1e-15)
    np.testing.assert_allclose(seats.weight, [0.15, 0.1, 0.225, 0.525], rtol=1e-15)
    np.testing.assert_allclose(seats.sum_by_router(seats.weight), PYTHON.share, rtol=1e-15)
    assert PYTHON.router_seats("big").tolist() == [2, 3]


def test_sum_by_router_sums_every_row():
    values = np.arange(8.0).reshape(2, 4)
    assert PYTHON.seats.sum_by_router(values).tolist() == [[1, 5], [9, 13]]


def test_initial_trust_is_equal_unless_stated():
    panel = Panel([Router(name, {"h": 1}) for name in "abc"])
    np.testing.assert_allclose(panel.share, 1 / 3, rtol=1e-15)


@pytest.mark.parametrize(
    "panel",
    [PYTHON, read_panel(example_path("panel.toml")), Panel([Router("r", {"j": 1})])],
    ids=["with category beliefs", "seed", "silent"],
)
def test_a_panel_survives_the_round_trip_to_plain_data(panel):
    again = Panel.from_dict(panel.to_dict())
    assert again.to_dict() == panel.to_dict()
    assert again.judges == panel.judges
    np.testing.assert_allclose(again.seats.weight, panel.seats.weight, rtol=1e-15)


def test_a_panel_cannot_be_changed_afterwards():
    with pytest.raises(TypeError, match="does not support item assignment"):
        PYTHON.routers[0].judges["haiku"] = 1.0
    with pytest.raises(TypeError, match="does not support item assignment"):
        PYTHON.initial_trust["cheap"] = 1.0


A, B, H = Router("a", {"h": 1}), Router("b", {"h": 1}), Judge("h", Beta(1, 1))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Panel([]), "a panel needs at least one router; got none"),
        (lambda: Panel([A, B, A]), "`routers` must be unique; 'a' is used twice"),
        (lambda: Panel([A], [H, H]), "`judges` must be unique; 'h' is used twice"),
        (lambda: Panel([A], [Judge("z")]), "judge 'z' is declared but sits in no router"),
        (lambda: Panel([A, B], [], {"a": 1}), f"{GIVEN}'b'"),
        (lambda: Panel([A], [], {"a": 1, "c": 1}), "names the unknown router 'c'; routers are a"),
        (lambda: Panel([A], [], {"a": True}), "must be positive numbers; got True for 'a'"),
        (lambda: Panel(["a"]), "must be a Router; got 'a'"),
        (lambda: Panel([A], ["h"]), "must be a Judge; got 'h'"),
        (lambda: PYTHON.router_seats("z"), "unknown router 'z'; the panel has cheap, big"),
    ],
)
def test_an_invalid_declaration_in_python_is_refused(build, message):
    with pytest.raises((ValueError, TypeError), match=message):
        build()


@pytest.mark.parametrize("again", COPIERS)
def test_a_panel_is_copied_and_pickled_to_the_digit_and_stays_frozen(again):
    llm = LLM("a:b", settings={"thinking": False}, folder="here")
    assert again(Judge("asked", llm=llm)) == Judge("asked", llm=llm)
    held = again(PYTHON)
    assert held.to_dict() == PYTHON.to_dict()
    assert (held.routers, held.judges) == (PYTHON.routers, PYTHON.judges)
    np.testing.assert_array_equal(held.seats.weight, PYTHON.seats.weight)
    with pytest.raises(TypeError, match="does not support item assignment"):
        held.routers[0].judges["haiku"] = 1.0
    with pytest.raises(TypeError, match="does not support item assignment"):
        held.judges[2].category_beliefs["refund"] = Beta(1, 1)


def test_seats_of_one_name_are_refused():
    with pytest.raises(ValueError, match="'a/b' and 'a' have seats of one name, 'a/b/c'"):
        Panel([Router("a/b", {"c": 1}), Router("a", {"b/c": 1})])
    slashes = Panel([Router("a", {"openai/gpt": 1}), Router("b", {"openai/gpt": 1})])
    assert slashes.seats.labels == ("a/openai/gpt", "b/openai/gpt")


def test_judges_that_look_the_same_are_refused():
    with pytest.raises(ValueError, match=r"`judges` must be unique; .* look the same"):
        Panel([Router("a", {"x y": 1}), Router("b", {"x\u00a0y": 1})])
