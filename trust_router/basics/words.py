"""Text: shares, amounts and names as people read them."""

from __future__ import annotations

import math
import unicodedata

from trust_router.basics.characters import is_seen

__all__ = ["isolated", "money", "number", "percent", "plain", "significant"]

_NONE = "\N{EN DASH}"
_MOST_DECIMALS = 8
_RIGHT_TO_LEFT = {"R", "AL", "AN"}


def percent(value: float, digits: int = 1) -> str:
    """Write a share as a percentage; an en dash where there is none."""
    return _NONE if not math.isfinite(value) else f"{value:.{digits}%}"


def number(value: float, digits: int = 2) -> str:
    """Write a number with thousands separators; an en dash where there is none."""
    return _NONE if not math.isfinite(value) else f"{value:,.{digits}f}"


def significant(value: float, digits: int = 3) -> str:
    """Write a number of any size with some significant digits."""
    return _NONE if not math.isfinite(value) else f"{value:,.{digits}g}"


def money(amount: float) -> str:
    """Write an amount with two decimals, and small ones with up to three significant digits.

    Examples
    --------
    >>> [money(amount) for amount in (1234.5, 3, 0.03, 0.00031)]
    ['1,234.50', '3.00', '0.03', '0.00031']
    """
    size = abs(amount)
    if not math.isfinite(size):
        return _NONE
    if size == 0 or size >= 1:
        return f"{amount + 0.0:,.2f}"  # no minus before a zero
    decimals = 2 - math.floor(math.log10(size))
    if decimals > _MOST_DECIMALS:
        return f"{amount:.3g}"
    whole, _, digits = f"{amount:.{decimals}f}".partition(".")
    return f"{whole}.{digits.rstrip('0').ljust(2, '0')}"


def plain(name: str) -> str:
    """Write a name in one line, without characters that are not seen but reorder others."""
    return " ".join("".join(c for c in name if c.isspace() or is_seen(c)).split())


def isolated(text: str) -> str:
    """Keep the direction of text that runs from right to left to itself, where text follows."""
    if any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in text):
        return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
    return text
