"""The seed model with outcomes that may be wrong: exact, by quadrature over how often they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from scipy import special
from scipy.interpolate import PchipInterpolator

from trust_router.basics.arrays import Array, blocks
from trust_router.basics.shown import Shown
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.noise import Noise
from trust_router.learning.noisy_cells import AT_ONCE, ENOUGH, NoisyCell, RateGrid

__all__ = ["NoisyForm", "noisy_form"]

_MOST = 1000  # outcomes of a category that nobody checked; sums grow with their square
# Of the quadrature: the step of log odds, and nodes for each rate; finer until nothing changes.
_STEPS = (0.16, 0.08, 0.04, 0.02, 0.01, 0.005, 0.0025)
_SIZES = (12, 24, 40, 64, 100, 150, 220)
_NEGLIGIBLE = -45.0  # log of a weight beside others
_POINTS, _LEVELS = 4000, 401  # of quantiles of the rates
_LITTLE = 1e-13  # of a probability


@dataclass(frozen=True, eq=False, repr=False)
class NoisyForm(Shown):
    """Exact posterior of the seed model with noise.

    Attributes
    ----------
    seat_posterior : ndarray, shape (category, seat)
        Probability that a seat (a judge in its router) is the right one.
    weights : ndarray, shape (category, seat, component)
        Of need as a mixture of Betas: the probability of the seat and of a number of needs, true
        ones, among the outcomes that nobody checked. These numbers are ``first`` + component.
    first : ndarray of int, shape (category,)
        Of the first component.
    log_evidence : ndarray, shape (category,)
        Log probability of the outcomes in their order, given those of all categories before: they
        add up to that of all. How checked tickets had been logged is given.
    router_log_evidence : ndarray, shape (category, router)
        The same if only that router could be right.
    rate_mean, rate_sd : ndarray, shape (2,)
        Of false "needed" and false "resolved".
    rate_quantiles : ndarray, shape (2, level)
        Of the same, at levels that are equally far apart from 0 to 1, for tables.
    """

    seat_posterior: Array
    weights: Array
    first: Array
    log_evidence: Array
    router_log_evidence: Array
    rate_mean: Array
    rate_sd: Array
    rate_quantiles: Array


def noisy_form(panel: Panel, rows: Rows, noise: Noise) -> NoisyForm:
    r"""Solve the seed model with noise.

    Parameters
    ----------
    panel : Panel
    rows : Rows
        One for each category.
    noise : Noise

    Raises
    ------
    ValueError
        If a category has more than 1,000 outcomes that nobody checked, or the quadrature does not
        settle; `trust_router.fit` samples such cases.

    Notes
    -----
    Given the rates, :math:`k` tickets logged as needed and :math:`m` as resolved have the
    probability :math:`q^k (1 - q)^m`. Rates are common to all categories, and integrated out by
    Gaussian quadrature with their own Betas as weights; need is, inside, on the log-odds scale, by
    the trapezoidal rule on sinh, which converges faster than any power of the step [1]_. Both are
    refined until results stay the same to 1e-10.

    Need stays a mixture of Betas: of those :math:`k + m` tickets :math:`j` were needed, and the
    probability is :math:`\sum_j c_j \theta^j (1 - \theta)^{k + m - j}` with :math:`c_j` the
    coefficients of

    .. math:: (f_n + (1 - f_r) x)^k\,(1 - f_n + f_r x)^m,

    all positive, so no digits are lost.

    References
    ----------
    .. [1] L. N. Trefethen and J. A. C. Weideman, "The exponentially convergent trapezoidal rule",
       SIAM Review 56(3), 2014.
    """
    unchecked = rows.trials - rows.found.sum(axis=1)
    if (most := int(unchecked.max(initial=0))) > _MOST:
        raise ValueError(
            f"with noise the closed form takes up to {_MOST:,} unchecked outcomes of a category; "
            f"got {most} in {rows.names[int(unchecked.argmax())]!r}; use "
            "`fit(..., model=Seed(noise=...))`"
        )
    cells = [NoisyCell.of(panel, rows, c) for c in range(len(rows))]
    shapes = noise.after(rows.mistakes)
    coarse = RateGrid.of(shapes, _SIZES[0])
    step, _ = _settled(_STEPS, lambda step: _Integrated.of(panel, cells, coarse, step))
    grids = (RateGrid.of(shapes, size) for size in _SIZES)
    _, found = _settled(grids, lambda grid: _Integrated.of(panel, cells, grid, step))
    return found.form(panel, cells, shapes)


def _settled[T](
    finer: Iterable[T], integrated: Callable[[T], _Integrated]
) -> tuple[T, _Integrated]:
    """Refine until nothing changes, and give the coarser of two that are the same."""
    before = None
    for how in finer:
        found = integrated(how)
        if before is not None and found.same_as(before[1]):
            return before
        before = how, found
    raise ValueError(
        "the quadrature over the rates of noise does not settle: outcomes, or beliefs, are much "
        "narrower than `noise`; state that closer, or use `fit(..., model=Seed(noise=...))`"
    )


@dataclass(frozen=True, eq=False)
class _Integrated:
    """Everything over a grid of rates.

    Attributes
    ----------
    grid : RateGrid
    by_seat : ndarray, shape (node, category, seat)
        Log evidence.
    inner : ndarray, shape (node, category)
        The same over all seats.
    upto : ndarray, shape (node, category + 1)
        Log weight of the nodes once the outcomes of so many categories are known.
    totals : ndarray, shape (category + 1,)
        Log evidence of so many categories.
    seat_posterior : ndarray, shape (category, seat)
    """

    grid: RateGrid
    by_seat: Array
    inner: Array
    upto: Array
    totals: Array
    seat_posterior: Array

    @classmethod
    def of(cls, panel: Panel, cells: list[NoisyCell], grid: RateGrid, step: float) -> _Integrated:
        by_seat = np.stack([cell.log_evidence(grid, step) for cell in cells], axis=1)
        scored = by_seat + np.log(panel.seats.weight)
        inner = special.logsumexp(scored, axis=-1)
        before = grid.log_weight[:, None]
        upto = np.hstack([before, before + inner.cumsum(axis=1)])
        totals = special.logsumexp(upto, axis=0)
        weight = np.exp(upto[:, -1] - totals[-1])
        posterior = np.einsum("n,ncs->cs", weight, np.exp(scored - inner[..., None]))
        return cls(grid, by_seat, inner, upto, totals, posterior)

    def same_as(self, other: _Integrated) -> bool:
        pairs = (self.totals, other.totals), (self.seat_posterior, other.seat_posterior)
        return all(np.abs(a - b).max() < ENOUGH for a, b in pairs)

    def form(self, panel: Panel, cells: list[NoisyCell], shapes: Array) -> NoisyForm:
        seats, log_weight = panel.seats, self.upto[:, -1] - self.totals[-1]
        routers = [seats.router == r for r in range(len(panel.routers))]
        alone = [
            special.logsumexp(self.by_seat[..., at] + np.log(seats.within[at]), axis=-1)
            for at in routers
        ]
        chained = special.logsumexp(self.upto[:, :-1, None] + np.stack(alone, axis=-1), axis=0)
        rates = np.stack([self.grid.needed, self.grid.resolved])
        mean = rates @ np.exp(log_weight)
        parts = [self._components(panel, cell, c, log_weight) for c, cell in enumerate(cells)]
        longest = max(weights.shape[1] for _, weights in parts)
        padded = [np.pad(w, ((0, 0), (0, longest - w.shape[1]))) for _, w in parts]
        return NoisyForm(
            seat_posterior=self.seat_posterior,
            weights=np.stack(padded),
            first=np.array([first for first, _ in parts]),
            log_evidence=np.diff(self.totals),
            router_log_evidence=chained - self.totals[:-1, None],
            rate_mean=mean,
            rate_sd=np.sqrt((rates - mean[:, None]) ** 2 @ np.exp(log_weight)),
            rate_quantiles=np.stack(
                [
                    _quantiles(nodes, np.exp(self.grid.log_weight), np.exp(log_weight), of_rate)
                    for nodes, of_rate in zip(rates, shapes, strict=True)
                ]
            ),
        )

    def _components(
        self, panel: Panel, cell: NoisyCell, c: int, log_weight: Array
    ) -> tuple[int, Array]:
        """First number of true needs and weights of Betas, without those of next to no weight."""
        order = np.argsort(log_weight)
        kept = order[np.exp(log_weight[order]).cumsum() > _LITTLE]
        grid = RateGrid(self.grid.needed[kept], self.grid.resolved[kept], log_weight[kept])
        scale = grid.log_weight - self.inner[kept, c]
        known = self.by_seat[kept, c]
        sums = [
            special.logsumexp(cell.log_coefficients(grid, at, known) + scale[at, None], axis=0)
            for at in blocks(len(kept), cell.needed + cell.resolved + 1, AT_ONCE)
        ]
        logs = special.logsumexp(sums, axis=0) + cell.log_ratio()
        logs += np.log(panel.seats.weight)[:, None]
        there = np.flatnonzero((logs > _NEGLIGIBLE).any(axis=0))
        weights = np.exp(logs[:, there[0] : there[-1] + 1])
        return int(there[0]), weights / weights.sum()


def _quantiles(nodes: Array, before: Array, after: Array, shapes: Array) -> Array:
    """Quantiles of a rate: at those of its prior, how much likelier it has become is smooth."""
    values, at = np.unique(nodes, return_inverse=True)
    prior = np.bincount(at, before)
    kept = prior > _LITTLE
    times = np.bincount(at, after)[kept] / prior[kept]
    points = special.betaincinv(*shapes, (np.arange(_POINTS) + 0.5) / _POINTS)
    inside = points.clip(values[kept][0], values[kept][-1])
    density = PchipInterpolator(values[kept], times)(inside) if kept.sum() > 1 else np.ones(_POINTS)
    levels = np.r_[0.0, density.cumsum() / density.sum()]
    edges = special.betaincinv(*shapes, np.arange(_POINTS + 1) / _POINTS)
    return np.asarray(np.interp(np.linspace(0, 1, _LEVELS), levels, edges))
