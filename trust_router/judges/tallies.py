"""Tallies: how each judge is asked, and what that took or would take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trust_router.basics.shown import Shown
from trust_router.basics.words import plain
from trust_router.judges.inquiries import Inquiry
from trust_router.judges.kinds import TicketJudge

__all__ = ["Tally", "opened", "total_calls", "total_cost"]


@dataclass(frozen=True, repr=False)
class Tally(Shown):
    """What it took to hear one judge.

    Attributes
    ----------
    judge : str
    model, way, prompt : str
        How it was asked; ``""`` for a judge that is no LLM.
    cached : int
        Tickets whose answer was known already, from the cache or from an identical ticket.
    calls : int
        Made now.
    retries : int
        How many of them were made again.
    input_tokens, output_tokens : int
        Of the calls that said so.
    cost : float, optional
        Of the answers, in USD; None if the price is unknown.
    cost_at_most : float, optional
        With calls that failed but may have been charged for.
    problem : str
        The first reason why a call failed, or would not be made.
    host, key, prompt_file : str
        Where an LLM is asked, the environment variable with its key, and the file of its prompt;
        ``""`` if there is no key, or the prompt is one of the package.
    """

    judge: str
    model: str = ""
    way: str = ""
    prompt: str = ""
    cached: int = 0
    calls: int = 0
    retries: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = 0.0
    cost_at_most: float | None = 0.0
    problem: str = ""
    host: str = ""
    key: str = ""
    prompt_file: str = ""

    @property
    def told(self) -> str:
        """Who is told about tickets, with which key, in which words; empty for no LLM."""
        if not self.model:
            return ""
        key = f"key {self.key}" if self.key else "no key"
        words = self.prompt_file or self.prompt
        return plain(f"{self.judge}: {self.model} at {self.host}, {key}, prompt {words}")


def opened(judge: Inquiry | TicketJudge) -> Tally:
    """Open the tally of a judge that has not been asked anything."""
    if not isinstance(judge, Inquiry):
        return Tally(judge.name)
    return Tally(
        judge.name,
        judge.model_name,
        judge.llm.way,
        judge.prompt.version,
        host=judge.host,
        key=judge.key_name,
        prompt_file=judge.prompt_file,
    )


def total_calls(tallies: Sequence[Tally]) -> int:
    """Count the calls of all judges."""
    return sum(tally.calls for tally in tallies)


def total_cost(tallies: Sequence[Tally]) -> float | None:
    """Add up what all judges cost in USD; None if a price is unknown."""
    known = [tally.cost for tally in tallies if tally.cost is not None]
    return sum(known, 0.0) if len(known) == len(tallies) else None
