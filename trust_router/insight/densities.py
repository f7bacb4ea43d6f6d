"""Densities of need if one or another router is right, before and after the outcomes."""

from __future__ import annotations

from trust_router.basics.densities import Density, compared_densities
from trust_router.learning.posterior import Posterior

__all__ = ["router_densities"]


def router_densities(posterior: Posterior, category: str) -> tuple[Density, ...]:
    """Compare the mixture of each router, in the panel's order, with the one it began with.

    Raises
    ------
    ValueError
        If the category is unknown, or routers have no mixtures in the model.
    """
    names = posterior.panel.router_names
    before, after = (
        [posterior.mixture(category, name, prior=prior).parts for name in names]
        for prior in (True, False)
    )
    return compared_densities(before, after)
