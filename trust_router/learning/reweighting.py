"""Draws of one density made into draws of a neighbouring one: moved, weighted, resampled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, special

from trust_router.basics.arrays import Array

__all__ = ["Affine", "Reweighted", "found_way", "reweighted"]

Density = Callable[[Array], Array]

_KEPT = 0.6  # of the effective draws, that a step towards the new density must leave
_GOOD = 0.8  # effective share from which moving draws further is not worth its time
_BETTER = 1.02  # times as many, or a further step at the end was none
_STEPS, _LEAST_STEP, _HALVINGS = 20, 0.01, 12
_ALIKE = 1e-9  # log weights that differ by less do not


@dataclass(frozen=True, eq=False)
class Affine:
    """An affine map of points.

    Attributes
    ----------
    scale : ndarray, shape (coordinate, coordinate)
    shift : ndarray, shape (coordinate,)
    """

    scale: Array
    shift: Array

    @classmethod
    def none(cls, size: int) -> Affine:
        """Leave points of some size as they are."""
        return cls(np.eye(size), np.zeros(size))

    def __call__(self, points: Array) -> Array:
        """Map points, shape (sample, coordinate)."""
        return np.asarray(points @ self.scale.T + self.shift)

    def then(self, later: Affine) -> Affine:
        """Map points by this and then by another one."""
        return Affine(later.scale @ self.scale, later(self.shift))


@dataclass(frozen=True, eq=False)
class Reweighted:
    """Which draws stand for the new density.

    Attributes
    ----------
    origin : ndarray of int, shape (sample,)
        The draw each comes from, ascending; one that weighs much comes several times.
    pareto_k : float
        Of the weights' tail; above 0.7 they cannot be relied on.
    effective : float
        Share of the draws that the weights leave effective.
    """

    origin: NDArray[np.intp]
    pareto_k: float
    effective: float


def reweighted(log_ratio: Array) -> Reweighted:
    """Weight draws by the ratio of a new density to theirs, and resample them.

    Parameters
    ----------
    log_ratio : ndarray, shape (sample,)
        Up to a constant.

    Notes
    -----
    The weights' tail is smoothed by a Pareto distribution [1]_. Draws are resampled systematically
    and stay in their order: one that comes twice stands beside itself, so that autocorrelation
    tells what the draws are worth.

    References
    ----------
    .. [1] A. Vehtari et al., "Pareto smoothed importance sampling", JMLR 25, 2024.
    """
    weight, k = _smoothed(log_ratio)
    middles = (np.arange(len(weight)) + 0.5) / len(weight)
    at = np.searchsorted(weight.cumsum(), middles).clip(max=len(weight) - 1)
    return Reweighted(at, k, _effective(weight))


def found_way(points: Array, before: Array, old: Density, new: Density, first: Affine) -> Affine:
    r"""Find the affine map that brings draws closest to a new density.

    Parameters
    ----------
    points : ndarray, shape (sample, coordinate)
        Draws of some first density.
    before : ndarray, shape (sample,)
        Its log, up to a constant, at the points.
    old, new : callable
        Logs of the density that ``first`` brought them to and of the one they are to be brought to.
    first : Affine

    Notes
    -----
    Moments are matched [1]_: draws get the mean and covariance that their weights say they should
    have, over tempered densities :math:`p_0^{1 - t} p_1^t` between the old and the new if these are
    far apart. Weights :math:`p_1(T(\theta)) / p(\theta)` are exact whatever the map :math:`T`.

    References
    ----------
    .. [1] T. Paananen, J. Piironen, P.-C. Bürkner and A. Vehtari, "Implicitly adaptive importance
       sampling", Statistics and Computing 31, 2021.
    """
    way = best = first
    share = most = 0.0  # of the way to the new density, and the most that was effective at its end
    for _ in range(_STEPS):
        here = way(points)
        end, upto = new(here) - before, 1.0
        weight = _weights(end)
        if share < 1 and _effective(weight) < _KEPT:  # else the whole way can be gone at once
            off = old(here) - before
            upto = _furthest(off, end - off, share)
            weight = _weights(off + upto * (end - off))
        effective = _effective(weight)
        if upto == 1:
            if effective <= _BETTER * most:
                return best
            best, most = way, effective
            if effective >= _GOOD:
                return best
        elif upto - share < _LEAST_STEP:
            return way
        share = upto
        step = _matching(here, weight)
        if step is None:
            return way
        way = way.then(step)
    return best if most else way


def _furthest(off: Array, apart: Array, share: float) -> float:
    """How far towards the new density weights leave enough draws effective."""
    least = _KEPT * _effective(_weights(off + share * apart))

    def enough(upto: float) -> bool:
        return _effective(_weights(off + upto * apart)) >= least

    if share == 1 or enough(1.0):
        return 1.0
    low, high = share, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if enough(middle) else (low, middle)
    return low


def _matching(points: Array, weight: Array) -> Affine | None:
    """Give the map after which draws have the mean and covariance of weighted ones."""
    target = weight @ points
    off = points - target
    try:
        root = linalg.cholesky((off * weight[:, None]).T @ off, lower=True)
        now = linalg.cholesky(np.cov(points.T, ddof=0).reshape(root.shape), lower=True)
    except linalg.LinAlgError:
        return None
    scale = linalg.solve_triangular(now, root.T, trans="T", lower=True).T
    return Affine(scale, target - scale @ points.mean(axis=0))


def _smoothed(log_ratio: Array) -> tuple[Array, float]:
    """Give normalised weights with a smoothed tail, and its Pareto k."""
    from arviz_stats.base.array import array_stats

    stats: Any = array_stats
    if np.ptp(log_ratio) <= _ALIKE:
        return np.full(len(log_ratio), 1 / len(log_ratio)), 0.0
    try:
        log_weight, k = stats.psislw(-log_ratio, r_eff=1.0)  # it takes log likelihoods left out
    except (IndexError, ValueError):  # a tail of one draw, or of none
        return _weights(log_ratio), np.inf
    return _weights(np.asarray(log_weight)), float(np.nan_to_num(k, nan=np.inf))


def _weights(log_weight: Array) -> Array:
    return np.asarray(special.softmax(log_weight))


def _effective(weight: Array) -> float:
    return float(1 / (weight**2).sum() / len(weight))
