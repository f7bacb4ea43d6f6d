"""Models that judges name, with keys from the environment only."""

from __future__ import annotations

import sys

import pytest
from support.asking import local

import trust_router as tr


def test_a_key_that_is_not_set_is_missed_by_name(monkeypatch, scripted_server):
    monkeypatch.delenv("JUDGE_KEY", raising=False)
    with pytest.raises(ValueError, match=r"judge 'haiku' takes its key .* JUDGE_KEY"):
        tr.ask({"haiku": local(scripted_server, key_env="JUDGE_KEY")}, ["a"])


def test_a_model_that_reasons_is_sent_no_temperature_and_asked_for_no_logprobs(scripted_server):
    shapes = tr.LLM("openai:gpt-5", "shapes", base_url=scripted_server.base_url)
    assert tr.ask({"h": shapes}, ["a"]).status[0, 0] == "ok"
    assert "temperature" not in scripted_server.requests[0].body
    reasoning = tr.LLM("openai:gpt-5", "logprob", base_url=scripted_server.base_url)
    with pytest.raises(ValueError, match=r"judge 'h': 'openai:gpt-5' reasons before it answers"):
        tr.ask({"h": reasoning}, ["a"])


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pydantic_ai.direct", None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'trust-router\[llm\]'"):
        tr.ask({"haiku": tr.LLM("openai:gpt-4o-mini")}, ["a"])
