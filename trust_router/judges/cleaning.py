"""Cleaning: a ticket's text as data that cannot pass for anything else."""

from __future__ import annotations

import hashlib
import re

from trust_router.basics.characters import is_seen

__all__ = ["cleaned", "marked", "text_hash"]

# What chat templates take for the end of a turn or the start of another.
_CHAT_TOKENS = re.compile(
    r"<(?=[|\uff5c])|(?<=[|\uff5c])>|<(?=/?s>)|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS)\])"
    r"|<(?=(?:start|end)_of_turn>)|<(?=<SYS>>|</SYS>>)"
)


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
        lines = text.replace("\r\n", "\n")
        seen = "".join(c for c in lines if c in "\n\t" or is_seen(c))
        if len(seen) < len(lines):
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


def _apart(found: re.Match[str]) -> str:
    return f" {found.group()}" if found.group() == ">" else f"{found.group()} "
