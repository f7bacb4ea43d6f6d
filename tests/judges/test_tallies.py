"""What judges took is added up, and an unknown price stays unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest

import trust_router as tr
from trust_router.judges.inquiries import gather_judges
from trust_router.judges.tallies import Tally, opened, total_calls, total_cost


def test_amounts_add_up_unless_one_is_unknown():
    known = [Tally("a", calls=2, cost=0.1), Tally("b", calls=3, cost=0.2)]
    assert total_calls(known) == 5
    assert total_cost(known) == pytest.approx(0.3)
    assert total_cost([*known, Tally("c", cost=None)]) is None
    assert total_cost([]) == 0


def test_a_tally_says_how_a_judge_is_asked():
    llm, column = gather_judges({"h": tr.LLM("openai:gpt-4o-mini"), "c": "score"}, None, ())
    asked = Tally("h", "openai:gpt-4o-mini", "probability", "probability/1")
    assert opened(llm) == replace(asked, host="api.openai.com", key="OPENAI_API_KEY")
    assert opened(column) == Tally("c")


def test_what_a_panel_of_somebody_else_names_cannot_write_to_the_terminal():
    tally = Tally("h", "openai:\x1b[2Jgpt\u202e", host="h", key="K", prompt="mine\r.md")
    assert tally.told == "h: openai:[2Jgpt at h, key K, prompt mine .md"
    assert Tally("c").told == ""
