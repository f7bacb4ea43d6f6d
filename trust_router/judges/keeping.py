"""Keeping: of a raw answer, no more than the belief is made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from trust_router.defaults import SURENESS
from trust_router.inputs.llm import Way
from trust_router.judges.prompts import Prompt
from trust_router.judges.sanitising import fields_of, parse

__all__ = ["without_texts"]


def without_texts(raw: Mapping[str, Any], way: Way, prompt: Prompt) -> Mapping[str, Any]:
    """Leave out of a raw answer whatever might repeat a ticket or a key; it is sanitised alike."""
    if way == "logprob":
        return dict(raw) | {"logprobs": _plain_tokens(raw.get("logprobs"), prompt)}
    answer = raw.get("answer")
    if answer in (None, ""):
        return raw
    fields = parse(answer, way)
    if fields is None:
        return {"finish": raw.get("finish"), "withheld": len(str(answer))}
    kept = {key: _plain_value(fields[key]) for key in fields_of(way) if key in fields}
    return {"finish": raw.get("finish"), "answer": json.dumps(kept)}


def _plain_tokens(entries: Any, prompt: Prompt) -> Any:
    if not isinstance(entries, list):
        return entries
    words = (*prompt.yes, *prompt.no)
    return [
        [token if str(token).strip().lower() in words else "", _plain_value(logprob)]
        for token, logprob in entries
    ]


def _plain_value(value: Any) -> Any:
    """Keep numbers, also those written as text, and words for sureness; of others a mark."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if not isinstance(value, str):
        return []
    if value == "" or value.strip().lower() in SURENESS:
        return value
    try:
        return float(value)
    except ValueError:
        return "?"
