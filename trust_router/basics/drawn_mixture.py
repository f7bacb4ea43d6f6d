"""Mixtures of Betas that differ between draws of their weights and shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.basics.given import Given
from trust_router.basics.mixture import BetaMixture, matched_shapes
from trust_router.basics.shown import Shown
from trust_router.defaults import CI_KIND, CI_PROB, CiKind

__all__ = ["DrawnMixture"]

_SHAPE_DRAWS = 200  # of which densities and quantiles are made, each with all components
_VALUES = 20_000_000  # of (draw, batch, component), at most, that tails are computed of


@dataclass(frozen=True, eq=False, repr=False)
class DrawnMixture(Shown):
    """Need as a mixture of Betas under each draw, with the methods of `BetaMixture`.

    Means and second moments are those of all draws, and so are tails, unless draws, batch and
    components are too many (`Given.error` then says how well they are known). Densities and
    quantiles come from 200 draws.

    Parameters
    ----------
    weights : ndarray, shape (sample, ..., component)
        Probabilities of components under each draw. They need not sum to 1: what is conditioned on
        (a router being right) has a probability under each draw as well.
    alpha, beta : ndarray, shape (sample or 1, ..., component)
    chains : int
        Draws are those of so many chains, one after the other.
    """

    weights: Array
    alpha: Array
    beta: Array
    chains: int = 1

    @cached_property
    def chance(self) -> Array:
        """Probability of what is conditioned on under each draw, shape (sample, batch)."""
        return np.asarray(self.weights.sum(axis=-1))

    @property
    def mean(self) -> Array:
        """Mean, shape (batch,)."""
        return self._expected(self.means)

    @property
    def second_moment(self) -> Array:
        """E[need**2], shape (batch,)."""
        return self._expected(self.squares)

    @property
    def sd(self) -> Array:
        """Standard deviation, shape (batch,)."""
        return np.asarray(np.sqrt((self.second_moment - self.mean**2).clip(min=0)))

    def pdf(self, x: ArrayLike) -> Array:
        """Density at ``x`` in [0, 1], broadcast against the batch."""
        return self.parts.pdf(x)

    def cdf(self, x: ArrayLike) -> Array:
        """P(need <= x), shape of x and then of the batch."""
        return self._tail(special.betainc, x)

    def sf(self, x: ArrayLike) -> Array:
        """P(need > x), accurate where it is tiny; shape of x and then of the batch."""
        return self._tail(special.betaincc, x)

    def interval(self, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND) -> tuple[Array, Array]:
        """Credible interval: equal-tailed ("eti") or the shortest one ("hdi")."""
        return self.parts.interval(ci_prob, ci_kind)

    def sample(self, size: int, random_seed: int | np.random.Generator | None = None) -> Array:
        """Draw needs, shape (size, batch); those of a row belong to one draw.

        Of one place, draws under which what is conditioned on is likelier are taken more often; of
        several, all alike, for it may be likely in one place and not in another.
        """
        rng = np.random.default_rng(random_seed)
        if self.chance.ndim == 1 and not np.allclose(self.chance, self.chance[0]):
            at = rng.choice(len(self.chance), size, p=self.chance / self.chance.sum())
        else:
            at = rng.integers(len(self.weights), size=size)
        edges = np.cumsum(self.weights[at], axis=-1)
        u = rng.random((*edges.shape[:-1], 1)) * edges[..., -1:]
        pick = (u >= edges).sum(axis=-1).clip(max=edges.shape[-1] - 1)[..., None]
        here = at if len(self.alpha) > 1 else np.zeros_like(at)
        a, b = (np.take_along_axis(x[here], pick, axis=-1)[..., 0] for x in (self.alpha, self.beta))
        return np.asarray(rng.beta(a, b))

    def given(self, threshold: float, most: int | None = None) -> Given:
        """Give what decisions take the mean of, under each draw, or ``most`` of them."""
        few = self.thinned(self.affordable if most is None else most)
        point = min(max(threshold, 0.0), 1.0)
        upper = special.betaincc(few.alpha, few.beta, point)
        beyond = few.means * special.betaincc(few.alpha + 1, few.beta, point)
        return Given(
            few.chance,
            few.weighted(few.means),
            few.weighted(few.squares),
            few.weighted(upper),
            few.weighted(beyond - point * upper),
            few.chains,
        )

    @property
    def affordable(self) -> int:
        """How many draws tails are computed of."""
        return _VALUES // max(1, int(self.weights[0].size))

    def thinned(self, most: int) -> DrawnMixture:
        """Keep every k-th draw, so that at most ``most`` are left."""
        per_chain = len(self.weights) // self.chains
        step = max(1, -(-len(self.weights) // max(1, most)))
        at = (np.arange(self.chains)[:, None] * per_chain + np.arange(0, per_chain, step)).ravel()
        alpha, beta = (x[at] if len(x) > 1 else x for x in (self.alpha, self.beta))
        return DrawnMixture(self.weights[at], alpha, beta, self.chains)

    def at(self, index: int) -> DrawnMixture:
        """Need of one place of the batch."""
        weights, alpha, beta = (x[:, index] for x in (self.weights, self.alpha, self.beta))
        return DrawnMixture(weights, alpha, beta, self.chains)

    @cached_property
    def parts(self) -> BetaMixture:
        """A mixture of all components, of some draws if their shapes differ between draws."""
        if len(self.alpha) == 1:
            total = self.chance.mean(axis=0)[..., None]
            return BetaMixture(self.weights.mean(axis=0) / total, self.alpha[0], self.beta[0])
        few = self.thinned(_SHAPE_DRAWS)
        batch = few.weights.shape[1:-1]
        joined = [
            np.moveaxis(x, 0, -2).reshape(*batch, -1)
            for x in np.broadcast_arrays(few.weights, few.alpha, few.beta)
        ]
        return BetaMixture(joined[0] / joined[0].sum(axis=-1, keepdims=True), *joined[1:])

    @property
    def matched(self) -> BetaMixture:
        """One Beta for each component, with its mean and second moment over all draws."""
        weight = self.weights.mean(axis=0)
        safe = np.where(weight > 0, weight, 1.0)
        mean, square = (
            np.where(weight > 0, (self.weights * x).mean(axis=0) / safe, x.mean(axis=0))
            for x in (self.means, self.squares)
        )
        return BetaMixture(weight / weight.sum(-1, keepdims=True), *matched_shapes(mean, square))

    @property
    def means(self) -> Array:
        """Mean of each component."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def squares(self) -> Array:
        """Second moment of each component."""
        return self.means * (self.alpha + 1) / (self.alpha + self.beta + 1)

    def weighted(self, values: Array) -> Array:
        """Sum of values of components under each draw, shape (sample, batch)."""
        full = np.broadcast_to(values, self.weights.shape)
        return np.asarray(np.einsum("...k,...k->...", self.weights, full))

    def _expected(self, values: Array) -> Array:
        return np.asarray(self.weighted(values).mean(axis=0) / self.chance.mean(axis=0))

    def _tail(self, function: Callable[..., Array], x: ArrayLike) -> Array:
        few = self.thinned(self.affordable)
        points = np.asarray(x, dtype=float).clip(0, 1)
        # One point at a time: a grid of points times all draws would not fit.
        values = [few._expected(function(few.alpha, few.beta, point)) for point in points.ravel()]
        return np.reshape(values, (*points.shape, *self.weights.shape[1:-1]))
