"""Who is asked, and how: judges of any kind made ready to be asked about tickets."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from trust_router.basics.checks import listed, shown
from trust_router.inputs.llm import LLM
from trust_router.inputs.panel import Panel
from trust_router.inputs.reading.texts import as_texts, read_texts
from trust_router.inputs.routers import Judge
from trust_router.inputs.texts import TicketTexts
from trust_router.judges.calls.connecting import is_model
from trust_router.judges.calls.conversation import Conversation
from trust_router.judges.calls.keys import host_of, key_of
from trust_router.judges.kinds import CallableJudge, ClassifierJudge, ColumnJudge, TicketJudge
from trust_router.judges.prompts import Prompt, converse, load_prompt

__all__ = ["Inquiry", "gather_judges", "past_examples"]

_RULES = 2  # of cleaning texts and building conversations; raise it when they change

Examples = Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Inquiry:
    """An LLM judge with its prompt and examples; makes requests and their keys."""

    name: str
    llm: LLM
    prompt: Prompt
    examples: Examples
    model: Any = None  # of pydantic-ai, instead of the one that `llm` names

    @property
    def model_name(self) -> str:
        """Which model is asked, as the cache names it."""
        return self.llm.model if self.model is None else str(self.model.model_id)

    @property
    def host(self) -> str:
        """Where the model is asked."""
        if self.model is None:
            return host_of(self.llm)
        return urlsplit(str(getattr(self.model, "base_url", None) or "")).netloc or "a given model"

    @property
    def key_name(self) -> str:
        """Which environment variable holds the key; empty if none is sent, or nobody knows."""
        return key_of(self.llm) if self.model is None else ""

    @property
    def prompt_file(self) -> str:
        """The file that the prompt is from; empty for a prompt of the package."""
        return "" if self.llm.prompt is None else str(self.llm.path(self.llm.prompt))

    @cached_property
    def fingerprint(self) -> str:
        """Hash of all that the answer depends on, but for the ticket."""
        llm = self.llm
        address = llm.base_url
        if address is None and llm.provider.startswith("openai") and self.model is None:
            address = os.environ.get("OPENAI_BASE_URL")
        parts = [
            _RULES,
            self.model_name,
            address,
            llm.way,
            self.prompt.fingerprint,
            list(self.examples),
            llm.output,
            llm.temperature,
            llm.most_tokens,
            llm.characters,
            dict(llm.settings),
        ]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def key(self, ticket_hash: str) -> str:
        """Key of the answer about a ticket in the cache."""
        return hashlib.sha256(f"{self.fingerprint}{ticket_hash}".encode()).hexdigest()

    @property
    def described(self) -> dict[str, str | None]:
        """How it is asked, as the cache names it."""
        return {"model": self.model_name, "way": self.llm.way, "prompt": self.prompt.version}

    def conversation(self, text: str) -> Conversation:
        """Make what is sent about a ticket."""
        return converse(self.prompt, self.llm, text, self.examples)


def gather_judges(
    judges: Any, using: Mapping[str, Any] | None, examples: Examples
) -> list[Inquiry | TicketJudge]:
    """Make judges ready: those of a panel that speak of tickets, a mapping by name, or a list.

    Raises
    ------
    TypeError
        If something is no judge.
    ValueError
        If a name is unknown or used twice, a judge has nothing to be asked with, or none is left.
    """
    given = dict(using or {})
    declared = _declared(judges)
    names = [name for name, _ in declared]
    for name in given:
        if name not in names:
            raise ValueError(
                f"`using` names the unknown judge {name!r}; judges are {listed(names)}"
            )
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ValueError(f"judge names must be unique; {name!r} is used twice")
    ready = []
    for name, judge in declared:
        if isinstance(judge, Judge) and not judge.by_ticket and name not in given:
            continue  # it states its belief in the panel, and is not asked
        ready.append(_ready(name, judge, given.get(name), examples))
    if not ready:
        raise ValueError(
            "there is no judge to ask; give a judge of the panel an `llm`, or name it in `using`"
        )
    return ready


def _declared(judges: Any) -> list[tuple[str, Any]]:
    if isinstance(judges, Panel):
        return [(judge.name, judge) for judge in judges.judges]
    if isinstance(judges, Mapping):
        return list(judges.items())
    if isinstance(judges, Iterable) and not isinstance(judges, str):
        return [(getattr(judge, "name", ""), judge) for judge in judges]
    raise TypeError(f"`judges` must be a panel, a mapping or a list; got {shown(judges)}")


def past_examples(examples: Any) -> Examples:
    """Take examples of past tickets: pairs of (text, outcome), a file, or what holds tickets.

    Raises
    ------
    ValueError
        If an example has no text, or an outcome that is neither 0 nor 1.
    """
    if examples is None:
        return ()
    if isinstance(examples, str | Path):
        examples = read_texts(examples)
    pairs = isinstance(examples, list | tuple)
    if pairs or (isinstance(examples, Mapping) and not isinstance(examples, TicketTexts)):
        items = list(examples) if pairs else list(examples.items())
        if not all(isinstance(item, tuple | list) and len(item) == 2 for item in items):
            raise ValueError("`examples` must be pairs of (text, outcome)")
        return [_example(text, outcome, i) for i, (text, outcome) in enumerate(items, start=1)]
    try:
        read = as_texts(examples)
    except TypeError:
        raise TypeError(
            f"`examples` must be pairs of (text, outcome), a file or a frame; got {shown(examples)}"
        ) from None
    if read.outcomes is None:
        raise ValueError("`examples` need a column outcome with 0 and 1")
    rows = zip(read.texts, read.outcomes, strict=True)
    return [_example(text, outcome, i) for i, (text, outcome) in enumerate(rows, start=1)]


def _ready(name: str, judge: Any, given: Any, examples: Examples) -> Inquiry | TicketJudge:
    if isinstance(judge, Judge):
        if judge.llm is not None and (given is None or is_model(given)):
            return _inquiry(name, judge.llm, given, examples)
        if given is None:
            raise ValueError(
                f"judge {name!r} speaks of tickets, but nothing says how to ask it; name a column, "
                f"a function, a classifier or an LLM in `using`, as using={{{name!r}: ...}}"
            )
        judge = given
    if isinstance(judge, LLM):
        return _inquiry(name, judge, given if is_model(given) else None, examples)
    if is_model(judge):
        return _inquiry(name, LLM(f"given:{judge.model_name}"), judge, examples)
    if isinstance(judge, str):
        return ColumnJudge(name, judge)
    if hasattr(judge, "predict_proba"):
        return ClassifierJudge(name, judge)
    if isinstance(judge, TicketJudge):
        return judge
    if callable(judge):
        return CallableJudge(name, judge)
    raise TypeError(
        f"judge {name!r} must be an LLM, a column's name, a function, a classifier or have "
        f"`name` and `beliefs`; got {shown(judge)}"
    )


def _inquiry(name: str, llm: LLM, model: Any, examples: Examples) -> Inquiry:
    try:
        own = llm.examples and past_examples(read_texts(llm.path(llm.examples)))
        return Inquiry(name, llm, load_prompt(llm), tuple(own or examples), model)
    except ValueError as error:
        raise ValueError(f"judge {name!r}: {error}") from None


def _example(text: Any, outcome: Any, row: int) -> tuple[str, int]:
    try:
        known = float(outcome)
    except (TypeError, ValueError):
        known = -1
    if known not in (0, 1):
        raise ValueError(
            f"the outcome of every example must be 0 or 1; got {shown(outcome)} in example {row}"
        )
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"every example must have a text; got {shown(text)} in example {row}")
    return text, int(known)
