"""What went into a result comes out of it again."""

from __future__ import annotations

import numpy as np
import pytest
from support.drawn import drawn
from support.three_routers import COUNTED, FIXED, PANEL, STATED

import trust_router as tr


def test_panel_beliefs_and_outcomes_come_back():
    posterior = tr.solve(PANEL, STATED, COUNTED)
    assert posterior.panel.to_dict() == PANEL.to_dict()
    assert posterior.outcomes.to_dict() == COUNTED.to_dict()
    np.testing.assert_array_equal(posterior.beliefs.alpha, STATED.alpha)
    assert (posterior.method, posterior.model) == ("exact", "seed")
    assert posterior.options == tr.Seed()


def test_the_model_comes_back_with_its_options():
    options = tr.Switch(calibration=False, concentration=2.0)
    weights = {name: np.tile(value, (2, 3, 1)) for name, value in FIXED.items()}
    posterior = drawn(PANEL, STATED, COUNTED, options, **weights)
    assert posterior.options == options
    assert posterior.method == "nuts"


def test_beliefs_about_tickets_are_in_the_rows(pool_posterior):
    with pytest.raises(ValueError, match="single tickets; they are in `rows`"):
        _ = pool_posterior.beliefs


def test_what_went_in_is_labelled_by_what_it_is_about():
    inputs = tr.solve(PANEL, STATED, COUNTED).data["inputs"]
    dims = {name: values.dims for name, values in inputs.data_vars.items()}
    each = dict.fromkeys(("row_category", "trials", "needs", "tickets"), ("row",))
    assert dims == {"panel": (), "alpha": ("row", "judge"), "beta": ("row", "judge"), **each}
    assert inputs["category"].values.tolist() == ["a", "b", "c"]
    assert inputs["judge"].values.tolist() == ["x", "y", "z"]
    assert inputs.attrs == {"level": "category"}
