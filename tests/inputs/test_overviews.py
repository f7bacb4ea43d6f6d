"""Tables that inputs show of themselves."""

from __future__ import annotations

import numpy as np

from trust_router.examples import load_seed
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.routers import Judge, Router

NONE = "\N{EN DASH}"


def test_a_panel_is_a_line_a_seat_and_no_wall():
    lines = repr(load_seed()[0]).split("\n")
    assert lines[0] == "Panel(3 routers, 6 judges)"
    assert lines[2].split() == ["simple", "33.3%", "claude-haiku", "60%", "Beta(3,", "3)"]
    assert lines[3].split()[0] == "gpt-4o-mini"  # the router stands once
    assert len(lines) == 8


def test_what_a_judge_states_is_said():
    panel = Panel([Router("r", {"a": 0.5, "b": 0.5})], [Judge("a", by_ticket=True)] * 0)
    assert repr(panel).count("stated elsewhere") == 2
    spoken = Panel([Router("r", {"a": 1.0})], [Judge("a", by_ticket=True)])
    assert "about tickets" in repr(spoken)


def test_beliefs_show_each_judge_and_how_much_it_says():
    nan = np.nan
    beliefs = Beliefs(
        ["t1", "t2", "t3"],
        ["good", "mute"],
        [[1, nan], [3, nan], [nan, nan]],
        [[3, nan], [1, nan], [nan, nan]],
        about="ticket",
    )
    table = beliefs._shown()
    assert table.rows[0] == ("good", "2", "25.0%", "50.0%", "75.0%")
    assert table.rows[1] == ("mute", "0", NONE, NONE, NONE)
    assert repr(beliefs) == "Beliefs(3 tickets, 2 judges, 4 beliefs missing)"


def test_outcomes_show_each_category_and_how_many_follow():
    names = [f"kind {i}" for i in range(20)]
    outcomes = Outcomes(names, [4] * 20, [1] * 20, [0] * 19 + [2])
    table = outcomes._shown()
    assert table.rows[0] == ("kind 0", "4", "1", "25.0%", "0")
    assert table.hidden == 8
    assert Outcomes(["new"], [0], [0])._shown().rows == (("new", "0", "0", NONE, "0"),)
