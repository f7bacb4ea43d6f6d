"""Draws of the pool predict need."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import special
from support.three_routers import (
    FIXED,
    NAN,
    PANEL,
    TICKET_ROWS,
    one_draw,
    repeat,
    ticket_rows,
)

from trust_router.learning.models.pool import Pool


def test_pool_predicts_the_same_in_blocks_as_at_once_and_for_silent_tickets_its_base_rate():
    draws = repeat(one_draw(**FIXED, gain=1.5, intercept=-0.5), 2)
    silent = replace(TICKET_ROWS, alpha=TICKET_ROWS.alpha * NAN, beta=TICKET_ROWS.beta * NAN)
    need = Pool().need(draws, PANEL, TICKET_ROWS, silent)
    np.testing.assert_allclose(need, special.expit(-0.5))


def test_pool_follows_its_trusted_judge():
    weights = {"share": np.array([0, 1.0, 0]), "within": np.array([0.5, 0.5, 1.0, 0.0, 1.0])}
    draws = one_draw(**weights, gain=1.5, intercept=0.0)
    rows = ticket_rows(missing=0)
    need = Pool(scale="log odds").need(draws, PANEL, rows, rows)[0]
    order = np.argsort(rows.mean[:, 2], kind="stable")
    assert (np.diff(need[order]) >= -1e-12).all()
