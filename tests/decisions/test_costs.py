"""Costs are what both actions cost, and invalid ones are refused by name."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trust_router.decisions.costs import Costs, read_costs

amount = st.floats(0, 1e4)


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
        ({"failure": 1e308}, "cost `failure` must be at most 1e.15; got 1e.308"),
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


def test_the_cheaper_action_is_taken_and_paid():
    cost = Costs(1, 10, failure=100, wrong_escalation=7)
    need = np.linspace(0, 1, 50)
    assert cost.escalates(need).tolist() == (need > cost.threshold).tolist()
    paid = np.where(need > cost.threshold, cost.escalate(need), cost.simple_first(need))
    np.testing.assert_array_equal(cost.least(need), paid)


def test_a_simple_call_that_costs_more_is_questioned():
    with pytest.warns(UserWarning, match="costs 3 and one of the complex model 0.03, .* mixed up"):
        Costs(simple=3, complex=0.03)


def test_nothing_is_asked_of_costs_as_they_should_be():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Costs(simple=0.03, complex=3)
        Costs(simple=1, complex=1)
