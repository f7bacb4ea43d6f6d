"""Beta beliefs and mixtures of them, as values on plain arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from trust_router.basics.checks import check_interval, number

__all__ = ["Array", "Beta", "BetaMixture", "log_beta_ratio"]

Array = NDArray[np.float64]

_LOGIT_LIMIT = 745.0  # beyond it expit() is 0 or 1 in float64
SHAPE_LIMITS = (1e-6, 1e9)  # of beliefs; beyond them float64 loses their evidence


@dataclass(frozen=True)
class Beta:
    """One belief about need: a Beta(alpha, beta) distribution.

    Parameters
    ----------
    alpha, beta : float
        Shapes, positive; ``alpha`` counts for "needs the complex model", ``beta`` against.

    Raises
    ------
    ValueError
        If a shape is no positive number between 1e-6 and 1e9.

    Examples
    --------
    >>> Beta(3, 9).mean
    0.25
    >>> Beta.from_mean(0.25, concentration=12)
    Beta(alpha=3.0, beta=9.0)
    """

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        for name in ("alpha", "beta"):
            value = number(name, getattr(self, name))
            if not value > 0:
                raise ValueError(f"`{name}` must be positive; got {value:g}")
            if not SHAPE_LIMITS[0] <= value <= SHAPE_LIMITS[1]:
                low, high = SHAPE_LIMITS
                raise ValueError(f"`{name}` must lie between {low:g} and {high:g}; got {value:g}")
            object.__setattr__(self, name, value)

    @classmethod
    def from_mean(cls, mean: float, concentration: float) -> Beta:
        """Build a belief from its mean (a probability) and its concentration, alpha + beta."""
        mean, concentration = number("mean", mean), number("concentration", concentration)
        if not 0 < mean < 1:
            raise ValueError(f"`mean` must lie strictly between 0 and 1; got {mean:g}")
        if not concentration > 0:
            raise ValueError(f"`concentration` must be positive; got {concentration:g}")
        alpha, beta = mean * concentration, (1 - mean) * concentration
        low, high = SHAPE_LIMITS
        if not (low <= min(alpha, beta) and max(alpha, beta) <= high):
            raise ValueError(
                f"`mean` {mean:g} with `concentration` {concentration:g} means "
                f"Beta({alpha:g}, {beta:g}); both shapes must lie between {low:g} and {high:g}"
            )
        return cls(alpha, beta)

    @property
    def mean(self) -> float:
        """Expected need."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def concentration(self) -> float:
        """Weight of the belief in pseudo-observations, alpha + beta."""
        return self.alpha + self.beta


@dataclass(frozen=True, eq=False)
class BetaMixture:
    """Mixtures of Beta distributions, one for every leading index.

    Parameters
    ----------
    weights, alpha, beta : array_like, shape (..., component)
        Component weights (they sum to 1 along the last axis) and Beta shapes. Shapes broadcast
        against each other; the leading axes are the batch.

    Raises
    ------
    ValueError
        If weights are negative or do not sum to 1, or a shape is not positive.

    Examples
    --------
    >>> mixture = BetaMixture([0.25, 0.75], [6, 4], [22, 24])
    >>> round(float(mixture.mean), 4)
    0.1607
    >>> low, high = mixture.interval(0.89)
    >>> bool(low < mixture.mean < high)
    True
    """

    weights: Array
    alpha: Array
    beta: Array
    _log_norm: Array = field(init=False, repr=False)

    def __init__(self, weights: ArrayLike, alpha: ArrayLike, beta: ArrayLike) -> None:
        arrays = np.broadcast_arrays(
            *(np.atleast_1d(np.asarray(x, dtype=float)) for x in (weights, alpha, beta))
        )
        w, a, b = (np.array(x) for x in arrays)
        if not (np.all(w >= 0) and np.allclose(w.sum(axis=-1), 1.0, rtol=0, atol=1e-9)):
            raise ValueError(
                "`weights` must be non-negative and sum to 1 over components; "
                f"got sums {np.unique(w.sum(axis=-1))[:5]}"
            )
        if not (np.all((a > 0) & (a < np.inf)) and np.all((b > 0) & (b < np.inf))):
            raise ValueError("`alpha` and `beta` must be positive and finite for every component")
        for name, value in (("weights", w), ("alpha", a), ("beta", b)):
            value.setflags(write=False)
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_log_norm", special.betaln(a, b))

    @property
    def batch_shape(self) -> tuple[int, ...]:
        """Shape of the batch: () for a single mixture."""
        return self.weights.shape[:-1]

    @property
    def mean(self) -> Array:
        """Mean, shape ``batch_shape``."""
        return self._average(self.alpha / (self.alpha + self.beta))

    @property
    def second_moment(self) -> Array:
        """E[need**2], shape ``batch_shape``."""
        total = self.alpha + self.beta
        return self._average(self.alpha / total * (self.alpha + 1) / (total + 1))

    @property
    def variance(self) -> Array:
        """Variance, shape ``batch_shape``: within components plus between their means."""
        total = self.alpha + self.beta
        means = self.alpha / total
        within = means * (self.beta / total) / (total + 1)
        return self._average(within + (means - self.mean[..., None]) ** 2)

    @property
    def sd(self) -> Array:
        """Standard deviation, shape ``batch_shape``."""
        return np.asarray(np.sqrt(self.variance))

    def pdf(self, x: ArrayLike) -> Array:
        """Density at ``x`` in [0, 1], broadcast against the batch."""
        points = self._points(x)
        with np.errstate(divide="ignore"):
            log_density = (
                special.xlogy(self.alpha - 1, points)
                + special.xlog1py(self.beta - 1, -points)
                - self._log_norm
            )
        inside = (points >= 0) & (points <= 1)
        return self._average(np.where(inside, np.exp(log_density), 0.0))

    def cdf(self, x: ArrayLike) -> Array:
        """P(need <= x), broadcast against the batch."""
        return self._average(special.betainc(self.alpha, self.beta, self._points(x).clip(0, 1)))

    def sf(self, x: ArrayLike) -> Array:
        """P(need > x), accurate where it is tiny."""
        return self._average(special.betaincc(self.alpha, self.beta, self._points(x).clip(0, 1)))

    def mean_excess(self, x: ArrayLike) -> Array:
        """E[max(need - x, 0)]: how much need lies above ``x`` on average."""
        points = self._points(x).clip(0, 1)
        means = self.alpha / (self.alpha + self.beta)
        above = means * special.betaincc(self.alpha + 1, self.beta, points)
        return self._average(above - points * special.betaincc(self.alpha, self.beta, points))

    def quantile(self, q: ArrayLike) -> Array:
        """Inverse of `cdf`; ``q`` in [0, 1] broadcasts against the batch.

        Solved by bracketing on the log-odds scale, so tiny quantiles keep their relative precision.
        """
        from scipy.optimize import elementwise

        levels = np.asarray(q, dtype=float)
        if not np.all((levels >= 0) & (levels <= 1)):
            raise ValueError(f"`q` must lie in [0, 1]; got {levels}")
        shape = np.broadcast_shapes(levels.shape, self.batch_shape)
        levels = np.broadcast_to(levels, shape)
        rows = np.broadcast_to(
            np.arange(math.prod(self.batch_shape)).reshape(self.batch_shape), shape
        )
        w, a, b = (x.reshape(-1, x.shape[-1]) for x in (self.weights, self.alpha, self.beta))

        def excess(z: Array, level: Array, row: Array) -> Array:
            at, x = row.astype(int), special.expit(z)[..., None]
            below = (w[at] * special.betainc(a[at], b[at], x)).sum(axis=-1) - level
            above = (1 - level) - (w[at] * special.betaincc(a[at], b[at], x)).sum(axis=-1)
            # The side where the probability is small keeps its digits.
            return np.asarray(np.where(level > 0.5, above, below))

        bracket = np.full(shape, -_LOGIT_LIMIT), np.full(shape, _LOGIT_LIMIT)
        found = elementwise.find_root(excess, bracket, args=(levels, rows.astype(float)))
        # No sign change: the quantile is closer to 0 (or 1) than float64 can say.
        root = np.where(
            np.isfinite(found.x), found.x, np.where(found.f_bracket[0] > 0, -np.inf, np.inf)
        )
        root = np.where(levels == 0, -np.inf, np.where(levels == 1, np.inf, root))
        return np.asarray(special.expit(root))

    def interval(
        self, ci_prob: float = 0.89, ci_kind: Literal["eti", "hdi"] = "eti"
    ) -> tuple[Array, Array]:
        """Credible interval: equal-tailed ("eti") or the shortest one ("hdi").

        Returns
        -------
        tuple of ndarray, each of shape ``batch_shape``
            Lower and upper end.
        """
        check_interval(ci_prob, ci_kind)
        if ci_kind == "eti":
            tail = (1 - ci_prob) / 2
            return self.quantile(tail), self.quantile(1 - tail)
        return self._shortest(ci_prob)

    def sample(self, size: int, random_seed: int | np.random.Generator | None = None) -> Array:
        """Draw ``size`` independent needs from each mixture, shape ``(size, *batch_shape)``."""
        rng = np.random.default_rng(random_seed)
        edges = np.cumsum(self.weights, axis=-1)
        u = rng.random((size, *self.batch_shape, 1)) * edges[..., -1:]
        pick = (u >= edges).sum(axis=-1).clip(max=self.weights.shape[-1] - 1)[..., None]
        a, b = (
            np.take_along_axis(np.broadcast_to(x, (size, *x.shape)), pick, axis=-1)[..., 0]
            for x in (self.alpha, self.beta)
        )
        return np.asarray(rng.beta(a, b))

    def _points(self, x: ArrayLike) -> Array:
        return np.asarray(x, dtype=float)[..., None]

    def _average(self, values: Array) -> Array:
        # A component of weight 0 says nothing, not even where its density is infinite.
        return np.asarray((self.weights * np.where(self.weights > 0, values, 0.0)).sum(axis=-1))

    def _shortest(self, ci_prob: float) -> tuple[Array, Array]:
        start, stop = self._around_shortest(ci_prob)
        grid = np.linspace(0, 1, 33).reshape(-1, *(1,) * len(self.batch_shape))
        for _ in range(2):  # each pass narrows the lower tail probability 16-fold
            tails = start + (stop - start) * grid
            low, high = self.quantile(tails), self.quantile((tails + ci_prob).clip(max=1))
            best = np.expand_dims((high - low).argmin(axis=0), 0)
            step = (stop - start) / 32
            centre = np.take_along_axis(tails, best, axis=0)[0]
            start, stop = (centre - step).clip(min=0), (centre + step).clip(max=1 - ci_prob)
        return np.take_along_axis(low, best, axis=0)[0], np.take_along_axis(high, best, axis=0)[0]

    def _around_shortest(self, ci_prob: float) -> tuple[Array, Array]:
        """Bracket the lower tail probability of the shortest interval.

        The grid follows the components' own quantiles, so that no narrow mode falls between.
        """
        levels = np.linspace(0, 1, 257)
        flat = (x.reshape(-1, x.shape[-1]) for x in (self.weights, self.alpha, self.beta))
        brackets = []
        for w, a, b in zip(*flat, strict=True):
            x = np.unique(special.betaincinv(a[:, None], b[:, None], levels))
            below = BetaMixture(w, a, b).cdf(x)
            fits = below <= 1 - ci_prob
            width = np.interp(below[fits] + ci_prob, below, x) - x[fits]
            best = int(width.argmin())
            ends = below[[max(best - 2, 0), min(best + 2, len(below) - 1)]]
            brackets.append(ends.clip(max=1 - ci_prob))
        start, stop = np.array(brackets).T.reshape(2, *self.batch_shape)
        return start, stop


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
    a, b, k, n = np.broadcast_arrays(*(np.asarray(x, float) for x in (alpha, beta, needs, trials)))
    m = n - k
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
    return common, relative


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
    bottom = np.where(scale == 0, 1.0, r * s)
    ratio = np.where(scale == 0, 1.0, p * q / bottom)
    near = np.abs(ratio - 1) < 0.5
    log_near = np.log1p(np.where(near & (scale != 0), difference / bottom, 0.0))
    return np.asarray(scale * np.where(near, log_near, np.log(np.where(near, 1.0, ratio))))


def _stirling_remainder(x: Array) -> Array:
    large = np.where(x < 10, 10.0, x)
    inverse = 1 / large
    square = inverse * inverse
    series = np.polynomial.polynomial.polyval(
        square, [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156]
    )
    small = np.where(x < 10, x, 10.0)
    exact = special.gammaln(small) - (
        (small - 0.5) * np.log(small) - small + 0.5 * math.log(2 * math.pi)
    )
    return np.where(x < 10, exact, series * inverse)
