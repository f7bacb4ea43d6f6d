"""For tests of categories: texts of tickets on three topics, and what may not be installed."""

from __future__ import annotations

import itertools
from importlib.util import find_spec

import pytest

TOPICS = {
    "refund": ["refund my order", "money back for the parcel", "return the shoes", "refund status"],
    "login": ["password forgotten", "cannot log in to my account", "login code", "reset password"],
    "card": ["card payment declined", "my credit card is lost", "block my card", "new credit card"],
}
OPENINGS = ["", "hello, ", "please help: ", "urgent! ", "good morning, ", "hi team, ", "dear all, "]
ENDINGS = ["", " today", " again", " since monday", " thanks", " asap"]


def topical_tickets() -> tuple[list[str], list[str]]:
    """Texts on three topics, and their topics."""
    rows = [
        (opening + text + ending, topic)
        for topic, texts in TOPICS.items()
        for opening, text, ending in itertools.product(OPENINGS, texts, ENDINGS)
    ]
    return [text for text, _ in rows], [topic for _, topic in rows]


def needs_wordllama() -> None:
    """Skip where the extra is not installed."""
    if find_spec("wordllama") is None:
        pytest.skip("wordllama is not installed (extra embed)")
