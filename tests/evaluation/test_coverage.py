"""Intervals of a calibrated posterior hold what happened as often as they say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import trust_router as tr
from trust_router.defaults import COVERAGE
from trust_router.evaluation.coverage import (
    coverage_table,
    disagreement,
    group_places,
    grouped,
    no_groups,
    side_by_side,
)
from trust_router.inputs.matching import single_tickets

NUMBER, TICKETS, SEEN, DRAWS = 600, 30, 10, 199


def covered(need, outcome, group, seed=1):
    """Coverage of groups, from draws of need that are given in two parts."""
    half = need.shape[1] // 2
    parts = [slice(0, half), slice(half, need.shape[1])]
    places = group_places(
        lambda: ((at, need[:, at]) for at in parts),
        {"category": group},
        outcome,
        np.random.default_rng(seed),
    )
    table = coverage_table(places.assign(method="m", feedbacks=SEEN, split=0))
    assert (table["number"] == NUMBER).all()
    return table["covered"].to_numpy()


def learned(narrow):
    """Rates of many groups, drawn from their posteriors after a few outcomes, and what happened."""
    rng = np.random.default_rng(2)
    rate = rng.beta(2, 3, NUMBER)
    needs = rng.binomial(SEEN, rate)
    shapes = narrow * (2 + needs), narrow * (3 + SEEN - needs)
    group = np.repeat(np.arange(NUMBER), TICKETS)
    need = rng.beta(*shapes, size=(DRAWS, NUMBER))[:, group]
    return need, rng.binomial(1, rate[group]), group


def error(nominal):
    return np.sqrt(nominal * (1 - nominal) / NUMBER)


def test_a_calibrated_posterior_covers_as_often_as_it_says():
    nominal = np.array(COVERAGE)
    assert (abs(covered(*learned(1)) - nominal) < 5 * error(nominal)).all()


def test_a_posterior_that_is_too_sure_covers_less():
    nominal = np.array(COVERAGE)
    assert (covered(*learned(10)) < nominal - 5 * error(nominal)).all()


def test_tickets_of_a_group_that_differ_in_need_have_a_number_of_needs_that_varies_less():
    """Half of each group hardly ever needs it and half nearly always: a binomial is too wide."""
    rng = np.random.default_rng(3)
    need = np.tile([0.05, 0.95], NUMBER * TICKETS // 2)
    group = np.repeat(np.arange(NUMBER), TICKETS)
    outcome, nominal = rng.binomial(1, need), np.array(COVERAGE)
    assert (
        abs(covered(np.tile(need, (DRAWS, 1)), outcome, group) - nominal) < 5 * error(nominal)
    ).all()
    mean = np.full((DRAWS, len(need)), 0.5)
    assert (covered(mean, outcome, group)[:2] > nominal[:2] + 5 * error(nominal[:2])).all()


def test_places_are_those_counted_by_hand():
    """Ten tickets all need it under 3 of 4 draws; 4 do. A ticket of no group and nine are left."""
    need = np.repeat([[0.0], [1.0], [1.0], [1.0]], 20, axis=1)
    group = np.r_[np.zeros(10, dtype=int), np.ones(9, dtype=int), -1]
    outcome = np.r_[np.ones(4), np.zeros(16)].astype(int)
    found = group_places(
        lambda: iter([(slice(None), need)]),
        {"category": group},
        outcome,
        np.random.default_rng(0),
    )
    assert found.to_dict("records") == [
        {
            "groups": "category",
            "group": 0,
            "tickets": 10,
            "predicted": 0.75,
            "observed": 0.4,
            "place": pytest.approx(1 / 5, abs=0.2),
        }
    ]
    assert 1 / 5 <= found["place"][0] <= 2 / 5  # above one draw of four, below three


def test_tickets_that_look_alike_stay_together():
    need = np.repeat([0.1, 0.4, 0.7], 20)
    found = grouped(np.zeros(60, dtype=int), need, np.zeros(60))
    assert set(found) == {"category", "need"}
    assert [len(np.unique(found["need"][at : at + 20])) for at in (0, 20, 40)] == [1, 1, 1]
    apart = grouped(np.zeros(9, dtype=int), np.arange(9) / 9, np.tile([0.0, 1.0, 2.0], 3))
    assert apart["disagreement x need"].tolist() == list(range(9))


def test_judges_disagree_by_the_weighted_variance_of_their_ranks():
    panel = tr.Panel([tr.Router("one", {"x": 1.0}), tr.Router("two", {"y": 1.0})])
    said = {"x": [0.1, 0.5, 0.9], "y": [0.1, 0.9, 0.5]}
    frame = pd.DataFrame({"ticket": list("abc"), "category": "c", "outcome": [0, 1, 0], **said})
    beliefs = tr.read_beliefs(frame, judges=["x", "y"])
    rows, _ = single_tickets(panel, beliefs, tr.read_outcomes(frame))
    a, b, c = disagreement(panel, rows)
    assert a < b == pytest.approx(c)


def test_errors_are_over_splits_and_cells_are_side_by_side():
    places = pd.DataFrame(
        {
            "method": "pool",
            "feedbacks": np.repeat([25, 100], 4),
            "split": [0, 0, 1, 1] * 2,
            "groups": "category",
            "place": [0.5, 0.3, 0.2, 0.99, 0.5, 0.5, 0.5, 0.5],
        }
    )
    table = coverage_table(places).set_index(["feedbacks", "nominal"])
    assert table.loc[(25, 0.5), ["covered", "se", "number"]].tolist() == [0.5, 0.5, 4]
    assert table.loc[(25, 0.8), ["covered", "se"]].tolist() == [0.75, 0.25]
    assert table.loc[(100, 0.95), ["covered", "se"]].tolist() == [1, 0]
    cells = side_by_side(coverage_table(places))
    assert cells.loc[("pool", "category")].tolist() == ["0.50 / 0.75 / 0.75", "1.00 / 1.00 / 1.00"]
    one = coverage_table(places[places["split"] == 0])
    assert one["se"].isna().all()


def test_without_models_nothing_is_covered():
    table = coverage_table(no_groups())
    assert table.empty
    assert table.columns.tolist()[-3:] == ["covered", "se", "number"]


def test_numbers_that_are_equal_are_put_in_order_at_random():
    """Nobody needs it and nobody was to: what happened stands anywhere among what was foretold."""
    none = np.zeros((DRAWS, 1000))
    found = group_places(
        lambda: iter([(slice(None), none)]),
        {"category": np.repeat(np.arange(100), 10)},
        np.zeros(1000, dtype=int),
        np.random.default_rng(4),
    )
    assert found["place"].mean() == pytest.approx(0.5, abs=5 / np.sqrt(12 * 100))
    assert found["place"].std() == pytest.approx(1 / np.sqrt(12), abs=0.08)
