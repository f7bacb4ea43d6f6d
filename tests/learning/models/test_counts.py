"""Counts of needs have the density of a binomial, constant part included."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytest
from scipy import stats
from support.three_routers import PLAIN, TICKET_ROWS

from trust_router.basics.evidence import log_binomial
from trust_router.learning.models.counts import observed_needs, some_rows
from trust_router.learning.models.quiet import quiet_pymc

NEEDS, TRIALS = np.array([0, 3, 7]), np.array([4, 3, 22])


def test_ways_are_the_binomial_coefficient():
    found = np.exp(log_binomial(NEEDS, TRIALS))
    np.testing.assert_allclose(found, [1, 1, 170544])


def test_density_and_draws_are_those_of_scipy():
    held = {"trials": TRIALS, "log_ways": log_binomial(NEEDS, TRIALS), "observed": NEEDS}
    with pm.Model() as model:
        need = pm.Beta("need", 2, 2)
        observed_needs(held, pm.math.logit(need) * np.ones(3))
    found = model.compile_logp(vars=[model["needs"]], mode=PLAIN)
    expected = stats.binom.logpmf(NEEDS, TRIALS, 0.5).sum()
    assert found({"need_logodds__": np.array(0.0)}) == pytest.approx(expected, abs=1e-10)
    with quiet_pymc():
        drawn = pm.draw(model["needs"], 50, random_seed=1)
    assert drawn.shape == (50, 3)
    assert (drawn <= TRIALS).all()


def test_without_outcomes_one_row_that_says_nothing_is_left():
    silent = TICKET_ROWS.hiding(np.ones(len(TICKET_ROWS), dtype=bool))
    assert len(some_rows(silent)) == 1
    assert some_rows(silent).trials.sum() == 0
    assert (some_rows(TICKET_ROWS).trials > 0).all()
