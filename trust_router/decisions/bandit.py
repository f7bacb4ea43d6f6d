"""One category whose tickets may be tried: the one-armed bandit of a mixture of Betas, exactly."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import special

from trust_router.basics.arrays import Array
from trust_router.basics.mixture import BetaMixture
from trust_router.decisions.costs import Costs

__all__ = ["Trying", "trying"]

_TRIES = 1000  # after so many the choice is for good, which makes trying worth a little less
_FAR = 10  # horizons; what comes later counts less than a part in 20,000


@dataclass(frozen=True)
class Trying:
    """What trying the simple model is worth in a category that the rule escalates.

    Attributes
    ----------
    cost : float
        Expected loss of one try against escalating.
    worth : float
        What its outcome is expected to save on tickets to come, if the best is made of it: further
        tries where they pay, and their cost.
    at_once : int
        How many tries pay most if all are made before the first outcome is known.
    """

    cost: float
    worth: float
    at_once: int


def trying(need: BetaMixture, costs: Costs, horizon: float) -> Trying:
    r"""Solve the one-armed bandit of one category.

    Parameters
    ----------
    need : BetaMixture
        Of one category.
    costs : Costs
    horizon : float
        Expected number of the category's tickets to come, each equally likely to be the last.

    Notes
    -----
    With :math:`\gamma = 1 - 1/\mathrm{horizon}` and the loss of a try :math:`\ell_{nk}` after k
    needs in n tries, what may still be saved is

    .. math:: V_{nk} = \max\bigl(0, -\ell_{nk} + \gamma (m_{nk} V_{n+1,k+1} +
        (1 - m_{nk}) V_{n+1,k})\bigr),

    for once it pays to escalate nothing more is learned, and it pays for ever. The first try pays
    exactly if the Gittins index of trying is above that of escalating [1]_.

    References
    ----------
    .. [1] J. C. Gittins, "Bandit processes and dynamic allocation indices", Journal of the Royal
       Statistical Society B 41(2), 1979.
    """
    lasting = max(0.0, 1 - 1 / horizon) if horizon > 0 else 0.0
    most = max(1, min(_TRIES, math.ceil(_FAR * horizon)))
    value, after = np.zeros(0), np.zeros(1)
    loss = float(costs.simple_first(need.mean) - costs.escalate(need.mean))
    best = (0.0, 0)
    for tries, chance, mean in _after_tries(need, most):
        gain = costs.escalate(mean) - costs.simple_first(mean)
        settled = np.maximum(gain, 0) * horizon
        if tries == most:
            value = settled
        else:
            after = lasting * (mean * value[1:] + (1 - mean) * value[:-1])
            value = np.maximum(0, gain + after)
        # With tries all at once, tickets to come have to wait for what they bring.
        paid = loss * _sum_of_powers(lasting, tries)
        best = max(best, (lasting**tries * float(chance @ settled) - paid, tries))
    return Trying(loss, float(after[0]), best[1])


def _sum_of_powers(base: float, number: int) -> float:
    return number if base == 1 else (1 - base**number) / (1 - base)


def _after_tries(need: BetaMixture, most: int) -> Iterator[tuple[int, Array, Array]]:
    """Probability of each number of needs in n tries, and the mean of need then; n falls."""
    steps = np.arange(most)
    a, b = need.alpha[:, None], need.beta[:, None]
    up, down, both = (_from_zero(np.log(shape + steps)) for shape in (a, b, a + b))
    ways = special.gammaln(np.arange(1, most + 2))
    with np.errstate(divide="ignore"):
        weight = np.log(need.weights)[:, None]
    for n in range(most, -1, -1):
        k = np.arange(n + 1)
        log_p = weight + up[:, : n + 1] + down[:, n::-1] - both[:, n : n + 1]
        highest = log_p.max(axis=0)
        part = np.exp(log_p - highest)
        total = part.sum(axis=0)
        mean = (part * (a + k) / (a + b + n)).sum(axis=0) / total
        chance = np.exp(highest + np.log(total) + ways[n] - ways[k] - ways[n - k])
        yield n, chance, mean


def _from_zero(logs: Array) -> Array:
    return np.concatenate([np.zeros((len(logs), 1)), logs.cumsum(axis=1)], axis=1)
