"""Gaussian quadrature whose weight is a Beta density."""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigvalsh_tridiagonal

from trust_router.basics.arrays import Array

__all__ = ["beta_nodes"]


def beta_nodes(alpha: float, beta: float, size: int) -> tuple[Array, Array]:
    r"""Nodes and weights of which a Beta expectation is the weighted sum.

    Exact for polynomials of degree ``2 size - 1``. Small weights keep their relative precision, as
    reciprocals of sums of squares of the orthonormal polynomials.

    Parameters
    ----------
    alpha, beta : float
        Shapes, positive.
    size : int
        How many nodes.

    Returns
    -------
    nodes, weights : ndarray, shape (size,)

    Notes
    -----
    Nodes are the eigenvalues of the matrix of the polynomials' recurrence [1]_, written so that
    nothing cancels where nodes lie close to 0.

    References
    ----------
    .. [1] G. H. Golub and J. H. Welsch, "Calculation of Gauss quadrature rules", Mathematics of
       Computation 23, 1969.

    Examples
    --------
    >>> nodes, weights = beta_nodes(2, 10, size=4)
    >>> float(weights @ nodes).__round__(12) == round(2 / 12, 12)
    True
    """
    k, extra = np.arange(1, size), alpha + beta - 2
    double = 2 * k + extra
    inner = (2 * k * (k + extra + 1) + extra * alpha) / (double * (double + 2))
    diagonal = np.r_[alpha / (alpha + beta), inner]
    first = alpha * beta / (alpha + beta) ** 2 / (alpha + beta + 1)
    k, double = k[1:], double[1:]
    later = k * (k + beta - 1) * (k + alpha - 1) * (k + extra) / (double**2 * (double**2 - 1))
    beside = np.sqrt(np.r_[first, later][: size - 1])
    nodes = eigvalsh_tridiagonal(diagonal, beside)
    before, now, squares = np.zeros(size), np.ones(size), np.ones(size)
    with np.errstate(over="ignore"):  # of nodes whose weight is 0
        for i in range(size - 1):
            last = beside[i - 1] * before if i else 0.0
            before, now = now, ((nodes - diagonal[i]) * now - last) / beside[i]
            squares = squares + now**2
    return nodes, 1 / squares
