"""What no fit could have given is refused when it is loaded, whoever made the digest fit."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from support.three_routers import COUNTED, PANEL, STATED

import trust_router as tr
from trust_router.learning.checking import check_result
from trust_router.learning.posterior import Posterior

EXACT = tr.solve(PANEL, STATED, COUNTED)


def changed(group, variable, value):
    tree = EXACT.data.copy(deep=True)
    values = tree[group].to_dataset()
    held = values[variable].astype(type(value))
    held[dict.fromkeys(held.dims, 0)] = value
    tree[group] = xr.DataTree(values.assign({variable: held}))
    return Posterior(tree)


def test_what_was_computed_passes():
    check_result(EXACT)


@pytest.mark.parametrize(
    ("group", "variable", "value", "message"),
    [
        ("closed_form", "trust", 7.0, "trust_mean is 7 and should lie between 0 and 1"),
        ("closed_form", "trust", np.nan, "trust_mean holds NaN"),
        ("closed_form", "trust", 0.0, "trust_mean does not sum to 1"),
        ("closed_form", "seat_posterior", -0.1, "seat_posterior is -0.1"),
        ("inputs", "needs", 99, "its counts of row 0 cannot be"),
        ("inputs", "needs", -3, "its counts of row 0 cannot be"),
        ("inputs", "tickets", 1, "its counts of row 0 cannot be"),
        ("inputs", "alpha", -1.0, "`alpha` must be positive"),
        ("inputs", "row_category", 5, "a row is of no category"),
    ],
)
def test_a_value_out_of_its_range_is_told(group, variable, value, message):
    with pytest.raises(ValueError, match=message):
        check_result(changed(group, variable, value))


def test_labels_in_another_order_are_told():
    with pytest.raises(ValueError, match="its router labels are in another order, or others"):
        check_result(Posterior(EXACT.data.isel(router=[2, 1, 0])))
