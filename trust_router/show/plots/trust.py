"""Pictures of trust: bars for one category, stacked for several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D

from trust_router.defaults import CI_KIND, CI_PROB, CiKind
from trust_router.learning.posterior import Posterior
from trust_router.show.plots.choice import busiest, interval_handle, router_labels, trust_category
from trust_router.show.plots.drawing import (
    COLOURS,
    INK,
    LEGEND_ROW,
    WIDTH,
    axes_or_new,
    colours,
    legend_below,
    legend_columns,
    percent_axis,
    short,
    shortened,
    style,
    take_literally,
)

if TYPE_CHECKING:
    import pandas as pd

    from trust_router.basics.arrays import Array
    from trust_router.inputs.outcomes import Outcomes
    from trust_router.inputs.panel import Panel
    from trust_router.learning.facts import Facts

__all__ = ["draw_stacked_trust", "draw_trust", "trust"]

_HATCHES = ("", "////", "....", "xxxx", "----")  # where colours repeat
_LUMINANCE, _DARK = np.array([0.299, 0.587, 0.114]), 0.4


def trust(
    posterior: Posterior,
    category: str | None = None,
    *,
    ci_prob: float = CI_PROB,
    ci_kind: CiKind = CI_KIND,
    ax: Axes | None = None,
) -> Axes:
    """Draw trust as bars, with each router's initial trust as a line.

    Parameters
    ----------
    posterior : Posterior
    category : str, optional
        One category; by default all, stacked one bar each if there are several (the 20 with most
        trials). Where trust is the same in all categories (the pool model), it makes no difference.
    ci_prob, ci_kind
        Interval of sampled trust; a closed form has none.
    ax : matplotlib Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If the category is unknown.

    Examples
    --------
    >>> import trust_router as tr
    >>> posterior = tr.solve(*tr.examples.load_seed())
    >>> axes = trust(posterior)
    >>> axes.figure.savefig("trust.png")  # doctest: +SKIP
    """
    panel, facts = posterior.panel, posterior.facts
    if category is None and len(posterior.trust_categories) > 1:
        return draw_stacked_trust(posterior.trust_mean, panel, posterior.outcomes, facts, ax=ax)
    label = trust_category(posterior, category)
    rows = posterior.trust(ci_prob, ci_kind).loc[[label]].droplevel("category")
    return draw_trust(rows, panel, facts, title=label, ci_prob=ci_prob, ax=ax)


def draw_trust(
    rows: pd.DataFrame,
    panel: Panel,
    facts: Facts,
    *,
    title: str,
    ci_prob: float = CI_PROB,
    ax: Axes | None = None,
) -> Axes:
    """Draw trust in one category, as `Posterior.trust` tabulates it; rows are routers."""
    number = len(panel.routers)
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.2 + 0.62 * number))
        y = np.arange(number)
        ax.barh(y, rows["mean"], color=colours(number), height=0.62, zorder=2)
        ax.vlines(
            rows["initial"], y - 0.42, y + 0.42, color=INK, linestyles="dashed", lw=1.4, zorder=4
        )
        interval = interval_handle(rows, facts, ci_prob)
        if interval:
            ax.hlines(y, rows["lower"], rows["upper"], color=INK, lw=1.2, zorder=3)
        edge = rows[["mean", "upper"]].max(axis=1).to_numpy()
        for i, value in enumerate(rows["mean"]):
            at = max(edge[i], rows["initial"].iloc[i])
            ax.text(at + 0.015, i, f"{value:.1%}", va="center", color=INK)
        ax.set_yticks(y, router_labels(panel))
        ax.invert_yaxis()
        percent_axis(ax)
        ax.set_xlim(0, max(1.0, 0.12 + float(edge.max())))  # room for the number beside a bar
        ax.set_xlabel(facts.trust_meaning, loc="right")
        take_literally(ax.set_title(short(title, 60)), *ax.get_yticklabels())
        initial = Line2D([], [], color=INK, ls="dashed", lw=1.4, label="initial trust")
        legend_below(ax, [initial, *interval])
    return ax


def draw_stacked_trust(
    trust: Array, panel: Panel, outcomes: Outcomes, facts: Facts, *, ax: Axes | None = None
) -> Axes:
    """Draw trust, shape (category, router), as one stacked bar for each of the busiest."""
    shown, note = busiest(outcomes.trials)
    legend = [short(name) for name in panel.router_names]
    rows = -(-len(legend) // legend_columns(legend))
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.4 + 0.36 * len(shown) + LEGEND_ROW * rows))
        left = np.zeros(len(shown))
        for i, (name, colour) in enumerate(zip(legend, colours(len(legend)), strict=True)):
            hatch = _HATCHES[i // len(COLOURS) % len(_HATCHES)]
            _stack(ax, left, trust[shown, i], label=name, facecolor=colour, hatch=hatch)
            left = left + trust[shown, i]
        labels = shortened([outcomes.categories[i] for i in shown])
        ax.set_yticks(np.arange(len(shown)), labels)
        take_literally(*ax.get_yticklabels())
        ax.set_ylim(len(shown) - 0.4, -0.6)
        percent_axis(ax)
        ax.set_xlabel(facts.trust_meaning + note, loc="right")
        legend_below(ax, ax.get_legend_handles_labels()[0])
    return ax


def _stack(ax: Axes, start: Array, length: Array, **look: Any) -> None:
    y = np.arange(len(length))
    ax.barh(y, length, left=start, height=0.72, edgecolor="white", linewidth=0, **look)
    behind = {"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 1.0}
    dark = to_rgb(look["facecolor"]) @ _LUMINANCE < _DARK and not look["hatch"]
    centred: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8}
    centred["color"] = "white" if dark else INK
    for at in np.flatnonzero(length >= 0.1).tolist():
        text = f"{length[at]:.0%}"
        ax.text(
            start[at] + length[at] / 2,
            at,
            text,
            bbox=behind if look["hatch"] else None,
            **centred,
        )
