"""Noise: how often a logged outcome is not what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from trust_router.basics.arrays import Array, Counts
from trust_router.basics.beta import Beta
from trust_router.basics.shown import Shown
from trust_router.defaults import NOISE_SHAPES

__all__ = ["RATES", "Noise"]

RATES = ("false_needed", "false_resolved")

Shapes = Beta | tuple[float, float]


@dataclass(frozen=True, repr=False)
class Noise(Shown):
    r"""Beliefs about how often logged outcomes are wrong.

    Parameters
    ----------
    false_needed, false_resolved : Beta, or pair of float
        Beliefs about two rates: how often a ticket that the simple model resolved is logged as one
        that needed the complex model, and how often one that needed it is logged as resolved. As a
        `Beta`, or its two shapes. The default says about 17 %, and from 4 % to 35 % (89 %).

    Raises
    ------
    ValueError
        If a shape is not positive, or the two means add up to 1 or more: then outcomes would say
        the opposite of what happened, which no outcome can tell.

    Notes
    -----
    A ticket with need :math:`p` is logged as needed with probability

    .. math:: q = p\,(1 - f_r) + (1 - p)\,f_n,

    :math:`f_n` and :math:`f_r` being ``false_needed`` and ``false_resolved``, the same for all
    tickets. Tickets that somebody checked tell both: their need enters without error, and how often
    they had been logged wrong enters :math:`f_n` and :math:`f_r`. Where none was checked, outcomes
    say little about the two: they are the prior's doing, and need is known less well. If both are
    known, and need is that of many outcomes of which :math:`q` are logged as needed, it is
    :math:`(q - f_n) / (1 - f_n - f_r)` [1]_.

    References
    ----------
    .. [1] W. J. Rogan and B. Gladen, "Estimating prevalence from the results of a screening test",
       American Journal of Epidemiology 107(1), 1978.

    Examples
    --------
    >>> Noise(false_resolved=(4, 8)).false_resolved
    Beta(alpha=4, beta=8)
    """

    false_needed: Beta
    false_resolved: Beta

    def __init__(
        self, false_needed: Shapes = NOISE_SHAPES, false_resolved: Shapes = NOISE_SHAPES
    ) -> None:
        for name, given in zip(RATES, (false_needed, false_resolved), strict=True):
            object.__setattr__(self, name, _belief(name, given))
        total = self.false_needed.mean + self.false_resolved.mean
        if not total < 1:
            raise ValueError(
                "the means of `false_needed` and `false_resolved` must add up to less than 1, or "
                f"outcomes would say the opposite of what happened; got {total:g}"
            )

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Noise:
        """Take what `to_dict` gave."""
        return cls(**{name: tuple(data[name]) for name in RATES})

    def to_dict(self) -> dict[str, list[float]]:
        """Give the shapes as plain data."""
        return {name: self.shapes[i].tolist() for i, name in enumerate(RATES)}

    @property
    def shapes(self) -> Array:
        """Shapes of both rates, (rate, 2): for being wrong, and for being right."""
        return np.array([[x.alpha, x.beta] for x in (self.false_needed, self.false_resolved)])

    def after(self, mistakes: Counts) -> Array:
        """Shapes of both rates once some outcomes were checked.

        Parameters
        ----------
        mistakes : ndarray of int, shape (2, 2)
            Checked tickets by what was found and what had been logged; see `Rows.mistakes`.

        Returns
        -------
        ndarray, shape (rate, 2)
        """
        wrong = mistakes[[0, 1], [1, 0]]
        return self.shapes + np.stack([wrong, mistakes.sum(axis=1) - wrong], axis=1)


def _belief(name: str, given: Any) -> Beta:
    if isinstance(given, Beta):
        return given
    try:
        first, second = given
    except (TypeError, ValueError):
        raise ValueError(f"`{name}` must be a Beta or its two shapes; got {given!r}") from None
    try:
        return Beta(first, second)
    except (TypeError, ValueError) as error:
        raise ValueError(f"`{name}`: {error}") from None
