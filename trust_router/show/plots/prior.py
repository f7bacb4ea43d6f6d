"""Pictures of priors: need and trust as a model expects them before any outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from trust_router.show.plots.drawing import (
    COLOURS,
    INK,
    WIDTH,
    colours,
    legend_below,
    percent_axis,
    short,
    style,
    take_literally,
)

if TYPE_CHECKING:
    from trust_router.learning.models.prior import Prior

__all__ = ["prior"]

_BINS = np.linspace(0, 1, 41).tolist()
_STEEP = 4  # a bar so many times the median is cut
_DASH = 4.0


def prior(drawn: Prior, *, axes: Sequence[Axes] | None = None) -> Sequence[Axes]:
    """Draw what a model expects of need and of trust before any outcome.

    Parameters
    ----------
    drawn : Prior
        From `trust_router.models.sample_prior`.
    axes : sequence of matplotlib Axes, shape (2,), optional
        Where to draw need, then trust.

    Returns
    -------
    sequence of two matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If ``axes`` are not two.

    Examples
    --------
    >>> import trust_router as tr
    >>> panel, beliefs, _ = tr.examples.load_seed()
    >>> axes = prior(tr.models.sample_prior(panel, beliefs, model="seed"))  # doctest: +SKIP
    """
    if axes is not None and len(axes) != 2:
        raise ValueError(f"`axes` must be two, for need and trust; got {len(axes)}")
    with style():
        if axes is None:
            _, pair = plt.subplots(1, 2, figsize=(1.25 * WIDTH, 3.0))
            axes = list(pair)
        handles = _draw_need(axes[0], drawn) + _draw_trust(axes[1], drawn)
        for ax in axes:
            ax.set_yticks([])
            ax.spines["left"].set_visible(False)
            percent_axis(ax)
        take_literally(axes[0].set_title(f"{drawn.model} model, before any outcome"))
        legend_below(axes[0], handles, own=2)
    return axes


def _draw_need(ax: Axes, drawn: Prior) -> list[Any]:
    look: dict[str, Any] = {"bins": _BINS, "density": True}
    bars = ax.hist(drawn.need.ravel(), color=COLOURS[4], alpha=0.6, **look)[0]
    usual = float(np.median(bars))
    ax.set_ylim(0, min(1.05 * float(np.max(bars)), _STEEP * usual) or 1)
    ax.axvline(drawn.mean_need, color=INK, lw=1.2)
    number = len(drawn.categories)
    what = "need" if number == 1 else f"need, of all {number} categories"
    cut = " (steep ends are cut)" if np.max(bars) > _STEEP * usual else ""
    ax.set_xlabel(what + cut, loc="right")
    return [
        Patch(color=COLOURS[4], alpha=0.6, label="draws of need"),
        Line2D([], [], color=INK, lw=1.2, label="mean"),
    ]


def _draw_trust(ax: Axes, drawn: Prior) -> list[Any]:
    handles: list[Any] = []
    number = len(drawn.routers)
    for i, (name, draws, colour) in enumerate(
        zip(drawn.routers, drawn.trust.T, colours(number), strict=True)
    ):
        label = f"trust in {short(name)}"
        if np.ptp(draws) > 0:
            ax.hist(draws, bins=_BINS, density=True, histtype="step", color=colour, lw=1.8)
        # Dashes take turns, so that routers of equal trust are all seen.
        dashes = (-_DASH * i, (_DASH, _DASH * max(1, number - 1)))
        ax.axvline(drawn.initial[i], color=colour, ls=dashes, lw=1.4)
        handles.append(Line2D([], [], color=colour, lw=1.8, label=label))
    ax.set_xlabel("trust (dashed: initial trust)", loc="right")
    return handles
