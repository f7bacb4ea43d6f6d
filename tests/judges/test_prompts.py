"""A ticket is asked about as data between marks, in the words of the package or your own."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest

import trust_router as tr
from trust_router.examples import load_hostile_tickets
from trust_router.judges.prompts import converse, load_prompt

pytest.importorskip("pydantic_ai")


HOSTILE = load_hostile_tickets()
MARKS = re.compile(r"=== ticket (\w+) ===\n(.*)\n=== end of ticket \1 ===", re.DOTALL)


def conversed(text, way="shapes"):
    llm = tr.LLM("openai-chat:m", way)
    return converse(load_prompt(llm), llm, text, []).question


@pytest.mark.parametrize("way", ["shapes", "probability", "logprob"])
@pytest.mark.parametrize("text", HOSTILE.text, ids=HOSTILE.ticket)
def test_a_hostile_text_stays_between_its_marks(text, way):
    (held,) = MARKS.findall(conversed(text, way))
    code, between = held
    assert code not in between
    assert "<|" not in between
    assert not [c for c in between if unicodedata.category(c) == "Cf" and c not in "\u200c\u200d"]
    # What follows is the package's own question, the same after any ticket.
    assert (
        conversed(text, way).partition(f"end of ticket {code} ===")[2]
        == (conversed("Hello", way).rpartition("===")[2])
    )


def test_examples_show_what_is_asked_so_that_only_tickets_follow():
    llm = tr.LLM("openai-chat:m", "logprob")
    held = converse(load_prompt(llm), llm, "My card is lost", [("Hello", 0), ("Fraud!", 1)])
    assert [word for _, word in held.turns] == ["no", "yes"]
    for text in (*(asked for asked, _ in held.turns), held.question):
        assert MARKS.fullmatch(text)


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
