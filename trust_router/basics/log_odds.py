"""Log odds on plain arrays, with NumPy alone: `scipy.special` would double what serving takes."""

from __future__ import annotations

from typing import Final

import numpy as np

from trust_router.basics.arrays import Array

__all__ = ["digamma", "expit", "log_odds"]

_STEPS: Final = 8  # so far from 0 the asymptotic series has all digits of a float
# Of 1 / x**2, from the Bernoulli numbers.
_SERIES: Final = (-1 / 12, 1 / 120, -1 / 252, 1 / 240, -1 / 132, 691 / 32760, -1 / 12)


def expit(x: Array, out: Array | None = None) -> Array:
    """Turn log odds into probabilities, tiny ones with all their digits.

    Examples
    --------
    >>> expit(np.array([-800.0, 0.0, 2.0])).round(3)
    array([0.   , 0.5  , 0.881])
    """
    with np.errstate(over="ignore"):  # exp(800) is infinite, and its reciprocal rightly 0
        odds = np.exp(np.negative(x, out=out), out=out)
    odds += 1
    return np.asarray(np.reciprocal(odds, out=odds))


def log_odds(p: Array) -> Array:
    """Turn probabilities into log odds."""
    return np.asarray(np.log(p) - np.log1p(-p))


def digamma(x: Array) -> Array:
    r"""Take the derivative of the log of the gamma function, of positive numbers.

    Notes
    -----
    :math:`\psi(x) = \psi(x + 1) - 1 / x` leads to where the asymptotic series holds [1]_.

    References
    ----------
    .. [1] M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions", 6.3.5 and 6.3.18.

    Examples
    --------
    >>> digamma(np.array([1.0])).round(6)
    array([-0.577216])
    """
    far = x + _STEPS
    ends = x * (far - 1)
    steps = 1 / ends
    for k in range(1, _STEPS // 2):
        steps += 1 / (ends + k * (_STEPS - 1 - k))  # 1 / (x + k) and its mirror image together
    steps *= x + far - 1
    square = 1 / far**2
    series = square * _SERIES[-1]
    for factor in _SERIES[-2::-1]:
        series = square * (series + factor)
    return np.asarray(np.log(far) - 0.5 / far + series - steps)
