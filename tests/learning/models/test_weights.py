"""Weights start from what the panel states."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest
from support.three_routers import PANEL

from trust_router.inputs.panel import Panel
from trust_router.inputs.routers import Router
from trust_router.learning.models.weights import dirichlet_weights


def drawn(panel, concentration, number=4000):
    with pm.Model(coords={"router": panel.router_names, "seat": panel.seats.labels}):
        weights = dirichlet_weights(panel, concentration)
        return pm.draw([weights.share, weights.within, weights.seat], number, random_seed=1)


@pytest.mark.parametrize("concentration", [1.0, 5.0])
def test_prior_means_are_stated_and_spread_is_the_dirichlets(concentration):
    share, within, seat = drawn(PANEL, concentration)
    total = concentration * len(PANEL.routers)
    sd = np.sqrt(PANEL.share * (1 - PANEL.share) / (total + 1))
    error = 5 / np.sqrt(len(share))
    assert (np.abs(share.mean(axis=0) - PANEL.share) < error * sd).all()
    np.testing.assert_allclose(share.std(axis=0), sd, rtol=0.08)
    assert (np.abs(within.mean(axis=0) - PANEL.seats.within) < error / 2 + 1e-12).all()
    np.testing.assert_allclose(seat, share[:, PANEL.seats.router] * within)
    np.testing.assert_allclose(seat.sum(axis=1), 1)


def test_a_lone_router_with_a_lone_judge_has_nothing_to_learn():
    share, within, seat = drawn(Panel([Router("only", {"a": 1.0})]), 1.0, 3)
    assert share.tolist() == within.tolist() == seat.tolist() == [[1.0]] * 3
