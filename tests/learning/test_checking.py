"""What no fit could have given is refused when it is loaded, whoever made the digest fit."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr
from support.drawn import drawn, tickets
from support.three_routers import COUNTED, PANEL, STATED

import trust_router as tr
from trust_router.inputs.ticket_log import TicketLog
from trust_router.learning.checking import check_result
from trust_router.learning.posterior import Posterior
from trust_router.learning.storage import assemble

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


def updated(change):
    """A pool with what its updates start from, changed."""
    beliefs, outcomes = tickets({"x": [0.2, 0.7, 0.4]}, [0, 1, 1])
    panel, pool = tr.Panel([tr.Router("r", {"x": 1.0})]), tr.models.Pool(category_effects=False)
    values = np.random.default_rng(1).normal(1, 0.2, (3, 2, 50))
    held = dict(zip(("intercept", "gain", "bend"), values, strict=True))
    made = drawn(panel, beliefs, outcomes, pool, **held)
    still = (("chain", "draw"), np.zeros((2, 50), bool))
    stats = xr.Dataset({"diverging": still, "maxdepth_reached": still})
    groups = {"posterior": made.data["posterior"].to_dataset(), "sample_stats": stats}
    fitted = assemble(groups, made.panel, made.rows, made.provenance)
    log = TicketLog(["t0"], [0], [1])
    news = tr.Outcomes(outcomes.categories, [1], [1], log=log)
    tree = fitted.update(outcomes=news, allow_unconverged=True).data
    change(tree)
    return Posterior(tree)


def put(group, **values):
    def change(tree):
        held = tree[group].to_dataset()
        new = {
            name: held[name].copy(data=np.full_like(held[name], x)) for name, x in values.items()
        }
        tree[group] = xr.DataTree(held.assign(new))

    return change


def drop(name):
    def change(tree):
        tree["base"] = xr.DataTree(tree["base"].to_dataset().drop_vars(name))

    return change


def entries(value):
    def change(tree):
        tree.attrs["provenance"] = json.dumps(
            json.loads(tree.attrs["provenance"]) | {"updates": value}
        )

    return change


def test_what_was_updated_passes():
    check_result(updated(lambda _: None))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put("inputs", ticket_outcome=0), "its tickets are more than its counts"),
        (put("inputs", ticket_outcome=7), "its tickets stand in no row"),
        (put("inputs", ticket_row=0), "its tickets are more than its counts"),
        (put("base", scale=np.nan), "scale of the last fit holds what is no number"),
        (put("base", log_density=np.inf), "log_density of the last fit holds what is no number"),
        (drop("gain"), "its draws of the last fit are not whole"),
        (drop("shift"), "its draws of the last fit are not whole"),
        (drop("log_density"), "its draws of the last fit are not whole"),
        (entries(None), "its updates are no list"),
        (entries(["x"]), "its updates are no list"),
    ],
)
def test_what_updates_stand_on_is_checked_as_well(change, message):
    with pytest.raises(ValueError, match=message):
        check_result(updated(change))
