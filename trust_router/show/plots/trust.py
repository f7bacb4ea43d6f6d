"""Pictures of results. They draw what other modules computed, and return Matplotlib axes."""

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

from trust_router.basics.words import money
from trust_router.defaults import CI_KIND, CI_PROB, CiKind
from trust_router.learning.posterior import Posterior
from trust_router.show.plots.drawing import (
    COLOURS,
    GREY,
    INK,
    LEGEND_ROW,
    SIDE_LENGTH,
    STYLE,
    WIDTH,
    axes_or_new,
    colours,
    legend_below,
    legend_columns,
    short,
    shortened,
    style,
    take_literally,
)

if TYPE_CHECKING:
    import pandas as pd

    from trust_router.basics.beta import Array, BetaMixture
    from trust_router.decisions.costs import Costs
    from trust_router.decisions.policies import Savings

__all__ = [
    "costs",
    "diagnostics",
    "mixtures",
    "need",
    "seats",
    "trust",
]

_MOST_CATEGORIES, _DIAGNOSED = 20, 4
_EVEN = np.linspace(0, 1, 801)[1:-1]  # where densities are drawn at least
_DENSITY_LEVELS = expit(np.linspace(-14, 14, 113))  # of quantiles, for densities like needles
_DENSITY_DRAWS, _FEW_COMPONENTS = 8000, 64
_HATCHES = ("", "////", "....", "xxxx", "----")  # where colours repeat


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
    """
    if category is None and len(posterior.trust_categories) > 1:
        return _plot_trust_stacked(posterior, ax)
    category = _trust_category(posterior, category)
    rows = posterior.trust(ci_prob, ci_kind).loc[category]
    names = posterior.panel.router_names
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.2 + 0.62 * len(names)))
        y = np.arange(len(names))
        ax.barh(y, rows["mean"], color=colours(len(names)), height=0.62, zorder=2)
        ax.vlines(
            rows["initial"], y - 0.42, y + 0.42, color=INK, linestyles="dashed", lw=1.4, zorder=4
        )
        edge = rows["mean"].to_numpy()
        handles = [Line2D([], [], color=INK, ls="dashed", lw=1.4, label="initial trust")]
        if posterior.has_draws:
            ax.hlines(y, rows["lower"], rows["upper"], color=INK, lw=1.2, zorder=3)
            edge = np.maximum(edge, rows["upper"].to_numpy())
            handles.append(_interval_handle(posterior, ci_prob))
        for i, value in enumerate(rows["mean"]):
            at = max(edge[i], rows["initial"].iloc[i])
            ax.text(at + 0.015, i, f"{value:.1%}", va="center", color=INK)
        ax.set_yticks(y, [_router_label(posterior, name) for name in names])
        ax.invert_yaxis()
        ax.set_xlim(0, max(1.0, 0.12 + float(edge.max())))
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.set_xlabel(posterior.facts.trust_meaning, loc="right")
        take_literally(ax.set_title(short(category, 60)), *ax.get_yticklabels())
        legend_below(ax, handles)
    return ax


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
    category = _trust_category(posterior, _only_category(posterior, category) if varied else None)
    rows = posterior.seats(ci_prob, ci_kind).loc[category]
    panel, before = posterior.panel, posterior.panel.seats.weight
    y = np.arange(len(rows)) + 0.5 * panel.seats.router  # a gap between routers
    colour = np.array(colours(len(panel.routers)))[panel.seats.router]
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.3 + 0.32 * len(rows) + 0.16 * len(panel.routers)))
        handles = [Line2D([], [], color=INK, marker="|", ms=11, mew=1.4, ls="none", label="before")]
        if posterior.has_draws:
            ax.hlines(y, rows["lower"], rows["upper"], color=colour, lw=2.4)
            handles.append(_interval_handle(posterior, ci_prob, GREY))
        ax.plot(before, y, "|", color=INK, ms=11, mew=1.4, clip_on=False, zorder=4)
        ax.scatter(rows["probability"], y, color=colour, s=46, zorder=3, clip_on=False)
        names = [f"{short(router)}: {short(judge)}" for router, judge in rows.index]
        ax.set_yticks(y, names)
        ax.set_ylim(y[-1] + 0.6, -0.6)
        _from_zero_to(ax, max(rows["probability"].max(), before.max(), rows["upper"].max()))
        what = posterior.facts.trust_is
        ax.set_xlabel(f"{what}, of each judge in its router", loc="right")
        take_literally(ax.set_title(short(category, 60)), *ax.get_yticklabels())
        legend_below(ax, handles)
    return ax


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
        return [_plot_need_density(posterior, _only_category(posterior, category), axes)]
    category = _only_category(posterior, category)
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
            title = f"{_router_label(posterior, name, sep=', ')}: trust {trust:.1%}"
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
    shown, note = _busiest(posterior)
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
    """
    rows: pd.DataFrame = savings.table(ci_prob=ci_prob)
    y = np.arange(len(rows))
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.3 + 0.62 * len(rows)))
        ax.barh(y, rows["cost"], color=colours(len(rows)), height=0.58, zorder=2)
        ax.hlines(y, rows["cost_lower"], rows["cost_upper"], color=INK, lw=1.4, zorder=3)
        reach = float(rows["cost_upper"].max())
        for at, (_, row) in enumerate(rows.iterrows()):
            text = money(row["cost"])
            if at > 0 and np.isfinite(row["saving"]):
                text += f"\nsaves {row['saving']:.1%}"
            ax.text(row["cost_upper"] + 0.015 * reach, at, text, va="center", color=INK)
        ax.set_yticks(y, list(rows.index))
        ax.invert_yaxis()
        ax.set_xlim(0, 1.25 * reach if reach > 0 else 1)
        unit = f"{short(savings.currency)} per {savings.tickets} tickets, failures included"
        take_literally(ax.set_xlabel(unit, loc="right"))
        interval = f"{ci_prob:.0%} interval, from the uncertainty of need"
        legend_below(ax, [Line2D([], [], color=INK, lw=1.4, label=interval)])
    return ax


def diagnostics(posterior: Posterior) -> Any:
    """Draw traces and distributions of need by chain, with ArviZ.

    In the pool model also of ``gain``, how strongly need follows the pooled judges.

    Returns
    -------
    arviz.PlotCollection

    Raises
    ------
    ValueError
        If the posterior is a closed form, which has no draws.
    """
    if not posterior.has_draws:
        raise ValueError("a closed form has no draws to diagnose; use `fit`")
    import arviz as az

    names = [name for name in ("gain", "need") if name in posterior.data["posterior"]]
    number = _DIAGNOSED - (len(names) - 1)
    shown = [posterior.outcomes.categories[i] for i in _busiest(posterior)[0][:number]]
    keys = ("text.parse_math", "figure.constrained_layout.use")
    with style({key: STYLE[key] for key in keys}):
        collection = az.plot_trace_dist(
            posterior.data,
            var_names=names,
            coords={"category": shown},
            compact=False,  # else all categories lie on top of each other
            backend="matplotlib",
            figure_kwargs={"figsize": (7.5, 0.6 + 2.2 * (len(shown) + len(names) - 1))},
        )
    for ax in collection.viz["figure"].item().axes:
        for label in (ax.xaxis.label, ax.yaxis.label):
            variable, _, name = label.get_text().partition("\n")
            label.set_text(f"{variable}\n{short(name, SIDE_LENGTH)}".strip())
    return collection


def _plot_need_density(posterior: Posterior, category: str, axes: Sequence[Axes] | None) -> Axes:
    """Draw need in a category, averaged over its tickets, before and after the outcomes."""
    from trust_router.learning.prior import prior_of

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
            ax.hist(prior_of(posterior).need[:, at], color=INK, ls="dashed", lw=1.2, **look)
            handles.append(Line2D([], [], color=INK, lw=1.2, ls="dashed", label="before"))
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.set_xlim(0, 1)
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        about = f"need for the complex model, average over tickets ({short(category)})"
        take_literally(ax.set_xlabel(about, loc="right"))
        legend_below(ax, handles)
    return ax


def _plot_trust_stacked(posterior: Posterior, ax: Axes | None) -> Axes:
    shown, note = _busiest(posterior)
    names, trust = posterior.panel.router_names, posterior.trust_mean[shown]
    labels = shortened([posterior.outcomes.categories[i] for i in shown])
    legend = [short(name) for name in names]
    rows = -(-len(legend) // legend_columns(legend))
    with style():
        ax = axes_or_new(ax, (WIDTH, 1.4 + 0.36 * len(shown) + LEGEND_ROW * rows))
        left = np.zeros(len(shown))
        for i, (name, colour) in enumerate(zip(legend, colours(len(names)), strict=True)):
            hatch = _HATCHES[i // len(COLOURS) % len(_HATCHES)]
            _stack(ax, left, trust[:, i], label=name, facecolor=colour, hatch=hatch)
            left = left + trust[:, i]
        ax.set_yticks(np.arange(len(shown)), labels)
        take_literally(*ax.get_yticklabels())
        ax.set_ylim(len(shown) - 0.4, -0.6)
        ax.set_xlim(0, 1)
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.set_xlabel(posterior.facts.trust_meaning + note, loc="right")
        legend_below(ax, ax.get_legend_handles_labels()[0])
    return ax


def _stack(ax: Axes, start: Array, length: Array, **look: Any) -> None:
    y = np.arange(len(length))
    ax.barh(y, length, left=start, height=0.72, edgecolor="white", linewidth=0, **look)
    behind = {"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 1.0}
    centred: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8}
    for at in np.flatnonzero(length >= 0.1).tolist():
        text = f"{length[at]:.0%}"
        ax.text(
            start[at] + length[at] / 2,
            at,
            text,
            bbox=behind if look["hatch"] else None,
            **centred,
        )


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


def _busiest(posterior: Posterior) -> tuple[np.ndarray[Any, Any], str]:
    trials = posterior.outcomes.trials
    if len(trials) <= _MOST_CATEGORIES:
        return np.arange(len(trials)), ""
    order = np.argsort(-trials, kind="stable")[:_MOST_CATEGORIES]
    return order, f"\n({_MOST_CATEGORIES} of {len(trials)} categories, those with most trials)"


def _trust_category(posterior: Posterior, category: str | None) -> str:
    """Label of a category, known or the only one, in the tables of trust."""
    if category is not None:
        posterior.outcomes.position(category)
    return category if category in posterior.trust_categories else posterior.trust_categories[0]


def _interval_handle(posterior: Posterior, ci_prob: float, colour: str = INK) -> Line2D:
    over = "" if posterior.facts.pooled else " over draws"
    return Line2D([], [], color=colour, lw=1.2, label=f"{ci_prob:.0%} interval{over}")


def _from_zero_to(ax: Axes, reach: float) -> None:
    ax.set_xlim(0, min(1.0, 1.08 * reach))
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def _only_category(posterior: Posterior, category: str | None) -> str:
    known = posterior.outcomes.categories
    if category is None and len(known) > 1:
        raise ValueError(f"`category` must be given, there are {len(known)}; e.g. {known[0]!r}")
    category = known[0] if category is None else category
    posterior.outcomes.position(category)
    return category


def _router_label(posterior: Posterior, name: str, sep: str = "\n") -> str:
    nickname = posterior.panel.routers[posterior.panel.router_position(name)].nickname
    return short(name) + (f"{sep}{short(nickname)}" if nickname else "")
