"""The pool while outcomes stream in: one Gaussian step a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg, special

from trust_router.basics.arrays import Array, floats
from trust_router.basics.checks import listed
from trust_router.inputs.rows import Rows
from trust_router.learning.gate import check_posterior
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.pool_draws import PoolDraws
from trust_router.learning.models.pooling import Pooling

if TYPE_CHECKING:
    import xarray as xr

    from trust_router.learning.posterior import Posterior

__all__ = ["PoolStream"]

_LOOKS = 2  # at the slopes, in each step
_SLOPE = 1e-4  # of a standard deviation
_DRAWS = 1000


class PoolStream:
    """A pool that learns while it serves, a batch at a time; a hundred thousand outcomes a second.

    Mean and covariance of the parameters are kept, as those of a Gaussian, and moved by each batch.
    Scores stay where the posterior had them: where a belief stands among all that its judge had
    said by then. Nothing is known of single tickets, and nothing here notices where a Gaussian does
    not hold: let a process that serves do this by the minute, and start it anew each day from what
    `Posterior.update`, which does both, has made of the day's tables.

    Parameters
    ----------
    posterior : Posterior
        Of a pool without noise and drift.
    allow_unconverged : bool
        Go on also from draws that may not be trusted.

    Raises
    ------
    ValueError
        If it is of another model, or of one that takes noise or drifts.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Notes
    -----
    With :math:`m` and :math:`P` before, a batch of outcomes :math:`y` moves them by Gauss-Newton
    steps to the maximum of its likelihood times the Gaussian, and :math:`P` to
    :math:`(P^{-1} + J^T W J)^{-1}` there, :math:`J` being the slopes of the log odds and :math:`W`
    the variances of outcomes: an iterated extended Kalman filter [1]_.

    References
    ----------
    .. [1] B. M. Bell and F. W. Cathey, "The iterated Kalman filter update as a Gauss-Newton
       method", IEEE Transactions on Automatic Control 38(2), 1993.

    Examples
    --------
    >>> stream = PoolStream(posterior)  # doctest: +SKIP
    >>> stream.add_many(alpha, beta, categories, outcomes)  # doctest: +SKIP
    >>> stream.need(alpha, beta, categories)  # doctest: +SKIP
    """

    def __init__(self, posterior: Posterior, *, allow_unconverged: bool = False) -> None:
        check_posterior(posterior, allow_unconverged)
        options = posterior.options if posterior.has_draws else None
        if not isinstance(options, Pool) or options.noise is not None or options.drift is not None:
            raise ValueError(
                "a stream of batches takes a posterior of the pool, without noise and drift; got "
                f"one of the {posterior.model} model"
            )
        panel, rows = posterior.panel, posterior.rows
        self.posterior = posterior
        self._pool, self._vector = options, options.vector(panel, rows)
        self._pooling = Pooling.of(panel, rows, options.scale)
        points = self._vector.pack(posterior.data["posterior"].to_dataset())
        self._mean = points.mean(axis=0)
        self._cov = np.cov(points.T).reshape(len(self._mean), -1)
        self._place = {name: at for at, name in enumerate(rows.categories)}

    def add_many(
        self, alpha: ArrayLike, beta: ArrayLike, categories: Sequence[str], outcomes: ArrayLike
    ) -> None:
        """Take many outcomes in; all or none.

        Parameters
        ----------
        alpha, beta : array_like, shape (ticket, judge)
            What each judge of the panel believes, NaN where one is silent.
        categories : sequence of str, shape (ticket,)
        outcomes : array_like of int, shape (ticket,)

        Raises
        ------
        ValueError
            If a category is new, shapes differ, a belief is none, or an outcome is neither 0 nor 1.
        """
        rows, known = self._rows(alpha, beta, categories), floats(outcomes)
        wrong = np.flatnonzero(~np.isin(known, (0, 1))) if known.shape == (len(rows),) else [0]
        if len(rows) and len(wrong):
            raise ValueError(f"`outcomes` must be {len(rows)} numbers, each 0 or 1, one a ticket")
        if not len(rows):
            return
        size = len(self._mean)
        before = linalg.cho_factor(self._cov + 1e-12 * np.eye(size))
        precision = linalg.cho_solve(before, np.eye(size))
        pooled = self._pooling.pooled(rows)
        at, step = self._mean, _SLOPE * np.sqrt(self._cov.diagonal())
        for _ in range(_LOOKS):
            around = np.vstack([at, at + np.diag(step), at - np.diag(step)])
            eta = self._given(around).log_odds(rows, pooled)
            slope = (eta[1 : size + 1] - eta[size + 1 :]) / (2 * step[:, None])
            chance = special.expit(eta[0])
            told = (slope * (chance * (1 - chance))) @ slope.T
            pull = slope @ (known - chance) - precision @ (at - self._mean)
            now = linalg.cho_factor(precision + told)
            at = at + linalg.cho_solve(now, pull)
        self._mean, self._cov = at, linalg.cho_solve(now, np.eye(size))

    def need(self, alpha: ArrayLike, beta: ArrayLike, categories: Sequence[str]) -> Array:
        """Need of tickets as things stand, the mean over parameters, shape (ticket,)."""
        rows = self._rows(alpha, beta, categories)
        return np.asarray(self._given(self._points()).need(rows).mean(axis=0))

    def draws(self) -> xr.Dataset:
        """Draws of the parameters as things stand, 1,000 of them and the same at each call."""
        return self._vector.unpack(self._points())

    def _points(self) -> Array:
        normal = np.random.default_rng(0).standard_normal((_DRAWS, len(self._mean)))
        return np.asarray(self._mean + normal @ linalg.cholesky(self._cov, lower=True).T)

    def _given(self, points: Array) -> PoolDraws:
        return PoolDraws.of(self._vector.unpack(points), self._pooling)

    def _rows(self, alpha: ArrayLike, beta: ArrayLike, categories: Sequence[str]) -> Rows:
        held = self.posterior.rows
        try:
            place = np.array([self._place[name] for name in categories], dtype=np.intp)
        except KeyError as error:
            raise ValueError(
                f"category {error.args[0]!r} is new; the posterior knows {listed(held.categories)}"
            ) from None
        shapes, shape = (floats(alpha), floats(beta)), (len(place), len(held.judges))
        for name, values in zip(("alpha", "beta"), shapes, strict=True):
            if values.shape != shape:
                raise ValueError(f"`{name}` must have shape {shape}; got {values.shape}")
            if (values <= 0).any() or np.isinf(values).any():
                raise ValueError(f"`{name}` must be positive, or NaN where a judge is silent")
        one = np.ones(len(place), dtype=np.int64)
        return Rows("ticket", held.categories, held.judges, place, *shapes, one, 0 * one, one)
