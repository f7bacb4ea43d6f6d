"""Knowledge: how much of what a panel says each router, and each judge, carries."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array, blocks
from trust_router.inputs.rows import Rows
from trust_router.learning.models.pooling import Pooling, ticket_weights

__all__ = ["Carried", "centred"]

_EXACT = 8  # routers, up to which all coalitions are gone through
_ORDERS = 200  # in which more routers are asked one after the other
_ZERO = 1e-10  # of a variance, in units of the largest


@dataclass(frozen=True, eq=False)
class Carried:
    r"""Shares of the variance of the judges' pooled score that routers and judges carry.

    Attributes
    ----------
    routers : tuple of ndarray, each (coefficient, coefficient)
        For each router the matrix :math:`A` of which :math:`\beta^\top A \beta` is the variance
        that it carries.
    judges : ndarray, shape (judge, coefficient)
        For each judge the covariance of the pooled score with its standardised score.

    Notes
    -----
    With :math:`v(S)` the variance of the pooled score that a linear function of the scores of the
    routers in :math:`S` explains, a router carries the average of
    :math:`v(S \cup r) - v(S)` over all orders in which routers can be asked: the Shapley value,
    known for single predictors as the measure of Lindeman, Merenda and Gold [1]_. It is never
    negative, adds up to the whole, asks not in which direction a score points, and of two routers
    that say the same each carries half.

    References
    ----------
    .. [1] U. Grömping, "Estimators of relative importance in linear regression based on variance
       decomposition", The American Statistician 61(2), 2007.
    """

    routers: Array
    judges: Array

    @classmethod
    def of(cls, pooling: Pooling, rows: Rows) -> Carried:
        """Take covariances over all tickets."""
        weight = ticket_weights(rows)
        weight = weight / weight.sum()
        scores = pooling.scores(rows)
        heard = ~np.isnan(scores)
        held = np.where(heard, scores, 0)
        total = weight @ heard
        middle = weight @ held / np.where(total > 0, total, 1)
        said = np.where(heard, held - middle, 0)  # who is silent says nothing
        parts = pooling.pooled(rows).parts
        parts = parts - weight @ parts
        spread = said.T @ (said * weight[:, None])
        shared = said.T @ (parts * weight[:, None])
        sd = np.sqrt(np.diag(spread))
        alone = np.divide(shared, sd[:, None], out=np.zeros_like(shared), where=sd[:, None] > 0)
        members = pooling.within > 0
        return cls(_shapley(members, spread, shared), alone)

    def by_router(self, coefficients: Array) -> Array:
        """Variance that each router carries, shape (sample, router).

        Parameters
        ----------
        coefficients : ndarray, shape (sample, coefficient)
            Of the mean, of each router's and of each judge's deviation from it.
        """
        carried = np.empty((len(coefficients), len(self.routers)))
        for part in blocks(len(coefficients), self.routers.size):
            some = coefficients[part]
            carried[part] = np.einsum("sk,rkl,sl->sr", some, self.routers, some, optimize=True)
        return np.maximum(carried, 0)

    def by_judge(self, coefficients: Array) -> Array:
        """Variance that each judge would carry alone, shape (sample, judge)."""
        return np.asarray((coefficients @ self.judges.T) ** 2)


def centred(carried: Array, before: Array, initial: Array) -> Array:
    """Turn what is carried into shares that are ``initial`` on average before any outcome.

    Parameters
    ----------
    carried : ndarray, shape (sample, part)
        After the outcomes.
    before : ndarray, shape (draw, part)
        The same under draws of the prior.
    initial : ndarray, shape (part,)
        What the panel states.

    Returns
    -------
    ndarray, shape (sample, part)
        Non-negative, adding up to 1; ``initial`` where nothing is carried.

    Notes
    -----
    Each part is multiplied by a factor of its own, the same for all draws, before all are divided
    by their sum: shares tell how much more, or less, a part turned out to carry than was expected.
    Of a part that can carry nothing, as of a judge that always says the same, nothing is learned:
    it keeps its share, and the others divide the rest.

    Examples
    --------
    >>> before = np.array([[1.0, 3.0], [3.0, 1.0]])
    >>> centred(np.array([[2.0, 2.0], [4.0, 0.0]]), before, np.array([0.5, 0.5])).tolist()
    [[0.5, 0.5], [1.0, 0.0]]
    """
    usual = before.mean(axis=0)
    able = usual > _ZERO * usual.sum()
    shares = np.tile(initial, (len(carried), 1))
    if able.any():
        rest = initial[able].sum()
        parts = carried[:, able], before[:, able], initial[able] / rest
        shares[:, able] = rest * _balanced(*parts)
    return shares


def _balanced(carried: Array, before: Array, initial: Array) -> Array:
    factor = np.ones(len(initial))
    for _ in range(500):
        mean = _shares(before * factor, initial).mean(axis=0)
        if np.abs(mean - initial).max() < 1e-9:
            break
        factor = factor * initial / np.maximum(mean, np.finfo(float).tiny)
        factor = factor / factor.max()
    return _shares(carried * factor, initial)


def _shares(parts: Array, initial: Array) -> Array:
    total = parts.sum(axis=1, keepdims=True)
    some = total > np.finfo(float).tiny
    return np.where(some, parts / np.where(some, total, 1), initial)


def _shapley(members: NDArray[np.bool_], spread: Array, shared: Array) -> Array:
    """Shapley value of each router as a quadratic form, shape (router, k, k)."""
    number, size = len(members), shared.shape[1]
    known: dict[tuple[int, ...], Array] = {(): np.zeros((size, size))}

    def explained(routers: tuple[int, ...]) -> Array:
        if routers not in known:
            at = np.flatnonzero(members[list(routers)].any(axis=0))
            inverse = np.linalg.pinv(spread[np.ix_(at, at)], rcond=_ZERO, hermitian=True)
            known[routers] = shared[at].T @ inverse @ shared[at]
        return known[routers]

    value = np.zeros((number, size, size))
    for weight, before, router in _joining(number):
        after = tuple(sorted((*before, router)))
        value[router] += weight * (explained(after) - explained(before))
    return value


def _joining(number: int) -> Iterator[tuple[float, tuple[int, ...], int]]:
    """Ways in which a router joins others, each with its probability: all, or some at random."""
    if number > _EXACT:
        rng = np.random.default_rng(0)
        for _ in range(_ORDERS):
            order = rng.permutation(number).tolist()
            for place, router in enumerate(order):
                yield 1 / _ORDERS, tuple(sorted(order[:place])), router
        return
    for router in range(number):
        others = [r for r in range(number) if r != router]
        for size in range(number):
            ways = number * math.comb(number - 1, size)
            for before in combinations(others, size):
                yield 1 / ways, before, router
