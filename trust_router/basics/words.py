"""Text: shares, amounts and names as people read them."""

from __future__ import annotations

import math
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal

from trust_router.basics.characters import is_seen

__all__ = [
    "change",
    "isolated",
    "many",
    "money",
    "number",
    "percent",
    "plain",
    "probability",
    "rounded",
    "saving",
    "significant",
]

_NONE = "\N{EN DASH}"
_MOST_DECIMALS = 8
_RIGHT_TO_LEFT = {"R", "AL", "AN"}


def percent(value: float, digits: int = 1) -> str:
    """Write a share as a percentage; an en dash where there is none.

    What is not quite nothing or all is not written as that.

    Examples
    --------
    >>> [percent(share) for share in (0.125, 0.99999, 0.0, 1.0)]
    ['12.5%', 'over 99.9%', '0.0%', '100.0%']
    """
    if not math.isfinite(value):
        return _NONE
    written, least = f"{value:.{digits}%}", 10.0**-digits
    if 0 < value < 1 and written == f"{1:.{digits}%}":
        return f"over {1 - least / 100:.{digits}%}"
    if 0 < value < 1 and written == f"{0:.{digits}%}":
        return f"under {least / 100:.{digits}%}"
    return f"{0:.{digits}%}" if written == f"-{0:.{digits}%}" else written


def probability(value: float, digits: int = 1) -> str:
    """Write a probability that draws told: all of them or none are no certainty.

    Examples
    --------
    >>> [probability(share) for share in (0.125, 1.0, 0.0)]
    ['12.5%', 'over 99.9%', 'under 0.1%']
    """
    tiny = 1e-9
    return percent(value if not math.isfinite(value) else min(max(value, tiny), 1 - tiny), digits)


def saving(share: float, digits: int = 1) -> str:
    """Write what is saved, as a share of another cost; less than nothing is a cost.

    Examples
    --------
    >>> [saving(share) for share in (0.539, -1.818, 0.0)]
    ['saves 53.9%', 'costs 181.8% more', 'costs the same']
    """
    if not math.isfinite(share):
        return _NONE
    written = percent(abs(share), digits)
    if written in (percent(0, digits), f"under {percent(10.0 ** -(digits + 2), digits)}"):
        return "costs the same"
    return f"saves {written}" if share > 0 else f"costs {written} more"


def rounded(amount: float) -> str:
    """Write an amount with three significant digits, as one would say it.

    Examples
    --------
    >>> [rounded(amount) for amount in (1234.5, 99.96, 3, 0.03125, -2.5e-17)]
    ['1,230', '100', '3.00', '0.0313', '0']
    """
    if not math.isfinite(amount):
        return _NONE
    exact = Decimal(abs(amount))
    if exact < Decimal(10) ** -_MOST_DECIMALS:
        return "0"
    # Halves away from zero, as a browser has it.
    near = Context(prec=3, rounding=ROUND_HALF_UP).plus(exact)
    return f"{'-' * (amount < 0)}{near:,.{max(0, 2 - near.adjusted())}f}"


def number(value: float, digits: int = 2) -> str:
    """Write a number with thousands separators; an en dash where there is none."""
    return _NONE if not math.isfinite(value) else f"{value:,.{digits}f}"


def significant(value: float, digits: int = 3) -> str:
    """Write a number of any size with some significant digits."""
    return _NONE if not math.isfinite(value) else f"{value:,.{digits}g}"


def change(value: float, digits: int = 4) -> str:
    """Write a change with its sign; what rounds to nothing has none.

    Examples
    --------
    >>> [change(value) for value in (0.0031, -0.0002, -0.00001)]
    ['+0.0031', '-0.0002', '0.0000']
    """
    if not math.isfinite(value):
        return _NONE
    written = f"{value:+.{digits}f}"
    return written if float(written) else f"{0:.{digits}f}"


def money(amount: float) -> str:
    """Write an amount with two decimals, and small ones with up to three significant digits.

    Examples
    --------
    >>> [money(amount) for amount in (1234.5, 3, 0.03, 0.00031)]
    ['1,234.50', '3.00', '0.03', '0.00031']
    >>> money(7.41e-17)
    'about 0'
    """
    size = abs(amount)
    if not math.isfinite(size):
        return _NONE
    if size == 0 or size >= 1:
        return f"{amount + 0.0:,.2f}"  # no minus before a zero
    decimals = 2 - math.floor(math.log10(size))
    if decimals > _MOST_DECIMALS:
        return "about 0"
    whole, _, digits = f"{amount:.{decimals}f}".partition(".")
    return f"{whole}.{digits.rstrip('0').ljust(2, '0')}"


def many(number: int, noun: str) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> many(1, "score"), many(1200, "score"), many(2, "category")
    ('1 score', '1,200 scores', '2 categories')
    """
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"


def plain(name: str) -> str:
    """Write a name in one line, without characters that are not seen but reorder others."""
    return " ".join("".join(c for c in name if c.isspace() or is_seen(c)).split())


def isolated(text: str) -> str:
    """Keep the direction of text that runs from right to left to itself, where text follows."""
    if any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in text):
        return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"
    return text
