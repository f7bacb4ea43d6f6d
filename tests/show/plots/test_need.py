"""Need beside what was observed, with counts that keep their order."""

from __future__ import annotations

import pytest
from support.pictures import is_cut, solved

import trust_router as tr


def test_need_shows_mean_interval_rate_and_threshold(exact_posterior, costs):
    ax = tr.plots.need(exact_posterior, costs=costs)
    assert ax.lines[0].get_xdata()[0] == pytest.approx(exact_posterior.need()["mean"].iloc[0])
    assert ax.lines[1].get_xdata()[0] == pytest.approx(3 / 22)
    assert ax.lines[2].get_xdata()[0] == pytest.approx(costs.threshold)
    assert not is_cut(ax.figure)


def test_observed_rates_of_none_and_all_are_whole_crosses():
    ax = tr.plots.need(solved(["none", "all"], [5, 5], [0, 5]))
    crosses = ax.lines[1]
    assert crosses.get_xdata().tolist() == [0, 1]
    assert not crosses.get_clip_on()


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("abc", "abc (1 of 5)"),
        ("\N{HEBREW LETTER ALEF}", "\u2068\N{HEBREW LETTER ALEF}\u2069 (1 of 5)"),
    ],
    ids=["left to right", "right to left"],
)
def test_counts_keep_their_order_after_any_name(name, label):
    ax = tr.plots.need(solved([name], [5], [1]))
    assert ax.get_yticklabels()[0].get_text() == label


def test_long_names_can_be_told_apart():
    names = [f"a rather long name of a category, number {i}" for i in range(3)]
    ax = tr.plots.need(solved(names, [3, 4, 5], [1, 1, 1]))
    shown = [label.get_text() for label in ax.get_yticklabels()]
    assert len(set(shown)) == 3
    assert shown[0] == "a rather long …ory, number 0 (1 of 3)"


def test_without_outcomes_there_is_no_observed_rate():
    ax = tr.plots.need(solved(["a", "b"], [0, 0], [0, 0]))
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == ["need, 89% interval"]
    assert not is_cut(ax.figure)
