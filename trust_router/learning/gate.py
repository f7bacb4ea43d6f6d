"""The gate: what is no posterior, or has not converged, goes no further."""

from __future__ import annotations

from typing import cast

from trust_router.inputs.expected import expect
from trust_router.learning.posterior import Posterior

__all__ = ["check_posterior"]


def check_posterior(posterior: object, allow_unconverged: bool, name: str = "posterior") -> None:
    """Refuse what is no posterior, and one that has not converged unless that is allowed.

    Call it first thing in what users call, so that draws which may not be trusted decide nothing
    in silence, whether they come from a fit or from a file.

    Raises
    ------
    TypeError
        If it is no `Posterior`.
    ConvergenceError
        If its draws may not be trusted.
    """
    expect(posterior, Posterior, name)
    cast("Posterior", posterior).refuse_unconverged(allow_unconverged)
