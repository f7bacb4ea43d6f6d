"""Picture of LOO-PIT: whether outcomes fall evenly into what all others foretell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from trust_router.show.plots.drawing import (
    COLOURS,
    GREY,
    INK,
    WIDTH,
    axes_or_new,
    legend_below,
    style,
)

if TYPE_CHECKING:
    from trust_router.evaluation.predictive import LooPit

__all__ = ["pit"]


def pit(found: LooPit, *, ax: Axes | None = None) -> Axes:
    """Draw how far the distribution of LOO-PIT values is from an even one, with its band.

    Parameters
    ----------
    found : LooPit
        From `trust_router.evaluation.loo_pit`.
    ax : matplotlib Axes, optional
        Where to draw.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> axes = pit(tr.evaluation.loo_pit(posterior))  # doctest: +SKIP
    """
    curve = found.curve
    x = curve.index.to_numpy()
    with style():
        ax = axes_or_new(ax, (WIDTH, 2.8))
        ax.fill_between(x, curve["lower"], curve["upper"], color=GREY, alpha=0.35, lw=0)
        ax.axhline(0, color=INK, ls="dashed", lw=1, zorder=1)
        ax.plot(x, curve["difference"], color=COLOURS[0], lw=1.6)
        ax.set_xlim(0, 1)
        ax.set_xlabel("LOO-PIT", loc="right")
        ax.set_ylabel("share up to there,\nless an even one")
        handles = [
            Line2D([], [], color=COLOURS[0], lw=1.6, label="outcomes"),
            Patch(color=GREY, alpha=0.35, lw=0, label=f"{found.ci_prob:.0%} band, if all is right"),
        ]
        legend_below(ax, handles)
    return ax
