"""Pictures of what judges said, beside what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from trust_router.insight.statements import judge_statements
from trust_router.learning.posterior import Posterior
from trust_router.show.plots.drawing import (
    COLOURS,
    GREY,
    INK,
    WIDTH,
    axes_or_new,
    legend_below,
    percent_axis,
    shortened,
    style,
    take_literally,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["draw_statements", "statements"]


def statements(posterior: Posterior, *, ax: Axes | None = None) -> Axes:
    """Draw the need that each judge stated on average, beside the share that needed it.

    Parameters
    ----------
    posterior : Posterior
    ax : matplotlib Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import trust_router as tr
    >>> posterior = tr.solve(*tr.examples.load_seed())
    >>> ax = tr.plots.statements(posterior)
    """
    return draw_statements(judge_statements(posterior), ax=ax)


def draw_statements(table: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw statements as `trust_router.insight.judge_statements` tabulates them."""
    y = np.arange(len(table))
    stated, observed = table["stated"].to_numpy(), table["observed"].to_numpy()
    handles = [
        Line2D([], [], color=COLOURS[0], marker="o", ls="none", label="need stated, on average"),
        Line2D([], [], color=INK, marker="x", ls="none", label="share that needed complex"),
    ]
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.5 + 0.36 * len(table)))
        ax.hlines(y, np.fmin(stated, observed), np.fmax(stated, observed), color=GREY, lw=2)
        ax.plot(stated, y, "o", color=COLOURS[0], ms=7, clip_on=False)
        ax.plot(observed, y, "x", color=INK, ms=7, mew=1.6, clip_on=False, zorder=3)
        spoken = table["tickets"] / (table["tickets"] + table["silent"])
        names = zip(shortened(list(table.index)), table["tickets"], spoken, strict=True)
        labels = [f"{name} ({n:,}{'' if s == 1 else f', {s:.0%}'})" for name, n, s in names]
        ax.set_yticks(y, labels)
        take_literally(*ax.get_yticklabels())
        ax.set_ylim(len(table) - 0.4, -0.6)
        percent_axis(ax)
        ax.set_xlabel(
            "over tickets with a known outcome; in brackets, of how many tickets it spoke",
            loc="right",
        )
        legend_below(ax, handles)
    return ax
