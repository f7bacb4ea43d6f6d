"""How what was read is told."""

from __future__ import annotations

__all__ = ["many", "plain_number"]


def many(number: int, noun: str) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> many(1, "score"), many(1200, "score")
    ('1 score', '1,200 scores')
    """
    return f"{number:,} {noun}{'s' * (number != 1)}"


def plain_number(value: float) -> str:
    """Write a number as people do.

    Examples
    --------
    >>> plain_number(5.0), plain_number(0.25)
    ('5', '0.25')
    """
    return f"{value:.6g}"
