"""Scales: scores of any range and direction as probabilities of need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.checks import is_number, listed, shown
from trust_router.inputs.reading.logs.wording import plain_number

__all__ = ["Scale", "checked_scale", "probabilities", "scale_told", "value_key"]

Scale = tuple[float, float] | Mapping[Any, float]


def checked_scale(judge: str, scale: Any) -> Scale:
    """Give a scale that is one: two ends, or values with their probabilities."""
    if isinstance(scale, Mapping):
        for value, need in scale.items():
            if not (is_number(need) and 0 <= need <= 1):
                raise ValueError(
                    f"the scale of {judge!r} must give a probability of need for each value; got "
                    f"{shown(need)} for {shown(value)}"
                )
        return {value_key(value): float(need) for value, need in scale.items()}
    ends = tuple(scale) if isinstance(scale, (tuple, list)) else ()
    if len(ends) != 2 or not all(is_number(end) and np.isfinite(end) for end in ends):
        raise ValueError(
            f"the scale of {judge!r} must be two numbers, the score that says that the simple "
            "model will do and the one that says that the complex model is needed, as (5, 1), or "
            f"probabilities of need for single values, as {{'good': 0.1}}; got {shown(scale)}"
        )
    if ends[0] == ends[1]:
        raise ValueError(f"the ends of the scale of {judge!r} must differ; got {shown(scale)}")
    return float(ends[0]), float(ends[1])


def value_key(value: Any) -> float | str:
    """Give what alike values share: "5", 5 and 5.0 are one, so are true and 1."""
    text = str(value).strip().casefold()
    if text in {"true", "false"}:
        return float(text == "true")
    try:
        return float(text)
    except ValueError:
        return text


def probabilities(
    judge: str, number: Array, text: Sequence[str], boolean: bool, scale: Scale | None
) -> Array:
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
    scale : tuple or mapping, optional
        What `checked_scale` gives.

    Raises
    ------
    ValueError
        If nobody said what the scores mean, or one lies outside of what was said.
    """
    if isinstance(scale, Mapping):
        keys = [t.casefold() if t else float(n) for t, n in zip(text, number, strict=True)]
        unknown = sorted({_written(key) for key in keys if key not in scale})
        if unknown:
            raise ValueError(
                f"the scale of {judge!r} says nothing about {listed(unknown)}; it knows "
                f"{listed(map(_written, scale))}"
            )
        return np.array([scale[key] for key in keys])
    texts = sorted({t for t, n in zip(text, number, strict=True) if np.isnan(n)})
    if texts:
        raise ValueError(
            f"scores of judge {judge!r} are words, {listed(texts)}; say which probability of need "
            f"each means: scales={{{judge!r}: {{{texts[0]!r}: 0.9, ...}}}} "
            f"(--scale '{judge}={texts[0]}:0.9,...')"
        )
    if scale is None:
        _question(judge, number, boolean)
        return number
    low, high = sorted(scale)
    outside = number[(number < low) | (number > high)]
    if len(outside):
        raise ValueError(
            f"a score of judge {judge!r} lies outside of its scale from {plain_number(low)} to "
            f"{plain_number(high)}; got {plain_number(outside[0])}"
        )
    return np.asarray((number - scale[0]) / (scale[1] - scale[0]))


def _question(judge: str, number: Array, boolean: bool) -> None:
    """Refuse scores of which nobody can tell what they mean."""
    if boolean:
        raise ValueError(
            f"scores of judge {judge!r} are true or false; say which probability of need each "
            f"means: scales={{{judge!r}: {{True: 0.1, False: 0.9}}}} "
            f"(--scale '{judge}=true:0.1,false:0.9') if true says that the simple model will do"
        )
    low, high = float(number.min()), float(number.max())
    if low < 0 or high > 1:
        ends = [plain_number(high), plain_number(low)]
        raise ValueError(
            f"scores of judge {judge!r} are no probabilities, they go from {ends[1]} to {ends[0]}; "
            f"state their scale, scales={{{judge!r}: ({', '.join(ends)})}} (--scale "
            f"'{judge}={'..'.join(ends)}') if it ends there and a high score says that the simple "
            "model will do"
        )


def scale_told(scale: Scale | None) -> str:
    """Say how scores were read."""
    if scale is None:
        return "0 to 1, read as the probability of need"
    if isinstance(scale, Mapping):
        return ", ".join(f"{_written(key)} = need {need:.0%}" for key, need in scale.items())
    return f"{plain_number(scale[0])} = the simple model will do, {plain_number(scale[1])} = need"


def _written(key: float | str) -> str:
    return key if isinstance(key, str) else plain_number(key)
