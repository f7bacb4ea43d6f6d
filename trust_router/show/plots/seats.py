"""Pictures of seats: how much each judge counts in each router."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from trust_router.defaults import CI_KIND, CI_PROB, CiKind
from trust_router.learning.posterior import Posterior
from trust_router.show.plots.choice import interval_handle, only_category, trust_category
from trust_router.show.plots.drawing import (
    GREY,
    INK,
    WIDTH,
    axes_or_new,
    colours,
    from_zero_to,
    legend_below,
    short,
    style,
    take_literally,
)

__all__ = ["seats"]


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
    """
    varied = posterior.facts.trust_varies
    category = trust_category(posterior, only_category(posterior, category) if varied else None)
    rows = posterior.seats(ci_prob, ci_kind).loc[category]
    panel, before = posterior.panel, posterior.panel.seats.weight
    y = np.arange(len(rows)) + 0.5 * panel.seats.router  # a gap between routers
    colour = np.array(colours(len(panel.routers)))[panel.seats.router]
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.3 + 0.32 * len(rows) + 0.16 * len(panel.routers)))
        handles = [Line2D([], [], color=INK, marker="|", ms=11, mew=1.4, ls="none", label="before")]
        if posterior.has_draws:
            ax.hlines(y, rows["lower"], rows["upper"], color=colour, lw=2.4)
            handles.append(interval_handle(posterior, ci_prob, GREY))
        ax.plot(before, y, "|", color=INK, ms=11, mew=1.4, clip_on=False, zorder=4)
        ax.scatter(rows["probability"], y, color=colour, s=46, zorder=3, clip_on=False)
        names = [f"{short(router)}: {short(judge)}" for router, judge in rows.index]
        ax.set_yticks(y, names)
        ax.set_ylim(y[-1] + 0.6, -0.6)
        from_zero_to(ax, max(rows["probability"].max(), before.max(), rows["upper"].max()))
        what = posterior.facts.trust_is
        ax.set_xlabel(f"{what}, of each judge in its router", loc="right")
        take_literally(ax.set_title(short(category, 60)), *ax.get_yticklabels())
        legend_below(ax, handles)
    return ax
