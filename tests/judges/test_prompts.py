"""Prompts of your own are what is asked."""

from __future__ import annotations

import json

import pytest

import trust_router as tr

pytest.importorskip("pydantic_ai")


def test_what_is_asked_is_asked_in_the_words_of_your_own_prompt(scripted_server, tmp_path):
    (tmp_path / "mine.md").write_text('+++\nquestion = "Hard?"\n+++\nOur simple model knows cards.')
    (tmp_path / "past.csv").write_text("ticket,text,outcome\n1,lost card,0\n")
    (tmp_path / "panel.toml").write_text(
        '[routers.r]\njudges = { haiku = 1.0 }\n[judges.haiku.llm]\nmodel = "openai-chat:m"\n'
        f'way = "shapes"\nbase_url = "{scripted_server.base_url}"\nprompt = "mine.md"\n'
        'examples = "past.csv"\n[prices]\nm = { input = 1, output = 1 }\n'
    )
    panel = tr.read_panel(tmp_path / "panel.toml")
    answers = tr.ask(panel, ["a"], limit=1, prices=tmp_path / "panel.toml")
    sent = scripted_server.requests[0].body["messages"]
    assert sent[0]["content"].startswith("Our simple model knows cards.")
    assert "lost card" in sent[0]["content"]
    assert sent[1]["content"].endswith("Hard?")
    assert answers.tallies[0].prompt == "mine.md"
    kept = json.loads(json.dumps(panel.to_dict()))
    assert tr.Panel.from_dict(kept, str(tmp_path)).judges == panel.judges
