"""Evidence: ratios of beta functions that keep their digits."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from trust_router.basics.arrays import Array

__all__ = ["log_beta_ratio", "log_binomial", "log_left_out"]

_SERIES = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


def log_beta_ratio(
    alpha: ArrayLike, beta: ArrayLike, needs: ArrayLike, trials: ArrayLike
) -> tuple[Array, Array]:
    r"""Log evidence of ``needs`` in ``trials`` under Beta beliefs, in two parts.

    Parameters
    ----------
    alpha, beta, needs, trials : array_like
        Broadcast against each other; counts from 0 to 1e9, shapes within `SHAPE_LIMITS`.

    Returns
    -------
    common : ndarray
        ``k log(k/n) + (n-k) log((n-k)/n)``: the same for every belief, and huge for many trials.
    relative : ndarray
        The rest, of order ``log n``; ``common + relative = log B(a+k, b+n-k) - log B(a, b)``.

    Notes
    -----
    ``betaln(a + k, b + n - k) - betaln(a, b)`` loses all digits that matter between judges once
    ``n`` is large: both terms grow with ``n`` while their differences between beliefs do not. Here
    Stirling's formula is subtracted analytically and its exact remainder
    :math:`c(x) = \log\Gamma(x) - (x - 1/2)\log x + x - \log\sqrt{2\pi}` carries the rest.
    """
    a, b, k, n = (np.asarray(x, float) for x in (alpha, beta, needs, trials))
    shape = np.broadcast_shapes(*(x.shape for x in (a, b, k, n)))
    a, b, m = _once(a), _once(b), n - k
    total, end_a, end_b = a + b, a + k, b + m
    end = total + n
    common = _share_log_share(k, m, n) + _share_log_share(m, k, n)
    relative = (
        _scaled_log_ratio(k, end_a, n, end, k, a * n - k * total)
        + _scaled_log_ratio(m, end_b, n, end, m, b * n - m * total)
        + _scaled_log_ratio(a - 0.5, end_a, total, end, a, k * total - n * a)
        + _scaled_log_ratio(b - 0.5, end_b, total, end, b, m * total - n * b)
        - 0.5 * np.log1p(n / total)
        + (_stirling_remainder(end_a) + _stirling_remainder(end_b) - _stirling_remainder(end))
        - (_stirling_remainder(a) + _stirling_remainder(b) - _stirling_remainder(total))
    )
    return np.broadcast_to(common, shape), np.broadcast_to(relative, shape)


def log_binomial(needs: ArrayLike, trials: ArrayLike) -> Array:
    """Log of the binomial coefficient."""
    n, k = np.asarray(trials, dtype=float), np.asarray(needs, dtype=float)
    return np.asarray(special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1))


def log_left_out(alpha: ArrayLike, beta: ArrayLike, needs: ArrayLike, trials: ArrayLike) -> Array:
    """Log probability of outcomes 0 and 1 of one of the trials given all others, (..., 2).

    Taken from what was stated and not from the shapes after the outcomes, in which a shape below
    1e-16 is lost. It is 0 where no trial has that outcome.

    Parameters
    ----------
    alpha, beta, needs, trials : array_like
        As in `log_beta_ratio`.

    Examples
    --------
    >>> np.exp(log_left_out(1.0, 1.0, 1, 3)).tolist()
    [0.5, 0.25]
    """
    a, b, k, n = np.broadcast_arrays(*(np.asarray(x, float) for x in (alpha, beta, needs, trials)))
    count = np.stack([n - k, k], axis=-1)
    left = np.stack([b, a], axis=-1) + (count - 1)
    total = (a + b + (n - 1))[..., None]
    there = count > 0
    return np.asarray(np.log(np.where(there, left, 1.0)) - np.log(np.where(there, total, 1.0)))


def _once(x: Array) -> Array:
    """Rows that are all alike, such as what judges state of every category, as one row."""
    return x[:1] if len(x.shape) > 1 and len(x) and (x == x[:1]).all() else x


def _share_log_share(part: Array, rest: Array, whole: Array) -> Array:
    """``part * log(part / whole)`` where ``whole = part + rest``; 0 for part 0."""
    safe = np.where(whole > 0, whole, 1.0)
    small = special.xlogy(part, part / safe)
    large = special.xlog1py(part, -np.where(part > rest, rest, 0.0) / safe)
    return np.asarray(np.where(part > rest, large, small))


def _scaled_log_ratio(
    scale: Array, p: Array, q: Array, r: Array, s: Array, difference: Array
) -> Array:
    """``scale * log(p q / (r s))``, given the ``difference`` p q - r s; 0 for scale 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        away = difference / (r * s)  # of the ratio from 1
        ratio = p * q / (r * s)
    found = np.zeros_like(away)
    near = np.abs(away) < 0.5
    np.log1p(away, out=found, where=near)
    np.log(ratio, out=found, where=~near & (scale != 0))
    return np.asarray(scale * found)


def _stirling_remainder(x: Array) -> Array:
    x = np.asarray(x)
    inverse = 1 / np.maximum(x, 10.0)
    square = inverse * inverse
    found = np.full_like(x, _SERIES[-1])
    for coefficient in _SERIES[-2::-1]:
        found *= square
        found += coefficient
    found *= inverse
    small = x < 10
    at = x[small]
    found[small] = special.gammaln(at) - ((at - 0.5) * np.log(at) - at + _HALF_LOG_2PI)
    return found
