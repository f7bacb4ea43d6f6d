"""Pictures of seats: how much each judge counts in each router."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from trust_router.defaults import CI_KIND, CI_PROB, CiKind
from trust_router.learning.posterior import Posterior
from trust_router.show.plots.choice import interval_handle, trust_category
from trust_router.show.plots.drawing import (
    GREY,
    INK,
    WIDTH,
    axes_or_new,
    colours,
    legend_below,
    percent_axis,
    short,
    style,
    take_literally,
)

if TYPE_CHECKING:
    import pandas as pd

    from trust_router.inputs.panel import Panel
    from trust_router.learning.facts import Facts

__all__ = ["draw_seats", "seats"]


def seats(
    posterior: Posterior,
    category: str | None = None,
    *,
    ci_prob: float = CI_PROB,
    ci_kind: CiKind = CI_KIND,
    ax: Axes | None = None,
) -> Axes:
    """Draw how much each judge counts in each router, with what was stated before.

    Parameters
    ----------
    posterior : Posterior
    category : str, optional
        May be left out if there is only one, or if trust is the same in all categories.
    ci_prob, ci_kind
        Interval; a closed form has none.
    ax : matplotlib Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the category is unknown, or left out although trust differs between several.

    Examples
    --------
    >>> import trust_router as tr
    >>> posterior = tr.solve(*tr.examples.load_seed())
    >>> axes = seats(posterior)
    """
    if posterior.facts.trust_varies:
        category = posterior.outcomes.meant(category)
    label = trust_category(posterior, category)
    rows = posterior.seats(ci_prob, ci_kind).loc[[label]].droplevel("category")
    return draw_seats(rows, posterior.panel, posterior.facts, title=label, ci_prob=ci_prob, ax=ax)


def draw_seats(
    rows: pd.DataFrame,
    panel: Panel,
    facts: Facts,
    *,
    title: str,
    ci_prob: float = CI_PROB,
    ax: Axes | None = None,
) -> Axes:
    """Draw the seats of one category, as `Posterior.seats` tabulates them."""
    before, router = panel.seats.weight, panel.seats.router
    y = np.arange(len(rows)) + 0.5 * router  # a gap between routers
    colour = np.array(colours(len(panel.routers)))[router]
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.3 + 0.32 * len(rows) + 0.16 * len(panel.routers)))
        interval = interval_handle(rows, facts, ci_prob, GREY)
        if interval:
            ax.hlines(y, rows["lower"], rows["upper"], color=colour, lw=2.4)
        ax.plot(before, y, "|", color=INK, ms=11, mew=1.4, clip_on=False, zorder=4)
        ax.scatter(rows["probability"], y, color=colour, s=46, zorder=3, clip_on=False)
        ax.set_yticks(y, [f"{short(router)}: {short(judge)}" for router, judge in rows.index])
        ax.set_ylim(y[-1] + 0.6, -0.6)
        drawn = (rows["probability"].max(), before.max(), rows["upper"].max())
        percent_axis(ax, 1.08 * max(drawn))
        ax.set_xlabel(f"{facts.trust_is}, of each judge in its router", loc="right")
        take_literally(ax.set_title(short(title, 60)), *ax.get_yticklabels())
        stated = Line2D([], [], color=INK, marker="|", ms=11, mew=1.4, ls="none", label="before")
        legend_below(ax, [stated, *interval])
    return ax
