"""Draws of need as a distribution, with the methods that a mixture of Betas has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.bootstrap import percentiles
from trust_router.basics.checks import check_interval
from trust_router.basics.given import Given
from trust_router.basics.shown import Shown
from trust_router.defaults import CI_KIND, CI_PROB, CiKind

if TYPE_CHECKING:
    from trust_router.basics.mixture import BetaMixture

__all__ = ["NeedDraws"]


@dataclass(frozen=True, eq=False, repr=False)
class NeedDraws(Shown):
    """Need as equally likely draws.

    Parameters
    ----------
    values : ndarray, shape (sample, batch)
        Need under each draw of the posterior, for instance of each ticket or category.
    chains : int
        Draws are those of so many chains, one after the other.

    Examples
    --------
    >>> need = NeedDraws(np.array([[0.1, 0.5], [0.3, 0.9]]))
    >>> need.mean
    array([0.2, 0.7])
    >>> need.sf(0.4)
    array([0., 1.])
    """

    values: Array
    chains: int = 1

    @property
    def mean(self) -> Array:
        """Mean, shape (batch,)."""
        return np.asarray(self.values.mean(axis=0))

    @property
    def matched(self) -> BetaMixture:
        """The Beta with the mean and second moment of the draws, as a mixture of one."""
        from trust_router.basics.mixture import BetaMixture, matched_shapes  # takes SciPy

        shapes = matched_shapes(self.mean[..., None], self.second_moment[..., None])
        return BetaMixture(np.ones_like(shapes[0]), *shapes)

    def take(self, index: NDArray[np.intp]) -> NeedDraws:
        """Keep some of the batch, by their positions."""
        return NeedDraws(self.values[:, index], self.chains)

    @property
    def second_moment(self) -> Array:
        """E[need**2], shape (batch,)."""
        return np.asarray((self.values**2).mean(axis=0))

    @property
    def sd(self) -> Array:
        """Standard deviation, shape (batch,)."""
        return np.asarray(self.values.std(axis=0))

    def cdf(self, x: ArrayLike) -> Array:
        """P(need <= x), broadcast against the batch."""
        return np.asarray((self.values <= np.asarray(x)).mean(axis=0))

    def sf(self, x: ArrayLike) -> Array:
        """P(need > x), broadcast against the batch."""
        return np.asarray((self.values > np.asarray(x)).mean(axis=0))

    def mean_excess(self, x: ArrayLike) -> Array:
        """E[max(need - x, 0)], broadcast against the batch."""
        return np.asarray(np.maximum(self.values - np.asarray(x), 0).mean(axis=0))

    def given(self, threshold: ArrayLike) -> Given:
        """Give what decisions take the mean of, under each draw."""
        above = self.values > np.asarray(threshold)
        excess = np.maximum(self.values - np.asarray(threshold), 0)
        ones = np.ones_like(self.values)
        return Given(ones, self.values, self.values**2, above.astype(float), excess, self.chains)

    def interval(self, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND) -> tuple[Array, Array]:
        """Credible interval: equal-tailed ("eti") or the shortest one ("hdi")."""
        check_interval(ci_prob, ci_kind)
        if ci_kind == "eti":
            return percentiles(self.values, ci_prob)
        from arviz import hdi

        bounds = np.asarray(hdi(self.values, prob=ci_prob, axis=0))
        return bounds[..., 0], bounds[..., 1]

    def sample(self, size: int, random_seed: int | np.random.Generator | None = None) -> Array:
        """Pick ``size`` draws at random, shape (size, batch); jointly, as they belong together."""
        rng = np.random.default_rng(random_seed)
        return self.values[rng.integers(len(self.values), size=size)]
