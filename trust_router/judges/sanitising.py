"""Sanitising: whatever a judge answered becomes a belief, or is missing for a stated reason."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from trust_router.defaults import (
    CONCENTRATION_CAP,
    CONCENTRATION_LEAST,
    PROBABILITY_FLOOR,
    SURENESS,
)
from trust_router.inputs.llm import LLM, Way
from trust_router.judges.prompts import FORMS, Prompt

__all__ = [
    "MISSING",
    "Statement",
    "adjustments",
    "fields_of",
    "from_probability",
    "from_shapes",
    "parse",
    "sanitise",
    "useless",
]

MISSING: Final[Mapping[str, str]] = {
    "no text": "the ticket has no text, so an LLM is not asked",
    "refused": "the judge or its provider declined to answer",
    "truncated": "the answer was cut off at its most tokens",
    "empty": "there was no answer, or a number in it was missing",
    "wrong type": "what was answered is not what was asked for",
    "not finite": "a number was NaN or infinite",
    "out of range": "a probability was below 0 or above 1",
    "off question": "neither yes nor no was among the likely first tokens",
    "no log-probabilities": "the provider gave none",
    "failed": "the call failed, also when tried again",
    "limit": "the spending limit would have been exceeded",
    "given up": "the judge had failed too often, or for good",
}
_USELESS: Final[Mapping[str, str]] = {  # statuses that another ticket will not change
    "no log-probabilities": "it gives no log-probabilities; take another `way` of asking",
    "truncated": "its answers are cut off at {tokens} tokens; raise `max_tokens`",
}
_LEAST_MASS = 0.05  # of yes and no together among the first tokens


@dataclass(frozen=True, slots=True)
class Statement:
    """What became of an answer.

    Attributes
    ----------
    alpha, beta : float
        NaN where the judge is missing.
    status : str
        ``"ok"``, or why it is missing: a key of `MISSING`.
    adjusted : tuple of str
        What was changed: keys of `adjustments`.
    """

    alpha: float
    beta: float
    status: str = "ok"
    adjusted: tuple[str, ...] = ()


def adjustments(cap: float) -> Mapping[str, str]:
    """Say what each change of an answer means, where no answer counts more than ``cap``."""
    return {
        "non-positive": "a shape of 0 or less counts as 1",
        "capped": f"a concentration above the cap ({cap:g}) counts as the cap",
        "thin": f"a concentration below {CONCENTRATION_LEAST:g} counts as that",
        "clipped": f"an expected need nearer than {PROBABILITY_FLOOR:g} to 0 or 1 counts as that "
        "near",
        "cut": "only the beginning of the ticket's text was read",
        "default concentration": "the judge could not say how sure it is",
    }


def missing(status: str) -> Statement:
    """State nothing, and why."""
    return Statement(math.nan, math.nan, status)


def from_shapes(alpha: Any, beta: Any, cap: float = CONCENTRATION_CAP) -> Statement:
    """Sanitise two shapes.

    Examples
    --------
    >>> from_shapes(-2, 4)
    Statement(alpha=1.0, beta=4.0, status='ok', adjusted=('non-positive',))
    >>> from_shapes(900, 100).adjusted, from_shapes(float("nan"), 1).status
    (('capped',), 'not finite')
    """
    shapes = [_number(alpha), _number(beta)]
    for shape in shapes:
        if isinstance(shape, str):
            return missing(shape)
    a, b = (float(shape) for shape in shapes)
    adjusted = ("non-positive",) if a <= 0 or b <= 0 else ()
    a, b = (1.0 if a <= 0 else a), (1.0 if b <= 0 else b)
    largest = max(a, b)  # shapes may be so large that their sum is infinite
    mean = (a / largest) / (a / largest + b / largest)
    return _statement(mean, a + b, cap, adjusted, (a, b))


def from_probability(
    probability: Any,
    concentration: float,
    cap: float = CONCENTRATION_CAP,
    adjusted: tuple[str, ...] = (),
) -> Statement:
    """Sanitise a probability that is held with some concentration.

    Examples
    --------
    >>> from_probability(0.25, 8)
    Statement(alpha=2.0, beta=6.0, status='ok', adjusted=())
    >>> from_probability(25, 8).status
    'out of range'
    """
    mean = _number(probability)
    if isinstance(mean, str):
        return missing(mean)
    if not 0 <= mean <= 1:
        return missing("out of range")
    return _statement(mean, concentration, cap, adjusted, None)


def sanitise(raw: Mapping[str, Any], llm: LLM, prompt: Prompt, cap: float) -> Statement:
    """Sanitise the raw answer of an LLM, as the cache holds it.

    Parameters
    ----------
    raw : mapping
        ``finish`` (why the model stopped), and ``answer`` (text, or what it filled in) or
        ``logprobs`` (of the first token with any text: list of [token, log-probability]).
    llm : LLM
        How it was asked.
    prompt : Prompt
        Which words mean yes and no.
    cap : float
        Most concentration of one answer.
    """
    if raw.get("finish") == "content_filter":
        return missing("refused")
    if llm.way == "logprob":
        return _from_logprobs(raw.get("logprobs"), llm, prompt, cap)
    if raw.get("finish") == "length":
        return missing("truncated")
    if raw.get("withheld"):
        return missing("wrong type")
    answer = raw.get("answer")
    if answer is None or answer == "":
        return missing("empty")
    fields = parse(answer, llm.way)
    if fields is None:
        return missing("wrong type")
    if llm.way == "shapes":
        return from_shapes(fields.get("alpha"), fields.get("beta"), cap)
    sure = fields.get("sureness")
    known = isinstance(sure, str) and sure.strip().lower() in SURENESS
    nu = SURENESS[str(sure).strip().lower()] if known else llm.concentration
    return from_probability(
        fields.get("probability"), nu, cap, () if known else ("default concentration",)
    )


def useless(raw: Mapping[str, Any], llm: LLM, prompt: Prompt) -> str:
    """Say why an LLM that answers so will say nothing of another ticket; empty if it may."""
    status = sanitise(raw, llm, prompt, CONCENTRATION_CAP).status
    return _USELESS.get(status, "").format(tokens=llm.most_tokens)


def parse(text: Any, way: Way) -> dict[str, Any] | None:
    """Find the one JSON object with the asked fields in a text; None if there is not just one."""
    if not isinstance(text, str):
        return None
    found: list[dict[str, Any]] = []
    at = text.find("{")
    while at >= 0:
        try:
            value, at = _DECODER.raw_decode(text, at)
        except (RecursionError, ValueError):
            at += 1
            value = None
        if isinstance(value, dict) and set(value) & set(fields_of(way)):
            found.append(value)
        at = text.find("{", at)
    return found[0] if found and all(entry == found[0] for entry in found) else None


def fields_of(way: Way) -> tuple[str, ...]:
    """List the fields that an answer has to fill in."""
    form = FORMS[way]
    return () if form is None else tuple(form.fields)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


# Numbers of thousands of digits become infinite, and a key that stands twice is no answer.
_DECODER: Final = json.JSONDecoder(parse_int=float, object_pairs_hook=_once)


def _from_logprobs(value: Any, llm: LLM, prompt: Prompt, cap: float) -> Statement:
    if not value:
        return missing("no log-probabilities")
    mass = {"yes": 0.0, "no": 0.0}
    least = 1.0
    try:
        for token, logprob in value:
            p = math.exp(min(float(logprob), 0.0))
            least = min(least, p)
            word = str(token).strip().lower()
            for what, words in (("yes", prompt.yes), ("no", prompt.no)):
                if word in words:
                    mass[what] += p
    except (TypeError, ValueError):
        return missing("wrong type")
    total = mass["yes"] + mass["no"]
    if not math.isfinite(total):
        return missing("not finite")
    if total < _LEAST_MASS:
        return missing("off question")
    # A word that is not among the listed tokens is at most as likely as the least of them.
    yes, no = (mass[what] or min(least, total) for what in ("yes", "no"))
    return from_probability(yes / (yes + no), llm.concentration, cap, ("default concentration",))


def _statement(
    mean: float,
    nu: float,
    cap: float,
    adjusted: tuple[str, ...],
    shapes: tuple[float, float] | None,
) -> Statement:
    held = min(max(mean, PROBABILITY_FLOOR), 1 - PROBABILITY_FLOOR)
    weight = min(max(nu, CONCENTRATION_LEAST), cap)
    if held != mean:
        adjusted += ("clipped",)
    if weight != nu:
        adjusted += ("capped" if weight < nu else "thin",)
    if shapes is not None and held == mean and weight == nu:
        return Statement(*shapes, "ok", adjusted)
    return Statement(held * weight, (1 - held) * weight, "ok", adjusted)


def _number(value: Any) -> float | str:
    """Give a finite number, or why there is none; numbers written as text are read."""
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return "wrong type"
    try:
        number = float(value)
    except OverflowError:
        return "not finite"
    except ValueError:
        return "wrong type"
    return number if math.isfinite(number) else "not finite"
