"""Pictures of a backtest show every method."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from support.backtested import inputs, table

import trust_router as tr
from trust_router.show.plots.backtest import draw_learning, looks


@pytest.fixture(scope="module")
def result():
    how = {"models": {}, "feedbacks": [20, 80], "held_out": 100, "splits": 3}
    return tr.backtest(*inputs(table()), **how)


def test_pictures_show_every_method(result):
    axes = tr.plots.learning(result)
    assert axes[0].get_title(loc="left") == "Log loss (lower is better)"
    assert {line.get_label() for line in axes[0].figure.legends[0].legend_handles} == set(
        result.methods
    )
    assert len(tr.plots.held_out(result)) == 3
    with pytest.raises(ValueError, match="`metrics` must be among"):
        tr.plots.learning(result, ["nonsense"])
    plt.close("all")


def learned(**means):
    """A table of one metric after two numbers of outcomes; the first method has a wide interval."""
    rows = [
        (method, n, "brier", mean, mean - reach, mean + reach)
        for (method, mean), reach in zip(means.items(), (0.1, 0, 0, 0, 0), strict=True)
        for n in (10, 20)
    ]
    return pd.DataFrame(rows, columns=["method", "feedbacks", "metric", "mean", "lower", "upper"])


def test_a_method_far_off_leaves_the_picture_and_intervals_do_not():
    table = learned(model=0.2, b=0.21, c=0.22, d=0.23, wild=0.9)
    methods = list(table["method"].unique())
    (ax,) = draw_learning(table, ["brier"], looks=looks(methods, ["model"]), methods=methods)
    low, high = ax.get_ylim()
    assert low < 0.1
    assert 0.3 < high < 0.4
    assert [text.get_text() for text in ax.texts] == ["outside: wild: 0.90"]


def test_models_are_bold_and_only_they_have_intervals():
    drawn = looks(["model", "b"], ["model"])
    assert drawn["model"].line["lw"] > drawn["b"].line["lw"]
    assert (drawn["model"].model, drawn["b"].model) == (True, False)
    assert drawn["model"].line["color"] != drawn["b"].line["color"]
