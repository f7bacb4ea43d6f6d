"""Failed calls: what an error means for the next try, said without any secret."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Mapping

from trust_router.defaults import RETRY_WAIT, RETRY_WAIT_MOST
from trust_router.inputs.llm import LLM
from trust_router.judges.calls.bounds import refusal_in

__all__ = ["CallFailed", "failure_of", "pause", "redacted"]

_PASSING = {408, 409, 425, 429}  # statuses below 500 after which another try may do
_SHOWN = 200  # characters of a provider's message
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


def failure_of(error: Exception, llm: LLM) -> CallFailed:
    """Say what an error of a call means, without a word that may be a secret."""
    from pydantic_ai import exceptions as e

    refusal = refusal_in(error)
    if refusal is not None:
        return CallFailed(str(refusal), billed=True)
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
        redacted(reason, llm)[:_SHOWN],
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


def redacted(text: str, llm: LLM) -> str:
    """Replace whatever the environment holds that may be a secret."""
    for name, raw in os.environ.items():
        value = raw.strip()
        secret = any(word in name.upper() for word in ("KEY", "TOKEN", "SECRET", "PASSWORD"))
        if value and (name == llm.key_env or (secret and len(value) >= _SECRET_LENGTH)):
            text = text.replace(value, "***")
    return text


async def pause(attempt: int, failure: CallFailed) -> bool:
    """Wait before another attempt; False if the server asks for too long a wait."""
    wait = RETRY_WAIT * 2**attempt * (0.5 + random.random())  # noqa: S311
    if failure.wait is not None:
        if failure.wait > RETRY_WAIT_MOST:
            return False
        wait = max(failure.wait, min(wait, RETRY_WAIT))
    await asyncio.sleep(min(wait, RETRY_WAIT_MOST))
    return True
