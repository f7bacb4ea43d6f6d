"""What is sent to an LLM: instructions, earlier turns, a question, and the form of its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Conversation", "Form"]

_OVERHEAD = 400  # tokens around a conversation, at most, in the formats of providers
_OVERHEAD_TURN = 32
_BYTES_PER_TOKEN = 4  # of an estimate; no token has less than one byte


@dataclass(frozen=True)
class Form:
    """What an answer has to fill in.

    Attributes
    ----------
    name, description : str
    fields : mapping of str to mapping
        JSON schema of each; all are required and there are no others.
    """

    name: str
    description: str
    fields: Mapping[str, Mapping[str, Any]]

    @property
    def schema(self) -> dict[str, Any]:
        """JSON schema of the whole."""
        return {
            "type": "object",
            "properties": {name: dict(entry) for name, entry in self.fields.items()},
            "required": list(self.fields),
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class Conversation:
    """What is sent.

    Attributes
    ----------
    instructions, question : str
    turns : tuple of (str, str)
        Earlier questions and their answers.
    form : Form, optional
        Without one, the answer is the log-probabilities of its first token.
    """

    instructions: str
    turns: tuple[tuple[str, str], ...]
    question: str
    form: Form | None = None

    @property
    def most_tokens(self) -> int:
        """A number of tokens that it does not exceed: its bytes and more."""
        return self._bytes + _OVERHEAD + 2 * _OVERHEAD_TURN * len(self.turns)

    @property
    def likely_tokens(self) -> int:
        """An estimate of its number of tokens."""
        return self._bytes // _BYTES_PER_TOKEN

    @property
    def _bytes(self) -> int:
        parts = [self.instructions, self.question, *(t for turn in self.turns for t in turn)]
        parts.append(json.dumps({} if self.form is None else self.form.fields))
        return sum(len(part.encode()) for part in parts)
