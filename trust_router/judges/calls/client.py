"""Calls of LLMs through pydantic-ai: one conversation in, one raw answer out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from trust_router.inputs.llm import LLM
from trust_router.judges.calls.bounds import bounded_client
from trust_router.judges.calls.connecting import connect, model_settings
from trust_router.judges.calls.conversation import Conversation, Form
from trust_router.judges.calls.failures import CallFailed, failure_of

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.models import Model, ModelRequestParameters

__all__ = ["Call", "Caller"]

_KEPT = 20_000  # characters of an answer


@dataclass(frozen=True)
class Call:
    """A raw answer, as the cache keeps it, and how many tokens it took (None: not said)."""

    raw: Mapping[str, Any]
    input_tokens: int | None
    output_tokens: int | None


class Caller:
    """Asks one LLM, between ``async with`` and its end.

    Parameters
    ----------
    judge : str
        For messages.
    llm : LLM
    model : pydantic_ai.models.Model, optional
        Instead of the one that ``llm`` names.
    """

    def __init__(self, judge: str, llm: LLM, model: Model | None = None) -> None:
        self.given = model
        self._judge = judge
        self._llm = llm
        self._model = model
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        if self._model is None:
            client = await self._exits.enter_async_context(bounded_client())
            self._model = connect(self._judge, self._llm, client)
        self._settings = model_settings(self._judge, self._llm, self._model)
        # Also one that was given: its connections must not outlive this event loop.
        await self._exits.enter_async_context(self._model)
        return self

    async def __aexit__(self, *_: object) -> None:
        from anyio import CancelScope

        with CancelScope(shield=True):  # connections are closed after an interrupt too
            await self._exits.aclose()

    async def call(self, conversation: Conversation) -> Call:
        """Make one attempt.

        Raises
        ------
        CallFailed
            If it gave no answer.
        """
        from pydantic_ai.direct import model_request

        call, failure = None, None
        try:
            # For all of it: a server that sends a byte now and then never lets a read time out.
            async with asyncio.timeout(self._llm.timeout):
                response = await model_request(
                    self._model,  # type: ignore[arg-type]
                    _messages(conversation),
                    model_settings=self._settings,
                    model_request_parameters=_parameters(conversation.form, self._llm),
                    instrument=False,
                )
            call = _call(response, conversation.form)
        except Exception as error:  # noqa: BLE001  # whatever it is, the other tickets go on
            failure = failure_of(error, self._llm)
        # Raised here, not there: the provider's own error may hold what nobody should see.
        if call is None:
            raise failure or CallFailed("no answer")
        return call


def _messages(conversation: Conversation) -> list[ModelMessage]:
    from pydantic_ai.messages import (
        ModelRequest,
        ModelResponse,
        SystemPromptPart,
        TextPart,
        UserPromptPart,
    )

    system = [SystemPromptPart(conversation.instructions)]
    messages: list[ModelMessage] = []
    for question, answer in conversation.turns:
        messages += [
            ModelRequest([*system, UserPromptPart(question)]),
            ModelResponse([TextPart(answer)]),
        ]
        system = []
    return [*messages, ModelRequest([*system, UserPromptPart(conversation.question)])]


def _parameters(form: Form | None, llm: LLM) -> ModelRequestParameters:
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.output import OutputObjectDefinition
    from pydantic_ai.tools import ToolDefinition

    if form is None:
        return ModelRequestParameters()
    schema, told = form.schema, form.description
    return ModelRequestParameters(
        output_mode=llm.output,
        output_tools=[
            ToolDefinition(
                name=form.name, parameters_json_schema=schema, description=told, kind="output"
            )
        ],
        output_object=OutputObjectDefinition(schema, form.name, told),
        allow_text_output=llm.output in ("native", "prompted"),
    )


def _call(response: ModelResponse, form: Form | None) -> Call:
    usage = response.usage
    if not (usage.input_tokens or usage.output_tokens):
        return Call(_raw(response, form), None, None)
    return Call(_raw(response, form), usage.input_tokens, usage.output_tokens)


def _raw(response: ModelResponse, form: Form | None) -> dict[str, Any]:
    raw: dict[str, Any] = {"finish": response.finish_reason}
    details = dict(response.provider_details or {})
    if details.get("refusal"):
        raw["finish"] = "content_filter"
    parts: list[Any] = list(response.parts)
    if form is None:
        for part in parts:
            details = (getattr(part, "provider_details", None) or {}) | details
        raw["logprobs"] = _first_token(details.get("logprobs"))
        return raw
    tools = [part.args for part in parts if part.part_kind == "tool-call"]
    text = "".join(part.content for part in parts if part.part_kind == "text")
    if tools:
        texts = [args if isinstance(args, str) else json.dumps(args) for args in tools]
        raw["answer"] = "\n".join(texts)[:_KEPT]
    else:
        raw["answer"] = text[:_KEPT]
    return raw


def _first_token(entries: Any) -> list[list[Any]]:
    """List the likeliest first tokens that hold any text, with their log-probabilities."""
    for entry in entries if isinstance(entries, list) else ():
        if not str(entry.get("token", "")).strip():
            continue
        top = entry.get("top_logprobs") or [entry]
        return [[str(t.get("token", "")), t.get("logprob")] for t in top]
    return []
