"""Coverage: how often intervals of the rate of need in groups of tickets contain what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, stats

from trust_router.basics.arrays import Array
from trust_router.defaults import COVERAGE, COVERAGE_TICKETS
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.models.pooling import Pooling

__all__ = [
    "GROUPS",
    "coverage_table",
    "disagreement",
    "group_places",
    "grouped",
    "no_groups",
    "side_by_side",
]

# What tickets are put in groups by, and what that is.
GROUPS: Final[Mapping[str, str]] = {
    "category": "tickets of a category",
    "need": "tenths of the tickets, from the least predicted need to the most",
    "disagreement x need": "thirds by how much judges disagree, within thirds by predicted need",
}
_TENTHS, _THIRDS = 10, 3
_COLUMNS = ("groups", "group", "tickets", "predicted", "observed", "place")

Groups = NDArray[np.intp]
# Draws of need, a few tickets at a time: where they stand, and shape (sample, ticket).
Parts = Callable[[], Iterator[tuple[slice, Array]]]


def disagreement(panel: Panel, rows: Rows) -> Array:
    """How far apart the judges of each row are, shape (row,): the weighted variance of their ranks.

    Weights are the panel's: initial trust times weight inside the router.
    """
    return Pooling.of(panel, rows, "rank").pooled(rows).discord


def grouped(category: Groups, predicted: Array, disagreeing: Array) -> dict[str, Groups]:
    """Put tickets in groups, see `GROUPS`; -1 is none.

    Tickets that look alike stay together, so that groups differ in size. There are no groups by
    disagreement where the judges of all tickets disagree alike, as a single one does.

    Examples
    --------
    >>> need = np.arange(6) / 10
    >>> grouped(np.zeros(6, dtype=int), need, np.array([0, 1, 2, 0, 1, 2]))["disagreement x need"]
    array([0, 1, 5, 3, 7, 8])
    """
    found = {"category": category, "need": _parts_by(predicted, _TENTHS)}
    if np.ptp(disagreeing) > 0:
        thirds = _parts_by(predicted, _THIRDS), _parts_by(disagreeing, _THIRDS)
        found["disagreement x need"] = thirds[0] * _THIRDS + thirds[1]
    return found


def group_places(
    parts: Parts, groups: Mapping[str, Groups], outcome: NDArray[np.int64], rng: np.random.Generator
) -> pd.DataFrame:
    """Say where what happened in groups of tickets stands among what was foretold.

    Parameters
    ----------
    parts : callable
        Gives draws of the need of tickets, a few tickets at a time.
    groups : mapping of str to ndarray of int, shape (ticket,)
        As `grouped` gives them.
    outcome : ndarray of int, shape (ticket,)
        0 or 1.
    rng : numpy.random.Generator

    Returns
    -------
    pandas.DataFrame
        A row for each group of at least 10 tickets; columns ``groups``, ``group``, ``tickets``,
        ``predicted`` and ``observed`` (rate of need) and ``place``: the share of what was foretold
        that lies below what happened.

    Notes
    -----
    What is foretold of a group is the number of its needs: under each draw of the posterior, every
    ticket has its own need, and one outcome is drawn from it. So the number is a sum of Bernoulli
    variables that differ (Poisson-binomial), and not Binomial with the mean need, which would be
    too wide by the variance of need within the group. Numbers that are equal are put in order at
    random: with :math:`l` of :math:`S` draws below and :math:`e` equal, the place is
    :math:`(l + u (e + 1)) / (S + 1)` with :math:`u` uniform. It is uniform itself where a
    posterior is calibrated [1]_.

    References
    ----------
    .. [1] C. Czado, T. Gneiting and L. Held, "Predictive model assessment for count data",
       Biometrics 65(4), 2009.
    """
    members = {name: _members(group) for name, group in groups.items()}
    foretold: dict[str, Array] = {}
    mean = np.empty(len(outcome))
    for at, need in parts():
        drawn = (rng.random(need.shape) < need).astype(float)
        mean[at] = need.mean(axis=0)
        for name, inside in members.items():
            foretold[name] = foretold.get(name, 0.0) + drawn @ inside[at]
    found = []
    for name, inside in members.items():
        tickets, happened, expected = (np.ones_like(mean) @ inside, outcome @ inside, mean @ inside)
        kept = np.flatnonzero(tickets >= COVERAGE_TICKETS)
        place = _places(foretold[name][:, kept], happened[kept], rng)
        size = tickets[kept]
        rates = expected[kept] / size, happened[kept] / size
        columns = (name, kept, size.astype(int), *rates, place)
        found.append(pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True))))
    return pd.concat(found, ignore_index=True)


def coverage_table(places: pd.DataFrame) -> pd.DataFrame:
    """Tabulate how often central intervals contain what happened, see `Backtest.coverage`.

    Examples
    --------
    >>> places = pd.DataFrame({"method": "pool", "feedbacks": 25, "split": [0, 0, 1, 1]})
    >>> places = places.assign(groups="category", place=[0.5, 0.3, 0.2, 0.99])
    >>> coverage_table(places)[["nominal", "covered", "se", "number"]]
       nominal  covered    se  number
    0     0.50     0.50  0.50       4
    1     0.80     0.75  0.25       4
    2     0.95     0.75  0.25       4
    """
    by = ["method", "feedbacks", "groups", "nominal"]
    each = places.merge(pd.DataFrame({"nominal": COVERAGE}), how="cross")
    each["covered"] = (each["place"] - 0.5).abs() <= each["nominal"] / 2
    every = each.groupby(by, sort=False)["covered"]
    splits = each.groupby([*by, "split"], sort=False)["covered"].mean().groupby(by, sort=False)
    error: Any = splits.std() / np.sqrt(splits.size())
    columns = {"covered": every.mean(), "se": error, "number": every.size()}
    return pd.DataFrame(columns).reset_index()


def side_by_side(coverage: pd.DataFrame) -> pd.DataFrame:
    """Lay out what `coverage_table` gives to be read: all intervals of groups in one cell.

    Returns
    -------
    pandas.DataFrame
        Index (method, groups), a column for each number of outcomes learned from; cells such as
        ``"0.49 / 0.81 / 0.95"``.
    """
    said = coverage.assign(said=coverage["covered"].map("{:.2f}".format))
    keys = ["method", "groups"]
    join = " / ".join
    return said.pivot_table("said", keys, "feedbacks", aggfunc=join, sort=False).fillna("")


def no_groups() -> pd.DataFrame:
    """Make the table of groups of a backtest without models."""
    return pd.DataFrame(columns=["method", "feedbacks", "split", *_COLUMNS])


def _parts_by(values: Array, number: int) -> Groups:
    """Cut tickets into so many parts by their values, the least first."""
    place = (stats.rankdata(values) - 0.5) / len(values)
    return np.asarray(np.minimum(place * number, number - 1), dtype=np.intp)


def _members(group: Groups) -> sparse.csr_array:
    """Mark who is in which group, shape (ticket, group)."""
    at = np.flatnonzero(group >= 0)
    shape = len(group), int(group.max(initial=-1)) + 1
    return sparse.csr_array((np.ones(len(at)), (at, group[at])), shape=shape)


def _places(foretold: Array, happened: Array, rng: np.random.Generator) -> Array:
    """Where numbers stand among draws of them, shape (sample, group); ties at random."""
    below, equal = (foretold < happened).sum(axis=0), (foretold == happened).sum(axis=0)
    chance = rng.random(len(happened))
    return np.asarray((below + chance * (equal + 1)) / (len(foretold) + 1))
