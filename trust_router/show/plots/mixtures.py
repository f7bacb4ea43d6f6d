"""Pictures of densities of need, before and after the outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import PercentFormatter
from scipy.special import expit

from trust_router.learning.posterior import Posterior
from trust_router.show.plots.choice import only_category, router_label
from trust_router.show.plots.drawing import (
    COLOURS,
    GREY,
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
    from trust_router.basics.arrays import Array
    from trust_router.basics.mixture import BetaMixture

__all__ = ["mixtures"]

_EVEN = np.linspace(0, 1, 801)[1:-1]  # where densities are drawn at least
_DENSITY_LEVELS = expit(np.linspace(-14, 14, 113))  # of quantiles, for densities like needles
_DENSITY_DRAWS, _FEW_COMPONENTS = 8000, 64


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
    """
    if not posterior.facts.has_mixtures:
        return [_plot_need_density(posterior, only_category(posterior, category), axes)]
    category = only_category(posterior, category)
    names = posterior.panel.router_names
    later = [posterior.mixture(category, name) for name in names]
    earlier = [posterior.mixture(category, name, prior=True) for name in names]
    x = _density_points(later)
    after, before = ([mixture.pdf(x) for mixture in side] for side in (later, earlier))
    usual = [float(np.median(mixture.pdf(_EVEN))) for mixture in earlier]
    top = 1.08 * max(float(density.max()) for density in after)
    with style():
        if axes is None:
            _, grid = plt.subplots(
                len(names), 1, figsize=(WIDTH, 0.9 + 1.25 * len(names)), sharex=True, squeeze=False
            )
            axes = list(grid[:, 0])
        if len(axes) != len(names):
            raise ValueError(f"`axes` must be one a router, {len(names)}; got {len(axes)}")
        for ax, name, old, new, middle, colour in zip(
            axes, names, before, after, usual, colours(len(names)), strict=True
        ):
            ax.fill_between(x, new, color=colour, alpha=0.35, lw=0)
            ax.plot(x, new, color=colour, lw=1.8, label="after the outcomes")
            ax.plot(x, old, color=INK, lw=1.2, ls="dashed", label="before")
            ax.set_ylim(0, min(top, 1.15 * max(float(new.max()), middle)) or 1)
            ax.set_yticks([])
            ax.spines["left"].set_visible(False)
            at = posterior.panel.router_position(name)
            trust = posterior.trust_mean[posterior.outcomes.position(category), at]
            title = f"{router_label(posterior, name, sep=', ')}: trust {trust:.1%}"
            take_literally(ax.set_title(title))
        last = axes[-1]
        last.set_xlim(0, 1)
        last.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        about = f"need for the complex model, if the router is right ({short(category)})"
        take_literally(last.set_xlabel(about, loc="right"))
        handles = [
            Line2D([], [], color=GREY, lw=1.8, label="after the outcomes"),
            Line2D([], [], color=INK, lw=1.2, ls="dashed", label="before (steep ends are cut)"),
        ]
        legend_below(last, handles, own=len(names))
    return axes


def _plot_need_density(posterior: Posterior, category: str, axes: Sequence[Axes] | None) -> Axes:
    """Draw need in a category, averaged over its tickets, before and after the outcomes."""
    if axes is not None and len(axes) != 1:
        raise ValueError(f"`axes` must be one, as nothing differs by router; got {len(axes)}")
    at = posterior.outcomes.position(category)
    later = posterior.need_distribution().sample(_DENSITY_DRAWS, 0)[:, at]
    bins = np.linspace(0, 1, 51)
    with style():
        ax = axes_or_new(axes[0] if axes is not None else None, (WIDTH, 2.6))
        look: dict[str, Any] = {"bins": bins, "density": True, "histtype": "stepfilled"}
        ax.hist(later, color=COLOURS[0], alpha=0.4, **look)
        handles: list[Any] = [Patch(color=COLOURS[0], alpha=0.4, label="after the outcomes")]
        if "prior" in posterior.data.children:
            look["histtype"] = "step"
            ax.hist(posterior.prior().need[:, at], color=INK, ls="dashed", lw=1.2, **look)
            handles.append(Line2D([], [], color=INK, lw=1.2, ls="dashed", label="before"))
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.set_xlim(0, 1)
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        about = f"need for the complex model, average over tickets ({short(category)})"
        take_literally(ax.set_xlabel(about, loc="right"))
        legend_below(ax, handles)
    return ax


def _density_points(mixtures: Sequence[BetaMixture]) -> Array:
    """Even points, and more where a density is a needle that would fall between them."""
    extra = np.concatenate([_quantiles(mixture) for mixture in mixtures])
    low, high = _EVEN[0], _EVEN[-1]
    # Densities without bound at an end are cut there, so nothing closer to it is drawn.
    if any((mixture.alpha < 1).any() for mixture in mixtures):
        extra = extra[extra >= low]
    if any((mixture.beta < 1).any() for mixture in mixtures):
        extra = extra[extra <= high]
    return np.unique(np.concatenate([_EVEN, extra[(extra > 0) & (extra < 1)]]))


def _quantiles(mixture: BetaMixture) -> Array:
    if mixture.weights.shape[-1] <= _FEW_COMPONENTS:
        return mixture.quantile(_DENSITY_LEVELS)
    # Near enough to place points, and quick.
    return np.asarray(np.quantile(mixture.sample(_DENSITY_DRAWS, 0), _DENSITY_LEVELS))
