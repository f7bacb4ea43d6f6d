"""Quadrature: draws from a density of two or three dimensions, without random numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import optimize, special
from scipy.stats import qmc

from trust_router.basics.arrays import Array

__all__ = ["integrated"]

_POINTS = 2**12
_KEPT = 2000
_SPREAD = 1.3  # of proposed points, in units of the posterior's


_CURVATURE_STEP = 1e-3


def integrated(log_density: Callable[[Array], Array], start: Array, scale: Array) -> Array:
    """Equally likely draws from a density of two or three dimensions, without random numbers.

    Quasi-Monte Carlo points around the mode are weighted by importance, and again around where
    the weight was found, and resampled systematically.
    """
    mode = optimize.minimize(
        lambda z: -log_density((start + scale * z)[None])[0], np.zeros(len(start)), method="BFGS"
    )
    centre = start + scale * mode.x
    spread = scale[:, None] * _inverse_curvature(log_density, centre, scale) * scale
    normal = qmc.MultivariateNormalQMC(np.zeros(len(start)), rng=0).random(_POINTS)
    for _ in range(3):
        points = centre + _SPREAD * normal @ np.linalg.cholesky(spread).T
        weight = special.softmax(log_density(points) + (normal**2).sum(axis=1) / 2)
        centre = weight @ points
        spread = (points - centre).T @ ((points - centre) * weight[:, None])
    order = np.argsort(points[:, 1], kind="stable")
    steps = (np.arange(_KEPT) + 0.5) / _KEPT
    chosen = np.searchsorted(np.cumsum(weight[order]), steps).clip(max=_POINTS - 1)
    return np.asarray(points[order[chosen]])


def _inverse_curvature(log_density: Callable[[Array], Array], mode: Array, scale: Array) -> Array:
    """Covariance of the normal that touches a density at its mode, in units of ``scale``."""
    number = len(mode)
    steps = _CURVATURE_STEP * np.eye(number)
    signs = ((1, 1, 1), (-1, -1, 1), (1, -1, -1), (-1, 1, -1))
    points = [a * s + b * t for a, b, _ in signs for s in steps for t in steps]
    values = log_density(mode + scale * np.array(points)).reshape(4, number, number)
    hessian = np.einsum("a,aij->ij", [sign for *_, sign in signs], values)
    curvature = -hessian / (4 * _CURVATURE_STEP**2)
    if np.linalg.eigvalsh(curvature)[0] < 1 / 2:  # the prior alone has curvature 1
        return np.eye(number)
    return np.asarray(np.linalg.inv(curvature))
