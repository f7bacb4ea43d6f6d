"""Judges as the whole fit knows them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special
from support.known_pool import fitted, good_and_coin

from trust_router.inputs.rows import Rows
from trust_router.learning.judge_table import tickets_of


def test_the_table_of_judges_knows_how_they_rank_and_which_way():
    posterior = fitted(good_and_coin(), [-2.0, 0])
    table = posterior.judges()
    need, rows = posterior.need_draws(posterior.rows)[0], posterior.rows
    said = rows.mean[:, 0]
    above = (said[:, None] > said) + 0.5 * (said[:, None] == said)
    pairs = np.outer(need * rows.number, (1 - need) * rows.number)
    assert table.loc["good", "auc"] == pytest.approx((pairs * above).sum() / pairs.sum())
    assert table.loc["good", "p_reversed"] == 1
    x, y = special.logit(said), special.logit(need)
    slope, bias = np.polyfit(x, y, 1, w=np.sqrt(rows.number))
    assert table.loc["good", "slope"] == pytest.approx(slope)
    assert table.loc["good", "bias"] == pytest.approx(bias)
    assert abs(table.loc["coin", "auc"] - 0.5) < 0.05


def test_a_judge_that_always_says_the_same_ranks_nothing():
    said = good_and_coin()
    table = fitted({"good": said["good"], "same": np.full(400, 0.3)}, [2.0, 0]).judges()
    assert np.isnan(table.loc["same", ["auc", "p_reversed", "bias", "slope"]]).all()
    assert table.loc["same", "tickets"] == 400


@pytest.mark.parametrize(("about", "counted"), [("category", [1, 1, 3]), ("ticket", [0, 1, 3])])
def test_a_category_without_tickets_counts_for_one(about, counted):
    none, shapes = np.zeros(3, dtype=np.int64), np.ones((3, 1))
    number, at = np.array([0, 1, 3]), np.arange(3)
    rows = Rows(about, ("a", "b", "c"), ("j",), at, shapes, shapes, none, none, number)
    assert tickets_of(rows).tolist() == counted
