"""Bayes linear: needs estimated from outcomes of others, by the moments of their draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from trust_router.basics.arrays import Array

__all__ = ["Moments"]

_LEAST = 1e-12


@dataclass(frozen=True, eq=False)
class Moments:
    r"""Mean and covariance of need over draws, and the variance of an outcome around it.

    Attributes
    ----------
    mean : ndarray, shape (row,)
    cov : ndarray, shape (row, row)
    noise : ndarray, shape (row,)
        E[need (1 - need)].

    Notes
    -----
    The best linear estimate of needs :math:`\theta` from the means :math:`\bar y` of outcomes is
    :math:`\mathrm{E}\theta + W (\bar y - \mathrm{E}\bar y)` with
    :math:`W = \mathrm{Cov}(\theta, \bar y) \mathrm{Var}(\bar y)^{-1}` [1]_. For one outcome it is
    the conditional mean.

    References
    ----------
    .. [1] M. Goldstein and D. Wooff, "Bayes Linear Statistics", Wiley, 2007.

    Examples
    --------
    >>> need = np.random.default_rng(1).beta(2, 2, size=(100_000, 1))
    >>> weight = Moments.of(need).weights(np.array([0]), np.array([6.0]))
    >>> weight.round(2)  # of 6 outcomes beside the 4 that Beta(2, 2) is worth
    array([[0.6]])
    """

    mean: Array
    cov: Array
    noise: Array

    @classmethod
    def of(cls, need: Array) -> Moments:
        """Take them of draws, shape (sample, row)."""
        mean = need.mean(axis=0)
        centred = need - mean
        return cls(mean, centred.T @ centred / len(need), (need * (1 - need)).mean(axis=0))

    def seen(self, at: NDArray[np.intp], number: Array) -> Array:
        """Covariance of the means of so many outcomes of some rows."""
        return np.asarray(self.cov[np.ix_(at, at)] + np.diag(self.noise[at] / number))

    def weights(self, at: NDArray[np.intp], number: Array, across: Array | None = None) -> Array:
        """Coefficients of the estimates from the means of so many outcomes of some rows.

        Parameters
        ----------
        at : ndarray of int, shape (seen,)
        number : ndarray, shape (seen,)
            Positive.
        across : ndarray, shape (any, row), optional
            Covariance of what is estimated with needs; by default needs are estimated.

        Returns
        -------
        ndarray, shape (row or any, seen)
        """
        covariance = self.cov if across is None else across
        ridge = np.diag(_LEAST * (1 + self.cov.diagonal()[at]))
        solved = linalg.solve(self.seen(at, number) + ridge, covariance[:, at].T, assume_a="pos")
        return np.asarray(solved.T)
