"""Pictures of drift: need, or what judges are worth, over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from trust_router.basics.checks import shown
from trust_router.defaults import ALL_CATEGORIES
from trust_router.show.plots.drawing import (
    COLOURS,
    GREY,
    INK,
    WIDTH,
    axes_or_new,
    legend_below,
    shortened,
    style,
    take_literally,
)

if TYPE_CHECKING:
    from trust_router.insight.drifting import Drift

__all__ = ["drift"]

Of = Literal["need", "judges"]

_MOST, _TICKS = 6, 7


def drift(found: Drift, *, of: Of = "need", ax: Axes | None = None) -> Axes:
    """Draw what went where, with intervals, and when something changed.

    Parameters
    ----------
    found : Drift
        From `trust_router.insight.drift`.
    of : {"need", "judges"}
        Need of all tickets and of the categories that moved most, or by how much need rises with
        each judge; six at most.
    ax : matplotlib Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If ``of`` is neither.

    Examples
    --------
    >>> axes = drift(tr.insight.drift(posterior), of="judges")  # doctest: +SKIP
    """
    if of not in get_args(Of):
        raise ValueError(f"`of` must be 'need' or 'judges'; got {shown(of)}")
    table = found.need if of == "need" else found.judges
    moved = table["mean"].groupby(level=0, sort=False).agg(np.ptp)
    moved.loc[moved.index == ALL_CATEGORIES] = np.inf  # always there
    most = set(moved.sort_values(ascending=False, kind="stable").index[:_MOST])
    names = [name for name in moved.index if name in most]
    periods = list(table.index.get_level_values("period").unique())
    x = np.arange(len(periods))
    with style():
        ax = axes_or_new(ax, (WIDTH, 3.8))
        handles: list[Any] = []
        for name, label, colour in zip(names, shortened(names), COLOURS, strict=False):
            path = table.loc[name]
            ax.fill_between(x, path["lower"], path["upper"], color=colour, alpha=0.2, lw=0)
            handles += ax.plot(x, path["mean"], color=colour, lw=1.8, label=label)
        kind = "need" if of == "need" else "judge"
        changed = {c.period for c in found.changes if c.of == kind and c.name in names}
        for period in sorted(changed):
            ax.axvline(periods.index(period), color=GREY, ls="dotted", lw=1.2, zorder=0)
        if changed:
            handles.append(Line2D([], [], color=GREY, ls="dotted", lw=1.2, label="it changed"))
        if found.alarm.raised is not None:
            ax.axvline(periods.index(found.alarm.raised), color=INK, ls="dashed", lw=1.2, zorder=0)
            handles.append(Line2D([], [], color=INK, ls="dashed", lw=1.2, label="alarm"))
        _label(ax, periods, of)
        legend_below(ax, handles)
    return ax


def _label(ax: Axes, periods: list[str], of: Of) -> None:
    at = np.arange(0, len(periods), max(1, -(-(len(periods) - 1) // (_TICKS - 1))))
    ax.set_xticks(at, [periods[t] for t in at], fontsize="small")
    take_literally(*ax.get_xticklabels())
    ax.set_xlim(0, max(1, len(periods) - 1))
    if of == "need":
        ax.set_ylim(bottom=0)
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.set_ylabel("need")
    else:
        ax.axhline(0, color=INK, lw=0.8, zorder=0)
        ax.set_ylabel("log odds of need per sd of score")
