"""Pictures of need in each category."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import PercentFormatter

from trust_router.defaults import CI_KIND, CI_PROB, CiKind
from trust_router.learning.posterior import Posterior
from trust_router.show.plots.choice import busiest
from trust_router.show.plots.drawing import (
    COLOURS,
    INK,
    WIDTH,
    axes_or_new,
    legend_below,
    shortened,
    style,
    take_literally,
)

if TYPE_CHECKING:
    from trust_router.decisions.costs import Costs

__all__ = ["need"]


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
    """
    shown, note = busiest(posterior)
    rows = posterior.need(ci_prob, ci_kind).iloc[shown]
    y = np.arange(len(rows))
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.5 + 0.36 * len(rows)))
        ax.hlines(y, rows["lower"], rows["upper"], color=COLOURS[0], lw=2.4)
        ax.plot(rows["mean"], y, "o", color=COLOURS[0], ms=7, clip_on=False)
        seen = (rows["trials"] > 0).to_numpy()
        rate = (rows["needs"] / rows["trials"].clip(lower=1))[seen]
        handles: list[Any] = [
            Line2D(
                [], [], color=COLOURS[0], marker="o", lw=2.4, label=f"need, {ci_prob:.0%} interval"
            ),
        ]
        if seen.any():
            ax.plot(rate, y[seen], "x", color=INK, ms=7, mew=1.6, clip_on=False, zorder=3)
            handles.append(Line2D([], [], color=INK, marker="x", ls="none", label="observed rate"))
        if costs is not None:
            ax.axvline(costs.threshold, color=COLOURS[5], ls="dashed", lw=1.4)
            text = f"escalate above {costs.threshold:.1%}"
            handles.append(Line2D([], [], color=COLOURS[5], ls="dashed", lw=1.4, label=text))
        labels = [
            f"{name} ({k} of {n})"
            for name, k, n in zip(
                shortened(list(rows.index)), rows["needs"], rows["trials"], strict=True
            )
        ]
        ax.set_yticks(y, labels)
        take_literally(*ax.get_yticklabels())
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, 1)
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.set_xlabel("need: share of tickets that need the complex model" + note, loc="right")
        legend_below(ax, handles)
    return ax
