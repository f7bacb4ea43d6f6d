"""Densities are those of the mixtures, at points that miss no needle."""

from __future__ import annotations

import numpy as np
import pytest

from trust_router.basics.densities import compared_densities
from trust_router.basics.mixture import BetaMixture


def test_both_sides_are_known_at_the_same_points():
    before = [BetaMixture([1], [1], [3]), BetaMixture([0.5, 0.5], [2, 5], [2, 1])]
    after = [BetaMixture([1], [4], [9]), BetaMixture([0.2, 0.8], [5, 8], [8, 4])]
    for density, old, new in zip(compared_densities(before, after), before, after, strict=True):
        assert (np.diff(density.x) > 0).all()
        np.testing.assert_array_equal(density.before, old.pdf(density.x))
        np.testing.assert_array_equal(density.after, new.pdf(density.x))
    flat = compared_densities([BetaMixture([1], [1], [1])], after[:1])[0]
    assert flat.usual == 1


@pytest.mark.parametrize("components", [1, 100])
def test_a_needle_between_even_points_is_found(components):
    alpha = np.full(components, 3e8)
    needle = BetaMixture(np.full(components, 1 / components), alpha, 7 * alpha)
    (density,) = compared_densities([BetaMixture([1], [1], [1])], [needle])
    assert density.after.max() > 0.9 * needle.pdf(needle.mean)


def test_nothing_is_shown_nearer_to_an_end_without_bound():
    steep = BetaMixture([1], [0.2], [0.1])
    (density,) = compared_densities([steep], [steep])
    assert density.x[0] >= 1 / 800
    assert density.x[-1] <= 799 / 800
