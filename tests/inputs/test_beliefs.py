"""Beliefs are labelled arrays that cannot be invalid; on a ticket a judge may be missing."""

from __future__ import annotations

import math

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from support.copies import COPIERS

from trust_router.basics.beta import Beta
from trust_router.inputs.beliefs import Beliefs, stated_beliefs
from trust_router.inputs.changes import Changes
from trust_router.inputs.panel import Panel
from trust_router.inputs.routers import Judge, Router

NAN = np.nan
BELIEFS = Beliefs(["refund", "login"], ["x", "y", "z"], [[1, 2, 3], [4, 5, 6]], [[7, 6, 5]] * 2)
ROUTER = Router("r", {"x": 0.5, "y": 0.5})


def test_mean_and_concentration_follow_from_the_shapes():
    np.testing.assert_allclose(BELIEFS.mean, [[1 / 8, 2 / 8, 3 / 8], [4 / 11, 5 / 11, 6 / 11]])
    assert BELIEFS.concentration.tolist() == [[8, 8, 8], [11, 11, 11]]


def test_select_orders_by_label():
    chosen = BELIEFS.select(["login", "refund"], ["z", "x"])
    assert chosen.labels == ("login", "refund")
    assert chosen.judges == ("z", "x")
    assert chosen.alpha.tolist() == [[6, 4], [3, 1]]
    assert chosen.beta.tolist() == [[5, 7], [5, 7]]


def of_tickets(labels, alpha, judges=("x", "y"), category=None):
    alpha = np.array(alpha, dtype=float)
    return Beliefs(labels, judges, alpha, 10 - alpha, about="ticket", category=category)


def test_later_beliefs_join_by_ticket_and_replace_what_was_stated():
    monday = of_tickets(["1", "2"], [[1, 2], [3, NAN]], category=["a", ""])
    tuesday = of_tickets(["3", "2"], [[4, 5], [6, 7]], judges=["y", "x"], category=["", "b"])
    total = monday + tuesday
    assert (total.labels, total.judges, total.category) == (
        ("1", "2", "3"),
        ("x", "y"),
        ("a", "b", ""),
    )
    assert total.alpha.tolist() == [[1, 2], [7, 6], [5, 4]]
    assert total.beta.tolist() == [[9, 8], [3, 4], [5, 6]]
    assert monday.changed_by(tuesday) == Changes(added=1, corrected=1, same=0)


def test_a_belief_that_is_missing_replaces_nothing_and_a_late_one_is_added():
    early, late = of_tickets(["1"], [[1, NAN]]), of_tickets(["1"], [[NAN, 2]])
    assert (early + late).alpha.tolist() == [[1, 2]]
    assert (early + late + early).alpha.tolist() == [[1, 2]]
    assert early.changed_by(late) == Changes(added=1, corrected=0, same=0)
    assert (early + late).changed_by(early) == Changes(added=0, corrected=0, same=1)
    assert (of_tickets(["1"], [[1, 2]], category=["a"]) + late).category == ("a",)


def test_beliefs_about_categories_join_by_their_label():
    again = Beliefs(["login", "fraud"], ["z", "y", "x"], [[1, 1, 1], [2, 2, 2]], [[9] * 3] * 2)
    total = BELIEFS + again
    assert (total.about, total.labels, total.category) == (
        "category",
        *[("refund", "login", "fraud")] * 2,
    )
    assert total.alpha.tolist() == [[1, 2, 3], [1, 1, 1], [2, 2, 2]]
    assert BELIEFS.changed_by(again) == Changes(added=1, corrected=1, same=0)


@pytest.mark.parametrize(
    ("later", "message"),
    [
        (of_tickets(["1"], [[1]], judges=["x"]), "of the same judges; got x, y and x"),
        (of_tickets(["1"], [[1, 2]], judges=["x", "z"]), "of the same judges; got x, y and x, z"),
        (Beliefs(["a"], ["x", "y"], [[1, 1]], [[1, 1]]), "about a ticket and a category do not"),
    ],
)
def test_beliefs_of_another_panel_or_about_something_else_are_not_added(later, message):
    held = of_tickets(["1"], [[1, 2]])
    for join in (held.__add__, held.changed_by):
        with pytest.raises(ValueError, match=message):
            join(later)


def test_only_beliefs_are_added_to_beliefs():
    with pytest.raises(TypeError, match="unsupported operand"):
        BELIEFS + 1
    with pytest.raises(TypeError, match="`later` must be Beliefs; got 1"):
        BELIEFS.changed_by(1)


statements = st.dictionaries(
    st.sampled_from("1234"),
    st.tuples(*[st.sampled_from([1, 2, NAN])] * 2, st.sampled_from(["", "a", "b"])),
    min_size=1,
).map(
    lambda held: of_tickets(
        list(held), [row[:2] for row in held.values()], category=[row[2] for row in held.values()]
    )
)


def content(beliefs):
    rows = zip(beliefs.category, beliefs.alpha.tolist(), beliefs.beta.tolist(), strict=True)
    return {label: repr(row) for label, row in zip(beliefs.labels, rows, strict=True)}


@hypothesis.given(statements, statements, statements)
def test_adding_is_idempotent_and_associative_and_order_matters_only_for_common_tickets(a, b, c):
    assert content(a + a) == content(a)
    assert a.changed_by(a) == Changes(0, 0, len(a))
    assert content((a + b) + c) == content(a + (b + c))
    if not set(a.labels) & set(b.labels):
        assert content(a + b) == content(b + a)
    changes, common = a.changed_by(b), set(a.labels) & set(b.labels)
    assert changes.added + changes.corrected + changes.same == len(b)
    assert changes.added >= len(b) - len(common)
    assert (a + b).changed_by(b) == Changes(0, 0, len(b))


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
        ((["c", "c"], ["j"], [[1], [1]], [[1], [1]]), "`labels` must be unique; 'c' is used twice"),
        ((["c"], ["j", "j"], [[1, 1]], [[1, 1]]), "`judges` must be unique; 'j' is used twice"),
        (([""], ["j"], [[1]], [[1]]), "category 1 must have a non-empty name; got ''"),
        (([7], ["j"], [[1]], [[1]]), "category 1 must have a non-empty name; got 7"),
        ((["c"], ["j", " "], [[1, 1]], [[1, 1]]), "judge 2 must have a non-empty name; got ' '"),
        (
            (["c\x07"], ["j"], [[1]], [[1]]),
            "category 1 must have a name without control characters",
        ),
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


def about_tickets(alpha=((3, NAN), (1, 2)), beta=((9, NAN), (1, 8)), **changes):
    arguments = {"labels": ["t1", "t2"], "judges": ["x", "y"], "alpha": alpha, "beta": beta}
    return Beliefs(**(arguments | {"about": "ticket"} | changes))


def test_missing_is_missing_and_not_a_half():
    held = about_tickets()
    np.testing.assert_allclose(held.mean, [[0.25, NAN], [0.5, 0.2]])
    assert repr(held) == "Beliefs(2 tickets, 2 judges, 1 belief missing)"
    assert len(held) == 2


def test_arrays_about_tickets_cannot_be_changed_afterwards():
    with pytest.raises(ValueError, match="read-only"):
        about_tickets().alpha[0, 0] = 1


def test_take_keeps_labels_and_values_together():
    taken = about_tickets(category=["refund", "login"]).take([1, 0])
    assert taken.labels == ("t2", "t1")
    assert taken.category == ("login", "refund")
    np.testing.assert_array_equal(taken.alpha, [[1, 2], [3, NAN]])
    assert len(about_tickets().take([])) == 0


def test_categories_are_set_by_identifier_or_in_order():
    held = about_tickets(category=["refund", ""])
    assert held.with_category({"t2": "login"}).category == ("refund", "login")
    assert held.with_category(["a", "b"]).category == ("a", "b")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"labels": ["t1", "t1"]}, "`labels` must be unique; 't1' is used twice"),
        ({"labels": ["", "t1"]}, "ticket 1 must have a non-empty name; got ''"),
        ({"judges": ["x", ""]}, "judge 2 must have a non-empty name; got ''"),
        ({"about": "tickets"}, "`about` must be 'category' or 'ticket'; got 'tickets'"),
        ({"about": "category"}, "`alpha` must be positive and finite; got nan for judge 'y' in ca"),
        ({"beta": "x"}, r"`beta` must be numbers of shape \(ticket, judge\); got 'x'"),
        ({"judges": ["x", "x"]}, "`judges` must be unique; 'x' is used twice"),
        ({"category": ["a", " "]}, "category of ticket 't2' must have a non-empty name; got ' '"),
        ({"category": ["a", NAN]}, "category of ticket 't2' must have a non-empty name; got nan"),
        ({"category": ["a"]}, "`category` must name one for each of 2 tickets; got 1"),
        ({"alpha": [[1, 2]]}, r"`alpha` must have shape \(ticket, judge\) = \(2, 2\); got \(1, 2"),
        (
            {"beta": ((0, NAN), (1, 8))},
            "`beta` must be positive and finite, or missing; got 0 for judge 'x' on ticket 't1'",
        ),
        ({"alpha": ((3, NAN), (1, np.inf))}, "got inf for judge 'y' on ticket 't2'"),
        (
            {"alpha": ((3, 1), (1, 2))},
            "must be missing together; only one is for judge 'y' on ticket 't1'",
        ),
    ],
)
def test_invalid_beliefs_about_tickets_say_what_is_wrong_and_where(changes, message):
    with pytest.raises(ValueError, match=message):
        about_tickets(**changes)


def test_beliefs_about_categories_are_of_those_and_of_no_others():
    assert BELIEFS.category == BELIEFS.labels
    assert repr(BELIEFS) == "Beliefs(2 categories, 3 judges)"
    assert BELIEFS.take([1]).labels == ("login",)
    with pytest.raises(ValueError, match="`category` is for beliefs about tickets"):
        BELIEFS.with_category(["a", "b"])


def test_select_takes_tickets_with_their_categories():
    chosen = about_tickets(category=["refund", "login"]).select(["t2"], ["y", "x"])
    assert (chosen.about, chosen.labels, chosen.category) == ("ticket", ("t2",), ("login",))
    assert chosen.alpha.tolist() == [[2, 1]]
    with pytest.raises(ValueError, match="there is no belief for ticket 't3'; beliefs cover 2: t1"):
        about_tickets().select(["t3"], ["x"])


@pytest.mark.parametrize("again", COPIERS)
def test_beliefs_are_copied_and_pickled_and_stay_frozen(again):
    held = again(about_tickets(category=["refund", "login"]))
    assert (held.about, held.labels, held.category) == (
        "ticket",
        ("t1", "t2"),
        ("refund", "login"),
    )
    np.testing.assert_array_equal(held.alpha, about_tickets().alpha)
    with pytest.raises(ValueError, match="read-only"):
        held.alpha[0, 0] = 1


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


@pytest.mark.parametrize(
    "shapes",
    [np.array([["2020-01-01"]], "datetime64[D]"), np.array([[1 + 2j]]), [["3"]]],
    ids=["times", "complex", "text"],
)
def test_what_is_no_number_is_no_shape(shapes):
    for given in ((shapes, [[1]]), ([[1]], shapes)):
        with pytest.raises(ValueError, match="must be numbers of shape"):
            Beliefs(["c"], ["x"], *given)


def test_masked_shapes_are_missing_or_refused():
    masked = np.ma.array([[1.0], [2.0]], mask=[[0], [1]])
    held = Beliefs(["t", "u"], ["x"], masked, masked, about="ticket")
    np.testing.assert_array_equal(held.alpha, [[1], [np.nan]])
    with pytest.raises(ValueError, match="got nan for judge 'x' in category 'u'"):
        Beliefs(["t", "u"], ["x"], masked, masked)


def test_labels_that_look_the_same_are_refused():
    for names in (["Z\u00fcrich", "Zu\u0308rich"], ["a b\u00e9", "a\u00a0b\u00e9"]):
        with pytest.raises(ValueError, match=r"`labels` must be unique; .* look the same"):
            Beliefs(names, ["x"], [[1], [1]], [[1], [1]])
