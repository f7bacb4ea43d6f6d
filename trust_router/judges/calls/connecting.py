"""Connecting: the models of pydantic-ai that judges name, with keys from the environment."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from trust_router.inputs.llm import LLM
from trust_router.judges.calls.redaction import redacted

if TYPE_CHECKING:
    from httpx2 import AsyncClient
    from pydantic_ai.models import Model
    from pydantic_ai.providers import Provider

__all__ = ["connect", "is_model", "model_settings", "needs_llm_extra"]

_TOP = 20  # first tokens whose log-probabilities are asked for


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
    models = sys.modules.get("pydantic_ai.models")
    return models is not None and isinstance(value, models.Model)


def connect(judge: str, llm: LLM, client: AsyncClient) -> Model:
    """Make the model that a judge names, with its key from the environment.

    Parameters
    ----------
    judge : str
        For messages.
    llm : LLM
    client : httpx2.AsyncClient
        That requests are made with. Only the SDKs that do not take it, some of providers with an
        address of their own, make theirs.

    Raises
    ------
    ValueError
        If the key is not set, or there is no such provider.
    """
    from pydantic_ai.exceptions import UserError
    from pydantic_ai.models import infer_model

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
            return _compatible(judge, llm, key, client)
        # OpenAI's newer API wants at least 16 tokens of an answer, of which one is read.
        chat = llm.way == "logprob" and llm.provider == "openai"
        name = f"openai-chat:{llm.name}" if chat else llm.model
        return infer_model(name, lambda provider: _provider(provider, key, client))
    except ImportError as error:
        reason = f"needs another package: {error}"
    except (TypeError, UserError) as error:
        # Only the first sentence is about this; the others advertise.
        told = str(error).partition(" or pass it ")[0].partition(". ")[0]
        reason = redacted(f"cannot be asked: {told}", llm)
    raise ValueError(f"judge {judge!r} with model {llm.model!r} {reason}")


def _provider(name: str, key: str | None, client: AsyncClient) -> Provider[Any]:
    from pydantic_ai.exceptions import UserError
    from pydantic_ai.providers import infer_provider, infer_provider_class

    try:
        kind: Any = infer_provider_class(name)
    except ValueError as error:
        raise UserError(str(error)) from None
    if name.startswith("gateway/") and key is None:
        return infer_provider(name)
    given: dict[str, Any] = {} if key is None else {"api_key": key}
    takes = inspect.signature(kind).parameters.get("http_client")
    # "httpx.AsyncClient" alone means an SDK that wants one of the older kind.
    if takes and any(word in str(takes.annotation) for word in ("httpx2", "HTTPClient")):
        given["http_client"] = client
    return kind(**given)  # type: ignore[no-any-return]


def _compatible(judge: str, llm: LLM, key: str | None, client: AsyncClient) -> Model:
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
    provider = OpenAICompatibleProvider(
        "compatible", base_url=str(llm.base_url), api_key=key, http_client=client
    )
    return kinds[llm.provider](llm.name, provider=provider)  # type: ignore[no-any-return]


def model_settings(judge: str, llm: LLM, model: Model) -> Any:
    """Give the settings of a model that a judge is asked with.

    Raises
    ------
    ValueError
        If the model cannot be asked this way.
    """
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
