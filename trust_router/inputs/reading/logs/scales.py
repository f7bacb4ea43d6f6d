"""Scales: scores of any range and direction as probabilities of need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.checks import is_number, listed, shown
from trust_router.inputs.reading.logs.wording import plain_number

__all__ = ["Scale", "scales_of", "value_key"]

_NAMED = {"probability": (0.0, 1.0), "percent": (0.0, 100.0)}


@dataclass(frozen=True)
class Scale:
    """What the scores of a judge mean.

    Attributes
    ----------
    ends : tuple of float or None
        The lowest and the highest score; None where nothing was said, so that it is 0 to 1.
    turned : bool
        Whether a high score means that the simple model resolves the ticket.
    words : mapping or None
        The probability of need that each value means, where that was stated instead.
    """

    ends: tuple[float, float] | None = None
    turned: bool = False
    words: Mapping[float | str, float] | None = None

    def probabilities(self, judge: str, number: Array, text: Sequence[str], boolean: bool) -> Array:
        """Give the probability of need that each score states.

        Parameters
        ----------
        judge : str
            Whose scores they are.
        number : ndarray of float, shape (score,)
            NaN where a score is text.
        text : sequence of str
            Labels; "" where there is none.
        boolean : bool
            Whether the scores are true or false.

        Raises
        ------
        ValueError
            If nobody said what the scores mean, or one lies outside of what was said.
        """
        if self.words is not None:
            return _of_words(judge, number, text, self.words)
        words = sorted({t for t, n in zip(text, number, strict=True) if np.isnan(n)})
        if words:
            raise ValueError(
                f"scores of judge {judge!r} are words, {listed(words)}; say which probability of "
                f"need each means: scale={{{judge!r}: {{{words[0]!r}: 0.9, ...}}}} (--scale "
                f"'{judge}={words[0]}:0.9,...')"
            )
        if boolean and self.ends is None and not self.turned:
            raise ValueError(
                f"scores of judge {judge!r} are true or false; say which probability of need each "
                f"means: scale={{{judge!r}: {{True: 0.1, False: 0.9}}}} (--scale "
                f"'{judge}=true:0.1,false:0.9') if true says that the simple model will do"
            )
        low, high = self.ends or (0.0, 1.0)
        if number.min() < low or number.max() > high:
            raise ValueError(_outside(judge, number, self.ends))
        part = (number - low) / (high - low)
        return np.asarray(1 - part if self.turned else part)

    def __str__(self) -> str:
        if self.words is not None:
            return ", ".join(f"{_written(key)} = need {p:.0%}" for key, p in self.words.items())
        low, high = (plain_number(end) for end in self.ends or (0.0, 1.0))
        if self.turned:
            return f"{low} to {high}, a high score means resolved"
        if self.ends is None:
            return "0 to 1, read as the probability of need"
        return f"{low} to {high}, a high score means need"


def scales_of(scale: Any, high_means: Any, judges: Sequence[str]) -> dict[str, Scale]:
    """Take what users state, of all judges or by judge.

    Parameters
    ----------
    scale : pair of float, {"probability", "percent"}, or mapping, optional
        The lowest and the highest score, as ``(1, 5)``; by judge also the probability of need that
        each value means, as ``{"pass": 0.1, "fail": 0.9}``.
    high_means : {"need", "resolved"} or mapping, optional
        What a high score says.
    judges : sequence of str
        Those that are asked for.
    """
    for argument, stated in (("scale", scale), ("high_means", high_means)):
        if stated is not None and not judges:
            raise ValueError(f"`{argument}` is about scores of judges, and none is named")
        for judge in stated if isinstance(stated, Mapping) else ():
            if judge not in judges:
                raise ValueError(
                    f"`{argument}` names judge {judge!r}, which is not asked for; judges are "
                    f"{listed(judges)}"
                )
    return {judge: _scale(judge, scale, high_means) for judge in judges}


def _scale(judge: str, scale: Any, high_means: Any) -> Scale:
    means = high_means.get(judge) if isinstance(high_means, Mapping) else high_means
    said = scale.get(judge) if isinstance(scale, Mapping) else scale
    if means not in (None, "need", "resolved"):
        raise ValueError(
            f"`high_means` must be 'need' or 'resolved', what a high score says; got {shown(means)}"
        )
    if isinstance(said, Mapping):
        if isinstance(high_means, Mapping) and judge in high_means:
            raise ValueError(f"`high_means` of judge {judge!r} would not be used beside its values")
        return Scale(words=_words(judge, said))
    if said is None:
        return Scale(turned=means == "resolved")
    if means is None:
        raise ValueError(
            f"`scale` of judge {judge!r} is stated, but not what a high score means; say "
            "`high_means='need'` (of the complex model) or `high_means='resolved'` (by the simple "
            "one) (--high-means)"
        )
    return Scale(_ends(judge, said), means == "resolved")


def _words(judge: str, said: Mapping[Any, Any]) -> dict[float | str, float]:
    for value, need in said.items():
        if not (is_number(need) and 0 <= need <= 1):
            raise ValueError(
                f"`scale` of judge {judge!r} must give a probability of need for each value; got "
                f"{shown(need)} for {shown(value)}"
            )
    return {value_key(value): float(need) for value, need in said.items()}


def _ends(judge: str, said: Any) -> tuple[float, float]:
    if isinstance(said, str) and said in _NAMED:
        return _NAMED[said]
    pair = list(said) if isinstance(said, Iterable) and not isinstance(said, str) else []
    ends = len(pair) == 2 and all(is_number(end) and np.isfinite(end) for end in pair)
    if not ends or not pair[0] < pair[1]:
        raise ValueError(
            f"`scale` of judge {judge!r} must be the lowest and the highest score, as (1, 5), "
            f"{' or '.join(map(repr, _NAMED))}, or the probability of need of each value, as "
            f"{{'pass': 0.1, 'fail': 0.9}}; got {shown(said)}"
        )
    return float(pair[0]), float(pair[1])


def _of_words(
    judge: str, number: Array, text: Sequence[str], words: Mapping[float | str, float]
) -> Array:
    keys = [t.casefold() if t else float(n) for t, n in zip(text, number, strict=True)]
    unknown = sorted({_written(key) for key in keys if key not in words})
    if unknown:
        raise ValueError(
            f"`scale` of judge {judge!r} says nothing about {listed(unknown)}; it knows "
            f"{listed(map(_written, words))}"
        )
    return np.array([words[key] for key in keys])


def _outside(judge: str, number: Array, ends: tuple[float, float] | None) -> str:
    low, high = plain_number(float(number.min())), plain_number(float(number.max()))
    if ends is not None:
        return (
            f"scores of judge {judge!r} go from {low} to {high}, outside of their scale from "
            f"{plain_number(ends[0])} to {plain_number(ends[1])}"
        )
    return (
        f"scores of judge {judge!r} are no probabilities of need, they go from {low} to {high}; "
        f"say their scale and what high means, as scale={{{judge!r}: ({low}, {high})}}, "
        f"high_means={{{judge!r}: 'resolved'}} (--scale '{judge}={low}..{high}' --high-means "
        f"'{judge}=resolved')"
    )


def value_key(value: Any) -> float | str:
    """Give what alike values share: "5", 5 and 5.0 are one, so are true and 1.

    Examples
    --------
    >>> value_key("True"), value_key(" Good ")
    (1.0, 'good')
    """
    text = str(value).strip().casefold()
    if text in {"true", "false"}:
        return float(text == "true")
    try:
        return float(text)
    except ValueError:
        return text


def _written(key: float | str) -> str:
    return key if isinstance(key, str) else plain_number(key)
