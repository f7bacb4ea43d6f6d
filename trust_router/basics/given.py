"""Need given each draw of a posterior: what decisions take the mean of, with its error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.shown import Shown

__all__ = ["Given", "batch_error"]


@dataclass(frozen=True, eq=False, repr=False)
class Given(Shown):
    """Expectations of need under each draw; one draw where need is known exactly.

    Where need is conditioned on something uncertain, such as a router being right, all are
    expectations of need *and* that: times the probability of it under the draw.

    Attributes
    ----------
    chance : ndarray, shape (sample, batch)
        Probability of what need is conditioned on; 1 where there is no condition.
    mean, square : ndarray, shape (sample, batch)
        E[need | draw] and E[need**2 | draw].
    above, excess : ndarray, shape (sample, batch)
        P(need > x | draw) and E[max(need - x, 0) | draw] of the threshold that was asked about.
    chains : int
        Draws are those of so many chains, one after the other.
    """

    chance: Array
    mean: Array
    square: Array
    above: Array
    excess: Array
    chains: int = 1

    def times(self, chance: Array) -> Given:
        """Condition on something of a known probability, shape (batch,)."""
        return Given(
            self.chance * chance,
            self.mean * chance,
            self.square * chance,
            self.above * chance,
            self.excess * chance,
            self.chains,
        )

    def error(self, *values: Array) -> Array:
        """Monte Carlo standard error of means over draws of values, each (sample, batch).

        Returns
        -------
        ndarray, shape (value, batch)
        """
        return batch_error(values, self.chains)


def batch_error(values: Sequence[Array], chains: int) -> Array:
    r"""Monte Carlo standard error of means over draws, by batch means.

    Parameters
    ----------
    values : sequence of ndarray, each (sample, batch)
        Of chains one after the other. A lone one is exact.
    chains : int

    Returns
    -------
    ndarray, shape (value, batch)

    Notes
    -----
    Each chain is cut into batches of about :math:`\sqrt{n}` draws, whose means are nearly
    independent [1]_. It costs a pass over the draws, so that tables of many tickets have errors
    too; where ArviZ's estimate is at hand, as in `Posterior.trust`, that is shown.

    References
    ----------
    .. [1] J. M. Flegal and G. L. Jones, "Batch means and spectral variance estimators in Markov
       chain Monte Carlo", Annals of Statistics 38(2), 2010.

    Examples
    --------
    >>> draws = np.random.default_rng(1).normal(size=(10_000, 1))
    >>> batch_error([draws], chains=4).round(2)
    array([[0.01]])
    """
    number, batch = values[0].shape
    if number == 1:
        return np.zeros((len(values), batch))
    per_chain = number // chains
    length = max(1, math.isqrt(per_chain))
    batches = chains * (per_chain // length)
    if batches < 2:
        return np.full((len(values), batch), np.nan)
    means = np.empty((len(values), batches, batch))
    for each, mean in zip(values, means, strict=True):
        used = each[: per_chain * chains].reshape(chains, per_chain, batch)
        used[:, : batches // chains * length].reshape(batches, length, batch).mean(axis=1, out=mean)
    return np.asarray(means.std(axis=1, ddof=1) / math.sqrt(batches))
