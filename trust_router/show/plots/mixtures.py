"""Pictures of densities of need, before and after the outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from trust_router.basics.draws import NeedDraws
from trust_router.insight.densities import router_densities
from trust_router.learning.posterior import Posterior
from trust_router.show.plots.choice import router_labels
from trust_router.show.plots.drawing import (
    COLOURS,
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
    from trust_router.basics.arrays import Array
    from trust_router.basics.densities import Density
    from trust_router.inputs.panel import Panel

__all__ = ["draw_mixtures", "mixtures"]

_BINS = np.linspace(0, 1, 51).tolist()


def mixtures(
    posterior: Posterior, category: str | None = None, *, axes: Sequence[Axes] | None = None
) -> Sequence[Axes]:
    """Draw each router's density of need, before and after the outcomes.

    Parameters
    ----------
    posterior : Posterior
        Where routers are pooled, or beliefs are about tickets, no router has a mixture of its own:
        then there is one picture, of need over all of them.
    category : str, optional
        May be left out if there is only one.
    axes : sequence of matplotlib Axes, shape (router,), optional
        Where to draw; one, where there is one picture.

    Returns
    -------
    sequence of matplotlib.axes.Axes, one a router

    Raises
    ------
    ValueError
        If the category is unknown, or left out although there are several, or ``axes`` do not
        match the routers.

    Examples
    --------
    >>> import trust_router as tr
    >>> posterior = tr.solve(*tr.examples.load_seed())
    >>> len(mixtures(posterior))  # one for each router
    3
    """
    category = posterior.outcomes.meant(category)
    at = posterior.outcomes.position(category)
    need = posterior.need_distribution()
    if isinstance(need, NeedDraws):
        return [_draw_need_density(need.values[:, at], _prior_need(posterior, at), category, axes)]
    densities, trust = router_densities(posterior, category), posterior.trust_mean[at]
    return draw_mixtures(densities, posterior.panel, trust, category=category, axes=axes)


def draw_mixtures(
    densities: Sequence[Density],
    panel: Panel,
    trust: Array,
    *,
    category: str,
    axes: Sequence[Axes] | None = None,
) -> Sequence[Axes]:
    """Draw the density of need in a category under each router, with the trust in it."""
    number = len(densities)
    top = 1.08 * max(float(density.after.max()) for density in densities)
    with style():
        if axes is None:
            size = (WIDTH, 0.9 + 1.25 * number)
            _, grid = plt.subplots(number, 1, figsize=size, sharex=True, squeeze=False)
            axes = list(grid[:, 0])
        if len(axes) != number:
            raise ValueError(f"`axes` must be one a router, {number}; got {len(axes)}")
        labels = router_labels(panel, sep=", ")
        for ax, density, colour in zip(axes, densities, colours(number), strict=True):
            _draw_density(ax, density, colour, top)
        for ax, label, trusted in zip(axes, labels, trust.tolist(), strict=True):
            take_literally(ax.set_title(f"{label}: trust {trusted:.1%}"))
        about = f"need for the complex model, if the router is right ({short(category)})"
        percent_axis(axes[-1])
        take_literally(axes[-1].set_xlabel(about, loc="right"))
        handles = [
            Line2D([], [], color=GREY, lw=1.8, label="after the outcomes"),
            Line2D([], [], color=INK, lw=1.2, ls="dashed", label="before (steep ends are cut)"),
        ]
        legend_below(axes[-1], handles, own=number)
    return axes


def _draw_density(ax: Axes, density: Density, colour: str, top: float) -> None:
    ax.fill_between(density.x, density.after, color=colour, alpha=0.35, lw=0)
    ax.plot(density.x, density.after, color=colour, lw=1.8, label="after the outcomes")
    ax.plot(density.x, density.before, color=INK, lw=1.2, ls="dashed", label="before")
    ax.set_ylim(0, min(top, 1.15 * max(float(density.after.max()), density.usual)) or 1)
    _no_left_side(ax)


def _draw_need_density(
    after: Array, before: Array | None, category: str, axes: Sequence[Axes] | None
) -> Axes:
    """Draw need in a category, averaged over its tickets, as draws after and before outcomes."""
    if axes is not None and len(axes) != 1:
        raise ValueError(f"`axes` must be one, as nothing differs by router; got {len(axes)}")
    with style():
        ax = axes_or_new(axes[0] if axes is not None else None, (WIDTH, 2.6))
        look: dict[str, Any] = {"bins": _BINS, "density": True}
        ax.hist(after, color=COLOURS[0], alpha=0.4, histtype="stepfilled", **look)
        handles: list[Any] = [Patch(color=COLOURS[0], alpha=0.4, label="after the outcomes")]
        if before is not None:
            ax.hist(before, color=INK, ls="dashed", lw=1.2, histtype="step", **look)
            handles.append(Line2D([], [], color=INK, lw=1.2, ls="dashed", label="before"))
        _no_left_side(ax)
        percent_axis(ax)
        about = f"need for the complex model, average over tickets ({short(category)})"
        take_literally(ax.set_xlabel(about, loc="right"))
        legend_below(ax, handles)
    return ax


def _no_left_side(ax: Axes) -> None:
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


def _prior_need(posterior: Posterior, at: int) -> Array | None:
    """Draws of need before any outcome, where the fit has kept them."""
    return posterior.prior().need[:, at] if "prior" in posterior.data.children else None
