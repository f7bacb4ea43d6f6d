"""How what was read is told."""

from __future__ import annotations

__all__ = ["plain_number"]


def plain_number(value: float) -> str:
    """Write a number as people do.

    Examples
    --------
    >>> plain_number(5.0), plain_number(0.25)
    ('5', '0.25')
    """
    return f"{value:.6g}"
