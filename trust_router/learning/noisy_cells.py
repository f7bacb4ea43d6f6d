"""Noisy cells: the logged outcomes of one category, given how often outcomes are wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from trust_router.basics.arrays import Array, blocks
from trust_router.basics.evidence import log_beta_ratio, log_binomial
from trust_router.basics.jacobi import beta_nodes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows

__all__ = ["AT_ONCE", "ENOUGH", "NoisyCell", "RateGrid"]

AT_ONCE = 100_000  # values that are worked on together, which the processor holds close by
ENOUGH = 1e-10  # error of a log evidence
_LEAST = 1e-290  # of a chance; smaller ones lose digits
_RESOLVED = 1e-6  # error of the log of a belief's integral, which shrinks fast
_FAR = 45.0  # e to the power of minus that is negligible
_SMALL = -600.0  # log of what loses digits in a sum of exponentials


@dataclass(frozen=True, eq=False)
class RateGrid:
    """Rates at the nodes of the quadrature, each (node,), with the logs of weights."""

    needed: Array
    resolved: Array
    log_weight: Array

    @classmethod
    def of(cls, shapes: Array, size: int) -> RateGrid:
        """Take the quadrature whose weights are the Betas of both rates."""
        (needed, first), (resolved, second) = (beta_nodes(a, b, size) for a, b in shapes)
        with np.errstate(divide="ignore"):
            log_weight = (np.log(first)[:, None] + np.log(second)).ravel()
        kept = log_weight > -700
        x, y = np.meshgrid(needed, resolved, indexing="ij")
        return cls(x.ravel()[kept], y.ravel()[kept], log_weight[kept])


@dataclass(frozen=True, eq=False)
class NoisyCell:
    """One category: outcomes that nobody checked, and beliefs after those that were.

    Attributes
    ----------
    needed, resolved : int
        Outcomes as logged.
    alpha, beta : ndarray, shape (seat, 1)
    log_checked : ndarray, shape (seat,)
        Log probability of the outcomes that were checked.
    """

    needed: int
    resolved: int
    alpha: Array
    beta: Array
    log_checked: Array

    @classmethod
    def of(cls, panel: Panel, rows: Rows, at: int) -> NoisyCell:
        """Take the row at a position."""
        judge = panel.seats.judge
        alpha, beta = rows.alpha[at, judge], rows.beta[at, judge]
        zeros, ones = rows.found[at].tolist()
        needed = int(rows.needs[at]) - ones
        common, relative = log_beta_ratio(alpha, beta, ones, zeros + ones)
        resolved = int(rows.trials[at]) - zeros - ones - needed
        shapes = (alpha + ones)[:, None], (beta + zeros)[:, None]
        return cls(needed, resolved, *shapes, common + relative)

    def log_evidence(self, grid: RateGrid, step: float) -> Array:
        """Log probability of all outcomes if a seat is right, (node, seat).

        NaN where the step is too wide for what judges state: a belief that falls between two
        points, or on one, looks the same with half the step.
        """
        low, high = self._ends
        t = np.arange(low, high + step, step)
        log_need, log_rest = -np.logaddexp(0, -2 * np.sinh(t)), -np.logaddexp(0, 2 * np.sinh(t))
        density = self.alpha * log_need + self.beta * log_rest + np.log(np.cosh(t))
        total = special.logsumexp(density, axis=1)
        wrong = total + np.log(2 * step) - special.betaln(self.alpha, self.beta)[:, 0]
        if np.abs(wrong).max() > _RESOLVED:
            return np.full((len(grid.needed), len(density)), np.nan)
        density += (self.log_checked - total)[:, None]
        need, rest = np.exp(log_need), np.exp(log_rest)
        found = np.empty((len(grid.needed), len(density)))
        for at in blocks(len(found), len(t), AT_ONCE):
            needed, resolved = grid.needed[at, None], grid.resolved[at, None]
            logged = self.needed * np.log((1 - resolved) * need + needed * rest)
            logged += self.resolved * np.log(resolved * need + (1 - needed) * rest)
            found[at] = _log_product(logged, density)
        return found

    @property
    def _ends(self) -> tuple[float, float]:
        """Where need becomes negligible, before outcomes and after, as asinh of half the log odds.

        Tails of a belief fall like exp(-shape |log odds|); outcomes move it at most to their rate.
        """
        middle, sd = np.log(self.alpha / self.beta), np.sqrt(1 / self.alpha + 1 / self.beta)
        moved = np.log(self.needed + self.resolved + 2)
        low = np.minimum(middle, 0) - moved - _FAR / self.alpha - 10 * sd
        high = np.maximum(middle, 0) + moved + _FAR / self.beta + 10 * sd
        return float(np.arcsinh(low.min() / 2)), float(np.arcsinh(high.max() / 2))

    def log_ratio(self) -> Array:
        """Log probability of an order of outcomes with 0, 1, ... true needs, (seat, number)."""
        total = self.needed + self.resolved
        common, relative = log_beta_ratio(self.alpha, self.beta, np.arange(total + 1), total)
        return np.asarray(common + relative + self.log_checked[:, None])

    def log_coefficients(self, grid: RateGrid, at: slice, log_evidence: Array) -> Array:
        """Take logs of the coefficients at some nodes, (node, number of true needs).

        Chances of true needs are computed at about the likeliest need, and, as long as the evidence
        shows that something is absent since it is too small for a float64 there, at other needs.
        """
        needed, resolved = grid.needed[at], grid.resolved[at]
        total, straight = self.needed + self.resolved, 1 - needed - resolved
        straight = np.where(np.abs(straight) < 1e-3, 1e-3, straight)
        least = 1 / (total + 2)
        likeliest = ((self.needed / max(total, 1) - needed) / straight).clip(least, 1 - least)
        found, ratio = np.full((len(needed), total + 1), -np.inf), self.log_ratio()
        for need in (likeliest, 0.5, least, 1 - least, 0.1, 0.9):
            there = self._at_need(needed, resolved, np.broadcast_to(need, needed.shape))
            found = np.where(np.isneginf(found), there, found)
            sums = [_log_sum(found + of_seat, axis=1) for of_seat in ratio]
            if np.abs(np.stack(sums, axis=1) - log_evidence[at]).max() < ENOUGH:
                break
        return found

    def _at_need(self, needed: Array, resolved: Array, need: Array) -> Array:
        """At that need, true needs of tickets logged as needed, and as resolved, are Binomial."""
        k, m = self.needed, self.resolved
        as_needed = need * (1 - resolved), (1 - need) * needed
        as_resolved = need * resolved, (1 - need) * (1 - needed)
        short, long = sorted((_binomial(k, *as_needed), _binomial(m, *as_resolved)), key=np.size)
        chances = np.zeros((len(need), k + m + 1))
        for i in range(short.shape[1]):
            chances[:, i : i + long.shape[1]] += short[:, i, None] * long
        with np.errstate(divide="ignore"):
            found = np.log(np.where(chances < _LEAST, 0, chances))
        found += (k * np.log(sum(as_needed)) + m * np.log(sum(as_resolved)))[:, None]
        count = np.arange(k + m + 1)
        found -= count * np.log(need)[:, None] + (k + m - count) * np.log1p(-need)[:, None]
        return np.asarray(found)


def _binomial(number: int, for_it: Array, against: Array) -> Array:
    """Chances of 0, ..., number, given odds, (node, number + 1)."""
    count, whole = np.arange(number + 1), for_it + against
    up, down = (np.log(x / whole)[:, None] for x in (for_it, against))
    return np.asarray(np.exp(log_binomial(count, number) + count * up + (number - count) * down))


def _log_product(rows: Array, columns: Array) -> Array:
    """Log of the matrix product of the exponentials of (n, x) and (m, x), shape (n, m)."""
    top = rows.max(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        found = np.log(np.exp(rows - top) @ np.exp(columns).T) + top
    # What is small beside the largest is summed by itself.
    for n in np.flatnonzero((found - top < _SMALL).any(axis=1)):
        found[n] = _log_sum(rows[n] + columns, axis=1)
    return np.asarray(found)


def _log_sum(values: Array, axis: int) -> Array:
    top = values.max(axis=axis, keepdims=True)
    return np.asarray(np.log(np.exp(values - top).sum(axis=axis)) + np.squeeze(top, axis))
