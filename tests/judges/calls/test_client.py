"""One conversation in, one raw answer out."""

from __future__ import annotations

import pytest

import trust_router as tr

pytest.importorskip("pydantic_ai")


def test_a_model_that_is_given_can_be_asked_again(scripted_server):
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    provider = OpenAICompatibleProvider("local", base_url=scripted_server.base_url)
    model = OpenAIChatModel("m", provider=provider)
    for text in ("a", "b"):
        answers = tr.ask({"haiku": tr.LLM("a:b", "shapes")}, [text], using={"haiku": model})
        assert answers.status[0, 0] == "ok"
