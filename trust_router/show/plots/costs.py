"""Pictures of what policies cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from trust_router.basics.words import money, saving
from trust_router.defaults import CI_PROB
from trust_router.show.plots.drawing import (
    INK,
    WIDTH,
    axes_or_new,
    colours,
    legend_below,
    short,
    style,
    take_literally,
)

if TYPE_CHECKING:
    import pandas as pd

    from trust_router.decisions.policies import Savings

__all__ = ["costs", "draw_costs"]


def costs(savings: Savings, *, ci_prob: float = CI_PROB, ax: Axes | None = None) -> Axes:
    """Draw the expected cost of each policy with its interval.

    Parameters
    ----------
    savings : Savings
        From `trust_router.savings`.
    ci_prob : float
        Probability inside the equal-tailed intervals.
    ax : matplotlib Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import trust_router as tr
    >>> posterior = tr.solve(*tr.examples.load_seed())
    >>> prices = tr.Costs(simple=0.03, complex=3.0, failure=5.0)
    >>> axes = costs(tr.savings(posterior, prices, random_seed=1))
    """
    rows = savings.table(ci_prob=ci_prob)
    per = f"{short(savings.currency)} per {savings.tickets} tickets"
    return draw_costs(rows, per=per, ci_prob=ci_prob, ax=ax)


def draw_costs(
    rows: pd.DataFrame, *, per: str, ci_prob: float = CI_PROB, ax: Axes | None = None
) -> Axes:
    """Draw policies as `Savings.table` tabulates them; ``per`` says what amounts are of."""
    y = np.arange(len(rows))
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.3 + 0.62 * len(rows)))
        ax.barh(y, rows["cost"], color=colours(len(rows)), height=0.58, zorder=2)
        ax.hlines(y, rows["cost_lower"], rows["cost_upper"], color=INK, lw=1.4, zorder=3)
        reach = float(rows["cost_upper"].max())
        for at, (_, row) in enumerate(rows.iterrows()):
            text = money(row["cost"])
            if at > 0 and np.isfinite(row["saving"]):
                text += f"\n{saving(row['saving'])}"
            ax.text(row["cost_upper"] + 0.015 * reach, at, text, va="center", color=INK)
        ax.set_yticks(y, list(rows.index))
        ax.invert_yaxis()
        ax.set_xlim(0, 1.25 * reach if reach > 0 else 1)
        take_literally(ax.set_xlabel(f"{per}, failures included", loc="right"))
        interval = f"{ci_prob:.0%} interval, from the uncertainty of need"
        legend_below(ax, [Line2D([], [], color=INK, lw=1.4, label=interval)])
    return ax
