"""Play: decisions and savings at other costs of a failure, for a control inside the page."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

from trust_router.basics.words import money as amount
from trust_router.basics.words import percent, probability, rounded
from trust_router.decisions.policies import TODAY
from trust_router.show.reports.advice import kinds_of
from trust_router.show.reports.money import Advised, Money
from trust_router.show.reports.volume import Volume

__all__ = ["Play", "Position", "between", "changed", "play_of", "saved", "script", "script_hash"]

POLICIES = {
    "all complex": "all complex",
    "all simple first": "all simple first",
    "decide": "by kind of ticket",
    "decide each ticket": "ticket by ticket",
    TODAY: TODAY,
}
_WHOLE, _NONE = ("simple first", "straight to complex"), "\N{EN DASH}"


@dataclass(frozen=True)
class Position:
    """What the page shows at one cost of a failure; amounts are per ticket, for any volume.

    Attributes
    ----------
    failure : float
    label, threshold : str
        That cost, and the need above which escalating is cheaper.
    actions, certainty : tuple of str
        What to do with each category that is shown, and the probability that this is right, where
        it is decided as a whole.
    advised : str
        The policy that is followed.
    costs : tuple of float
        Of each policy.
    gain : tuple of float, or None
        What the advised policy saves: expected, lower and upper; None where no rule stood up to the
        past.
    sure : str
        Probability that it saves anything.
    """

    failure: float
    label: str
    threshold: str
    actions: tuple[str, ...]
    certainty: tuple[str, ...]
    advised: str
    costs: tuple[float, ...]
    gain: tuple[float, float, float] | None
    sure: str


@dataclass(frozen=True)
class Play:
    """All positions of the control, and where it starts.

    Attributes
    ----------
    positions : tuple of Position
    start : int
    volume : float
    kinds, policies : tuple of str
        The categories and policies that are shown.
    """

    positions: tuple[Position, ...]
    start: int
    volume: float
    kinds: tuple[str, ...]
    policies: tuple[str, ...]

    @property
    def now(self) -> Position:
        """The position at the stated costs."""
        return self.positions[self.start]

    @property
    def data(self) -> str:
        """What the script reads, as JSON; it holds no name that anybody chose."""
        positions = [asdict(each) for each in self.positions]
        return json.dumps(
            {"start": self.start, "volume": self.volume, "positions": positions},
            separators=(",", ":"),
        )

    @property
    def glances(self) -> tuple[Position, ...]:
        """The stated position and a few others, for paper."""
        at = {
            min(range(len(self.positions)), key=lambda i: abs(self.positions[i].failure - wanted))
            for wanted in (self.now.failure * by for by in (0.25, 0.5, 1, 2, 4))
        }
        return tuple(self.positions[i] for i in sorted({*at, self.start}))


def play_of(money: Money, volume: Volume, categories: Sequence[str], shown: Sequence[str]) -> Play:
    """Write down what a page shows at each cost of a failure."""
    at = [categories.index(name) for name in shown]
    return Play(
        tuple(_position(each, at, money.base) for each in money.sweep),
        money.sweep.index(money.stated),
        volume.tickets,
        tuple(shown),
        tuple(POLICIES[name] for name in money.stated.savings.policies),
    )


def _position(each: Advised, at: Sequence[int], base: str) -> Position:
    found = each.savings
    actions = tuple(_action(float(each.escalated[i])) for i in at)
    gain = each.gain
    return Position(
        each.costs.failure,
        amount(each.costs.failure),
        percent(each.costs.threshold),
        actions,
        tuple(
            probability(float(each.certainty[i])) if action in _WHOLE else _NONE
            for i, action in zip(at, actions, strict=True)
        ),
        POLICIES[each.policy],
        tuple((found.expected / found.tickets).tolist()),
        (gain.mean, gain.lower, gain.upper) if each.holds else None,
        probability(gain.probability) if each.holds and each.policy != base else _NONE,
    )


def _action(escalated: float) -> str:
    kinds = kinds_of(["x"], [escalated])
    if kinds.mixed:
        return f"by ticket, {percent(escalated, 0)} complex"
    return _WHOLE[0] if kinds.first else _WHOLE[1]


def saved(gain: tuple[float, float, float] | None, tickets: float) -> str:
    """Write what is saved on so many tickets, or costs more; the script does the same."""
    return _NONE if gain is None else changed(gain[0] * tickets)


def between(gain: tuple[float, float, float] | None, tickets: float) -> str:
    """Write the interval of that."""
    return (
        _NONE if gain is None else f"{rounded(gain[1] * tickets)} to {rounded(gain[2] * tickets)}"
    )


def changed(gain: float) -> str:
    """Write an amount that is saved, or costs more."""
    size = rounded(abs(gain))
    if size == "0":
        return "costs the same"
    return f"saves {size}" if gain > 0 else f"costs {size} more"


@cache
def script() -> str:
    """Give the script of the control as it stands in the page."""
    held = files("trust_router.show.reports") / "templates" / "report" / "play.js"
    return held.read_text(encoding="utf-8")


def script_hash() -> str:
    """Hash it as a Content-Security-Policy names it."""
    return "sha256-" + b64encode(hashlib.sha256(script().encode()).digest()).decode()
