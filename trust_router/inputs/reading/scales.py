"""Scales of scores: from what a judge wrote to the need that it states."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.checks import is_missing, is_number, listed, shown
from trust_router.defaults import PROBABILITY_FLOOR
from trust_router.inputs.reading.meaning import value_key

__all__ = ["Scale", "Scales", "shapes_of", "stated_need", "written"]

_MISSING_WORDS = {"", "na", "n/a", "nan", "null", "none"}
_NAMED = {"probability": (0.0, 1.0), "percent": (0.0, 100.0), "log odds": (-np.inf, np.inf)}
_MEANS = ("need", "resolved")
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?"
_PERCENT = re.compile(rf"({_NUMBER})\s*%")
_PART = re.compile(rf"({_NUMBER})\s*/\s*({_NUMBER})")
_WORD = r"(?:(?:final )?(?:score|rating|grade|confidence|probability|answer)\W{1,5})?"
_BARE = re.compile(rf"[\[(*\s]*{_WORD}[\[(*]*({_NUMBER})[\])*\s.]*", re.IGNORECASE)
_ADVICE = (
    "; of scores that are no probabilities of need say the scale and what high means, as "
    '`scale=(1, 5), high_means="need"` (--scale 1..5 --high-means need)'
)


@dataclass(frozen=True)
class Scale:
    """Of scores: where it starts and ends, and whether a high one means need or the opposite.

    Where scores are words it is the need that each means.

    Attributes
    ----------
    low, high : float
        Its ends; infinite where scores are log odds.
    turned : bool
        Whether a high score means that the simple model resolves the ticket.
    stated : bool
        Whether the user named the ends.
    words : mapping or None
        The need that each value means, where that was stated instead; keys are of `value_key`.
    """

    low: float = 0.0
    high: float = 1.0
    turned: bool = False
    stated: bool = False
    words: Mapping[float | str, float] | None = None

    def need(self, score: Array) -> Array:
        """Give the need that scores on the scale state, 0 to 1."""
        if np.isinf(self.high):
            part = np.asarray(0.5 * (1 + np.tanh(0.5 * score)))  # logistic, without overflow
        else:
            part = (score - self.low) / (self.high - self.low)
        return np.asarray(1 - part if self.turned else part)

    def read(self, text: str) -> float | None:
        """Give the score that a text holds, as 4, 85%, 8/10, [[4]] or Score: 4; None if none."""
        text = text.strip()
        if found := _PERCENT.fullmatch(text):
            return self._at(float(found[1]) / 100)
        if found := _PART.fullmatch(text):
            most = float(found[2])
            if self.stated:  # 4/5 where scores go from 1 to 5 is a 4
                return float(found[1]) if most == self.high else None
            return float(found[1]) / most if most > 0 else None
        if found := _BARE.fullmatch(text):
            return float(found[1])
        return None

    def _at(self, part: float) -> float | None:
        """Give the score at a part of the way from the low end to the high one."""
        return None if np.isinf(self.high) else self.low + part * (self.high - self.low)

    def __str__(self) -> str:
        if self.words is not None:
            return ", ".join(f"{written(key)} = need {p:.0%}" for key, p in self.words.items())
        ends = "log odds" if np.isinf(self.high) else f"{self.low:.6g} to {self.high:.6g}"
        if self.turned:
            return f"{ends}, a high score means resolved"
        if not self.stated:
            return f"{ends}, read as the probability of need"
        return f"{ends}, a high score means need"


@dataclass(frozen=True)
class Scales:
    """The scale of each judge's scores.

    Attributes
    ----------
    scale, high_means
        As stated: of all judges, or by judge.
    """

    scale: Any = None
    high_means: Any = None

    @classmethod
    def of(cls, scale: Any, high_means: Any) -> Scales:
        """Take what users state.

        Raises
        ------
        ValueError
            If a scale is none, or is stated without what a high score means.
        """
        scales = cls(scale, high_means)
        by_judge = isinstance(scale, Mapping) or isinstance(high_means, Mapping)
        for judge in scales.named if by_judge else [""]:
            scales.judged(judge)
        return scales

    @property
    def stated(self) -> bool:
        """Whether the user said anything of scales."""
        return self.scale is not None or self.high_means is not None

    @property
    def named(self) -> list[str]:
        """Judges of which something is said by name."""
        both = (s for s in (self.scale, self.high_means) if isinstance(s, Mapping))
        return list(dict.fromkeys(judge for stated in both for judge in stated))

    def judged(self, judge: str) -> Scale:
        """Give the scale of a judge."""
        scale, high_means = _of(self.scale, judge), _of(self.high_means, judge)
        if not isinstance(scale, Mapping):
            return _scale(scale, high_means, judge)
        if high_means is not None and isinstance(self.high_means, Mapping):
            raise ValueError(f"`high_means` of judge {judge!r} would not be used beside its values")
        return Scale(stated=True, words=_words(scale, judge))

    def check(self, judges: Iterable[str]) -> None:
        """Refuse a scale of a judge that is not read."""
        known = list(judges)
        for judge in self.named:
            if judge not in known:
                raise ValueError(
                    f"`scale` or `high_means` names judge {judge!r}, which is not read; "
                    f"judges are {listed(known)}"
                )


def _of(stated: Any, judge: str) -> Any:
    return stated.get(judge) if isinstance(stated, Mapping) else stated


def _scale(scale: Any, high_means: Any, judge: str) -> Scale:
    whose = f" of judge {judge!r}" if judge else ""
    if high_means is not None and high_means not in _MEANS:
        raise ValueError(
            f"`high_means`{whose} must be 'need' or 'resolved': what a high score says of the "
            f"simple model; got {shown(high_means)}"
        )
    if scale is None:
        return Scale(turned=high_means == "resolved")
    low, high = _ends(scale, whose)
    if high_means is None:
        raise ValueError(
            f"`scale`{whose} is stated, but not what a high score means; say `high_means='need'` "
            "(of the complex model) or `high_means='resolved'` (by the simple one) (--high-means)"
        )
    return Scale(low, high, turned=high_means == "resolved", stated=True)


def _ends(scale: Any, whose: str) -> tuple[float, float]:
    if isinstance(scale, str) and scale in _NAMED:
        return _NAMED[scale]
    pair = list(scale) if isinstance(scale, Iterable) and not isinstance(scale, str) else []
    ends = len(pair) == 2 and all(is_number(end) and np.isfinite(end) for end in pair)
    if not ends or not pair[0] < pair[1]:
        raise ValueError(
            f"`scale`{whose} must be the lowest and the highest score, as (1, 5), or "
            f"{listed(map(repr, _NAMED))}, or of one judge the probability of need that each value "
            f"means, as {{'pass': 0.1, 'fail': 0.9}}; got {shown(scale)}"
        )
    return float(pair[0]), float(pair[1])


def _words(said: Mapping[Any, Any], judge: str) -> dict[float | str, float]:
    held: dict[float | str, float] = {}
    for value, need in said.items():
        key = None if is_missing(value) else value_key(value)
        if key is None or not (is_number(need) and 0 <= need <= 1):
            raise ValueError(
                f"`scale` of judge {judge!r} must give a probability of need for each value; got "
                f"{shown(need)} for {shown(value)}"
            )
        held[key] = float(need)
    return held


def written(key: float | str | None) -> str:
    """Write a value as people do."""
    return f"{key:.6g}" if isinstance(key, float) else str(key)


def stated_need(
    values: list[Any], name: str, scale: Scale, rows: NDArray[np.intp] | None = None
) -> Array:
    """Give the need that a column of scores states, NaN where missing; refuse all else by row.

    With ``rows``, positions from 0, only those are read.
    """
    at = np.arange(len(values)) if rows is None else rows
    chosen = [values[i] for i in at.tolist()]
    if scale.words is not None:
        return _of_words(chosen, at, name, scale.words)
    try:
        score = np.array([np.nan if v is None else v for v in chosen], dtype=float)
    except (OverflowError, TypeError, ValueError):
        score = np.array([_score(v, i + 1, name, scale) for v, i in zip(chosen, at, strict=True)])
    inside = (score >= scale.low) & (score <= scale.high) & ~np.isinf(score)
    wrong = np.flatnonzero(~(np.isnan(score) | inside))
    if len(wrong):
        ends = f"between {scale.low:g} and {scale.high:g}"
        raise ValueError(
            f"{name!r} must {'be finite' if np.isinf(scale.high) else f'lie {ends}'}; got "
            f"{score[wrong[0]]:g} in row {at[wrong[0]] + 1}" + _ADVICE * (not scale.stated)
        )
    return scale.need(score)


def _of_words(
    chosen: list[Any], at: NDArray[np.intp], name: str, words: Mapping[float | str, float]
) -> Array:
    """Give the need that values mean, as it was stated for each."""
    need = np.full(len(chosen), np.nan)
    for i, (value, row) in enumerate(zip(chosen, at.tolist(), strict=True)):
        key = None if is_missing(value) else value_key(value)
        if key is not None and key in words:
            need[i] = words[key]
        elif not _is_blank(value):
            raise ValueError(
                f"`scale` says nothing about {shown(value)} of {name!r}, in row {row + 1}; it "
                f"knows {listed(map(written, words))}"
            )
    return need


def _is_blank(value: Any) -> bool:
    return is_missing(value) or (isinstance(value, str) and value.strip().lower() in _MISSING_WORDS)


def _score(value: Any, row: int, name: str, scale: Scale) -> float:
    if _is_blank(value):
        return np.nan
    try:
        score = scale.read(value) if isinstance(value, str) else float(value)
    except (OverflowError, TypeError, ValueError):
        score = None
    if score is None:
        raise ValueError(f"{name!r} must be a number or missing; got {shown(value)} in row {row}")
    return score


def shapes_of(need: Array, concentration: Array | float) -> tuple[Array, Array]:
    """Give the shapes of Betas of a stated need; none is nearer to 0 or 1 than the floor."""
    mean = need.clip(PROBABILITY_FLOOR, 1 - PROBABILITY_FLOOR)
    return np.asarray(mean * concentration), np.asarray((1 - mean) * concentration)
