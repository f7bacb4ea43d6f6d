"""Bounds: a server's answer that is too long, or compressed, is refused before it fills memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from trust_router.defaults import ANSWER_BYTES

if TYPE_CHECKING:
    from httpx2 import AsyncClient, Request, Response

__all__ = ["AnswerRefused", "bounded_client", "refusal_in"]


class AnswerRefused(Exception):  # noqa: N818
    """An answer that was not read to its end."""


def bounded_client() -> AsyncClient:
    """Make an HTTP client that asks for plain answers and reads only so much of them."""
    from pydantic_ai.models import create_async_httpx2_client

    client = create_async_httpx2_client()
    hooks = client.event_hooks
    client.event_hooks = {
        "request": [*hooks["request"], _ask_for_plain],
        "response": [*hooks["response"], _bound],
    }
    return client


def refusal_in(error: BaseException) -> AnswerRefused | None:
    """Find a refusal among the causes of an error."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, AnswerRefused):
        cause = cause.__cause__ or cause.__context__
    return cause


async def _ask_for_plain(request: Request) -> None:
    request.headers["Accept-Encoding"] = "identity"


async def _bound(response: Response) -> None:
    """Refuse what is compressed, since a little of it may be a lot, and count the rest."""
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("", "identity"):
        raise AnswerRefused("the answer is compressed, which was not asked for")
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length[:20]) > ANSWER_BYTES:
        raise _too_long()
    response.stream = _counted(response.stream)


def _counted(stream: Any) -> Any:
    from httpx2 import AsyncByteStream

    class Counted(AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            left = ANSWER_BYTES
            async for chunk in stream:
                left -= len(chunk)
                if left < 0:
                    raise _too_long()
                yield chunk

        async def aclose(self) -> None:
            await stream.aclose()

    return Counted()


def _too_long() -> AnswerRefused:
    return AnswerRefused(f"the answer is longer than {ANSWER_BYTES:,} bytes")
