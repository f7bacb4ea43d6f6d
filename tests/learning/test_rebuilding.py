"""What its provenance says makes a result again, to the last digit."""

from __future__ import annotations

import numpy as np
import pytest
from support.pretended import COUNTS, SEATS, SHORT, STATED

import trust_router as tr
from trust_router.learning.provenance import input_hash
from trust_router.learning.rebuilding import rebuilt, rows_again


@pytest.mark.parametrize("noise", [None, tr.Noise()])
def test_a_closed_form_is_solved_again(noise):
    first = tr.solve(SEATS, STATED, COUNTS, noise=noise)
    rows = rows_again(first.provenance, SEATS, STATED, COUNTS)
    assert input_hash(SEATS, rows) == first.provenance["input_hash"]
    again = rebuilt(first.provenance, SEATS, rows)
    np.testing.assert_array_equal(again.trust_mean, first.trust_mean)
    assert again.provenance == first.provenance


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:not converged")
def test_a_fit_is_fitted_again_with_the_same_options_and_seed():
    model = tr.Switch(weights="fixed", bias_sd=0.3)
    first = tr.fit(SEATS, STATED, COUNTS, model=model, random_seed=3, on_failure="warn", **SHORT)
    again = rebuilt(first.provenance, first.panel, first.rows)
    assert again.options == model
    draws, same = (each.data["posterior"].to_dataset() for each in (first, again))
    np.testing.assert_array_equal(draws["trust"].values, same["trust"].values)
