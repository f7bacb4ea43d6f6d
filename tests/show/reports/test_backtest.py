"""The page about a backtest says who was better, by how much, and which fits failed."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from support.full_disk import full_disk

import trust_router as tr
from trust_router.evaluation.backtests import Backtest
from trust_router.evaluation.coverage import no_groups
from trust_router.evaluation.held_out import HeldOut
from trust_router.show.reports.backtest import (
    Contest,
    backtest_brief,
    backtest_section,
    backtest_sentence,
    write_backtest,
)


@pytest.fixture(scope="module")
def result():
    """A model that knows more than its two baselines, on made-up tickets."""
    rng = np.random.default_rng(0)
    need = rng.random(300)
    held_out = tuple(rng.permutation(300)[:120] for _ in range(3))

    def predicted(noise):
        drawn = [need[at] + rng.normal(0, noise, 120) for at in held_out]
        return np.clip(drawn, 0.05, 0.95).astype(np.float32)

    groups = pd.DataFrame({"method": "<model>", "groups": "need", "place": [0.5, 0.2, 0.6, 0.01]})
    noise = {"<model>": 0.05, "fair": 0.3, "poor": 1.0}
    return Backtest(
        methods=tuple(noise),
        feedbacks=(1000, 2000),
        held_out=held_out,
        tickets=HeldOut.from_outcome(rng.binomial(1, need)),
        predictions={(name, n): predicted(sd) for name, sd in noise.items() for n in (1000, 2000)},
        converged={("<model>", 1000): 2 / 3, ("<model>", 2000): 1.0},
        costs=tr.Costs(1, 3, 2, currency="<b>"),
        groups=groups.assign(feedbacks=[1000, 1000, 2000, 2000], split=0),
    )


def test_the_contest_is_with_the_best_baseline(result):
    told = backtest_brief(result)
    rows = told.by_metric["Log loss"]["mean"]
    contest = told.contest
    assert (contest.model, contest.baseline) == ("<model>", "fair")
    assert contest.loss == rows["<model>", 2000]
    assert contest.best == rows["fair", 2000]
    assert contest.difference == pytest.approx(contest.best - contest.loss)
    assert contest.lower < contest.difference < contest.upper
    assert told.failed == (("<model>", 1000, pytest.approx(1 / 3)),)
    np.testing.assert_array_equal(told.curves["fair"].gain, result.curves("fair", 2000).gain)


@pytest.mark.parametrize(
    ("lower", "upper", "verdict"),
    [(0.1, 0.3, "better than"), (-0.3, -0.1, "worse than"), (-0.1, 0.1, "tied with")],
)
def test_the_sentence_follows_the_interval(lower, upper, verdict):
    said = backtest_sentence(Contest("pool", 0.5, "random", 0.7, 0.2, lower, upper), 1000)
    assert said == (
        f"After 1,000 outcomes, the pool model is {verdict} the best baseline (random) in log "
        f"loss: 0.500 against 0.700, difference +0.200 [{lower:+.3f}, {upper:+.3f}]."
    )


def test_without_baselines_there_is_no_contest():
    said = backtest_sentence(Contest("pool", 0.5), 1)
    assert said == "After 1 outcome, the pool model has log loss 0.500."


def test_the_section_shows_every_method_as_text(result):
    section = backtest_section(result)
    assert "In 3 random splits, 120 tickets were held out" in section
    assert "counted all the same: <bdi>&lt;model&gt;</bdi> after 1,000 outcomes, 33%." in section
    assert "are in <bdi>&lt;b&gt;</bdi> per 100 tickets" in section
    captions = re.findall(r"<caption>(.*?), mean over splits", section)
    assert captions[0] == "Log loss"
    assert "Regret against the oracle" in captions
    assert section.count("data:image/png") == 2
    row = backtest_brief(result).by_metric["Brier score"].loc[("poor", 1000)]
    assert f"{row['mean']:.3f}<br>" in section


def test_the_section_says_how_often_intervals_hold_what_happened(result):
    section = backtest_section(result)
    assert "share of 50% / 80% / 95% intervals of the rate of need" in section
    assert (
        "<td>tenths of the tickets, from the least predicted need to the most</td>"
        '<td class="nowrap">0.50 / 1.00 / 1.00</td><td class="nowrap">0.50 / 0.50 / 0.50</td>'
    ) in section
    assert "Coverage" not in backtest_section(replace(result, groups=no_groups()))


def test_a_page_of_its_own_says_how_to_rebuild_it(result, tmp_path):
    page = write_backtest(result, tmp_path / "b.html", command="trust-router backtest").read_text()
    assert page.startswith("<!doctype html>")
    assert "<pre>trust-router backtest</pre>" in page
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere"):
        write_backtest(result, tmp_path / "nowhere" / "b.html")
    with full_disk(), pytest.raises(OSError, match="cannot be written: File too large"):
        write_backtest(result, tmp_path / "b.html")
    assert (tmp_path / "b.html").read_text() == page
