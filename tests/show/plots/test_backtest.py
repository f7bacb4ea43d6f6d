"""Pictures of a backtest show every method."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest
from support.backtested import inputs, table

import trust_router as tr


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
