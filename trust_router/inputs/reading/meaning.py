"""What the values of outcomes mean: need of the complex model, resolved, or not known."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.checks import is_missing, is_number, shown
from trust_router.inputs.ticket_log import UNKNOWN

__all__ = ["Meaning"]

_MISSING = {"", "na", "n/a", "nan", "null", "none"}
_BINARY = {"false": 0.0, "true": 1.0}
_BOTH: frozenset[float | str] = frozenset(_BINARY.values())
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+")  # words of snake_case and camelCase
# What most tools call a column in which 1 says that the model was right.
_GOOD = {
    "accept", "accepted", "accuracy", "accurate", "completed", "correct", "correctness", "good",
    "ok", "okay", "pass", "passed", "passes", "passing", "quality", "resolved", "right", "score",
    "solved", "success", "successful", "succeeded", "valid", "won", "works",
}  # fmt: skip
_TURNED = {"not", "non", "no", "never", "need", "needs", "needed", "fail", "fails", "failed"}
_HIGH = 0.9  # a share of needs from here on is questioned,
_ENOUGH = 10  # if it is one of so many outcomes


@dataclass(frozen=True)
class Meaning:
    """Which values mean need, and which mean that the simple model resolved the ticket.

    Attributes
    ----------
    need, resolved : frozenset
        As `_key` gives them.
    stated : bool
        Whether the user said so; otherwise 1 and true mean need, 0 and false resolved.
    """

    need: frozenset[float | str]
    resolved: frozenset[float | str]
    stated: bool

    @classmethod
    def of(cls, need: Any, resolved: Any) -> Meaning:
        """Take what the user stated; of 0 and 1, one says what the other means."""
        if need is None and resolved is None:
            return cls(frozenset({1.0}), frozenset({0.0}), stated=False)
        said = {"need": _keys("need", need), "resolved": _keys("resolved", resolved)}
        for mine, other in (("need", "resolved"), ("resolved", "need")):
            if not said[other] and len(said[mine] & _BOTH) == 1:
                said[other] = _BOTH - said[mine]
        twice = said["need"] & said["resolved"]
        if twice:
            raise ValueError(
                f"`need` and `resolved` must not share a value; both have {min(map(str, twice))!r}"
            )
        return cls(said["need"], said["resolved"], stated=True)

    def codes(self, values: Sequence[Any], name: str) -> NDArray[np.int8]:
        """Give 1 for need, 0 for resolved and -1 where nobody knows; refuse all else."""
        codes = np.empty(len(values), dtype=np.int8)
        known: dict[float | str, int] = dict.fromkeys(self.resolved, 0) | dict.fromkeys(
            self.need, 1
        )
        for i, value in enumerate(values):
            key = None if is_missing(value) else _key(value)
            if key in known:
                codes[i] = known[key]
            elif is_missing(value) or key in _MISSING:
                codes[i] = UNKNOWN
            else:
                raise ValueError(self._refusal(value, f"in row {i + 1} (column {name!r})"))
        return codes

    def question(self, codes: NDArray[np.int8], name: str) -> None:
        """Ask whether outcomes stand upside down, where nobody said what their values mean."""
        if not self.stated:
            _question(codes, name)

    def _refusal(self, value: Any, place: str) -> str:
        got = f"got {shown(value)} {place}"
        if not self.stated:
            return (
                f"outcome must be 0, 1 or missing; {got}; `need` and `resolved` say what other "
                "values mean"
            )
        sides = [
            f"{name} ({', '.join(sorted(map(_written, keys)))})" if keys else f"{name} (not stated)"
            for name, keys in (("`need`", self.need), ("`resolved`", self.resolved))
        ]
        return f"outcome must be among the values of {' or '.join(sides)}; {got}"


def _keys(argument: str, given: Any) -> frozenset[float | str]:
    if given is None:
        return frozenset()
    several = isinstance(given, Iterable) and not isinstance(given, (str, bytes))
    values = list(given) if several else [given]
    keys = [None if is_missing(value) else _key(value) for value in values]
    if not keys or None in keys or "" in keys:
        raise ValueError(
            f"`{argument}` must be a value of outcomes, or several: text or numbers; "
            f"got {shown(given)}"
        )
    return frozenset(key for key in keys if key is not None)


def _key(value: Any) -> float | str | None:
    """Give what alike values share: true, "True", 1, 1.0 and "1" are one; None is no value."""
    if isinstance(value, str):
        word = value.strip().casefold()
        if word in _MISSING:
            return word
        return _BINARY.get(word, float(word) if _is_numeric(word) else word)
    if isinstance(value, (bool, np.bool_)):
        return float(value)
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() else None
    return float(value) if is_number(value) else None


def _is_numeric(word: str) -> bool:
    try:
        return bool(np.isfinite(float(word)))
    except ValueError:
        return False


def _written(key: float | str) -> str:
    return f"{key:g}" if isinstance(key, float) else repr(key)


def _question(codes: NDArray[np.int8], name: str) -> None:
    """Ask, in one sentence, whether outcomes stand upside down; nothing is turned."""
    parts = {part.lower() for part in _PART.findall(name)}
    good = bool(parts & _GOOD) and not parts & _TURNED
    known, needs = int((codes != UNKNOWN).sum()), int((codes == 1).sum())
    high = known >= _ENOUGH and needs >= _HIGH * known
    if not (good or high) or not known:
        return
    reason = "its name usually says that the simple model was right" if good else "that is many"
    warnings.warn(
        f"column {name!r} is read as 1 = the complex model was needed, which makes {needs} of "
        f"{known} tickets needs; {reason}: write `need=0` (--need 0) if 1 means that the simple "
        "model resolved the ticket, `need=1` (--need 1) if it is as read",
        UserWarning,
        stacklevel=3,
    )
