"""The numbers that a report rests on, each with its Monte Carlo error, and whether two agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trust_router.decisions.deciding import decided
from trust_router.decisions.policies import savings
from trust_router.defaults import COMMAND_SEED

if TYPE_CHECKING:
    from trust_router.decisions.costs import Costs
    from trust_router.learning.posterior import Posterior

__all__ = ["Number", "agree", "numbers_of", "stated_numbers"]

_MOST = 100  # categories, those with most tickets, as in the report
_ERRORS = 5  # Monte Carlo errors that two samples may lie apart
_ROUNDING = 1e-9  # relative: of another machine's arithmetic
_DECIDED = ("certainty", "cost_simple_first", "cost_escalate", "expected_loss")
# Errors of quantiles in standard deviations of a Normal, for one effective draw.
_TAIL = 2.06


@dataclass(frozen=True)
class Number:
    """A number of a report.

    Attributes
    ----------
    name : str
        What it is of: ``"trust, billing, medium"``.
    value : float
    error : float
        Its Monte Carlo standard error; 0 where it is exact.
    """

    name: str
    value: float
    error: float


def agree(one: Number, other: Number) -> bool:
    """Tell whether two numbers are the same, but for rounding and Monte Carlo error."""
    if not (np.isfinite(one.value) and np.isfinite(other.value)):
        return bool(np.array_equal([one.value], [other.value], equal_nan=True))
    error = float(np.hypot(one.error, other.error))
    near = _ROUNDING * max(abs(one.value), abs(other.value), 1e-12)
    return abs(one.value - other.value) <= _ERRORS * error + near


def numbers_of(posterior: Posterior, costs: Costs | None) -> tuple[Number, ...]:
    """Compute the numbers of a posterior, and of decisions if costs are stated."""
    money = None
    if costs is not None:
        saved = savings(posterior, costs, random_seed=COMMAND_SEED, allow_unconverged=True)
        money = (decided(posterior, costs), saved.table())
    return stated_numbers(posterior.trust(), posterior.need(), money)


def stated_numbers(
    trust: pd.DataFrame, need: pd.DataFrame, money: tuple[pd.DataFrame, pd.DataFrame] | None
) -> tuple[Number, ...]:
    """Take the numbers from tables: trust, need and, with costs, decisions and policies."""
    order = np.argsort(-need["trials"].to_numpy(), kind="stable")[:_MOST]
    main = set(need.index[order])
    several = trust.index.get_level_values("category").isin(main)
    shown = trust[several] if several.any() else trust
    numbers = [*_means("trust", shown), *_means("need", need.iloc[order])]
    numbers += _ends(need.iloc[order])
    if money is not None:
        decisions, policies = money
        numbers += _decisions(decisions.loc[decisions.index.isin(main)])
        numbers += _policies(policies, need)
    return tuple(numbers)


def _means(what: str, table: pd.DataFrame) -> Iterator[Number]:
    for label, mean, error in zip(table.index, table["mean"], table["mcse"].fillna(0), strict=True):
        yield Number(_name(what, label), float(mean), float(error))


def _ends(need: pd.DataFrame) -> Iterator[Number]:
    """Take ends of intervals of need, with the errors of a Normal's quantiles."""
    worth = need["ess_tail"].fillna(np.inf)
    error = _TAIL * need["sd"].fillna(0) / np.sqrt(worth)
    for end in ("lower", "upper"):
        for label, value, wrong in zip(need.index, need[end], error, strict=True):
            yield Number(_name(f"{end} end of need", label), float(value), float(wrong))


def _decisions(table: pd.DataFrame) -> Iterator[Number]:
    for column in _DECIDED:
        told = zip(table.index, table[column], table[f"{column}_mcse"], strict=True)
        for label, value, error in told:
            yield Number(_name(column.replace("_", " "), label), float(value), float(error))


def _policies(table: pd.DataFrame, need: pd.DataFrame) -> Iterator[Number]:
    """Take costs of policies; draws are worth as many as those of the least known category."""
    worth = float(need["ess_bulk"].fillna(np.inf).min())
    inside = 2 * 1.6  # standard deviations between the ends of the interval
    for name, cost, lower, upper in zip(
        table.index, table["cost"], table["cost_lower"], table["cost_upper"], strict=True
    ):
        yield Number(_name("cost", name), float(cost), (upper - lower) / inside / np.sqrt(worth))


def _name(what: str, label: Any) -> str:
    labels = label if isinstance(label, tuple) else (label,)
    return ", ".join([what, *map(str, labels)])
