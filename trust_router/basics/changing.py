"""Evidence that a logistic regression has changed: an e-process against one that never does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from trust_router.basics.arrays import Array, Counts

__all__ = ["log_evidence_of_change"]

_MEAN, _SD = np.array([-0.5, 0.8]), np.array([1.5, 1.2])  # of level and slope, also after a change
_HAZARDS = np.array([0.005, 0.02, 0.08])  # how often both change in a period
_WIDE, _NODES = 3.0, (25, 19)  # sds to both sides, and points of the grid
_NEWTON, _SMALL = 100, 1e-9


def log_evidence_of_change(
    score: Array, needs: Counts, trials: Counts, period: NDArray[np.intp], periods: int
) -> Array:
    r"""Log of an e-process against a level and slope that stay the same, shape (period,).

    Parameters
    ----------
    score : ndarray, shape (row,)
        What need is regressed on.
    needs, trials : ndarray of int, shape (row,)
    period : ndarray of int, shape (row,)
        From 0 to ``periods`` - 1.
    periods : int

    Notes
    -----
    The evidence up to a period is the probability of all outcomes so far if level and slope are
    drawn anew in some periods, over their probability if they are drawn once,

    .. math::

       E_t = \frac{\sum_h w_h\, p_h(y_{1:t})}
       {\int \pi(a, b) \prod_{i \le t} p(y_i \mid a + b x_i)\, da\, db}.

    Above stands a hidden Markov chain that draws anew from a grid with probability :math:`h` a
    period, below the integral by Laplace's method. The fraction is a product of one-step-ahead
    predictive probabilities, and a martingale that starts at 1 while nothing changes. So by Ville's
    inequality it ever reaches :math:`1/\alpha` with probability :math:`\alpha` at most, averaged
    over :math:`\pi`, whatever the scores and the number of periods [1]_.

    References
    ----------
    .. [1] A. Ramdas, P. Grünwald, V. Vovk and G. Shafer, "Game-theoretic statistics and safe
       anytime-valid inference", Statistical Science 38(4), 2023.
    """
    sides = [
        m + s * np.linspace(-_WIDE, _WIDE, n) for m, s, n in zip(_MEAN, _SD, _NODES, strict=True)
    ]
    grid = np.stack([side.ravel() for side in np.meshgrid(*sides)])
    design = np.column_stack([np.ones_like(score), score])
    by_period = np.zeros((periods, grid.shape[1]))
    constant, at = np.zeros(periods), _MEAN
    order = np.argsort(period, kind="stable")
    ends = np.searchsorted(period[order], np.arange(periods), side="right")
    for t, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
        now, seen = order[start:end], order[:end]
        eta = design[now] @ grid
        by_period[t] = needs[now] @ eta - trials[now] @ np.logaddexp(0, eta)
        constant[t], at = _drawn_once(design[seen], needs[seen], trials[seen], at)
    weight = -(((grid.T - _MEAN) / _SD) ** 2).sum(axis=1) / 2
    return _drawn_anew(by_period, weight - special.logsumexp(weight)) - constant


def _drawn_anew(by_period: Array, log_prior: Array) -> Array:
    """Log probability of all outcomes up to each period, with the hazards averaged over."""
    state = np.tile(log_prior, (len(_HAZARDS), 1))
    stay, leave = np.log1p(-_HAZARDS)[:, None], np.log(_HAZARDS)[:, None]
    total = np.empty(len(by_period))
    for t, chance in enumerate(by_period):
        if t:
            whole = special.logsumexp(state, axis=1, keepdims=True)
            state = np.logaddexp(state + stay, whole + leave + log_prior)
        state = state + chance
        total[t] = special.logsumexp(state) - np.log(len(_HAZARDS))
    return total


def _drawn_once(design: Array, needs: Counts, trials: Counts, start: Array) -> tuple[float, Array]:
    """Log evidence of a constant level and slope, and where their density is highest."""

    def density(at: Array) -> float:
        eta = design @ at
        prior = -(((at - _MEAN) / _SD) ** 2).sum() / 2
        return float(needs @ eta - trials @ np.logaddexp(0, eta) + prior)

    at, value = start, density(start)
    for _ in range(_NEWTON):
        need = special.expit(design @ at)
        curvature = (design * (trials * need * (1 - need))[:, None]).T @ design + np.diag(_SD**-2.0)
        slope = design.T @ (needs - trials * need) - (at - _MEAN) / _SD**2
        step = np.linalg.solve(curvature, slope)
        if step @ slope < _SMALL:
            break
        while (new := density(at + step)) < value:
            step = step / 2
        at, value = at + step, new
    return value - np.linalg.slogdet(curvature)[1] / 2 - np.log(_SD).sum(), at
