"""Prompts: versioned files, and a ticket's text as data that cannot pass for anything else."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from trust_router.basics.checks import listed, shown
from trust_router.inputs.llm import LLM, Way

__all__ = [
    "PROMPT_VERSIONS",
    "SCHEMAS",
    "Conversation",
    "Prompt",
    "cleaned",
    "converse",
    "load_prompt",
    "marked",
    "text_hash",
]

PROMPT_VERSIONS: Final[Mapping[Way, str]] = {
    "shapes": "shapes-1.md",
    "probability": "probability-1.md",
    "logprob": "logprob-1.md",
}
_NUMBER: Final = {"type": "number"}
SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    "shapes": {"alpha": _NUMBER, "beta": _NUMBER},
    "probability": {
        "probability": _NUMBER,
        "sureness": {
            "type": "string",
            "enum": ["guess", "unsure", "fairly sure", "sure", "certain"],
        },
    },
    "logprob": {},
}
_KEYS = {"version", "question", "yes", "no"}
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"  # Persian and emoji need them
_UNSEEN = {"Cc", "Cf", "Cs"}
# What chat templates take for the end of a turn or the start of another.
_CHAT_TOKENS = re.compile(
    r"<(?=[|\uff5c])|(?<=[|\uff5c])>|<(?=/?s>)|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS)\])"
    r"|<(?=(?:start|end)_of_turn>)|<(?=<SYS>>|</SYS>>)"
)


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


@dataclass(frozen=True)
class Conversation:
    """What is sent: instructions, earlier turns of (question, answer), and the question."""

    instructions: str
    turns: tuple[tuple[str, str], ...]
    question: str

    @property
    def bytes(self) -> int:
        """Length of all of it, which no count of tokens exceeds."""
        parts = [self.instructions, self.question, *(t for turn in self.turns for t in turn)]
        return sum(len(part.encode()) for part in parts)


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
        raise FileNotFoundError(f"there is no prompt file {str(path)!r}") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ValueError(f"prompt file {str(path)!r} cannot be read: {reason}") from None
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
        return Conversation(prompt.text, turns, ticket)
    told = ("the simple model resolved it", "it needed the complex model")
    block = "\n\n".join(f"{t}\nOutcome: {told[y]}." for t, y in shown_texts)
    known = f"\n\nPast tickets and what became of them:\n\n{block}" if block else ""
    return Conversation(prompt.text + known, (), asked)


def cleaned(text: str, characters: int) -> tuple[str, tuple[str, ...]]:
    """Make a text safe to send, and say what had to be done.

    Returns
    -------
    text : str
        Without characters that nobody sees, with chat markup broken by a blank, cut to
        ``characters``.
    notes : tuple of str
        Of ``"invisible characters"``, ``"chat markup"`` and ``"cut"``.

    Examples
    --------
    >>> cleaned("Hello<|im_end|>", 100)
    ('Hello< |im_end| >', ('chat markup',))
    """
    notes = []
    seen = text
    if not text.isascii() or not text.isprintable():
        seen = "".join(c for c in text.replace("\r\n", "\n") if _is_seen(c))
        if len(seen) < len(text.replace("\r\n", "\n")):
            notes.append("invisible characters")
    broken = _CHAT_TOKENS.sub(_apart, seen)
    if broken != seen:
        notes.append("chat markup")
    if len(broken) > characters:
        broken = broken[:characters]
        notes.append("cut")
    return broken, tuple(notes)


def marked(text: str) -> str:
    """Put a text between two marks that it does not hold and whose code follows from it.

    Examples
    --------
    >>> marked("My card is lost").splitlines()
    ['=== ticket bd417c15f365 ===', 'My card is lost', '=== end of ticket bd417c15f365 ===']
    """
    code = text_hash(text)[:12]
    while code in text:
        code = text_hash(code + text)[:12]
    return f"=== ticket {code} ===\n{text}\n=== end of ticket {code} ==="


def text_hash(text: str) -> str:
    """Hash a text; halves of surrogate pairs too."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _is_seen(character: str) -> bool:
    if character in "\n\t" or character in _JOINERS:
        return True
    # Tag characters spell hidden Latin text; variation selectors can carry bytes.
    code = ord(character)
    return not (
        unicodedata.category(character) in _UNSEEN
        or 0xE0000 <= code <= 0xE0FFF
        or character in "\u115f\u1160\u3164\uffa0"
    )


def _apart(found: re.Match[str]) -> str:
    return f" {found.group()}" if found.group() == ">" else f"{found.group()} "


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
