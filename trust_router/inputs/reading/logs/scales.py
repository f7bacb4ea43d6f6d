"""Scores of a log as probabilities of need, by the scale that was stated of their judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.checks import listed
from trust_router.inputs.reading.logs.wording import plain_number
from trust_router.inputs.reading.meaning import value_key
from trust_router.inputs.reading.scales import Scale, written

__all__ = ["logged_need"]


def logged_need(
    judge: str, scale: Scale, number: Array, text: Sequence[str], boolean: bool
) -> Array:
    """Give the probability of need that each score states.

    Parameters
    ----------
    judge : str
        Whose scores they are.
    scale : Scale
        What they mean.
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
    if scale.words is not None:
        return _of_words(judge, number, text, scale.words)
    held = [_number(n, t, scale) for n, t in zip(number.tolist(), text, strict=True)]
    words = sorted({t for t, n in zip(text, held, strict=True) if n is None})
    if words:
        raise ValueError(
            f"scores of judge {judge!r} are words, {listed(words)}; say which probability of "
            f"need each means: scale={{{judge!r}: {{{words[0]!r}: 0.9, ...}}}} (--scale "
            f"'{judge}={words[0]}:0.9,...')"
        )
    if boolean and not (scale.stated or scale.turned):
        raise ValueError(
            f"scores of judge {judge!r} are true or false; say which probability of need each "
            f"means: scale={{{judge!r}: {{True: 0.1, False: 0.9}}}} (--scale "
            f"'{judge}=true:0.1,false:0.9') if true says that the simple model will do"
        )
    score = np.array(held, dtype=float)
    if score.min() < scale.low or score.max() > scale.high or np.isinf(score).any():
        raise ValueError(_outside(judge, score, scale))
    return scale.need(score)


def _number(number: float, text: str, scale: Scale) -> float | None:
    return number if not np.isnan(number) else scale.read(text)


def _of_words(
    judge: str, number: Array, text: Sequence[str], words: Mapping[float | str, float]
) -> Array:
    keys = [value_key(t or n) for t, n in zip(text, number.tolist(), strict=True)]
    unknown = sorted({written(key) for key in keys if key not in words})
    if unknown:
        raise ValueError(
            f"`scale` of judge {judge!r} says nothing about {listed(unknown)}; it knows "
            f"{listed(map(written, words))}"
        )
    return np.array([words[key] for key in keys if key is not None])


def _outside(judge: str, score: Array, scale: Scale) -> str:
    low, high = plain_number(float(score.min())), plain_number(float(score.max()))
    if scale.stated:
        return (
            f"scores of judge {judge!r} go from {low} to {high}, outside of their scale from "
            f"{plain_number(scale.low)} to {plain_number(scale.high)}"
        )
    return (
        f"scores of judge {judge!r} are no probabilities of need, they go from {low} to {high}; "
        f"say their scale and what high means, as scale={{{judge!r}: ({low}, {high})}}, "
        f"high_means={{{judge!r}: 'resolved'}} (--scale '{judge}={low}..{high}' --high-means "
        f"'{judge}=resolved')"
    )
