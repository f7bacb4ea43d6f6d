"""Checks of a panel: judges that rank backwards, say nothing, or are one under several names."""

from __future__ import annotations

from trust_router.learning.findings import Finding, find
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["check_judges"]


def check_judges(posterior: Posterior, *, allow_unconverged: bool = False) -> tuple[Finding, ...]:
    """Find what the outcomes say against judges; `trust_router.fit` warns of the same.

    Returns
    -------
    tuple of Finding
        Each with a ``sentence``, the ``judges`` it is about and its ``numbers``: judges that rank
        tickets backwards, that cannot be told from a coin, that always say the same, copies, and
        panels that foretell no better than a rate. Empty if there is nothing to say.

    Raises
    ------
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Examples
    --------
    >>> from trust_router import solve
    >>> from trust_router.examples import load_seed
    >>> check_judges(solve(*load_seed()))
    ()
    """
    check_posterior(posterior, allow_unconverged)
    return find(posterior)
