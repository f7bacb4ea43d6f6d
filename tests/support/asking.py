"""For tests that ask LLMs: models that say what a test tells them to, and short ways to ask."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

import trust_router as tr

pytest.importorskip("pydantic_ai")
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import FunctionModel

__all__ = [
    "FREE",
    "KEY",
    "PRICED",
    "FunctionModel",
    "ModelResponse",
    "ToolCallPart",
    "asked",
    "local",
    "report",
    "scripted",
    "texts",
]

KEY = "sk-this-is-a-secret-0123456789"
FREE = tr.judges.Prices({"m": tr.judges.Price(0, 0)})
PRICED = tr.judges.Prices({"m": tr.judges.Price(1.0, 10.0)})  # USD per million tokens


def scripted(answers: Any) -> FunctionModel:
    """Make a model that gives these answers in turn, as tool calls where they are dicts."""
    left = iter(answers) if isinstance(answers, list) else itertools.repeat(answers)

    def give(_, info):
        said = next(left)
        if isinstance(said, dict):
            return ModelResponse([ToolCallPart(info.output_tools[0].name, said)])
        return ModelResponse([TextPart(said)])

    return FunctionModel(give, model_name="scripted")


def asked(answers, way="shapes", tickets=("My card is lost",), **settings) -> tr.judges.Answers:
    """Ask a judge called haiku that gives these answers."""
    llm = tr.LLM("openai-chat:m", way)
    return tr.ask(
        {"haiku": llm}, tickets, using={"haiku": scripted(answers)}, concurrency=1, **settings
    )


def local(server, way="shapes", **given) -> tr.LLM:
    """Name the model behind a scripted server."""
    return tr.LLM("openai-chat:m", way, base_url=server.base_url, **given)


def texts(count: int) -> list[str]:
    """So many different texts of tickets."""
    return [f"ticket number {i}" for i in range(count)]


def report(answers: tr.judges.Answers, column: str, judge: str = "haiku") -> Any:
    """Look up what the report says of a judge."""
    return answers.report().loc[judge, column]
