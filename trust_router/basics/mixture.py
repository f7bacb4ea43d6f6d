"""Mixtures of Beta distributions, as values on plain arrays."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.basics.checks import check_interval
from trust_router.basics.frozen import Frozen
from trust_router.basics.given import Given
from trust_router.basics.shown import Shown
from trust_router.defaults import CI_KIND, CI_PROB, CiKind

__all__ = ["BetaMixture", "matched_shapes"]

_LOGIT_LIMIT = 745.0  # beyond it expit() is 0 or 1 in float64
_TINY = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class BetaMixture(Shown, Frozen):
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

    def at(self, index: int) -> BetaMixture:
        """Need of one place of the batch."""
        return BetaMixture(self.weights[index], self.alpha[index], self.beta[index])

    @property
    def parts(self) -> BetaMixture:
        """The mixture itself; see `DrawnMixture.parts`."""
        return self

    @property
    def matched(self) -> BetaMixture:
        """The mixture itself; see `DrawnMixture.matched`."""
        return self

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

    def given(self, threshold: float) -> Given:
        """Give what decisions take the mean of: one draw, as need is known exactly."""
        mean, square, above, excess = (
            x[None]
            for x in (
                self.mean,
                self.second_moment,
                self.sf(threshold),
                self.mean_excess(threshold),
            )
        )
        return Given(np.ones_like(mean), mean, square, above, excess)

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

    def interval(self, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND) -> tuple[Array, Array]:
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


def matched_shapes(mean: ArrayLike, square: ArrayLike) -> tuple[Array, Array]:
    """Shapes of the Betas with these means and second moments.

    Examples
    --------
    >>> alpha, beta = matched_shapes(1 / 3, 1 / 6)
    >>> round(float(alpha), 6), round(float(beta), 6)
    (1.0, 2.0)
    """
    m, s = (np.asarray(x, dtype=float) for x in (mean, square))
    m = m.clip(_TINY, 1 - _TINY)
    spread = m * (1 - m)
    variance = (s - m**2).clip(_TINY * spread, (1 - _TINY) * spread)  # where draws are all alike
    total = spread / variance - 1
    return np.asarray(m * total), np.asarray((1 - m) * total)
