"""Running: many calls at a time, each answer asked for once, kept at once, within the limit."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from trust_router.defaults import CONCENTRATION_CAP, GIVE_UP_AFTER
from trust_router.judges.calls.cache import AnswerCache
from trust_router.judges.calls.client import Call, Caller
from trust_router.judges.calls.failures import CallFailed, pause
from trust_router.judges.calls.prices import Prices, Purse
from trust_router.judges.plans import Job
from trust_router.judges.prompts import Conversation
from trust_router.judges.sanitising import sanitise, without_texts

__all__ = ["Effort", "Runner", "run_now"]

Raw = Mapping[str, Any]

_USELESS = {  # statuses that another ticket will not change
    "no log-probabilities": "it gives no log-probabilities; take another `way` of asking",
    "truncated": "its answers are cut off at {tokens} tokens; raise `max_tokens`",
}


@dataclass
class Effort:
    """What it took to hear one judge, while it is being asked."""

    calls: int = 0
    retries: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    uncertain: float = 0.0
    problem: str = ""
    answered: int = 0  # by calls made now
    failures: int = 0  # tickets in a row
    useless: int = 0  # answers in a row
    given_up: bool = False

    def note(self, reason: str) -> None:
        """Keep the first reason of a failure."""
        self.problem = self.problem or reason


class _Flights:
    """Which answers are being asked for in this process, so that each is asked for once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[str, Future[Raw | None]] = {}

    def claim(self, key: str) -> tuple[bool, Future[Raw | None]]:
        """Give (True, mine to land) or (False, somebody else's to wait for)."""
        with self._lock:
            if key in self._under_way:
                return False, self._under_way[key]
            self._under_way[key] = Future()
            return True, self._under_way[key]

    def land(self, key: str, raw: Raw | None) -> None:
        """Say what the answer is; None if there is none."""
        with self._lock:
            self._under_way.pop(key).set_result(raw)


_FLIGHTS = _Flights()


@dataclass
class Runner:
    """Does jobs: asks, retries, pays, and keeps what is answered.

    Attributes
    ----------
    answers : dict
        Raw answer by key, for what was answered.
    reasons : dict
        Why there is none, by key: ``"failed"``, ``"limit"`` or ``"given up"``.
    efforts : dict
        By judge.
    """

    cache: AnswerCache
    prices: Prices
    limit: float | None
    concurrency: int
    retries: int
    progress: Any = None
    answers: dict[str, Raw] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    efforts: dict[str, Effort] = field(default_factory=dict)

    async def run(self, jobs: Sequence[Job]) -> None:
        """Do all jobs."""
        inquiries = {job.inquiry.name: job.inquiry for job in jobs}
        purse = Purse(self.limit)
        async with AsyncExitStack() as stack:
            callers = {
                name: await stack.enter_async_context(Caller(name, i.llm, i.model))
                for name, i in inquiries.items()
            }
            for name in inquiries:
                self.efforts.setdefault(name, Effort())
            queue = iter(jobs)
            workers = [
                asyncio.create_task(self._work(queue, callers, purse))
                for _ in range(min(self.concurrency, len(jobs)))
            ]
            try:
                await asyncio.gather(*workers)
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)

    async def _work(
        self, queue: Iterator[Job], callers: Mapping[str, Caller], purse: Purse
    ) -> None:
        for job in queue:
            await self._do(job, callers[job.inquiry.name], purse)
            if self.progress is not None:
                self.progress.set_postfix_str(f"{purse.spent:.4f} USD", refresh=False)
                self.progress.update()

    async def _do(self, job: Job, caller: Caller, purse: Purse) -> None:
        flight = f"{id(job.inquiry.model)}{job.key}"
        while True:
            mine, future = _FLIGHTS.claim(flight)
            if mine:
                break
            raw = await asyncio.wrap_future(future)
            if raw is not None:
                self._keep(job, raw, {})
                return
        raw = None
        try:
            held = self.cache.get([job.key])
            if held:  # somebody else asked in the meantime
                raw = self.answers[job.key] = held[job.key]
            else:
                raw = await self._asked(job, caller, purse)
        finally:
            _FLIGHTS.land(flight, raw)

    async def _asked(self, job: Job, caller: Caller, purse: Purse) -> Raw | None:
        effort = self.efforts[job.inquiry.name]
        conversation = job.inquiry.conversation(job.text)
        most = job.inquiry.most_cost(conversation, self.prices)
        for attempt in range(self.retries + 1):
            if effort.given_up:
                self.reasons[job.key] = "given up"
                return None
            if not await purse.reserve(most or 0.0):
                self.reasons[job.key] = "limit"
                effort.note("the spending limit is reached")
                return None
            effort.retries += attempt > 0
            try:
                call = await self._attempt(job, caller, conversation, purse, most)
            except CallFailed as failure:
                effort.note(failure.reason)
                if failure.for_good:
                    effort.given_up = True
                again = failure.passing and attempt < self.retries
                if again and await pause(attempt, failure):
                    continue
                break
            effort.answered += 1
            effort.failures = 0
            self._watch(job, call.raw)
            usage = {"input_tokens": call.input_tokens, "output_tokens": call.output_tokens}
            return self._keep(job, call.raw, usage)
        effort.failures += 1
        effort.given_up = effort.given_up or effort.failures >= GIVE_UP_AFTER
        self.reasons[job.key] = "failed"
        return None

    def _watch(self, job: Job, raw: Raw) -> None:
        """Give a judge up that answers nothing of use, before it costs more."""
        effort, llm = self.efforts[job.inquiry.name], job.inquiry.llm
        status = sanitise(raw, llm, job.inquiry.prompt, CONCENTRATION_CAP).status
        effort.useless = effort.useless + 1 if status in _USELESS else 0
        if effort.useless >= GIVE_UP_AFTER:
            effort.given_up = True
            effort.note(_USELESS[status].format(tokens=llm.most_tokens))

    async def _attempt(
        self,
        job: Job,
        caller: Caller,
        conversation: Conversation,
        purse: Purse,
        most: float | None,
    ) -> Call:
        effort = self.efforts[job.inquiry.name]
        effort.calls += 1
        # What is interrupted may have been charged for, so it counts in full.
        spent, uncertain = most or 0.0, most or 0.0
        try:
            call = await caller.call(conversation)
            cost = None
            if call.input_tokens is not None and call.output_tokens is not None:
                effort.input_tokens += call.input_tokens
                effort.output_tokens += call.output_tokens
                cost = self.prices.cost(job.inquiry.llm, call.input_tokens, call.output_tokens)
            if most is None:
                effort.cost = None
            if cost is not None:
                spent, uncertain = cost, 0.0
                effort.cost = None if effort.cost is None else effort.cost + cost
        except CallFailed as failure:
            if not failure.billed:
                spent = uncertain = 0.0
            raise
        finally:
            effort.uncertain += uncertain
            await purse.settle(most or 0.0, spent)
        return call

    def _keep(self, job: Job, raw: Raw, usage: Mapping[str, Any]) -> Raw:
        if not self.cache.keep_texts:
            raw = without_texts(raw, job.inquiry.llm.way)
        self.cache.put(job.key, raw, usage, job.inquiry.described(job.text))
        self.answers[job.key] = raw
        return raw


def run_now(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end, also where an event loop runs already, as in Jupyter."""
    if _loop_runs():
        _run_in_thread(work)
    else:
        asyncio.run(work)


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _run_in_thread(work: Coroutine[Any, Any, None]) -> None:
    failed: list[BaseException] = []
    loop = asyncio.new_event_loop()
    task: asyncio.Task[None] = loop.create_task(work)

    def run() -> None:
        try:
            loop.run_until_complete(task)
        except BaseException as error:  # noqa: BLE001
            failed.append(error)
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    thread = threading.Thread(target=run, name="trust-router", daemon=True)
    thread.start()
    try:
        thread.join()
    except BaseException:  # an interrupt: let the calls under way end, then pass it on
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
        raise
    for error in failed:
        raise error
