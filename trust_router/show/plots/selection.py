"""Pictures of how far unseen tickets may differ from what they look before a conclusion changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullLocator
from numpy.typing import NDArray

from trust_router.defaults import ALL_CATEGORIES
from trust_router.show.plots.choice import busiest
from trust_router.show.plots.drawing import (
    COLOURS,
    GREY,
    WIDTH,
    axes_or_new,
    legend_below,
    shortened,
    style,
    take_literally,
)

if TYPE_CHECKING:
    from trust_router.insight.selection import Selection

__all__ = ["draw_selection", "selection"]

_LEAST = np.log(4.0)  # the scale reaches at least so far to each side
_WIDE = np.log(20.0)  # from here on there are fewer marks
_LOOKS = {
    "shift": ("o", COLOURS[0], "another decision"),
    "router_shift": ("D", COLOURS[1], "another most trusted router"),
}


def selection(selection: Selection, *, ax: Axes | None = None) -> Axes:
    """Draw the tipping points of each category with tickets without an outcome.

    Parameters
    ----------
    selection : Selection
        From `trust_router.insight.selection`.
    ax : matplotlib Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes
        For each category how many times their odds of need would have to be what they look, for
        the decision and for the most trusted router to change; no mark where nothing does it. The
        20 categories with most such tickets are drawn.

    Examples
    --------
    >>> import trust_router as tr
    >>> panel, beliefs, _ = tr.examples.load_seed()
    >>> outcomes = tr.Outcomes(["transfer failed"], trials=[22], needs=[3], missing=[10])
    >>> posterior = tr.solve(panel, beliefs, outcomes)
    >>> axes = selection(tr.insight.selection(posterior, threshold=0.37))
    """
    decides = selection.threshold is not None
    return draw_selection(selection.table(), decides, selection.trust_varies, ax=ax)


def draw_selection(
    rows: pd.DataFrame, decides: bool = True, trust_varies: bool = True, *, ax: Axes | None = None
) -> Axes:
    """Draw categories as `Selection.table` tabulates them; last all, where trust is the same."""
    rows = rows[rows["unseen"] > 0]
    shown, note = busiest(rows["unseen"].to_numpy())
    note = note.replace("most trials", "most of them")
    marks = _marks(rows, shown, trust_varies)
    if not decides:
        marks = marks.drop(columns="shift")
    y = np.arange(len(marks))
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.5 + 0.36 * max(1, len(marks))))
        ax.axvline(1, color=GREY, lw=1.2, ls="dashed", zorder=1)
        far = _LEAST
        for name, side in zip(marks, (-0.12, 0.12) if decides else (0.0,), strict=True):
            shift = marks[name].to_numpy(dtype=float)
            there = ~np.isnan(shift)
            marker, colour, _ = _LOOKS[str(name)]
            ax.hlines(y[there] + side, 1, np.exp(shift[there]), color=colour, lw=1.6, zorder=2)
            ax.plot(np.exp(shift[there]), y[there] + side, marker, color=colour, zorder=3)
            far = max(far, np.abs(shift[there]).max(initial=0.0))
        _times_axis(ax, 1.1 * far)
        ax.set_yticks(y, list(marks.index))
        ax.set_ylim(max(len(marks), 1) - 0.4, -0.6)
        take_literally(*ax.get_yticklabels())
        what = (
            "odds of need of tickets without an outcome (how many)\nas multiples of what they look"
        )
        ax.set_xlabel(what + note, loc="right")
        looks = [_LOOKS[str(name)] for name in marks]
        handles = [Line2D([], [], color=c, marker=m, lw=1.6, label=label) for m, c, label in looks]
        as_they_look = Line2D([], [], color=GREY, lw=1.2, ls="dashed", label="as they look")
        legend_below(ax, [*handles, as_they_look])
    return ax


def _marks(rows: pd.DataFrame, shown: NDArray[np.intp], trust_varies: bool) -> pd.DataFrame:
    """Shifts to be drawn, by label."""
    marks = rows.iloc[shown][["shift", "router_shift"]]
    marks.index = [
        f"{name} ({number})"
        for name, number in zip(
            shortened(list(marks.index)), rows["unseen"].iloc[shown], strict=True
        )
    ]
    if trust_varies or marks.empty:
        return marks
    every = f"{ALL_CATEGORIES} ({rows['unseen'].sum()})"
    last = pd.DataFrame(
        {"shift": np.nan, "router_shift": marks["router_shift"].iloc[:1].to_numpy()}, [every]
    )
    return pd.concat([marks.assign(router_shift=np.nan), last])


def _times_axis(ax: Axes, far: float) -> None:
    """Write multiples as whole numbers and fractions, as far as is drawn."""
    ax.set_xscale("log")
    ax.set_xlim(np.exp(-far), np.exp(far))
    base = 2 if far < _WIDE else 4
    powers = np.arange(-8, 9)
    ax.set_xticks([base**p for p in powers.astype(float) if abs(p) * np.log(base) <= far])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(_times))


def _times(value: float, _: object) -> str:
    return f"{value:.0f}" if value > 0.9 else f"1/{1 / value:.0f}"
