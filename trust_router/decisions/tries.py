"""Which single tickets to try, where what one of them shows tells of others too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.basics.bayes_linear import Moments
from trust_router.decisions.costs import Costs

__all__ = ["Coming", "Tries", "choose_tries"]

_MOST_TRIES = 1000  # at once
# Middles of the quarters of the time until what is learned is no longer of use, in horizons.
_TIMES = tuple(-np.log1p(-(np.arange(4) + 0.5) / 4))
_LEAST = 1e-12


@dataclass(frozen=True, eq=False)
class Coming:
    """Tickets to come.

    Attributes
    ----------
    need : ndarray, shape (sample, row)
        Under each draw.
    share : ndarray, shape (row,)
        Of each row among them.
    horizon : float
        Their expected number.
    chains : int
        Draws are those of so many chains, one after the other.
    now : int
        Tickets that are decided now; those among them that the rule tries bring outcomes too.
    """

    need: Array
    share: Array
    horizon: float
    chains: int
    now: int = 0

    def free(self, costs: Costs, time: float) -> Array:
        """How many outcomes of each row the rule brings by itself, now and in so many horizons."""
        tried = ~costs.escalates(self.need.mean(axis=0))
        return np.asarray((time * self.horizon + self.now) * self.share * tried)


@dataclass(frozen=True, eq=False)
class Tries:
    """How many tickets of each kind to try at once, and what that is worth.

    Attributes
    ----------
    number : ndarray of int, shape (kind,)
    marginal : ndarray, shape (kind,)
        About what the last try of the kind, or the first where there is none, adds.
    worth, mcse : float
        Expected saving on tickets to come by all of them, and its Monte Carlo standard error.
    """

    number: NDArray[np.int64]
    marginal: Array
    worth: float
    mcse: float


def choose_tries(
    coming: Coming, need: Array, number: NDArray[np.int64], loss: Array, costs: Costs
) -> Tries:
    r"""Choose among kinds of tickets that the rule escalates, greedily.

    Parameters
    ----------
    coming : Coming
    need : ndarray, shape (sample, kind)
        Need of the kinds under the same draws.
    number : ndarray of int, shape (kind,)
        Tickets of each kind.
    loss : ndarray, shape (kind,)
        Expected cost of a try.
    costs : Costs

    Notes
    -----
    Need after outcomes is estimated linearly, from the moments of the draws (Bayes linear [1]_),
    which is exact for one outcome. Tickets to come that the rule tries bring outcomes anyway; so
    worth is what tries add to these, on average over the time in which it is of use.

    One after the other that ticket is taken whose outcome adds most beyond its cost, where to
    reduce the variance of a need by v is worth slope / 2 times v times the density of that need at
    the threshold. Of the first 1, 2, 4, ... of them so many are tried as pay most. That is measured
    with estimates from all chains but one, paid for under that one, so that chance correlations
    between draws bring nothing.

    References
    ----------
    .. [1] M. Goldstein and D. Wooff, "Bayes Linear Statistics", Wiley, 2007.
    .. [2] P. Frazier, W. Powell and S. Dayanik, "The knowledge-gradient policy for correlated
       normal beliefs", INFORMS Journal on Computing 21(4), 2009.
    """
    every = np.hstack([coming.need, need])
    order, marginal = _greedy(coming, Moments.of(every), number, loss, costs)
    folds = [
        (Moments.of(np.delete(every, part, axis=0)), Moments.of(every[part]))
        for part in _chains(coming.chains, len(every))
    ]
    before = _saved(coming, folds, np.zeros(len(number)), costs)
    best, chosen = (0.0, 0.0, 0.0), np.zeros(len(number), dtype=np.int64)
    for size in _sizes(len(order)):
        tried = np.bincount(order[:size], minlength=len(number))
        saved = coming.horizon * (_saved(coming, folds, tried, costs) - before)
        worth, mcse = float(saved.mean()), float(saved.std(ddof=1) / np.sqrt(len(saved)))
        net = worth - float(loss @ tried)
        if net > max(best[0], 2 * mcse):
            best, chosen = (net, worth, mcse), tried
    return Tries(chosen, marginal, *best[1:])


def _sizes(number: int) -> Iterator[int]:
    size = 1
    while size < number:
        yield size
        size *= 2
    if number:
        yield number


def _chains(chains: int, draws: int) -> list[slice]:
    """Chains, or where there is one only, quarters of it."""
    edges = np.linspace(0, draws, (chains if chains > 1 else 4) + 1).astype(int)
    return [slice(a, b) for a, b in pairwise(edges.tolist())]


def _greedy(
    coming: Coming, moments: Moments, number: NDArray[np.int64], loss: Array, costs: Costs
) -> tuple[NDArray[np.intp], Array]:
    """Order tries by what each adds to those before it, until none pays; and what it adds."""
    rows = len(coming.share)
    free = coming.free(costs, float(np.median(_TIMES)))
    at = np.flatnonzero(free)
    cov = moments.cov - moments.weights(at, free[at]) @ moments.cov[at]
    sd = np.sqrt(moments.cov.diagonal()[:rows].clip(min=_LEAST))
    off = (moments.mean[:rows] - costs.threshold) / sd
    open_ = costs.slope / 2 * coming.share * np.exp(-(off**2) / 2) / (sd * np.sqrt(2 * np.pi))
    left, last = number.copy(), np.zeros(len(number))
    chance = cov.diagonal() / len(coming.need)  # what correlations of draws are by chance
    order: list[int] = []
    while len(order) < _MOST_TRIES:
        across = (cov[rows:, :rows] ** 2 - np.outer(chance[rows:], cov.diagonal()[:rows])).clip(0)
        added = coming.horizon * (across @ open_) / (cov.diagonal() + moments.noise)[rows:]
        last = np.where(left == number, added, last)
        net = np.where(left > 0, added - loss, -np.inf)
        pick = int(net.argmax())
        if net[pick] <= 0:
            break
        order.append(pick)
        last[pick] = added[pick]
        left[pick] -= 1
        line = cov[:, rows + pick]
        cov = cov - np.outer(line, line / (line[rows + pick] + moments.noise[rows + pick]))
    return np.array(order, dtype=np.intp), last


def _saved(
    coming: Coming, folds: list[tuple[Moments, Moments]], tried: NDArray[Any], costs: Costs
) -> Array:
    """Gain a ticket against always escalating, on average over time, one for each fold."""
    below = costs.threshold - coming.need.mean(axis=0)
    counts = [np.concatenate([coming.free(costs, time), tried]) for time in _TIMES]
    gains = [[_gain(below, *fold, count) @ coming.share for count in counts] for fold in folds]
    return np.asarray(costs.slope * np.mean(gains, axis=1))


def _gain(below: Array, believed: Moments, true: Moments, count: Array) -> Array:
    """E[(t - need) where the estimate is below t], of an estimate made of what is believed.

    Before the outcomes it is t - d, and then normal around that.
    """
    rows, at = len(below), np.flatnonzero(count)
    weights = believed.weights(at, count[at])[:rows]
    spread = ((weights @ true.seen(at, count[at])) * weights).sum(axis=1)
    with_need = (weights * true.cov[:rows, at]).sum(axis=1)
    sd = np.sqrt(spread.clip(min=_LEAST))
    z = below / sd
    normal = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return np.asarray(below * special.ndtr(z) + with_need / sd * normal)
