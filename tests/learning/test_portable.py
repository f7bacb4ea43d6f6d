"""What predicts tickets, as plain data: the same draws back, and nothing that no fit could give."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest
from support.exported import asked, pool

from trust_router.learning.past import outcomes_of
from trust_router.learning.portable import _past, tickets_as_data, tickets_of_data


@pytest.fixture(scope="module")
def data():
    return json.loads(json.dumps(tickets_as_data(pool()), allow_nan=False))


def test_closed_forms_and_other_models_decide_no_tickets(exact_posterior):
    assert tickets_as_data(exact_posterior) is None


def test_what_was_fitted_comes_back(data):
    posterior, source = pool(), tickets_of_data(data)
    for name in ("category", "alpha", "beta", "trials", "needs", "number"):
        np.testing.assert_array_equal(getattr(source.rows, name), getattr(posterior.rows, name))
    past = posterior.foretold
    np.testing.assert_array_equal(source.past.need, past.need)
    np.testing.assert_array_equal(source.past.of_category, past.of_category)
    np.testing.assert_array_equal(source.past.tickets, past.tickets)


def test_a_ticket_on_which_nobody_speaks_is_kept_for_the_next_one(data):
    source = tickets_of_data(data)
    silent = asked().take([0])
    assert np.isnan(silent.alpha).all()
    from trust_router.inputs.predicted import rows_to_predict

    for category in ("a", ""):
        rows, _ = rows_to_predict(
            source.panel, silent.with_category([category]), source.rows.categories
        )
        first = source.need_draws(rows, 1000)
        assert source.need_draws(rows, 1000) is first
    rows, _ = rows_to_predict(source.panel, silent.with_category(["new"]), source.rows.categories)
    assert source.need_draws(rows, 1000) is not source.need_draws(rows, 1000)  # there may be many


def _first(values):
    while isinstance(values[0], list):
        values = values[0]
    return values


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("draws", "category_sd"), -0.1),
        (("draws", "judge_gain"), None),
        (("draws", "intercept"), None),
        (("rows", "alpha"), -1.0),
        (("rows", "needs"), 7),
        (("rows", "category"), 9),
        (("past", "need"), 1.5),
        (("past", "of_category"), None),
    ],
)
def test_numbers_that_no_fit_could_give_are_refused(data, where, value):
    broken = copy.deepcopy(data)
    _first(broken[where[0]][where[1]])[0] = value
    with pytest.raises((TypeError, ValueError)):
        tickets_of_data(broken)


@pytest.mark.parametrize("name", ["intercept", "gain", "bend", "damping", "category_z"])
def test_draws_that_are_absent_or_too_few_are_refused(data, name):
    broken = copy.deepcopy(data)
    broken["draws"][name] = broken["draws"][name][:-1]
    with pytest.raises(ValueError, match="draws"):
        tickets_of_data(broken)
    del broken["draws"][name]
    with pytest.raises((KeyError, ValueError)):
        tickets_of_data(broken)


def test_unknown_parameters_and_chains_are_refused(data):
    with pytest.raises(ValueError, match="no parameter"):
        tickets_of_data(data | {"draws": data["draws"] | {"code": [0.0] * 700}})
    for chains in (0, 3, "2", None):
        with pytest.raises(ValueError, match="chains"):
            tickets_of_data(data | {"chains": chains})


def test_what_was_foretold_may_be_certain_and_nothing_else(data):
    rows = tickets_of_data(data).rows
    known = rows.known()
    count = outcomes_of(known)
    for sure in (0.0, 1.0):
        need = np.where(count > 0, sure, np.nan)
        held = {"need": need.tolist(), "of_category": [sure] * len(known)}
        np.testing.assert_array_equal(_past(held, rows).need, need)
    for wrong in (-0.01, 1.01, np.nan):
        for name in ("need", "of_category"):
            bad = copy.deepcopy(held)
            at = np.argwhere(count > 0)[0]
            if name == "need":
                bad["need"][at[0]][at[1]] = wrong
            else:
                bad["of_category"][0] = wrong
            with pytest.raises(ValueError, match="foretold is no probability"):
                _past(bad, rows)
    with pytest.raises(ValueError, match="foretold belongs to other rows"):
        _past(held | {"of_category": [0.5]}, rows)
    with pytest.raises(ValueError, match="foretold of no ticket"):
        _past(held | {"need": np.full(count.shape, 0.5).tolist()}, rows)
    assert _past(None, rows) is None
