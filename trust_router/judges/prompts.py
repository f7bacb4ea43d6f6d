"""Prompts: versioned files, and the conversation that each makes of a ticket."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from trust_router.basics.checks import listed, shown, shown_path
from trust_router.defaults import SURENESS
from trust_router.inputs.llm import LLM, Way
from trust_router.judges.calls.conversation import Conversation, Form
from trust_router.judges.cleaning import cleaned, marked

__all__ = [
    "FORMS",
    "PROMPT_VERSIONS",
    "Prompt",
    "converse",
    "load_prompt",
]

PROMPT_VERSIONS: Final[Mapping[Way, str]] = {
    "shapes": "shapes-1.md",
    "probability": "probability-1.md",
    "logprob": "logprob-1.md",
}
_NUMBER: Final = {"type": "number"}
_BELIEF: Final = ("belief", "The belief about whether the ticket needs the complex model.")
FORMS: Final[Mapping[Way, Form | None]] = {
    "shapes": Form(*_BELIEF, {"alpha": _NUMBER, "beta": _NUMBER}),
    "probability": Form(
        *_BELIEF,
        {"probability": _NUMBER, "sureness": {"type": "string", "enum": list(SURENESS)}},
    ),
    "logprob": None,
}
_KEYS = {"version", "question", "yes", "no"}


@dataclass(frozen=True)
class Prompt:
    """What a judge is told before it sees a ticket.

    Attributes
    ----------
    version : str
        Name of this text; shown with results.
    text : str
        Instructions.
    question : str
        Asked after each ticket; with ``"logprob"`` and examples, these show what is asked instead.
    yes, no : tuple of str
        First tokens that mean yes and no, in small letters; for the way ``"logprob"``.
    """

    version: str
    text: str
    question: str
    yes: tuple[str, ...] = ("yes",)
    no: tuple[str, ...] = ("no",)

    @property
    def fingerprint(self) -> str:
        """Hash of all of it; another text is another judge to the cache."""
        whole = [self.version, self.text, self.question, self.yes, self.no]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:16]


def load_prompt(llm: LLM) -> Prompt:
    """Read the prompt of an LLM: its own file, or the package's for its way of asking.

    Parameters
    ----------
    llm : LLM
        A file of its own is Markdown, optionally after a TOML head between two lines ``+++`` with
        ``version``, ``question`` and, for ``"logprob"``, the lists ``yes`` and ``no``; what the
        head leaves out is as in the package's prompt.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no text, holds nothing, or its head is not understood.

    Examples
    --------
    >>> load_prompt(LLM("openai:gpt-4o-mini", "logprob")).version
    'logprob/1'
    """
    folder = files("trust_router.judges") / "texts"
    name = PROMPT_VERSIONS[llm.way]
    default = _parse((folder / name).read_text(encoding="utf-8"), name, None)
    if llm.prompt is None:
        return default
    path = llm.path(llm.prompt)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no prompt file {shown_path(path)}") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ValueError(f"prompt file {shown_path(path)} cannot be read: {reason}") from None
    return _parse(text, path.name, default)


def converse(
    prompt: Prompt, llm: LLM, text: str, examples: Sequence[tuple[str, int]]
) -> Conversation:
    """Make the conversation about one ticket.

    Examples of past tickets are earlier turns where the answer is one word, and stand in the
    instructions otherwise. Earlier turns show what is asked, so that the question is left out:
    repeated after each ticket it drowns the tickets for a small model.
    """
    ticket = marked(cleaned(text, llm.characters)[0])
    asked = f"{ticket}\n\n{prompt.question}"
    shown_texts = [(marked(cleaned(t, llm.characters)[0]), y) for t, y in examples]
    if llm.way == "logprob" and shown_texts:
        words = (prompt.no[0], prompt.yes[0])
        turns = tuple((t, words[y]) for t, y in shown_texts)
        return Conversation(prompt.text, turns, ticket, FORMS[llm.way])
    told = ("the simple model resolved it", "it needed the complex model")
    block = "\n\n".join(f"{t}\nOutcome: {told[y]}." for t, y in shown_texts)
    known = f"\n\nPast tickets and what became of them:\n\n{block}" if block else ""
    return Conversation(prompt.text + known, (), asked, FORMS[llm.way])


def _parse(text: str, name: str, default: Prompt | None) -> Prompt:
    head: dict[str, Any] = {}
    if text.startswith("+++"):
        first, _, body = text[3:].partition("\n+++")
        try:
            head = tomllib.loads(first)
        except ValueError as error:
            raise ValueError(f"the head of prompt {name} is not valid TOML: {error}") from None
        text = body
    for key in head:
        if key not in _KEYS:
            raise ValueError(f"unknown key {key!r} in prompt {name}; allowed are {listed(_KEYS)}")
    if not text.strip():
        raise ValueError(f"prompt {name} holds no text")
    given: dict[str, tuple[str, ...]] = {
        key: _words(head[key], key, name) for key in ("yes", "no") if key in head
    }
    for key in ("version", "question"):
        if key in head and not (isinstance(head[key], str) and head[key].strip()):
            raise ValueError(f"`{key}` of prompt {name} must be text; got {shown(head[key])}")
    version, question = head.get("version"), head.get("question")
    if default is not None:
        version, question = version or name, question or default.question
        given = {"yes": default.yes, "no": default.no} | given
    return Prompt(str(version), text.strip(), str(question), **given)


def _words(value: Any, key: str, name: str) -> tuple[str, ...]:
    if not (isinstance(value, list) and value and all(isinstance(w, str) and w for w in value)):
        raise ValueError(f"`{key}` of prompt {name} must list words; got {shown(value)}")
    return tuple(word.strip().lower() for word in value)
