"""Calls of LLMs through pydantic-ai: one conversation in, one raw answer out."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from trust_router.defaults import RETRY_WAIT, RETRY_WAIT_MOST
from trust_router.llm import LLM
from trust_router.prompting import SCHEMAS, Conversation

if TYPE_CHECKING:
    from pydantic_ai.messages import ModelMessage, ModelResponse
    from pydantic_ai.models import Model, ModelRequestParameters

__all__ = ["Call", "CallFailed", "Caller", "is_model", "needs_llm_extra"]

_TOOL = "belief"
_PASSING = {408, 409, 425, 429}  # statuses below 500 after which another try may do
_TOP = 20  # first tokens whose log-probabilities are asked for
_SHOWN = 200  # characters of a provider's message
_KEPT = 20_000  # characters of an answer
_SECRET_LENGTH = 6  # shorter values of the environment are no keys


class CallFailed(Exception):  # noqa: N818
    """A call that gave no answer, and what that means.

    Parameters
    ----------
    reason : str
        Without any key.
    passing : bool
        Another try may do.
    for_good : bool
        No other ticket will fare better.
    wait : float, optional
        Seconds that the server asks for.
    billed : bool
        The provider may have charged for it.
    """

    def __init__(
        self,
        reason: str,
        *,
        passing: bool = False,
        for_good: bool = False,
        wait: float | None = None,
        billed: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.passing = passing
        self.for_good = for_good
        self.wait = wait
        self.billed = billed


@dataclass(frozen=True)
class Call:
    """A raw answer, as the cache keeps it, and how many tokens it took (None: not said)."""

    raw: Mapping[str, Any]
    input_tokens: int | None
    output_tokens: int | None


def needs_llm_extra() -> None:
    """Say in one sentence how to install what LLM judges need, if it is missing."""
    try:
        import pydantic_ai.direct  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("pydantic_ai"):
            raise
        raise ModuleNotFoundError(
            "asking LLMs needs pydantic-ai: pip install 'trust-router[llm]'", name=error.name
        ) from None


def is_model(value: Any) -> bool:
    """Tell whether a value is a model of pydantic-ai, without importing it."""
    import sys

    models = sys.modules.get("pydantic_ai.models")
    return models is not None and isinstance(value, models.Model)


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
        self._judge = judge
        self._llm = llm
        self._model = model
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._model = _build(self._judge, self._llm) if self._model is None else self._model
        self._settings = _settings(self._judge, self._llm, self._model)
        # Also one that was given: its connections must not outlive this event loop.
        await self._exits.enter_async_context(self._model)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._exits.aclose()

    async def call(self, conversation: Conversation) -> Call:
        """Make one attempt.

        Raises
        ------
        CallFailed
            If it gave no answer.
        """
        from pydantic_ai.direct import model_request

        failure: CallFailed | None = None
        try:
            response = await model_request(
                self._model,  # type: ignore[arg-type]
                _messages(conversation),
                model_settings=self._settings,
                model_request_parameters=_parameters(self._llm),
                instrument=False,
            )
        except Exception as error:  # noqa: BLE001  # whatever it is, the other tickets go on
            failure = _failure(error, self._llm)
        # Raised here, not there: the provider's own error may hold what nobody should see.
        if failure is not None:
            raise failure
        usage = response.usage
        told = bool(usage.input_tokens or usage.output_tokens)
        return Call(
            _raw(response, self._llm),
            usage.input_tokens if told else None,
            usage.output_tokens if told else None,
        )


async def pause(attempt: int, failure: CallFailed) -> bool:
    """Wait before another attempt; False if the server asks for too long a wait."""
    wait = RETRY_WAIT * 2**attempt * (0.5 + random.random())  # noqa: S311
    if failure.wait is not None:
        if failure.wait > RETRY_WAIT_MOST:
            return False
        wait = max(failure.wait, min(wait, RETRY_WAIT))
    await asyncio.sleep(min(wait, RETRY_WAIT_MOST))
    return True


def _settings(judge: str, llm: LLM, model: Model) -> Any:
    reasons = _reasons(model, llm.settings)
    if reasons and llm.way == "logprob":
        raise ValueError(
            f"judge {judge!r}: {llm.model!r} reasons before it answers and gives no "
            "log-probabilities; take way = 'probability', or, where it can be switched off, "
            "settings = { thinking = false }"
        )
    settings: dict[str, Any] = {
        "max_tokens": llm.most_tokens,
        "timeout": llm.timeout,
        "request_timeout": llm.timeout,
        "max_retries": 0,  # our own retries keep the spending limit
    }
    if llm.temperature is not None and not reasons:
        settings["temperature"] = llm.temperature
    if llm.way == "logprob":
        settings |= {"openai_logprobs": True, "openai_top_logprobs": _TOP}
    known = {name: s for name, s in settings.items() if name not in model.unsupported_settings}
    return known | dict(llm.settings)


def _reasons(model: Model, settings: Mapping[str, Any]) -> bool:
    """Tell whether the model will reason before it answers."""
    profile: Mapping[str, Any] = model.profile
    effort = settings.get("openai_reasoning_effort")
    if effort is not None:
        return bool(effort != "none")
    if profile.get("thinking_always_enabled", False):
        return True
    thinking = settings.get("thinking")
    if thinking is not None:
        return thinking is not False
    return bool(profile.get("thinking_enabled_by_default", False))


def _build(judge: str, llm: LLM) -> Model:
    from pydantic_ai.exceptions import UserError
    from pydantic_ai.models import infer_model
    from pydantic_ai.providers import infer_provider_class

    key = os.environ.get(llm.key_env, "").strip() if llm.key_env else None
    if key is not None and not (key and key.isascii() and key.isprintable()):
        state = "holds characters that no key has" if key else "is not set"
        raise ValueError(
            f"judge {judge!r} takes its key from the environment variable {llm.key_env}, "
            f"which {state}"
        )
    reason = ""
    try:
        if llm.base_url is not None:
            return _compatible(judge, llm, key)
        # OpenAI's newer API wants at least 16 tokens of an answer, of which one is read.
        chat = llm.way == "logprob" and llm.provider == "openai"
        name = f"openai-chat:{llm.name}" if chat else llm.model
        if key is None:
            return infer_model(name)
        return infer_model(name, lambda provider: infer_provider_class(provider)(api_key=key))  # type: ignore[call-arg]
    except ImportError as error:
        reason = f"needs another package: {error}"
    except (TypeError, UserError) as error:
        # Only the first sentence is about this; the others advertise.
        told = str(error).partition(" or pass it ")[0].partition(". ")[0]
        reason = _redacted(f"cannot be asked: {told}", llm)
    raise ValueError(f"judge {judge!r} with model {llm.model!r} {reason}")


def _compatible(judge: str, llm: LLM, key: str | None) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider

    kinds = {
        "openai": OpenAIChatModel,
        "openai-chat": OpenAIChatModel,
        "openai-responses": OpenAIResponsesModel,
    }
    if llm.provider not in kinds:
        raise ValueError(
            f"judge {judge!r}: `base_url` goes with {', '.join(kinds)}; got {llm.model!r}"
        )
    # This provider never takes OPENAI_API_KEY, so that key goes to no other server.
    provider = OpenAICompatibleProvider("compatible", base_url=str(llm.base_url), api_key=key)
    return kinds[llm.provider](llm.name, provider=provider)  # type: ignore[no-any-return]


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


def _parameters(llm: LLM) -> ModelRequestParameters:
    from pydantic_ai.models import ModelRequestParameters
    from pydantic_ai.output import OutputObjectDefinition
    from pydantic_ai.tools import ToolDefinition

    if llm.way == "logprob":
        return ModelRequestParameters()
    fields = {name: dict(entry) for name, entry in SCHEMAS[llm.way].items()}
    schema = {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
    told = "The belief about whether the ticket needs the complex model."
    return ModelRequestParameters(
        output_mode=llm.output,
        output_tools=[
            ToolDefinition(
                name=_TOOL, parameters_json_schema=schema, description=told, kind="output"
            )
        ],
        output_object=OutputObjectDefinition(schema, _TOOL, told),
        allow_text_output=llm.output in ("native", "prompted"),
    )


def _raw(response: ModelResponse, llm: LLM) -> dict[str, Any]:
    raw: dict[str, Any] = {"finish": response.finish_reason}
    details = dict(response.provider_details or {})
    if details.get("refusal"):
        raw["finish"] = "content_filter"
    parts: list[Any] = list(response.parts)
    if llm.way == "logprob":
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


def _failure(error: Exception, llm: LLM) -> CallFailed:
    from pydantic_ai import exceptions as e

    status = getattr(error, "status_code", None)
    code = getattr(error, "provider_error_code", None)
    marks = ", ".join(str(mark) for mark in (status, code) if mark)
    reason = type(error).__name__.removeprefix("_HTTP") + (f" ({marks})" if marks else "")
    for_good = status in (401, 403) or isinstance(
        error,
        (e.ModelAuthenticationError, e.ModelNotFoundError, e.ModelQuotaExceededError, e.UserError),
    )
    ours = not isinstance(error, e.AgentRunError)  # of this program, not of the provider
    # What a provider says of a wrong key may show part of it, and other messages quote the ticket.
    if (ours or isinstance(error, e.ModelRequestRejectedError)) and status not in (401, 403):
        body = getattr(error, "body", None)
        told = body.get("message") if isinstance(body, Mapping) else str(error)
        reason += f": {' '.join(str(told).split())}"
    passing = not for_good and (
        isinstance(error, _passing_errors())
        or type(error) is e.ModelAPIError  # what came was no JSON
        or (isinstance(status, int) and (status in _PASSING or status >= 500))
    )
    sent = getattr(error, "phase", None) not in ("pool", "connect")
    return CallFailed(
        _redacted(reason, llm)[:_SHOWN],
        passing=passing,
        for_good=for_good,
        wait=getattr(error, "retry_after", None),
        billed=status is None and sent and not for_good,
    )


def _passing_errors() -> tuple[type[Exception], ...]:
    from pydantic_ai import exceptions as e

    return (
        e.ModelRateLimitError,
        e.ModelUnavailableError,
        e.ModelServerError,
        e.ModelConnectionError,
        e.ModelRequestTimeout,
        e.UnexpectedModelBehavior,
    )


def _redacted(text: str, llm: LLM) -> str:
    """Replace whatever the environment holds that may be a secret."""
    for name, value in os.environ.items():
        secret = any(word in name.upper() for word in ("KEY", "TOKEN", "SECRET", "PASSWORD"))
        if value and (name == llm.key_env or (secret and len(value) >= _SECRET_LENGTH)):
            text = text.replace(value, "***")
    return text
