"""Judges as the whole fit knows them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special
from support.known_pool import fitted, good_and_coin
from support.pooled import pool_draws

from trust_router.inputs.rows import Rows
from trust_router.learning.judge_table import _auc, tickets_of


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


def test_who_is_told_first_does_not_matter():
    """A judge who says always the same, or nothing, does not keep others from being told of."""
    said = good_and_coin()
    mute = np.where(np.arange(400) < 1, 0.4, np.nan)
    stated = {"same": np.full(400, 0.3), "mute": mute, "good": said["good"]}
    first = fitted(stated, [0, 0, 2.0]).judges()
    assert first.loc["good"].notna().all()
    assert first.loc["good", "auc"] > 0.8
    assert np.isnan(first.loc["mute", "auc"])
    assert first["tickets"].tolist() == [400, 1, 400]


@pytest.mark.parametrize(("kind", "prob"), [("eti", 0.5), ("hdi", 0.8)])
def test_intervals_of_judges_are_those_of_their_draws(pooled, kind, prob):
    posterior, _ = pool_draws(*pooled, number=200)
    rows = posterior.rows
    need, weight = posterior.need_draws(rows, 1000), rows.number / rows.number.sum()
    table = posterior.judges(ci_prob=prob, ci_kind=kind)
    for j, name in enumerate(rows.judges):
        x = special.logit(rows.mean[:, j])
        slope = []
        for each in need:
            slope.append(np.polyfit(x, special.logit(each), 1, w=np.sqrt(weight))[0])
        slope = np.sort(slope)
        if kind == "eti":
            expected = np.quantile(slope, [0.25, 0.75])
            np.testing.assert_allclose(
                table.loc[name, ["slope_lower", "slope_upper"]].astype(float), expected
            )
        else:
            width = table.loc[name, "slope_upper"] - table.loc[name, "slope_lower"]
            assert width == pytest.approx((slope[160:] - slope[:-160]).min(), rel=0.05)
        assert table.loc[name, "slope"] == pytest.approx(slope.mean())
        below = np.mean([_auc(x, e[None], rows.number)[0] < 0.5 for e in need])
        assert table.loc[name, "p_reversed"] == pytest.approx(below)


def test_lines_are_named_after_judges_and_tickets_are_whole(pooled):
    table = pool_draws(*pooled, number=40)[0].judges()
    assert table.index.name == "judge"
    assert table["tickets"].tolist() == [60, 60]
    assert table["tickets"].dtype.kind == "i"
    measures = [f"{n}{end}" for n in ("auc", "bias", "slope") for end in ("", "_lower", "_upper")]
    assert table.columns.tolist() == ["tickets", *measures[:3], "p_reversed", *measures[3:]]
