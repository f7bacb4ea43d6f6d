"""A generative twin of judges: what each knows of difficulty, and an error that they share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

from trust_router.basics.arrays import Array
from trust_router.inputs.rows import Rows

__all__ = ["SHARED_SD", "Moments", "Twin", "at_least", "moments", "twin"]

SHARED_SD = 0.35  # prior of the loadings of the shared error: as little as the outcomes allow
_STEEP = 30.0  # of parameters
_CLOSE = 1e-5
_MOST = 0.98


@dataclass(frozen=True, eq=False)
class Moments:
    """How scores of judges go along with the outcome and with each other inside categories.

    Attributes
    ----------
    values : ndarray, shape (judge + pair,)
        Correlation of each score with the propensity behind the outcome (polyserial), then of each
        pair of scores.
    covariance : ndarray, shape (judge + pair, judge + pair)
        Of their errors of estimation.
    number : int
        Judges.
    """

    values: Array
    covariance: Array
    number: int

    @property
    def known(self) -> Array:
        """Correlation with the outcome, shape (judge,)."""
        return self.values[: self.number]

    def correlation(self) -> Array:
        """Correlation of the scores, (judge, judge)."""
        matrix = np.eye(self.number)
        i, j = np.triu_indices(self.number, 1)
        matrix[i, j] = matrix[j, i] = self.values[self.number :]
        return matrix

    def with_values(self, values: Array) -> Moments:
        """Put other values in the place of these."""
        return Moments(values, self.covariance, self.number)


@dataclass(frozen=True, eq=False)
class Twin:
    """What was found of the judges.

    Attributes
    ----------
    knows : ndarray, shape (judge,)
        Loading of each score on difficulty.
    shares : ndarray, shape (judge,)
        Loading on the error that judges share.
    point : ndarray
        Where a search for a twin nearby may start.
    """

    knows: Array
    shares: Array
    point: Array

    @property
    def effective(self) -> float:
        """Number of independent judges, each as good as these on average, that know as much."""
        own = 1 - self.knows**2 - self.shares**2
        errors = np.outer(self.shares, self.shares) + np.diag(own)
        together = self.knows @ np.linalg.solve(errors, self.knows)
        return float(together / np.mean(self.knows**2 / np.diag(errors)))


def moments(rows: Rows, scores: Array) -> Moments:
    """Find how scores go along with outcomes and with each other inside categories.

    Parameters
    ----------
    rows : Rows
        Tickets with an outcome.
    scores : ndarray, shape (row, judge)
        NaN where a judge is silent.
    """
    heard = ~np.isnan(scores)
    member = np.eye(rows.slot.max() + 1)[rows.slot].T * rows.trials
    size = member.sum(axis=1)
    rate = (np.bincount(rows.slot, rows.needs, len(size)) / np.maximum(size, 1))[rows.slot]
    # A category of n tickets hides 1/n of what goes along inside it, and of this variance too.
    slope = stats.norm.pdf(stats.norm.ppf(rate))
    total = rows.trials.sum()
    filled = np.where(heard, scores, 0)
    middle = (member @ filled) / np.maximum(member @ heard, 1)
    centred = np.where(heard, scores - middle[rows.slot], 0)
    share = rows.trials @ heard / total
    spread = np.sqrt(rows.trials @ centred**2 / total / share)
    z = centred / np.maximum(spread, 1e-12)
    i, j = np.triu_indices(scores.shape[1], 1)
    both = heard[:, i] & heard[:, j]
    beside = np.maximum(rows.trials @ both / total, 1 / total)
    pair = rows.trials @ (z[:, i] * z[:, j]) / total / beside
    rises = np.maximum((rows.trials * slope) @ heard / total, 1e-12)
    known = ((rows.needs - rows.trials * rate) @ z) / total / rises
    together = (z[:, i] * z[:, j] - pair * both * (z[:, i] ** 2 + z[:, j] ** 2) / 2) / beside
    covariance = np.zeros((len(known) + len(pair),) * 2)
    for outcome, count in enumerate((rows.trials - rows.needs, rows.needs)):
        alone = (z * (outcome - rate)[:, None] - known * slope[:, None] * heard) / rises
        alone -= known * (z**2 - heard) / share / 2
        each = np.hstack([alone, together])
        covariance += each.T @ (each * count[:, None]) / total**2
    return Moments(np.concatenate([known, pair]), covariance, len(known))


def at_least(found: Moments, drawn: int = 1) -> float:
    """Effective number if the outcome follows from difficulty without any luck.

    Parameters
    ----------
    found : Moments
    drawn : int
        How many times the errors of estimation are in the values: 2 in draws about an estimate.

    Notes
    -----
    The errors are then those about the propensity behind the outcome, whatever judges share, and
    with R the multiple correlation the number is ``R^2 / (1 - R^2)`` over the mean of
    ``r_j^2 / (1 - r_j^2)``.
    """
    variance = found.covariance[: found.number, : found.number]
    inverse = np.linalg.pinv(found.correlation(), rcond=1e-6, hermitian=True)
    together = found.known @ inverse @ found.known - drawn * np.sum(inverse * variance)
    alone = found.known**2 - drawn * np.diag(variance)
    together, alone = np.clip(together, 0, _MOST), np.clip(alone, 1e-9, _MOST)
    return float(together / (1 - together) / np.mean(alone / (1 - alone)))


def twin(found: Moments, start: Array | None = None, pull: Array | float = 0.0) -> Twin:
    """Find the judges that would go along like that, with as little shared error as will do.

    Parameters
    ----------
    found : Moments
        Of judges that are turned so that all point the right way.
    start : ndarray, optional
        Point of a twin nearby.
    pull : ndarray, shape (judge,), or float
        Centre of the prior of the loadings on the shared error.

    Notes
    -----
    Minimum distance: ``r_j = c k_j`` with the outcome and ``k_i k_j + l_i l_j`` with each other, in
    units of their errors, ``l_j ~ N(0, 0.35)`` and not negative. What the outcome owes to luck,
    ``1 - c^2``, is found beside them.
    """
    number = found.number
    i, j = np.triu_indices(number, 1)
    error = np.sqrt(np.diag(found.covariance)).clip(1e-6)
    known, pair = found.known, found.values[number:]

    def off(point: Array) -> Array:
        k, shared, c = _loadings(point)
        apart = pair - k[i] * k[j] - shared[i] * shared[j]
        return np.concatenate(
            [np.concatenate([known - c * k, apart]) / error, (shared - pull) / SHARED_SD]
        )

    if start is None:
        start = _start(known, found.correlation())
    least, most = np.zeros(2 * number + 1), np.full(2 * number + 1, _STEEP)
    least[-1] = -_STEEP
    start = start.clip(least + 0.02, most - 0.02)
    way = {"ftol": _CLOSE, "xtol": _CLOSE, "gtol": _CLOSE}
    point = optimize.least_squares(
        off, start, lambda at: _slopes(at, error), bounds=(least, most), **way
    ).x
    k, shared, _ = _loadings(point)
    return Twin(k, shared, point)


def _loadings(point: Array) -> tuple[Array, Array, float]:
    """Give loadings on difficulty and shared error, and what of the outcome is no luck."""
    u, v = point[:-1].reshape(2, -1)
    length = np.sqrt(1 + u**2 + v**2)  # so that something is left for errors of their own
    return u / length, v / length, float(special.expit(point[-1]))


def _slopes(point: Array, error: Array) -> Array:
    """Slopes of the distances, (distance, parameter)."""
    u, v = point[:-1].reshape(2, -1)
    length = np.sqrt(1 + u**2 + v**2)
    k, shared, c = _loadings(point)
    number = len(k)
    i, j = np.triu_indices(number, 1)
    judge, pair = np.arange(number), number + np.arange(len(i))
    slopes = np.zeros((2 * number + len(i), 2 * number + 1))
    of_u = (1 - k**2) / length, -k * shared / length
    of_v = -k * shared / length, (1 - shared**2) / length
    for first, (dk, ds) in ((0, of_u), (number, of_v)):
        slopes[judge, first + judge] = -c * dk
        slopes[pair, first + i] = -(k[j] * dk[i] + shared[j] * ds[i])
        slopes[pair, first + j] = -(k[i] * dk[j] + shared[i] * ds[j])
        slopes[number + len(i) + judge, first + judge] = ds / SHARED_SD
    slopes[:number, -1] = -k * c * (1 - c)
    slopes[: len(error)] /= error[:, None]
    return slopes


def _start(known: Array, correlation: Array) -> Array:
    k = (known / 0.7).clip(0.05, 0.9)
    rest = correlation - np.outer(k, k)
    np.fill_diagonal(rest, 0)
    size, way = np.linalg.eigh(rest)
    shared = np.abs(way[:, -1] * np.sqrt(max(size[-1], 0))).clip(0.1, 0.8)
    return np.concatenate([k / np.sqrt(1 - k**2), shared, [special.logit(0.7)]])
