"""The parameters of a nearly Gaussian model as one vector, and the density of their priors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy import linalg, special

from trust_router.basics.arrays import Array
from trust_router.basics.shown import Shown
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import flat
from trust_router.learning.noise import RATES, Noise

__all__ = ["DIMS", "Vector", "log_prior_of_rates", "rates_of"]

DIMS = {"router_gain": "router", "judge_gain": "judge", "category_z": "category"}


@dataclass(frozen=True, repr=False)
class Vector(Shown):
    """Parameters that have Normal priors, and the spread and effects of categories.

    Attributes
    ----------
    normals : mapping of str to (float, float, int)
        Mean and standard deviation of the prior, and how many of a name; 0: a single number.
    category_scale : float or None
        Of the half-Normal prior of ``category_sd``; None where categories have no effects.
    categories : int
    rates : ndarray, shape (2, 2), or None
        Shapes of the Beta priors of `RATES`; None where outcomes are true.

    Notes
    -----
    A vector holds them in this order, then the log of ``category_sd`` and the effects of categories
    along an orthonormal basis of those that sum to zero, on which they are independent standard
    Normals, then the log odds of the rates of noise.
    """

    normals: Mapping[str, tuple[float, float, int]]
    category_scale: float | None
    categories: int
    rates: Array | None = None

    @property
    def stated(self) -> tuple[Array, Array]:
        """Mean and standard deviation of each Normal prior, one a coordinate."""
        each = [(m, s) for m, s, number in self.normals.values() for _ in range(max(1, number))]
        mean, sd = np.array(each, dtype=float).T
        return mean, sd

    @property
    def places(self) -> dict[str, int | slice]:
        """Where each Normal stands in a vector."""
        found: dict[str, int | slice] = {}
        at = 0
        for name, (_, _, number) in self.normals.items():
            found[name] = slice(at, at + number) if number else at
            at += max(1, number)
        return found

    @property
    def size(self) -> int:
        """How many coordinates there are."""
        effects = 0 if self.category_scale is None else self.categories
        noise = 0 if self.rates is None else len(RATES)
        return sum(max(1, number) for _, _, number in self.normals.values()) + effects + noise

    def pack(self, draws: xr.Dataset) -> Array:
        """Put draws into vectors, shape (sample, coordinate)."""
        columns = [flat(draws[name]) for name in self.normals]
        if self.category_scale is not None:
            columns += [np.log(flat(draws["category_sd"]))]
            columns += [flat(draws["category_z"]) @ self.basis.T]
        if self.rates is not None:
            columns += [special.logit(flat(draws[name])) for name in RATES]
        return np.column_stack(columns)

    def unpack(self, points: Array, chains: int = 1) -> xr.Dataset:
        """Take the parameters out of vectors, as draws of some chains."""
        values = {name: points[:, at] for name, at in self.places.items()}
        if self.category_scale is not None:
            at = len(self.stated[0])
            values["category_sd"] = np.exp(points[:, at])
            values["category_z"] = points[:, at + 1 : at + self.categories] @ self.basis
        if self.rates is not None:
            values |= {name: special.expit(points[:, i]) for i, name in enumerate(RATES, -2)}
        return xr.Dataset(
            {
                name: (
                    ("chain", "draw", *([DIMS[name]] if x.ndim > 1 else [])),
                    x.reshape(chains, -1, *x.shape[1:]),
                )
                for name, x in values.items()
            }
        )

    def log_prior(self, points: Array) -> Array:
        """Log density of the priors at vectors, up to a constant, shape (sample,)."""
        mean, sd = self.stated
        total = -(((points[:, : len(mean)] - mean) / sd) ** 2).sum(axis=1) / 2
        if self.category_scale is not None:
            last = len(mean) + self.categories
            log_sd, effects = points[:, len(mean)], points[:, len(mean) + 1 : last]
            total += log_sd - (np.exp(log_sd) / self.category_scale) ** 2 / 2
            total -= (effects**2).sum(axis=1) / 2
        if self.rates is not None:
            total += _log_betas(self.rates, points[:, -len(RATES) :])
        return np.asarray(total)

    @property
    def basis(self) -> Array:
        """Orthonormal effects of categories that sum to zero, shape (category - 1, category)."""
        return np.asarray(linalg.helmert(self.categories))


def rates_of(noise: Noise | None, rows: Rows) -> Array | None:
    """Give the shapes of the rates of noise, with what was checked in them; None without noise."""
    return None if noise is None else noise.after(rows.mistakes)


def log_prior_of_rates(shapes: Array, draws: xr.Dataset) -> Array:
    """Log density of the priors of `RATES` at draws, as log odds, up to a constant, (sample,)."""
    return _log_betas(shapes, np.column_stack([special.logit(flat(draws[n])) for n in RATES]))


def _log_betas(shapes: Array, log_odds: Array) -> Array:
    up, down = np.logaddexp(0, -log_odds), np.logaddexp(0, log_odds)
    return np.asarray(-(up @ shapes[:, 0] + down @ shapes[:, 1]))
