"""Words that hold a key, or part of one in any usual writing, are withheld."""

from __future__ import annotations

import base64
import urllib.parse

import pytest

import trust_router as tr
from trust_router.judges.calls.redaction import redacted

KEY = "sk-Xq7!vB2m_Rt9zKw4LpYs"
LLM = tr.LLM("openai:gpt-4o-mini")


def spaced(text: str) -> str:
    return " ".join(text)


@pytest.mark.parametrize(
    "written",
    [
        KEY,
        KEY[:10],
        KEY[9:18],
        KEY[::-1],
        KEY[::-1][3:12],
        KEY.upper(),
        spaced(KEY),
        "-".join(KEY[i : i + 4] for i in range(0, len(KEY), 4)),
        KEY.encode().hex(),
        KEY.encode().hex(":"),
        KEY.encode().hex().upper(),
        base64.b64encode(KEY.encode()).decode(),
        base64.b64encode(f"key: {KEY} of yours".encode()).decode(),
        base64.b64encode(f"a{KEY}".encode()).decode(),
        base64.b64encode(KEY[::-1].encode()).decode(),
        urllib.parse.quote(KEY),
        base64.urlsafe_b64encode(KEY.encode()).decode(),
        base64.b32encode(KEY.encode()).decode(),
        spaced([str(code) for code in KEY.encode()]),
        "".join(f"%{code:02x}" for code in KEY.encode()),
        "fx-Kd7!iO2z_Eg9mXj4YcLf",  # every letter 13 further
    ],
)
def test_part_of_a_key_is_shown_in_no_writing(monkeypatch, written):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert redacted(f"Incorrect key {written} was given", LLM) == (
        "(withheld, it holds part of a key)"
    )


@pytest.mark.parametrize(
    "text", ["Model gpt-9 not found", "", "max_tokens is too large: 99999", "数据库"]
)
def test_other_words_are_shown(monkeypatch, text):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("EMPTY_KEY", "")
    monkeypatch.setenv("SHORT_KEY", "no")
    assert redacted(text, LLM) == text


def test_a_judges_own_key_is_withheld_however_short_it_is(monkeypatch):
    monkeypatch.setenv("MINE", "abc")
    named = tr.LLM("openai:gpt-4o-mini", key_env="MINE")
    assert redacted("your key abc is wrong", named) != "your key abc is wrong"
    assert redacted("your key abc is wrong", LLM) == "your key abc is wrong"
