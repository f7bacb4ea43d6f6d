"""Pictures of judges: calibration, reliability, correlated errors, what each adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter

from trust_router.show.plots.drawing import (
    COLOURS,
    GREY,
    INK,
    WIDTH,
    axes_or_new,
    legend_below,
    short,
    style,
    take_literally,
)

if TYPE_CHECKING:
    from trust_router.evaluation.dropping import DroppedJudges
    from trust_router.insight.calibration import JudgeCalibration
    from trust_router.insight.worth import JudgeWorth

__all__ = ["calibration", "dropped", "reliability"]

_PANEL_WIDTH, _PANEL_HEIGHT = 2.5, 2.2  # inches, of one reliability curve
_COLUMNS = 3


def calibration(found: JudgeCalibration, *, axes: Sequence[Axes] | None = None) -> Sequence[Axes]:
    """Draw what each judge says beside what was needed, and the slope of its differences.

    Parameters
    ----------
    found : JudgeCalibration
        From `trust_router.insight.judge_calibration` or `fitted_calibration`.
    axes : sequence of two matplotlib Axes, optional
        Where to draw level and slope.

    Returns
    -------
    sequence of matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If ``axes`` are not two.

    Examples
    --------
    >>> import numpy as np
    >>> import trust_router as tr
    >>> said, happened = np.array([0.2, 0.3, 0.6, 0.9]), [0, 0, 1, 1]
    >>> tickets = ["t1", "t2", "t3", "t4"]
    >>> beliefs = tr.scores_to_beliefs({"a": said}, tickets=tickets, high_means="need")
    >>> rows = [{"ticket": t, "category": "x", "outcome": o} for t, o in zip(tickets, happened)]
    >>> outcomes = tr.read_outcomes(rows)
    >>> panel = tr.Panel([tr.Router("only", {"a": 1.0})])
    >>> axes = calibration(tr.insight.judge_calibration(panel, beliefs, outcomes))
    """
    table = found.table()
    y = np.arange(len(table))
    with style():
        if axes is None:
            size = (WIDTH + 1, 1.5 + 0.34 * len(table))
            axes = plt.subplots(1, 2, figsize=size, sharey=True)[1]
        if len(axes) != 2:
            raise ValueError(f"`axes` must be two, of level and slope; got {len(axes)}")
        level, slope = axes
        level.hlines(y, table["needed_lower"], table["needed_upper"], color=COLOURS[0], lw=2.4)
        level.plot(table["needed"], y, "o", color=COLOURS[0], ms=7, clip_on=False)
        level.plot(table["stated"], y, "D", color=COLOURS[5], ms=6, clip_on=False)
        reach = float(np.nanmax(table[["stated", "needed_upper"]].to_numpy()))
        level.set_xlim(0, min(1.0, 1.12 * reach))
        level.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        level.set_xlabel("need for the complex model")
        level.set_yticks(y, [short(str(judge)) for judge in table.index])
        take_literally(*level.get_yticklabels())
        level.set_ylim(len(table) - 0.4, -0.6)
        slope.hlines(y, table["slope_lower"], table["slope_upper"], color=COLOURS[0], lw=2.4)
        slope.plot(table["slope"], y, "o", color=COLOURS[0], ms=7)
        slope.axvline(1, color=INK, ls="dashed", lw=1.2, zorder=0)
        slope.set_xlim(min(0.0, float(table["slope_lower"].min()) - 0.1), None)
        slope.set_xlabel("slope: below 1 overconfident,\nabove 1 underconfident")
        handles: list[Any] = [
            Line2D([], [], color=COLOURS[5], marker="D", ls="none", label="stated, on average"),
            Line2D(
                [],
                [],
                color=COLOURS[0],
                marker="o",
                lw=2.4,
                label=f"found, {found.ci_prob:.0%} interval",
            ),
        ]
        legend_below(level, handles, own=2)
    return axes


def reliability(curves: pd.DataFrame, *, axes: Sequence[Axes] | None = None) -> Sequence[Axes]:
    """Draw how often the complex model was needed against what was stated, one curve a judge.

    Parameters
    ----------
    curves : pandas.DataFrame
        From `trust_router.insight.judge_reliability` or `prediction_reliability`.
    axes : sequence of matplotlib Axes, optional
        Where to draw, one for each judge or model.

    Returns
    -------
    sequence of matplotlib.axes.Axes
        One for each judge or model.

    Raises
    ------
    ValueError
        If ``axes`` do not match the judges.

    Examples
    --------
    >>> import numpy as np
    >>> import trust_router as tr
    >>> said, happened = np.array([0.2, 0.3, 0.6, 0.9]), [0, 0, 1, 1]
    >>> tickets = ["t1", "t2", "t3", "t4"]
    >>> beliefs = tr.scores_to_beliefs({"a": said}, tickets=tickets, high_means="need")
    >>> rows = [{"ticket": t, "category": "x", "outcome": o} for t, o in zip(tickets, happened)]
    >>> outcomes = tr.read_outcomes(rows)
    >>> panel = tr.Panel([tr.Router("only", {"a": 1.0})])
    >>> axes = reliability(tr.insight.judge_reliability(panel, beliefs, outcomes))
    """
    names = list(curves.index.get_level_values(0).unique())
    rows = -(-len(names) // _COLUMNS)
    with style():
        if axes is None:
            columns = min(len(names), _COLUMNS)
            size = (max(0.9 + _PANEL_WIDTH * columns, 3.6), 1.1 + _PANEL_HEIGHT * rows)
            grid = plt.subplots(
                rows, columns, figsize=size, sharex=True, sharey=True, squeeze=False
            )[1]
            for empty in grid.ravel()[len(names) :]:
                empty.remove()
            axes = list(grid.ravel()[: len(names)])
        if len(axes) != len(names):
            raise ValueError(f"`axes` must be one for each of {len(names)}; got {len(axes)}")
        for ax, name in zip(axes, names, strict=True):
            _draw_curve(ax, curves.loc[name])
            take_literally(ax.set_title(short(str(name), 26)))
        for i, ax in enumerate(axes):
            if i + _COLUMNS >= len(names):
                ax.tick_params(labelbottom=True)
                ax.set_xlabel("stated need")
            if i % _COLUMNS == 0:
                ax.set_ylabel("needed it")
        handles = [
            Line2D([], [], color=COLOURS[0], marker="o", ms=4, lw=1.8, label="what happened"),
            Patch(color=GREY, alpha=0.35, lw=0, label="where it would lie if they were right"),
        ]
        legend_below(axes[0], handles, own=len(names))
    return axes


def dropped(found: DroppedJudges | JudgeWorth, *, ax: Axes | None = None) -> Axes:
    """Draw what the loss does without each judge.

    Parameters
    ----------
    found : DroppedJudges or JudgeWorth
        From `trust_router.evaluation.drop_judge` or `trust_router.insight.judge_worth`.
    ax : matplotlib Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> axes = dropped(tr.insight.judge_worth(posterior))  # doctest: +SKIP
    """
    table = found.table()
    y = np.arange(len(table))
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.5 + 0.36 * len(table)))
        ax.axvline(0, color=INK, ls="dashed", lw=1.2, zorder=0)
        ax.hlines(y, table["lower"], table["upper"], color=COLOURS[0], lw=2.4)
        ax.plot(table["change"], y, "o", color=COLOURS[0], ms=7)
        ax.set_yticks(y, [f"without {short(str(judge))}" for judge in table.index])
        take_literally(*ax.get_yticklabels())
        ax.set_ylim(len(table) - 0.4, -0.6)
        ax.margins(x=0.08)
        ax.set_xlabel(
            f"change of the {found.of} log loss per ticket, {found.loss:.3f} with all judges\n"
            "right: the judge is missed",
            loc="right",
        )
        interval = f"change, {found.ci_prob:.0%} interval"
        legend_below(ax, [Line2D([], [], color=COLOURS[0], marker="o", lw=2.4, label=interval)])
    return ax


def _draw_curve(ax: Axes, curve: pd.DataFrame) -> None:
    x = curve.index.to_numpy()
    ax.fill_between(x, curve["lower"], curve["upper"], color=GREY, alpha=0.35, lw=0)
    ax.plot([0, 1], [0, 1], color=INK, ls="dashed", lw=1)
    ax.plot(x, curve["observed"], color=COLOURS[0], lw=1.8)
    share = curve["tickets"] / curve["tickets"].sum()
    if len(curve) <= 60:  # else points would hide the curve
        ax.scatter(x, curve["observed"], s=4 + 160 * share, color=COLOURS[0], lw=0, clip_on=False)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    # No mark at the right end, where it would touch the first one of the next curve.
    for axis, marks in ((ax.xaxis, [0, 0.4, 0.8]), (ax.yaxis, [0, 0.5, 1])):
        axis.set_major_formatter(PercentFormatter(1, decimals=0))
        axis.set_ticks(marks)
