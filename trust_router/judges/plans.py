"""Plans: who is to be asked about which tickets, checked before anybody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from trust_router import defaults
from trust_router.basics.checks import is_number, listed, shown, whole_number
from trust_router.inputs.reading.texts import as_texts
from trust_router.inputs.texts import TicketTexts
from trust_router.judges.calls.cache import AnswerCache
from trust_router.judges.calls.client import Caller
from trust_router.judges.calls.conversation import Conversation
from trust_router.judges.calls.keys import allowed_pairs, refused_key
from trust_router.judges.calls.prices import Prices, read_prices
from trust_router.judges.cleaning import text_hash
from trust_router.judges.inquiries import Inquiry, gather_judges, past_examples
from trust_router.judges.keeping import without_texts
from trust_router.judges.kinds import TicketJudge
from trust_router.judges.sanitising import useless

__all__ = ["Plan", "Question", "Settings", "make_plan"]

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Settings:
    """Settings of `ask`, which describes them."""

    concurrency: int = defaults.CONCURRENCY
    retries: int = defaults.RETRIES
    cap: float = defaults.CONCENTRATION_CAP
    keep_texts: bool = False
    examples: Any = None
    columns: Mapping[str, str] | None = None
    progressbar: bool = False
    allow_keys: Mapping[str, str | Sequence[str]] | None = None

    def __post_init__(self) -> None:
        whole_number("concurrency", self.concurrency, 1)
        whole_number("retries", self.retries, 0)
        allowed_pairs(self.allow_keys)
        least = defaults.CONCENTRATION_LEAST
        if not (is_number(self.cap) and least <= self.cap < np.inf):
            raise ValueError(f"`cap` must be a number of {least:g} or more; got {shown(self.cap)}")


@dataclass(frozen=True, eq=False)
class Question:
    """One question to a judge, about one text: a job for the runner."""

    inquiry: Inquiry
    key: str
    text: str
    plan: Plan

    @property
    def caller(self) -> str:
        """Name of the judge."""
        return self.inquiry.name

    def conversation(self) -> Conversation:
        """Make what is sent."""
        return self.inquiry.conversation(self.text)

    def most_cost(self, conversation: Conversation) -> float | None:
        """Give what a call costs at most, in USD; None if the price is unknown."""
        return self.cost(conversation.most_tokens, self.inquiry.llm.most_tokens)

    def cost(self, input_tokens: int, output_tokens: int) -> float | None:
        """Give what a call costs, in USD; None if the price is unknown."""
        return self.plan.prices.cost(self.inquiry.llm, input_tokens, output_tokens)

    def useless(self, raw: Raw) -> str:
        """Say why a judge that answers so will say nothing of other tickets; empty if it may."""
        return useless(raw, self.inquiry.llm, self.inquiry.prompt)

    def kept(self, raw: Raw) -> Raw:
        """Give of an answer what may be kept."""
        if self.plan.settings.keep_texts:
            return raw
        return without_texts(raw, self.inquiry.llm.way, self.inquiry.prompt)

    def described(self) -> dict[str, str | None]:
        """Say for the cache what the answer is about."""
        return self.inquiry.described | {
            "ticket_hash": text_hash(self.text),
            "text": self.text if self.plan.settings.keep_texts else None,
        }


@dataclass(frozen=True, eq=False)
class Plan:
    """Tickets, the judges to be asked about them, prices and settings."""

    tickets: TicketTexts
    judges: Sequence[Inquiry | TicketJudge]
    prices: Prices
    settings: Settings

    @property
    def inquiries(self) -> list[Inquiry]:
        """Judges that are LLMs."""
        return [judge for judge in self.judges if isinstance(judge, Inquiry)]

    @cached_property
    def keys(self) -> Mapping[str, Sequence[str]]:
        """Key of each answer by judge; "" for a ticket without text, which is not asked about."""
        hashes = [text_hash(text) if text.strip() else "" for text in self.tickets.texts]
        return {i.name: [h and i.key(h) for h in hashes] for i in self.inquiries}

    def known(self, cache: AnswerCache) -> dict[str, Raw]:
        """Give the raw answers that a cache holds, by key."""
        found: dict[str, Raw] = {}
        for inquiry in self.inquiries:
            keys = dict.fromkeys(key for key in self.keys[inquiry.name] if key)
            found |= cache.get(keys)
        return found

    def questions(self, known: Mapping[str, Raw]) -> list[Question]:
        """List what is not known yet, each once; all judges about a ticket before the next one."""
        asked: dict[str, Question] = {}
        for row, text in enumerate(self.tickets.texts):
            for inquiry in self.inquiries:
                key = self.keys[inquiry.name][row]
                if key and key not in known and key not in asked:
                    asked[key] = Question(inquiry, key, text, self)
        return list(asked.values())

    def callers(self, questions: Sequence[Question]) -> dict[str, Caller]:
        """Make who calls the LLMs that are asked anything, by judge."""
        asked = {question.caller: question.inquiry for question in questions}
        return {name: Caller(name, i.llm, i.model) for name, i in asked.items()}

    def refusal(self, judge: Inquiry) -> str:
        """Say why the key of a judge may not be sent; empty if it may."""
        return "" if judge.model is not None else refused_key(judge.llm, self.settings.allow_keys)

    def check_keys(self) -> None:
        """Refuse to send a key that the user has not allowed for that host."""
        for judge in self.inquiries:
            if refusal := self.refusal(judge):
                raise ValueError(f"judge {judge.name!r} {refusal}")

    def check_limit(self, limit: float | None) -> None:
        """Refuse a limit that is no amount, or cannot be kept because a price is unknown."""
        if limit is None:
            return
        if not (is_number(limit) and 0 <= limit < np.inf):
            raise ValueError(f"`limit` must be an amount of USD of 0 or more; got {shown(limit)}")
        for judge in self.inquiries:
            if self.prices.cost(judge.llm, 1, 1) is None:
                raise ValueError(
                    f"`limit` cannot be kept: nobody knows the price of {judge.llm.model!r} (judge "
                    f"{judge.name!r}); state it in a table [prices] and give that as `prices`"
                )


def make_plan(
    judges: Any,
    tickets: Any,
    using: Mapping[str, Any] | None,
    prices: Prices | str | Path | None,
    settings: Mapping[str, Any],
) -> Plan:
    """Make a plan of the arguments of `ask`, which says what they are."""
    allowed = [f.name for f in fields(Settings)]
    for name in settings:
        if name not in allowed:
            raise TypeError(f"unknown setting {name!r}; settings are {listed(allowed)}")
    chosen = Settings(**settings)
    if not isinstance(prices, Prices):
        prices = Prices() if prices is None else read_prices(prices)
    return Plan(
        as_texts(tickets, columns=chosen.columns),
        gather_judges(judges, using, past_examples(chosen.examples)),
        prices,
        chosen,
    )
