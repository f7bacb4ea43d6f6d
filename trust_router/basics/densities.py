"""Densities of mixtures of Betas at points that miss none of their needles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from trust_router.basics.arrays import Array
from trust_router.basics.mixture import BetaMixture

__all__ = ["Density", "compared_densities"]

_EVEN = np.linspace(0, 1, 801)[1:-1]  # where densities are known at least
_LEVELS = expit(np.linspace(-14, 14, 113))  # of quantiles, for densities like needles
_DRAWS, _FEW_COMPONENTS = 8000, 64


@dataclass(frozen=True, eq=False)
class Density:
    """A density before and after something was learned, at the same points.

    Attributes
    ----------
    x : ndarray, shape (point,)
        Strictly between 0 and 1, rising.
    before, after : ndarray, shape (point,)
    usual : float
        Median of the density before over evenly spaced points: how high it is where it is not
        steep.
    """

    x: Array
    before: Array
    after: Array
    usual: float


def compared_densities(
    before: Sequence[BetaMixture], after: Sequence[BetaMixture]
) -> tuple[Density, ...]:
    """Compare pairs of single mixtures, all at the same points.

    Examples
    --------
    >>> flat, peaked = BetaMixture([1], [1], [1]), BetaMixture([1], [3], [9])
    >>> density, = compared_densities([flat], [peaked])
    >>> float(density.x[density.after.argmax()].round(3)), density.usual
    (0.2, 1.0)
    """
    x = _points(after)
    return tuple(
        Density(x, old.pdf(x), new.pdf(x), float(np.median(old.pdf(_EVEN))))
        for old, new in zip(before, after, strict=True)
    )


def _points(mixtures: Sequence[BetaMixture]) -> Array:
    """Even points, and more where a density is a needle that would fall between them."""
    extra = np.concatenate([_quantiles(mixture) for mixture in mixtures])
    low, high = _EVEN[0], _EVEN[-1]
    # Densities without bound at an end are cut there, so nothing closer to it is shown.
    if any((mixture.alpha < 1).any() for mixture in mixtures):
        extra = extra[extra >= low]
    if any((mixture.beta < 1).any() for mixture in mixtures):
        extra = extra[extra <= high]
    return np.unique(np.concatenate([_EVEN, extra[(extra > 0) & (extra < 1)]]))


def _quantiles(mixture: BetaMixture) -> Array:
    if mixture.weights.shape[-1] <= _FEW_COMPONENTS:
        return mixture.quantile(_LEVELS)
    # Near enough to place points, and quick.
    return np.asarray(np.quantile(mixture.sample(_DRAWS, 0), _LEVELS))
