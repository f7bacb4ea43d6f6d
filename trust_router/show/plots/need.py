"""Pictures of need in each category."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from trust_router.defaults import CI_KIND, CI_PROB, CiKind
from trust_router.learning.posterior import Posterior
from trust_router.show.plots.choice import busiest
from trust_router.show.plots.drawing import (
    COLOURS,
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

    from trust_router.decisions.costs import Costs

__all__ = ["draw_need", "need"]


def need(
    posterior: Posterior,
    *,
    costs: Costs | None = None,
    ci_prob: float = CI_PROB,
    ci_kind: CiKind = CI_KIND,
    ax: Axes | None = None,
) -> Axes:
    """Draw need per category with its interval, beside the observed rate.

    Parameters
    ----------
    posterior : Posterior
        Of many categories the 20 with most trials are drawn.
    costs : Costs, optional
        Adds the threshold above which escalating is cheaper.
    ci_prob, ci_kind
        Interval of need.
    ax : matplotlib Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> import trust_router as tr
    >>> posterior = tr.solve(*tr.examples.load_seed())
    >>> costs = tr.Costs(simple=0.03, complex=3.0, failure=5.0)
    >>> axes = need(posterior, costs=costs)
    """
    threshold = None if costs is None else costs.threshold
    return draw_need(posterior.need(ci_prob, ci_kind), threshold, ci_prob=ci_prob, ax=ax)


def draw_need(
    table: pd.DataFrame,
    threshold: float | None = None,
    *,
    ci_prob: float = CI_PROB,
    ax: Axes | None = None,
) -> Axes:
    """Draw need as `Posterior.need` tabulates it."""
    shown, note = busiest(table["trials"].to_numpy())
    rows = table.iloc[shown]
    y = np.arange(len(rows))
    found = f"need, {ci_prob:.0%} interval"
    handles: list[Any] = [Line2D([], [], color=COLOURS[0], marker="o", lw=2.4, label=found)]
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.5 + 0.36 * len(rows)))
        ax.hlines(y, rows["lower"], rows["upper"], color=COLOURS[0], lw=2.4)
        ax.plot(rows["mean"], y, "o", color=COLOURS[0], ms=7, clip_on=False)
        seen = (rows["trials"] > 0).to_numpy()
        if seen.any():
            rate = (rows["needs"] / rows["trials"])[seen]
            ax.plot(rate, y[seen], "x", color=INK, ms=7, mew=1.6, clip_on=False, zorder=3)
            handles.append(Line2D([], [], color=INK, marker="x", ls="none", label="observed rate"))
        if threshold is not None:
            ax.axvline(threshold, color=COLOURS[5], ls="dashed", lw=1.4)
            text = f"escalate above {threshold:.1%}"
            handles.append(Line2D([], [], color=COLOURS[5], ls="dashed", lw=1.4, label=text))
        counts = zip(shortened(list(rows.index)), rows["needs"], rows["trials"], strict=True)
        ax.set_yticks(y, [f"{name} ({k} of {n})" for name, k, n in counts])
        take_literally(*ax.get_yticklabels())
        ax.set_ylim(len(rows) - 0.4, -0.6)
        percent_axis(ax)
        ax.set_xlabel("need: share of tickets that need the complex model" + note, loc="right")
        legend_below(ax, handles)
    return ax
