"""Costs: prices of calls and what failures cost, and the need above which escalating pays."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.checks import check_amount
from trust_router.basics.shown import Shown
from trust_router.inputs.reading.panels import read_toml

__all__ = ["Costs", "Prices", "read_costs"]


class Prices[T: (float, Array)]:
    """What follows from amounts: of one ticket, or of many at once."""

    simple: T
    complex: T
    failure: T
    wrong_escalation: T

    @property
    def slope(self) -> T:
        """What escalating gains against trying the simple model first, for each unit of need."""
        return self.complex + self.failure + self.wrong_escalation

    @property
    def threshold(self) -> T:
        """Need above which escalating is cheaper; may lie outside [0, 1]."""
        return (self.complex + self.wrong_escalation - self.simple) / self.slope

    def simple_first(self, need: ArrayLike) -> Array:
        """Give the expected cost of trying the simple model first, retry included."""
        return np.asarray(
            self.simple + np.asarray(need, dtype=float) * (self.complex + self.failure)
        )

    def escalate(self, need: ArrayLike) -> Array:
        """Give the expected cost of going straight to the complex model."""
        return np.asarray(
            self.complex + (1 - np.asarray(need, dtype=float)) * self.wrong_escalation
        )

    def escalates(self, need: ArrayLike) -> NDArray[np.bool_]:
        """Tell whether going straight to the complex model is expected to be cheaper."""
        return np.asarray(self.escalate(need) < self.simple_first(need))

    def paid(self, escalates: NDArray[np.bool_], chance: Array, need: Array) -> Array:
        """Give the expected cost of a choice where something happens by chance.

        Parameters
        ----------
        escalates : ndarray of bool
            The choice.
        chance, need : ndarray
            Probability of what happens, and the expectation of need and that.
        """
        first = self.simple * chance + (self.complex + self.failure) * need
        straight = (self.complex + self.wrong_escalation) * chance - self.wrong_escalation * need
        return np.where(escalates, straight, first)

    def least(self, need: ArrayLike) -> Array:
        """Give the expected cost of the cheaper of the two."""
        return np.minimum(self.simple_first(need), self.escalate(need))


@dataclass(frozen=True, repr=False)
class Costs(Shown, Prices[float]):
    """What answers and failures cost, per ticket.

    Parameters
    ----------
    simple, complex : float
        Price of one call of the simple and of the complex model.
    failure : float
        Cost of a failed simple answer beyond the complex call that follows it.
    wrong_escalation : float
        Cost of giving a ticket to the complex model that the simple one would have resolved,
        beyond the price of the call.
    currency : str
        How amounts are shown.

    Raises
    ------
    ValueError
        If an amount is negative or not finite, or no decision depends on need because ``complex``,
        ``failure`` and ``wrong_escalation`` are all 0.

    Warns
    -----
    UserWarning
        If a simple call costs more than a complex one: then they may be mixed up.

    Examples
    --------
    >>> round(Costs(simple=0.03, complex=3.0, failure=5.0).threshold, 4)
    0.3713
    """

    simple: float
    complex: float
    failure: float = 0.0
    wrong_escalation: float = 0.0
    currency: str = "USD"

    def __post_init__(self) -> None:
        for name in ("simple", "complex", "failure", "wrong_escalation"):
            value = getattr(self, name)
            check_amount(f"cost `{name}`", value)
            object.__setattr__(self, name, float(value))
        if not isinstance(self.currency, str):
            raise ValueError(f"`currency` must be text; got {self.currency!r}")
        if self.slope == 0:
            raise ValueError(
                "`complex`, `failure` and `wrong_escalation` cannot all be 0; "
                "then no decision depends on need"
            )
        if self.simple > self.complex:
            warnings.warn(
                f"a call of the simple model costs {self.simple:g} and one of the complex model "
                f"{self.complex:g}, so that trying the simple one first hardly pays; were `simple` "
                "and `complex` mixed up?",
                UserWarning,
                stacklevel=3,
            )


def read_costs(path: str | Path) -> Costs:
    """Read the table ``[costs]`` of a panel's TOML file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the table is absent, lacks a price, or holds an unknown key or an invalid amount.

    Examples
    --------
    >>> from trust_router.examples import example_path
    >>> read_costs(example_path("panel.toml"))
    Costs(simple=0.03, complex=3, failure=5)
    """
    name, table = Path(path).name, read_toml(path, "costs").get("costs")
    if not isinstance(table, dict):
        raise ValueError(f"{name} has no table [costs]; state at least `simple` and `complex`")
    known = [field.name for field in fields(Costs)]
    for key in table:
        if key not in known:
            raise ValueError(f"{name}: unknown key {key!r} in [costs]; allowed are {known}")
    for key in ("simple", "complex"):
        if key not in table:
            raise ValueError(f"{name}: [costs] does not state `{key}`, the price of such a call")
    try:
        return Costs(**table)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
