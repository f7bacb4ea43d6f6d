"""A local OpenAI-compatible server that misbehaves as a test tells it to.

Replies in ``ScriptedServer.script`` are given in turn, whatever is asked; after the last one
``ScriptedServer.default`` answers. Every request is kept, with the time it came in.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """What to send: ``body`` as it is, or made from the request; perhaps late, or cut off."""

    body: bytes | Callable[[Payload], bytes] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut_after: int | None = None  # bytes of the body, after which the socket is closed
    no_response: bool = False  # the socket is closed before a single byte
    drip: float = 0.0  # seconds between single bytes of the body
    unsaid_length: bool = False  # the length of the body is not said before


@dataclass(frozen=True)
class Asked:
    """A request: when it came in, its path, headers and body."""

    time: float
    path: str
    headers: Mapping[str, str]
    body: Payload

    @property
    def text(self) -> str:
        """All messages, joined."""
        return "\n".join(_content(message) for message in self.body.get("messages", []))


def answer(
    content: Any,
    *,
    tokens: tuple[int, int] = (100, 10),
    finish_reason: str = "stop",
    delay: float = 0.0,
) -> Reply:
    """Answer well-formed: text as it is, anything else as JSON; by a tool call if tools are given.

    ``tokens`` are the counts of the prompt and of the answer.
    """
    text = content if isinstance(content, str) else json.dumps(content)

    def body(request: Payload) -> bytes:
        message: dict[str, Any] = {"role": "assistant", "content": text}
        reason = finish_reason
        tools = request.get("tools")
        if tools and not isinstance(content, str):
            call = {"name": tools[0]["function"]["name"], "arguments": text}
            message["content"] = None
            message["tool_calls"] = [{"id": "call_1", "type": "function", "function": call}]
            reason = "tool_calls" if finish_reason == "stop" else finish_reason
        return _completion(request, message, tokens, finish_reason=reason)

    return Reply(body, delay=delay)


def log_probabilities(
    top: Mapping[str, float], *, tokens: tuple[int, int] = (100, 1), delay: float = 0.0
) -> Reply:
    """Answer one token, the first of ``top``, and the log-probabilities of all in ``top``."""
    entries = [
        {"token": token, "logprob": value, "bytes": list(token.encode())}
        for token, value in top.items()
    ]

    def body(request: Payload) -> bytes:
        said = entries[0] | {"top_logprobs": entries}
        message = {"role": "assistant", "content": said["token"]}
        return _completion(
            request, message, tokens, finish_reason="length", logprobs={"content": [said]}
        )

    return Reply(body, delay=delay)


def refusal(text: str = "I cannot help with that.") -> Reply:
    """Refuse, as a provider's safety filter does."""

    def body(request: Payload) -> bytes:
        message = {"role": "assistant", "content": None, "refusal": text}
        return _completion(request, message, (100, 5))

    return Reply(body)


def too_many_requests(retry_after: float | str | None = 0) -> Reply:
    """Say 429, and when to come again."""
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Reply(_error("rate limit reached", "rate_limit_exceeded"), 429, headers)


def server_error(status: int = 500) -> Reply:
    """Say 500, 502, 503 and the like."""
    return Reply(_error("the server had an error", "server_error"), status)


def client_error(status: int = 400, message: str = "invalid request") -> Reply:
    """Say 400, 401, 404 and the like."""
    return Reply(_error(message, "invalid_request_error"), status)


def hang(seconds: float = 3600.0) -> Reply:
    """Send nothing for so long, or until the server is closed."""
    return Reply(_error("too late", "server_error"), 500, delay=seconds)


def garbage() -> Reply:
    """Say 200, and then something that is not JSON."""
    return Reply(b"<html>\xff\xfe<b>502 Bad Gateway</b> \x00")


def half_json() -> Reply:
    """Say 200 and send the first half of a completion as if it were all of it."""

    def body(request: Payload) -> bytes:
        whole = _completion(request, {"role": "assistant", "content": "{}"}, (100, 10))
        return whole[: len(whole) // 2]

    return Reply(body)


def closed_socket(after: int | None = None) -> Reply:
    """Close the connection before any byte, or after so many bytes of the body."""
    if after is None:
        return Reply(no_response=True)
    return Reply(b'{"id": "chatcmpl-1", "object": "chat.completion", "choices": [', cut_after=after)


class ScriptedServer:
    """Listens on a free port of this machine between ``with`` and its end."""

    def __init__(self, script: Iterable[Reply] = (), default: Reply | None = None) -> None:
        self.script = deque(script)
        self.default = default or answer({"alpha": 1.0, "beta": 3.0})
        self.requests: list[Asked] = []
        self.peak = 0  # most requests under way at once
        self._under_way = 0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._sockets: set[socket.socket] = set()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._http.request_queue_size = 128
        self._http.scripted = self  # type: ignore[attr-defined]

    @property
    def base_url(self) -> str:
        """Address to give to a client, ending in ``/v1``."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def say(self, *replies: Reply) -> None:
        """Add replies to the script."""
        self.script.extend(replies)

    def __enter__(self) -> ScriptedServer:
        serve = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        serve.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()
        with self._lock:
            left = list(self._sockets)
        for connection in left:
            _shut(connection)

    def _reply_to(self, asked: Asked) -> Reply:
        with self._lock:
            self.requests.append(asked)
            self._under_way += 1
            self.peak = max(self.peak, self._under_way)
            return self.script.popleft() if self.script else self.default

    def _done(self) -> None:
        with self._lock:
            self._under_way -= 1

    def _wait(self, seconds: float) -> bool:
        """Wait; whether the server is still open."""
        return not self._closing.wait(seconds) if seconds else not self._closing.is_set()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.scripted: ScriptedServer = self.server.scripted  # type: ignore[attr-defined]
        with self.scripted._lock:
            self.scripted._sockets.add(self.connection)

    def finish(self) -> None:
        with self.scripted._lock:
            self.scripted._sockets.discard(self.connection)
        try:
            super().finish()
        except OSError:  # the client has gone
            self.close_connection = True

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(time.monotonic(), self.path, dict(self.headers), json.loads(raw or b"{}"))
        reply = self.scripted._reply_to(asked)
        try:
            if self.scripted._wait(reply.delay):
                self._send(reply, asked.body)
            else:
                self.close_connection = True
        finally:
            self.scripted._done()

    def _send(self, reply: Reply, request: Payload) -> None:
        if reply.no_response:
            self._hang_up()
            return
        body = reply.body(request) if callable(reply.body) else reply.body
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        if reply.unsaid_length:
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if reply.drip:
            self._drip(body, reply.drip)
            return
        self.wfile.write(body if reply.cut_after is None else body[: reply.cut_after])
        if reply.cut_after is not None:
            self._hang_up()

    def _drip(self, body: bytes, seconds: float) -> None:
        for at in range(len(body)):
            if not self.scripted._wait(seconds):
                self.close_connection = True
                return
            self.wfile.write(body[at : at + 1])
            self.wfile.flush()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        _shut(self.connection)

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""


def _completion(
    request: Payload,
    message: Payload,
    tokens: tuple[int, int],
    *,
    finish_reason: str = "stop",
    logprobs: Payload | None = None,
) -> bytes:
    choice = {
        "index": 0,
        "message": message,
        "finish_reason": finish_reason,
        "logprobs": logprobs,
    }
    prompt, completion = tokens
    usage = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
    whole = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": request.get("model", "scripted"),
        "choices": [choice],
        "usage": usage,
    }
    return json.dumps(whole).encode()


def _error(message: str, kind: str) -> bytes:
    return json.dumps({"error": {"message": message, "type": kind, "code": kind}}).encode()


def _content(message: Payload) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    parts: Sequence[Payload] = content
    return "".join(part.get("text", "") for part in parts)


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # closed already
