"""Checks of single arguments refuse what would fail later, and their messages stay short."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import trust_router as tr
from trust_router.basics.checks import (
    check_amount,
    check_keys,
    check_name,
    check_names,
    check_rows_once,
    check_table,
    is_missing,
    is_number,
    listed,
    number,
    shown,
    shown_path,
    whole_number,
)
from trust_router.inputs.beliefs import Beliefs

HUGE = 10**400
UNPRINTABLE = 10**5000  # Python refuses to write it


@pytest.mark.parametrize("value", [HUGE, -HUGE, UNPRINTABLE, True, "1", None, 1j], ids=type)
def test_what_no_float_can_hold_is_no_number(value):
    assert not is_number(value)


@pytest.mark.parametrize("value", [1, 10**308, 0.5, float("inf"), np.int8(3), np.float32(1)])
def test_what_a_float_can_hold_is_a_number(value):
    assert is_number(value)


@pytest.mark.parametrize("value", [HUGE, UNPRINTABLE], ids=["huge", "unprintable"])
@pytest.mark.parametrize(
    "use",
    [
        lambda v: number("x", v),
        lambda v: whole_number("x", v, 1),
        lambda v: tr.Beta(v, 1),
        lambda v: tr.Beta.from_mean(0.5, v),
        lambda v: tr.Router("a", {"j": v}),
        lambda v: tr.Router("a", {"j": 1}, price=v),
        lambda v: tr.Panel([tr.Router("a", {"j": 1})], initial_trust={"a": v}),
        lambda v: tr.Costs(0.03, v),
        lambda v: Beliefs(["a"], ["j"], [[v]], [[1]]),
        lambda v: tr.Outcomes(["a"], [v], [0]),
        lambda v: tr.Outcomes(["a"], [1], [0], [v]),
    ],
)
def test_a_huge_whole_number_is_refused_in_a_short_sentence(use, value):
    with pytest.raises(ValueError, match=r"must be .*got ") as caught:
        use(value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("values", ["many", [{}], [None, []]])
def test_counts_that_are_no_numbers_are_refused(values):
    with pytest.raises(ValueError, match=r"`trials` must be whole numbers .*one a category; got "):
        tr.Outcomes(["a"], values, [0])


def test_a_value_is_shown_whole_if_short_and_cut_if_long():
    assert shown("abc") == "'abc'"
    assert shown("a" * 100) == "'" + "a" * 56 + "..."
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    assert shown(nested) == "a list too large to show"


@pytest.mark.parametrize("value", [None, float("nan"), np.float32("nan"), pd.NA, pd.NaT])
def test_what_stands_for_not_known_is_missing(value):
    assert is_missing(value)
    assert not is_missing("")
    assert not is_missing(0)


@pytest.mark.parametrize("name", ["", " ", "\t", 3, None, float("nan"), ["a"]])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ValueError, match=r"^a router must have a non-empty name; got "):
        check_name("a router", name)
    with pytest.raises(ValueError, match=r"^judge 2 must have a non-empty name; got "):
        check_names("judges", "judge", ["a", name])


def test_names_are_printable_and_stand_once():
    check_names("judges", "judge", ["a", "b\tc", "d\ne", "退款"])
    with pytest.raises(ValueError, match=r"^judge 2 must have a name without control .*'b\\x07'"):
        check_names("judges", "judge", ["a", "b\x07"])
    with pytest.raises(ValueError, match=r"^`judges` must be unique; 'a' is used twice$"):
        check_names("judges", "judge", ["a", "b", "a"])


def test_what_stands_in_two_rows_is_said_with_the_first_two():
    check_rows_once(["a", "b"], str)
    with pytest.raises(ValueError, match=r"^key b stands in rows 2 and 3; each counts once$"):
        check_rows_once(["a", "b", "b", "b"], lambda key: f"key {key}")


def test_tables_have_known_keys():
    assert check_table({"a": 1}, "[x]") == {"a": 1}
    with pytest.raises(ValueError, match=r"^\[x\] must be a table; got 3$"):
        check_table(3, "[x]")
    check_keys({"a": 1}, ("a", "b"), "[x]")
    with pytest.raises(ValueError, match=r"^unknown key 'c' in \[x\]; allowed are a, b$"):
        check_keys({"a": 1, "c": 2}, ("a", "b"), "[x]")


def test_many_names_are_listed_in_part():
    assert listed("abc") == "a, b, c"
    assert listed(range(5), 2) == "0, 1 and 3 more"


def test_a_long_path_is_cut_in_the_middle():
    assert shown_path("a/b.csv") == "'a/b.csv'"
    cut = shown_path("start/" + "x" * 1000 + "/end.csv")
    assert len(cut) < 500
    assert cut.startswith("'start/")
    assert cut.endswith("/end.csv'")


def test_names_that_look_the_same_are_one_name_twice():
    with pytest.raises(ValueError, match=r"unique; 'Z\\xfcrich' and 'Zu\\u0308rich' look the same"):
        check_names("names", "name", ["a", "Zürich", "Zu\u0308rich"])
    check_names("names", "name", ["Zürich", "Zurich", "👩\u200d💻", "👩💻"])


@pytest.mark.parametrize("value", [0, 5e-324, 3, 1e15, np.float32(2)])
def test_amounts_are_taken(value):
    check_amount("x", value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-1, "must be a number of 0 or more; got -1"),
        (np.inf, "must be a number of 0 or more; got inf"),
        ("1", "must be a number of 0 or more; got '1'"),
        (1e308, r"must be at most 1e\+15; got 1e\+308"),
    ],
)
def test_what_is_no_amount_is_refused(value, said):
    with pytest.raises(ValueError, match=f"^x {said}"):
        check_amount("x", value)


def test_of_several_names_in_several_rows_it_is_said_how_many():
    with pytest.raises(ValueError, match=r"x 'a' stands in rows 1 and 3; each counts once$"):
        check_rows_once(["a", "b", "a"], lambda key: f"x {key!r}")
    with pytest.raises(ValueError, match=r"rows 1 and 3; each counts once \(2 of them stand in se"):
        check_rows_once(["a", "b", "a", "b", "a"], lambda key: f"x {key!r}")
    with pytest.raises(ValueError, match="stands in rows 5 and 9"):
        check_rows_once(["a", "a"], repr, [5, 9])


@pytest.mark.parametrize(
    "unseen", ["\u202e", "\u2066", "\u200b", "\u200f", "\U000e0041"], ids=ascii
)
def test_a_name_with_what_nobody_sees_is_refused_wherever_it_is_given(unseen):
    name = f"a{unseen}b"
    for use in (
        lambda: check_names("judges", "judge", ["退款", name]),
        lambda: tr.Judge(name, tr.Beta(1, 1)),
        lambda: tr.Router(name, {"j": 1.0}),
        lambda: tr.Outcomes([name], [1], [0]),
        lambda: Beliefs([name], ["j"], [[1]], [[1]]),
    ):
        with pytest.raises(ValueError, match=r"without characters that nobody sees; got 'a.[uU]"):
            use()
    check_names("judges", "judge", ["\u0645\u06cc\u200c\u062e", "👩\u200d💻", "❤\ufe0f"])


def test_names_in_a_list_give_a_terminal_no_orders():
    assert listed(["a", "\x1b[2J", "b\rc\u202e"]) == r"a, \x1b[2J, b\rc\u202e"
