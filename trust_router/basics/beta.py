"""Beta beliefs about need."""

from __future__ import annotations

from dataclasses import dataclass

from trust_router.basics.checks import number
from trust_router.basics.shown import Shown

__all__ = ["SHAPE_LIMITS", "Beta"]

SHAPE_LIMITS = (1e-6, 1e9)  # of beliefs; beyond them float64 loses their evidence


@dataclass(frozen=True, repr=False)
class Beta(Shown):
    """One belief about need: a Beta(alpha, beta) distribution.

    Parameters
    ----------
    alpha, beta : float
        Shapes, positive; ``alpha`` counts for "needs the complex model", ``beta`` against.

    Raises
    ------
    ValueError
        If a shape is no positive number between 1e-6 and 1e9.

    Examples
    --------
    >>> Beta(3, 9).mean
    0.25
    >>> Beta.from_mean(0.25, concentration=12)
    Beta(alpha=3, beta=9)
    """

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        for name in ("alpha", "beta"):
            value = number(name, getattr(self, name))
            if not value > 0:
                raise ValueError(f"`{name}` must be positive; got {value:g}")
            if not SHAPE_LIMITS[0] <= value <= SHAPE_LIMITS[1]:
                low, high = SHAPE_LIMITS
                raise ValueError(f"`{name}` must lie between {low:g} and {high:g}; got {value:g}")
            object.__setattr__(self, name, value)

    @classmethod
    def from_mean(cls, mean: float, concentration: float) -> Beta:
        """Build a belief from its mean (a probability) and its concentration, alpha + beta."""
        mean, concentration = number("mean", mean), number("concentration", concentration)
        if not 0 < mean < 1:
            raise ValueError(f"`mean` must lie strictly between 0 and 1; got {mean:g}")
        if not concentration > 0:
            raise ValueError(f"`concentration` must be positive; got {concentration:g}")
        alpha, beta = mean * concentration, (1 - mean) * concentration
        low, high = SHAPE_LIMITS
        if not (low <= min(alpha, beta) and max(alpha, beta) <= high):
            raise ValueError(
                f"`mean` {mean:g} with `concentration` {concentration:g} means "
                f"Beta({alpha:g}, {beta:g}); both shapes must lie between {low:g} and {high:g}"
            )
        return cls(alpha, beta)

    @property
    def mean(self) -> float:
        """Expected need."""
        return self.alpha / (self.alpha + self.beta)

    @property
    def concentration(self) -> float:
        """Weight of the belief in pseudo-observations, alpha + beta."""
        return self.alpha + self.beta
