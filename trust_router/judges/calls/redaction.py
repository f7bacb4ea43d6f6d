"""Redaction: words of a server that hold a key, or part of one in some writing, are withheld."""

from __future__ import annotations

import base64
import codecs
import os
from collections.abc import Iterator

from trust_router.inputs.llm import LLM

__all__ = ["redacted"]

_SECRET_LENGTH = 6  # shorter values of the environment are no keys
_PART = 6  # letters and digits of a key in a row that may not be shown
_WITHHELD = "(withheld, it holds part of a key)"


def redacted(text: str, llm: LLM) -> str:
    """Give a text, unless it holds part of what the environment holds and may be a secret.

    A part is six letters and digits in a row, forwards or backwards, whatever stands between them,
    also in base64, base32, hexadecimal, decimal or rotated writing.
    """
    bare = _bare(text)
    shown = {bare[i : i + _PART] for i in range(len(bare) - _PART + 1)}
    for secret in _secrets(llm):
        for written in _writings(secret):
            form = _bare(written)
            parts = {form[i : i + _PART] for i in range(len(form) - _PART + 1)}
            if parts & shown or (0 < len(form) < _PART and form in bare):
                return _WITHHELD
    return text


def _secrets(llm: LLM) -> Iterator[str]:
    for name, raw in os.environ.items():
        value = raw.strip()
        secret = any(word in name.upper() for word in ("KEY", "TOKEN", "SECRET", "PASSWORD"))
        if value and (name == llm.key_env or (secret and len(value) >= _SECRET_LENGTH)):
            yield value


def _writings(secret: str) -> Iterator[str]:
    for way in (secret, secret[::-1]):
        raw = way.encode(errors="surrogateescape")
        yield way
        yield codecs.encode(way, "rot13")
        yield raw.hex()
        yield "".join(str(byte) for byte in raw)
        yield base64.b32encode(raw).decode().rstrip("=")
        for before in range(3):  # what stands before it in the same base64 shifts it
            whole = base64.b64encode(b"\0" * before + raw).decode()
            yield whole[-(-8 * before // 6) :].rstrip("=")[:-1]


def _bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
