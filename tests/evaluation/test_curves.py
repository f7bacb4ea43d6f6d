"""Curves are followed ticket by ticket."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from trust_router.evaluation.curves import reliability, routing_curve
from trust_router.evaluation.held_out import HeldOut
from trust_router.evaluation.metrics import score


def test_reliability_compares_each_bin_with_what_happened():
    table = reliability(np.array([0.05, 0.07, 1.0]), np.array([0, 1, 1]))
    assert table["tickets"].tolist() == [2, 1]
    assert table["observed"].tolist() == [0.5, 1.0]
    np.testing.assert_allclose(table["predicted"], [0.06, 1.0])
    for name, tail in (("lower", 0.055), ("upper", 0.945)):  # Jeffreys
        np.testing.assert_allclose(table[name], stats.beta([1.5, 1.5], [1.5, 0.5]).ppf(tail))


def test_cpt_is_the_first_crossing_where_the_curve_falls_again():
    # The first ticket recovers all that is missing, the second loses it again.
    held_out = HeldOut(
        np.array([1, 0, 1]), np.array([0.0, 1.0, 0.0]), np.array([1.0, 0.0, 1.0]), np.zeros(3)
    )
    need = np.array([0.9, 0.8, 0.1])
    share, gain = routing_curve(need, held_out)
    np.testing.assert_allclose(gain[0], [0, 1, 0, 1])
    assert score(need, held_out)["cpt50"][0] == pytest.approx(1 / 6)
    np.testing.assert_allclose(share[0], [0, 1 / 3, 2 / 3, 1])
