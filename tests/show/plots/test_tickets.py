"""The picture of decisions shows each ticket once, in the colour of its action."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import trust_router as tr


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def decided(need, threshold=0.4):
    need = np.asarray(need)
    action = np.where(need > threshold, "escalate", "simple first")
    return pd.DataFrame({"need": need, "action": action, "threshold": threshold})


def test_tickets_stand_by_need_and_are_counted():
    ax = tr.plots.tickets(decided([0.9, 0.1, 0.5, 0.2]))
    simple, escalated, limit = ax.get_lines()
    assert simple.get_xdata().tolist() == [1, 2]
    assert simple.get_ydata().tolist() == [0.1, 0.2]
    assert escalated.get_ydata().tolist() == [0.5, 0.9]
    assert escalated.get_label() == "escalate (2 of 4)"
    assert set(limit.get_ydata()) == {0.4}


def test_a_share_of_tickets_has_no_limit():
    ax = tr.plots.tickets(decided([0.9, 0.1]).assign(threshold=np.nan))
    assert len(ax.get_lines()) == 2


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (pd.DataFrame({"need": [1]}), "no column 'action'"),
        (decided([]), "no tickets"),
    ],
)
def test_another_table_is_refused(table, reason):
    with pytest.raises(ValueError, match=reason):
        tr.plots.tickets(table)
