"""How long answers take to load from the cache, and what asking adds to the model's own time."""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx2

import trust_router as tr

CONCURRENCY = 16
THINKING = 0.1  # seconds that the model takes for an answer
CALL = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "belief", "arguments": '{"probability": 0.2, "sureness": "sure"}'},
}
MESSAGE = {"role": "assistant", "content": None, "tool_calls": [CALL]}
CHOICE = {"index": 0, "message": MESSAGE, "finish_reason": "tool_calls"}
USAGE = {"prompt_tokens": 300, "completion_tokens": 20, "total_tokens": 320}
TEXT = "I have waited for a transfer between two of my accounts for ten days. " * 4
ANSWER = json.dumps(
    {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [CHOICE],
        "usage": USAGE,
    }
).encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(THINKING)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


def serve(port: Connection) -> None:
    """Be the model, in a process of its own."""
    server = _Server(("127.0.0.1", 0), _Handler)
    port.send(server.server_port)
    server.serve_forever()


def bare(url: str, bodies: list[Any]) -> None:
    """Make the same requests with nothing but an HTTP client: what any harness needs."""

    async def work() -> None:
        queue = iter(bodies)
        async with httpx2.AsyncClient() as client:

            async def post() -> None:
                for body in queue:
                    (await client.post(f"{url}/chat/completions", json=body)).json()

            await asyncio.gather(*(post() for _ in range(CONCURRENCY)))

    asyncio.run(work())


def ask(url: str, texts: list[str], cache: Path) -> None:
    """Ask through the package, with its cache on disk."""
    llm = tr.LLM("openai-chat:m", base_url=url)
    answers = tr.ask({"haiku": llm}, texts, cache=cache, concurrency=CONCURRENCY)
    assert (answers.status == "ok").all()


def overhead(calls: int, rounds: int) -> None:
    """Time both in turn, so that a busy machine slows them alike."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ours.recv()}/v1"
    texts = [f"{TEXT}{i}" for i in range(calls)]
    bodies = [{"model": "m", "messages": [{"role": "user", "content": text}]} for text in texts]
    best = {"bare HTTP client": float("inf"), "tr.ask": float("inf")}
    cpu = dict(best)
    with tempfile.TemporaryDirectory() as folder:
        ask(url, ["first, which imports"], Path(folder) / "warm.sqlite")
        for i in range(rounds):
            for name, work in (
                ("bare HTTP client", lambda: bare(url, bodies)),
                ("tr.ask", lambda i=i: ask(url, texts, Path(folder) / f"{i}.sqlite")),
            ):
                start, busy = time.perf_counter(), time.process_time()
                work()
                best[name] = min(best[name], time.perf_counter() - start)
                cpu[name] = min(cpu[name], time.process_time() - busy)
    server.terminate()
    ideal = calls * THINKING / CONCURRENCY
    print(
        f"{calls} calls, {CONCURRENCY} at a time, model {THINKING * 1000:.0f} ms, best of {rounds}"
    )
    for name, seconds in best.items():
        added = (seconds - ideal) / calls * 1000
        print(
            f"{name:18} {seconds:6.2f} s  {seconds / ideal:5.2f} of the model's own time  "
            f"adds {added:5.2f} ms per call, of these {cpu[name] / calls * 1000:.2f} ms CPU"
        )


def load(tickets: int, judges: int) -> None:
    """Fill a cache, and time how long the answers take to load."""
    from trust_router.judges.calls.cache import AnswerCache
    from trust_router.judges.cleaning import text_hash
    from trust_router.judges.inquiries import gather_judges

    panel = {f"judge {j}": tr.LLM(f"openai:model-{j}") for j in range(judges)}
    texts = [f"{TEXT}{i}" for i in range(tickets)]
    raw = {"finish": "tool_call", "answer": '{"probability": 0.2, "sureness": "sure"}'}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.sqlite"
        with AnswerCache(path) as cache:
            for inquiry in gather_judges(panel, None, ()):
                for text in texts:
                    known = text_hash(text)
                    about = inquiry.described | {"ticket_hash": known, "text": None}
                    cache.put(inquiry.key(known), raw, {"input_tokens": 1}, about)
        times = []
        for _ in range(3):
            start = time.perf_counter()
            answers = tr.ask(panel, texts, cache=path)
            times.append(time.perf_counter() - start)
            assert answers.calls == 0
    print(f"{tickets} tickets x {judges} judges from the cache: {min(times):.2f} s")


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=800)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tickets", type=int, default=10_000)
    given = parser.parse_args()
    load(given.tickets, 6)
    overhead(given.calls, given.rounds)


if __name__ == "__main__":
    main()
