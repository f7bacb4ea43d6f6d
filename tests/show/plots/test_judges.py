"""Pictures of judges: they show the tables, cut nothing and take any name as text."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from support.drawn import tickets
from support.pictures import is_cut

import trust_router as tr

NAMES = ["claude-haiku", "$x_1$ & <b>co</b>", "a judge of a very long name, longer than pictures"]


@pytest.fixture(scope="module")
def judged():
    rng = np.random.default_rng(0)
    stated = rng.choice([0.05, 0.1, 0.2, 0.4], (400, 3))
    panel = tr.Panel([tr.Router("r", dict.fromkeys(NAMES, 1 / 3))])
    frame = dict(zip(NAMES, stated.T, strict=True))
    return panel, *tickets(frame, rng.random(400) < 0.3 + stated.mean(axis=1))


def test_calibration_shows_what_is_stated_and_found(judged):
    calibration = tr.insight.judge_calibration(*judged)
    level, slope = tr.plots.calibration(calibration)
    np.testing.assert_array_equal(level.lines[0].get_xdata(), calibration.table()["needed"])
    np.testing.assert_array_equal(level.lines[1].get_xdata(), calibration.table()["stated"])
    ends = [segment[:, 0] for segment in slope.collections[0].get_segments()]
    np.testing.assert_array_equal(ends, calibration.table()[["slope_lower", "slope_upper"]])
    assert level.get_yticklabels()[1].get_text() == NAMES[1]
    assert not is_cut(level.figure)


def test_reliability_has_a_curve_for_each_judge(judged):
    table = tr.insight.judge_reliability(*judged)
    axes = tr.plots.reliability(table)
    assert len(axes) == 3
    np.testing.assert_array_equal(axes[0].lines[1].get_ydata(), table.loc[NAMES[0], "observed"])
    assert axes[1].get_title(loc="left") == NAMES[1]
    assert not is_cut(axes[0].figure)


@pytest.mark.parametrize("number", [1, 4, 7])
def test_reliability_of_any_number_of_judges_is_whole(judged, number):
    table = tr.insight.judge_reliability(*judged)
    many = pd.concat({f"judge {i}": table.loc[NAMES[0]] for i in range(number)})
    axes = tr.plots.reliability(many)
    assert len(axes) == number
    assert all(ax.get_xlabel() for ax in axes[-min(3, number) :])
    assert not is_cut(axes[0].figure)


def test_dropped_judges_are_drawn_with_their_intervals():
    table = pd.DataFrame(
        {"loss": 0.5, "change": [0.01, -0.002], "se": 0.001, "lower": [0.008, -0.004]},
        index=pd.Index(NAMES[1:], name="judge"),
    ).assign(upper=[0.012, 0.0])
    ax = tr.plots.dropped(tr.evaluation.DroppedJudges(table, 0.49, 300, "left-out", 0.89))
    ends = [segment[:, 0] for segment in ax.collections[0].get_segments()]
    np.testing.assert_array_equal(ends, table[["lower", "upper"]])
    assert "0.490 with all judges" in ax.get_xlabel()
    assert not is_cut(ax.figure)


def test_axes_of_others_are_drawn_into(judged):
    _, own = plt.subplots(1, 3)
    assert tr.plots.reliability(tr.insight.judge_reliability(*judged), axes=own) is own
    calibration = tr.insight.judge_calibration(*judged)
    assert tr.plots.calibration(calibration, axes=own[:2])[0] is own[0]
    with pytest.raises(ValueError, match="`axes` must be two"):
        tr.plots.calibration(calibration, axes=own)
    with pytest.raises(ValueError, match="one for each of 3; got 2"):
        tr.plots.reliability(tr.insight.judge_reliability(*judged), axes=own[:2])
