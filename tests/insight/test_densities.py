"""Densities by router are those of its mixtures, in the panel's order."""

from __future__ import annotations

import numpy as np
import pytest

from trust_router.insight.densities import router_densities


def test_each_router_has_its_density_before_and_after(exact_posterior):
    densities = router_densities(exact_posterior, "transfer failed")
    names = exact_posterior.panel.router_names
    for density, name in zip(densities, names, strict=True):
        for prior, found in ((True, density.before), (False, density.after)):
            mixture = exact_posterior.mixture("transfer failed", name, prior=prior)
            np.testing.assert_array_equal(found, mixture.pdf(density.x))


def test_an_unknown_category_is_refused(exact_posterior):
    with pytest.raises(ValueError, match="unknown category 'x'"):
        router_densities(exact_posterior, "x")
