"""Running: many jobs at a time, each answer asked for once, kept at once, within the limit."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Protocol

from trust_router.defaults import CLAIM_SECONDS, GIVE_UP_AFTER
from trust_router.judges.calls.cache import AnswerCache
from trust_router.judges.calls.client import Call, Caller
from trust_router.judges.calls.conversation import Conversation
from trust_router.judges.calls.failures import CallFailed, pause
from trust_router.judges.calls.flights import FLIGHTS
from trust_router.judges.calls.prices import Purse

__all__ = ["Effort", "Job", "Raw", "Runner", "run_now"]

Raw = Mapping[str, Any]

_BETWEEN = 0.1  # seconds before a job that another process is at is looked at again


class Job(Protocol):
    """An answer to get."""

    @property
    def caller(self) -> str:
        """Name of the caller that gets it."""

    @property
    def key(self) -> str:
        """Key of the answer in the cache; the same for whoever asks the same."""

    def conversation(self) -> Conversation:
        """Make what is sent."""

    def most_cost(self, conversation: Conversation) -> float | None:
        """Give what a call costs at most, in USD; None if the price is unknown."""

    def cost(self, input_tokens: int, output_tokens: int) -> float | None:
        """Give what a call cost, in USD; None if the price is unknown."""

    def useless(self, raw: Raw) -> str:
        """Say why no other answer of the caller will be of use; empty if it may."""

    def kept(self, raw: Raw) -> Raw:
        """Give of an answer what may be kept."""

    def described(self) -> Mapping[str, str | None]:
        """Say for the cache what the answer is about."""


@dataclass
class Effort:
    """What one caller took, while it calls."""

    calls: int = 0
    retries: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    uncertain: float = 0.0
    problem: str = ""
    answered: int = 0  # by calls made now
    failures: int = 0  # jobs in a row
    useless: int = 0  # answers in a row
    given_up: bool = False

    def note(self, reason: str) -> None:
        """Keep the first reason of a failure."""
        self.problem = self.problem or reason

    def failed(self) -> None:
        """Count a job without an answer; too many in a row, and the caller is given up."""
        self.failures += 1
        self.given_up = self.given_up or self.failures >= GIVE_UP_AFTER

    def heard(self, useless: str) -> None:
        """Count an answer; too many of no use in a row, and the caller is given up."""
        self.answered += 1
        self.failures = 0
        self.useless = self.useless + 1 if useless else 0
        if self.useless >= GIVE_UP_AFTER:
            self.given_up = True
            self.note(useless)


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
        By caller.
    """

    cache: AnswerCache
    limit: float | None
    concurrency: int
    retries: int
    progress: Callable[[float], None] | None = None
    answers: dict[str, Raw] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    efforts: dict[str, Effort] = field(default_factory=dict)

    async def run(self, jobs: Sequence[Job], callers: Mapping[str, Caller]) -> None:
        """Do all jobs."""
        from anyio import CancelScope

        purse = Purse(self.limit)
        async with AsyncExitStack() as stack:
            for name, caller in callers.items():
                await stack.enter_async_context(caller)
                self.efforts.setdefault(name, Effort())
            queue = deque(jobs)
            workers = [
                asyncio.create_task(self._work(queue, callers, purse))
                for _ in range(min(self.concurrency, len(jobs)))
            ]
            renewing = asyncio.create_task(self._renew())
            try:
                await asyncio.gather(*workers)
            finally:
                for task in (*workers, renewing):
                    task.cancel()
                with CancelScope(shield=True):
                    await asyncio.gather(*workers, renewing, return_exceptions=True)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(CLAIM_SECONDS / 3)
            self.cache.renew()

    async def _work(self, queue: deque[Job], callers: Mapping[str, Caller], purse: Purse) -> None:
        while queue:
            job = queue.popleft()
            if not await self._do(job, callers[job.caller], purse):
                queue.append(job)  # another process asks; meanwhile there are others to do
                await asyncio.sleep(_BETWEEN)
            elif self.progress is not None:
                self.progress(purse.spent)

    async def _do(self, job: Job, caller: Caller, purse: Purse) -> bool:
        """Do a job, once in this process and all others; False if another one is at it."""
        flight = f"{id(caller.given)}{job.key}"
        while True:
            mine, future = FLIGHTS.claim(flight)
            if mine:
                break
            raw = await asyncio.wrap_future(future)
            if raw is not None:
                self._keep(job, raw, {})
                return True
        raw = None
        try:
            if not self.cache.claim(job.key):
                return False
            try:
                held = self.cache.get([job.key])
                if held:  # somebody else asked in the meantime
                    raw = self.answers[job.key] = held[job.key]
                else:
                    raw = await self._asked(job, caller, purse)
            finally:
                self.cache.release(job.key)
        finally:
            FLIGHTS.land(flight, raw)
        return True

    async def _asked(self, job: Job, caller: Caller, purse: Purse) -> Raw | None:
        effort = self.efforts[job.caller]
        conversation = job.conversation()
        most = job.most_cost(conversation)
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
                call = await self._attempt(job, caller.call(conversation), purse, most)
            except CallFailed as failure:
                effort.note(failure.reason)
                if failure.for_good:
                    effort.given_up = True
                again = failure.passing and attempt < self.retries
                if again and await pause(attempt, failure):
                    continue
                break
            effort.heard(job.useless(call.raw))
            usage = {"input_tokens": call.input_tokens, "output_tokens": call.output_tokens}
            return self._keep(job, call.raw, usage)
        effort.failed()
        self.reasons[job.key] = "failed"
        return None

    async def _attempt(
        self, job: Job, calling: Awaitable[Call], purse: Purse, most: float | None
    ) -> Call:
        effort = self.efforts[job.caller]
        effort.calls += 1
        # What is interrupted may have been charged for, so it counts in full.
        spent, uncertain = most or 0.0, most or 0.0
        try:
            call = await calling
            cost = None
            if call.input_tokens is not None and call.output_tokens is not None:
                effort.input_tokens += call.input_tokens
                effort.output_tokens += call.output_tokens
                cost = job.cost(call.input_tokens, call.output_tokens)
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
        raw = job.kept(raw)
        self.cache.put(job.key, raw, usage, job.described())
        self.answers[job.key] = raw
        return raw


def run_now(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run to the end, also where an event loop runs already, as in Jupyter."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(work())
        return
    from anyio.from_thread import start_blocking_portal

    with start_blocking_portal() as portal:
        portal.call(work)
