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

__all__ = ["Meaning", "value_key"]

_MISSING = {"", "na", "n/a", "nan", "null", "none"}
_BINARY = {"false": 0.0, "true": 1.0}
_BOTH: frozenset[float | str] = frozenset(_BINARY.values())
# Words that are read and said aloud; the first of a pair means need.
_PAIRS: tuple[tuple[str, str], ...] = (("yes", "no"), ("y", "n"), ("escalated", "resolved"))
_TRUTHS = _PAIRS[:2]  # of which the name of the column says what is true
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
        As `value_key` gives them.
    stated : bool
        Whether the user said so; otherwise 1 and true mean need, 0 and false resolved, and words of
        a known pair are read as `words` has them.
    words : tuple of str
        The pair that the column holds, if it holds one and nothing was stated.
    """

    need: frozenset[float | str]
    resolved: frozenset[float | str]
    stated: bool
    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, need: Any, resolved: Any) -> Meaning:
        """Take what the user stated; of 0 and 1, and of yes and no, one says what the other is."""
        if need is None and resolved is None:
            return cls(frozenset({1.0}), frozenset({0.0}), stated=False)
        said = {"need": _keys("need", need), "resolved": _keys("resolved", resolved)}
        for mine, other in (("need", "resolved"), ("resolved", "need")):
            both = [set(pair) for pair in (_BOTH, *_PAIRS) if len(said[mine] & set(pair)) == 1]
            if not said[other]:
                said[other] = frozenset[float | str]().union(*both) - said[mine]
        twice = said["need"] & said["resolved"]
        if twice:
            raise ValueError(
                f"`need` and `resolved` must not share a value; both have {min(map(str, twice))!r}"
            )
        return cls(said["need"], said["resolved"], stated=True)

    def knowing(self, values: Sequence[Any], name: str) -> Meaning:
        """Know the words of a pair where the column holds them and nobody stated what they mean.

        Raises
        ------
        ValueError
            If it holds yes or no under a name that says which way round, or words of two pairs.
        """
        if self.stated:
            return self
        held = {value.strip().casefold() for value in values if isinstance(value, str)}
        pairs = [pair for pair in _PAIRS if held & set(pair)]
        if not pairs:
            return self
        words = sorted(held & {word for pair in pairs for word in pair})
        said = f"column {name!r} holds {' and '.join(map(repr, words))}"
        if len(pairs) > 1 or (pairs[0] in _TRUTHS and _names_good(name)):
            usual = "" if len(pairs) > 1 else ", and its name usually says that yes is good"
            raise ValueError(
                f"{said}{usual}: say which values mean need of the complex model, as "
                f"`need={words[0]!r}` (--need {words[0]}), and which that the simple one resolved "
                "the ticket (`resolved=`)"
            )
        need, resolved = pairs[0]
        warnings.warn(
            f"{said}; {need!r} is read as need of the complex model, {resolved!r} as resolved by "
            f"the simple one: write `need={need!r}` (--need {need}) if that is so, "
            f"`need={resolved!r}` if it is the other way round",
            UserWarning,
            stacklevel=3,
        )
        return Meaning(self.need | {need}, self.resolved | {resolved}, stated=False, words=pairs[0])

    def codes(self, values: Sequence[Any], name: str) -> NDArray[np.int8]:
        """Give 1 for need, 0 for resolved and -1 where nobody knows; refuse all else."""
        codes = np.empty(len(values), dtype=np.int8)
        known: dict[float | str, int] = dict.fromkeys(self.resolved, 0) | dict.fromkeys(
            self.need, 1
        )
        for i, value in enumerate(values):
            key = None if is_missing(value) else value_key(value)
            if key in known:
                codes[i] = known[key]
            elif is_missing(value) or key in _MISSING:
                codes[i] = UNKNOWN
            else:
                raise ValueError(self._refusal(value, f"in row {i + 1} (column {name!r})"))
        return codes

    def question(
        self, codes: NDArray[np.int8], name: str, number: NDArray[np.int64] | None = None
    ) -> None:
        """Ask whether outcomes stand upside down, where nobody said what their values mean.

        ``number`` says how many tickets each code stands for; default: one.
        """
        if not (self.stated or self.words):  # words are said aloud already
            _question(codes, name, np.ones(len(codes), dtype=int) if number is None else number)

    def _refusal(self, value: Any, place: str) -> str:
        got = f"got {shown(value)} {place}"
        if not self.stated:
            return (
                f"outcome must be 0, 1 or missing; {got}; `need` and `resolved` say what other "
                "values mean, as `need='failed', resolved='ok'` (--need failed --resolved ok)"
            )
        sides = [
            f"{name} ({', '.join(sorted(map(_written, keys)))})" if keys else f"{name} (not stated)"
            for name, keys in (("`need`", self.need), ("`resolved`", self.resolved))
        ]
        return (
            f"outcome must be among the values of {' or '.join(sides)}; {got}; state it too, or "
            "leave the outcome empty where nobody knows it yet"
        )


def _keys(argument: str, given: Any) -> frozenset[float | str]:
    if given is None:
        return frozenset()
    several = isinstance(given, Iterable) and not isinstance(given, (str, bytes))
    values = list(given) if several else [given]
    keys = [None if is_missing(value) else value_key(value) for value in values]
    if not keys or None in keys or "" in keys:
        raise ValueError(
            f"`{argument}` must be a value of outcomes, or several: text or numbers; "
            f"got {shown(given)}"
        )
    return frozenset(key for key in keys if key is not None)


def value_key(value: Any) -> float | str | None:
    """Give what alike values share: true, "True", 1, 1.0 and "1" are one; None is no value.

    Examples
    --------
    >>> value_key("True"), value_key("5"), value_key(" Good ")
    (1.0, 5.0, 'good')
    """
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


def _names_good(name: str) -> bool:
    """Tell whether a column is called what tools call one in which 1 is good."""
    parts = {part.lower() for part in _PART.findall(name)}
    return bool(parts & _GOOD) and not parts & _TURNED


def _question(codes: NDArray[np.int8], name: str, number: NDArray[np.int64]) -> None:
    """Ask, in one sentence, whether outcomes stand upside down; nothing is turned."""
    good = _names_good(name)
    known, needs = int(number[codes != UNKNOWN].sum()), int(number[codes == 1].sum())
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
