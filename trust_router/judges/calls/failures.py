"""Failed calls: what an error means for the next try, said without any secret."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping

from trust_router.basics.words import plain
from trust_router.defaults import RETRY_WAIT, RETRY_WAIT_MOST
from trust_router.inputs.llm import LLM
from trust_router.judges.calls.bounds import refusal_in
from trust_router.judges.calls.redaction import redacted

__all__ = ["CallFailed", "failure_of", "pause"]

_PASSING = {408, 409, 425, 429}  # statuses below 500 after which another try may do
_SHOWN = 200  # characters of a provider's message
_UNQUOTED = "its words are not shown, since it was sent a key"


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
    if isinstance(error, TimeoutError):
        return CallFailed(f"no answer within {llm.timeout:g} s", passing=True, billed=True)
    status = getattr(error, "status_code", None)
    reason = type(error).__name__.removeprefix("_HTTP") + (f" ({status})" if status else "")
    for_good = status in (401, 403) or isinstance(
        error,
        (e.ModelAuthenticationError, e.ModelNotFoundError, e.ModelQuotaExceededError, e.UserError),
    )
    told = _told(error, llm)
    passing = not for_good and (
        isinstance(error, _passing_errors())
        or type(error) is e.ModelAPIError  # what came was no JSON
        or (isinstance(status, int) and (status in _PASSING or status >= 500))
    )
    sent = getattr(error, "phase", None) not in ("pool", "connect")
    return CallFailed(
        (f"{reason}: {told}" if told else reason)[:_SHOWN],
        passing=passing,
        for_good=for_good,
        wait=getattr(error, "retry_after", None),
        billed=status is None and sent and not for_good,
    )


def _told(error: Exception, llm: LLM) -> str:
    """Quote what may be quoted of an error: no key, in no writing."""
    from pydantic_ai import exceptions as e

    ours = not isinstance(error, e.AgentRunError)  # of this program, not of the provider
    status, code = (getattr(error, name, None) for name in ("status_code", "provider_error_code"))
    if llm.base_url is not None and llm.key_env is not None:
        # A server of anybody's: it could write the key in a way that nobody recognises.
        return _UNQUOTED if ours or status else ""
    told = str(code or "")
    # What a provider says of a wrong key may show part of it, and other messages quote the ticket.
    if (ours or isinstance(error, e.ModelRequestRejectedError)) and status not in (401, 403):
        body = getattr(error, "body", None)
        message = body.get("message") if isinstance(body, Mapping) else str(error)
        told = f"{told} {message}"
    return redacted(plain(told), llm)


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


async def pause(attempt: int, failure: CallFailed) -> bool:
    """Wait before another attempt; False if the server asks for too long a wait."""
    wait = RETRY_WAIT * 2**attempt * (0.5 + random.random())  # noqa: S311
    if failure.wait is not None:
        if failure.wait > RETRY_WAIT_MOST:
            return False
        wait = max(failure.wait, min(wait, RETRY_WAIT))
    await asyncio.sleep(min(wait, RETRY_WAIT_MOST))
    return True
