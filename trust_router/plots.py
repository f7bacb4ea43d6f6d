"""Pictures of results. They draw what other modules computed, and return Matplotlib axes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import PercentFormatter
from scipy.special import expit

from trust_router.defaults import CI_KIND, CI_PROB, CiKind
from trust_router.posterior import Posterior
from trust_router.text import isolated, money, plain

if TYPE_CHECKING:
    import pandas as pd

    from trust_router.beta import Array, BetaMixture
    from trust_router.decisions import Costs, Savings

__all__ = ["plot_costs", "plot_diagnostics", "plot_mixtures", "plot_need", "plot_trust"]

# Okabe and Ito's palette: told apart by colour-blind readers, and by luminance in grey.
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
_STYLE: dict[Any, Any] = {
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": "medium",
    "figure.constrained_layout.use": True,
    "font.size": 10.0,
    "legend.frameon": False,
    "text.parse_math": False,  # names are people's: a "$" in one is a dollar
}
_HATCHES = ("", "////", "....", "xxxx", "----")  # where colours repeat
# Tried in this order for characters that Matplotlib's own font lacks, as far as installed.
_FONTS = (
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Source Han Sans",
    "Hiragino Sans",
    "PingFang SC",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "WenQuanYi Zen Hei",
    "Arial Unicode MS",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Nirmala UI",
    "Noto Emoji",
    "Segoe UI Emoji",
    "Symbola",
    "Unifont",
)
_INK, _GREY = "#222222", "#8a8a8a"
_WIDTH, _LEGEND_ROW = 6.4, 0.22  # inches
_MOST_CATEGORIES = 20
_NAME_LENGTH, _SIDE_LENGTH = 28, 18  # characters, beside a picture and along its side
_EVEN = np.linspace(0, 1, 801)[1:-1]  # where densities are drawn at least
_DENSITY_LEVELS = expit(np.linspace(-14, 14, 113))  # of quantiles, for densities like needles


def plot_trust(
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
        trials).
    ci_prob, ci_kind
        Interval of sampled trust over draws of need; a closed form has none.
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
    categories = posterior.outcomes.categories
    if category is None and len(categories) > 1:
        return _plot_trust_stacked(posterior, ax)
    category = categories[0] if category is None else category
    posterior.outcomes.position(category)
    rows = posterior.trust(ci_prob, ci_kind).loc[category]
    names = posterior.panel.router_names
    with _style():
        ax = _axes(ax, (_WIDTH, 1.2 + 0.62 * len(names)))
        y = np.arange(len(names))
        ax.barh(y, rows["mean"], color=_colours(len(names)), height=0.62, zorder=2)
        ax.vlines(
            rows["initial"], y - 0.42, y + 0.42, color=_INK, linestyles="dashed", lw=1.4, zorder=4
        )
        edge = rows["mean"].to_numpy()
        handles = [Line2D([], [], color=_INK, ls="dashed", lw=1.4, label="initial trust")]
        if posterior.method == "nuts":
            ax.hlines(y, rows["lower"], rows["upper"], color=_INK, lw=1.2, zorder=3)
            edge = np.maximum(edge, rows["upper"].to_numpy())
            label = f"{ci_prob:.0%} interval over draws of need"
            handles.append(Line2D([], [], color=_INK, lw=1.2, label=label))
        for i, value in enumerate(rows["mean"]):
            at = max(edge[i], rows["initial"].iloc[i])
            ax.text(at + 0.015, i, f"{value:.1%}", va="center", color=_INK)
        ax.set_yticks(y, [_router_label(posterior, name) for name in names])
        ax.invert_yaxis()
        ax.set_xlim(0, max(1.0, 0.12 + float(edge.max())))
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.set_xlabel("trust: probability that the router is the right one", loc="right")
        _take_literally(ax.set_title(_short(category, 60)), *ax.get_yticklabels())
        _legend_below(ax, handles)
    return ax


def plot_mixtures(
    posterior: Posterior, category: str | None = None, *, axes: Sequence[Axes] | None = None
) -> Sequence[Axes]:
    """Draw each router's density of need, before and after the outcomes.

    Parameters
    ----------
    posterior : Posterior
    category : str, optional
        May be left out if there is only one.
    axes : sequence of matplotlib Axes, shape (router,), optional
        Where to draw.

    Returns
    -------
    sequence of matplotlib.axes.Axes, one a router

    Raises
    ------
    ValueError
        If the category is unknown, or left out although there are several, or ``axes`` do not
        match the routers.
    """
    category = _only_category(posterior, category)
    names = posterior.panel.router_names
    later = [posterior.mixture(category, name) for name in names]
    earlier = [posterior.mixture(category, name, prior=True) for name in names]
    x = _density_points(later)
    after, before = ([mixture.pdf(x) for mixture in side] for side in (later, earlier))
    usual = [float(np.median(mixture.pdf(_EVEN))) for mixture in earlier]
    top = 1.08 * max(float(density.max()) for density in after)
    with _style():
        if axes is None:
            _, grid = plt.subplots(
                len(names), 1, figsize=(_WIDTH, 0.9 + 1.25 * len(names)), sharex=True, squeeze=False
            )
            axes = list(grid[:, 0])
        if len(axes) != len(names):
            raise ValueError(f"`axes` must be one a router, {len(names)}; got {len(axes)}")
        for ax, name, old, new, middle, colour in zip(
            axes, names, before, after, usual, _colours(len(names)), strict=True
        ):
            ax.fill_between(x, new, color=colour, alpha=0.35, lw=0)
            ax.plot(x, new, color=colour, lw=1.8, label="after the outcomes")
            ax.plot(x, old, color=_INK, lw=1.2, ls="dashed", label="before")
            ax.set_ylim(0, min(top, 1.15 * max(float(new.max()), middle)) or 1)
            ax.set_yticks([])
            ax.spines["left"].set_visible(False)
            at = posterior.panel.router_position(name)
            trust = posterior.trust_mean[posterior.outcomes.position(category), at]
            title = f"{_router_label(posterior, name, sep=', ')}: trust {trust:.1%}"
            _take_literally(ax.set_title(title))
        last = axes[-1]
        last.set_xlim(0, 1)
        last.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        about = f"need for the complex model, if the router is right ({_short(category)})"
        _take_literally(last.set_xlabel(about, loc="right"))
        handles = [
            Line2D([], [], color=_GREY, lw=1.8, label="after the outcomes"),
            Line2D([], [], color=_INK, lw=1.2, ls="dashed", label="before (steep ends are cut)"),
        ]
        _legend_below(last, handles, own=len(names))
    return axes


def plot_need(
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
    with _style():
        ax = _axes(ax, (_WIDTH, 1.5 + 0.36 * len(rows)))
        ax.hlines(y, rows["lower"], rows["upper"], color=_COLOURS[0], lw=2.4)
        ax.plot(rows["mean"], y, "o", color=_COLOURS[0], ms=7, clip_on=False)
        seen = (rows["trials"] > 0).to_numpy()
        rate = (rows["needs"] / rows["trials"].clip(lower=1))[seen]
        ax.plot(rate, y[seen], "x", color=_INK, ms=7, mew=1.6, clip_on=False, zorder=3)
        handles: list[Any] = [
            Line2D(
                [], [], color=_COLOURS[0], marker="o", lw=2.4, label=f"need, {ci_prob:.0%} interval"
            ),
            Line2D([], [], color=_INK, marker="x", ls="none", label="observed rate"),
        ]
        if costs is not None:
            ax.axvline(costs.threshold, color=_COLOURS[5], ls="dashed", lw=1.4)
            text = f"escalate above {costs.threshold:.1%}"
            handles.append(Line2D([], [], color=_COLOURS[5], ls="dashed", lw=1.4, label=text))
        labels = [
            f"{_short(name)} ({k} of {n})"
            for name, k, n in zip(rows.index, rows["needs"], rows["trials"], strict=True)
        ]
        ax.set_yticks(y, labels)
        _take_literally(*ax.get_yticklabels())
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, 1)
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.set_xlabel("need: share of tickets that need the complex model" + note, loc="right")
        _legend_below(ax, handles)
    return ax


def plot_costs(savings: Savings, *, ci_prob: float = CI_PROB, ax: Axes | None = None) -> Axes:
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
    with _style():
        ax = _axes(ax, (_WIDTH, 1.3 + 0.62 * len(rows)))
        ax.barh(y, rows["cost"], color=_colours(len(rows)), height=0.58, zorder=2)
        ax.hlines(y, rows["cost_lower"], rows["cost_upper"], color=_INK, lw=1.4, zorder=3)
        reach = float(rows["cost_upper"].max())
        for at, (_, row) in enumerate(rows.iterrows()):
            text = money(row["cost"])
            if at > 0 and np.isfinite(row["saving"]):
                text += f"\nsaves {row['saving']:.1%}"
            ax.text(row["cost_upper"] + 0.015 * reach, at, text, va="center", color=_INK)
        ax.set_yticks(y, list(rows.index))
        ax.invert_yaxis()
        ax.set_xlim(0, 1.25 * reach if reach > 0 else 1)
        unit = f"{_short(savings.currency)} per {savings.tickets} tickets, failures included"
        _take_literally(ax.set_xlabel(unit, loc="right"))
        interval = f"{ci_prob:.0%} interval, from the uncertainty of need"
        _legend_below(ax, [Line2D([], [], color=_INK, lw=1.4, label=interval)])
    return ax


def plot_diagnostics(posterior: Posterior) -> Any:
    """Draw traces and distributions of need by chain, with ArviZ.

    Returns
    -------
    arviz.PlotCollection

    Raises
    ------
    ValueError
        If the posterior is a closed form, which has no draws.
    """
    if posterior.method != "nuts":
        raise ValueError("a closed form has no draws to diagnose; use `fit`")
    import arviz as az

    shown = [posterior.outcomes.categories[i] for i in _busiest(posterior)[0][:4]]
    keys = ("text.parse_math", "figure.constrained_layout.use")
    with _style({key: _STYLE[key] for key in keys}):
        collection = az.plot_trace_dist(
            posterior.data,
            var_names=["need"],
            coords={"category": shown},
            compact=False,  # else all categories lie on top of each other
            backend="matplotlib",
            figure_kwargs={"figsize": (7.5, 0.6 + 2.2 * len(shown))},
        )
    for ax in collection.viz["figure"].item().axes:
        for label in (ax.xaxis.label, ax.yaxis.label):
            variable, _, name = label.get_text().partition("\n")
            label.set_text(f"{variable}\n{_short(name, _SIDE_LENGTH)}".strip())
    return collection


def _plot_trust_stacked(posterior: Posterior, ax: Axes | None) -> Axes:
    shown, note = _busiest(posterior)
    names, trust = posterior.panel.router_names, posterior.trust_mean[shown]
    labels = [_short(posterior.outcomes.categories[i]) for i in shown]
    legend = [_short(name) for name in names]
    rows = -(-len(legend) // _legend_columns(legend))
    with _style():
        ax = _axes(ax, (_WIDTH, 1.4 + 0.36 * len(shown) + _LEGEND_ROW * rows))
        left = np.zeros(len(shown))
        for i, (name, colour) in enumerate(zip(legend, _colours(len(names)), strict=True)):
            hatch = _HATCHES[i // len(_COLOURS) % len(_HATCHES)]
            _stack(ax, left, trust[:, i], label=name, facecolor=colour, hatch=hatch)
            left = left + trust[:, i]
        ax.set_yticks(np.arange(len(shown)), labels)
        _take_literally(*ax.get_yticklabels())
        ax.invert_yaxis()
        ax.set_xlim(0, 1)
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        ax.set_xlabel("trust: probability that the router is the right one" + note, loc="right")
        _legend_below(ax, ax.get_legend_handles_labels()[0])
    return ax


def _stack(ax: Axes, start: Array, length: Array, **look: Any) -> None:
    y = np.arange(len(length))
    ax.barh(y, length, left=start, height=0.72, edgecolor="white", linewidth=0, **look)
    behind = {"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 1.0}
    style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8}
    for at in np.flatnonzero(length >= 0.1).tolist():
        text = f"{length[at]:.0%}"
        ax.text(
            start[at] + length[at] / 2, at, text, bbox=behind if look["hatch"] else None, **style
        )


@contextmanager
def _style(style: dict[Any, Any] = _STYLE) -> Iterator[None]:
    plt.install_repl_displayhook()  # else leaving the context would turn off display in notebooks
    with plt.rc_context(style | {"font.family": _font_family()}):
        yield


def _font_family() -> list[str]:
    installed = set(font_manager.get_font_names())
    return [*plt.rcParams["font.family"], *(name for name in _FONTS if name in installed)]


def _take_literally(*texts: Text) -> None:
    """Keep a "$" a dollar, also in axes that were made outside our style."""
    for text in texts:
        text.set_parse_math(False)


def _axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    return plt.subplots(figsize=size)[1] if ax is None else ax


def _legend_below(ax: Axes, handles: list[Any], own: int = 1) -> None:
    if len(ax.figure.axes) == own:
        columns = _legend_columns([handle.get_label() for handle in handles])
        ax.figure.legend(handles=handles, loc="outside lower center", ncols=columns)
    else:  # somebody else's figure: keep to our axes
        ax.legend(handles=handles, fontsize="small", ncols=1 + (len(handles) - 1) // 8)


def _legend_columns(labels: Sequence[str]) -> int:
    widest = 0.6 + 0.073 * max(len(label) for label in labels)  # inches, handle and gaps included
    return int(np.clip(_WIDTH / widest, 1, min(3, len(labels))))


def _density_points(mixtures: Sequence[BetaMixture]) -> Array:
    """Even points, and more where a density is a needle that would fall between them."""
    extra = np.concatenate([mixture.quantile(_DENSITY_LEVELS) for mixture in mixtures])
    low, high = _EVEN[0], _EVEN[-1]
    # Densities without bound at an end are cut there, so nothing closer to it is drawn.
    if any((mixture.alpha < 1).any() for mixture in mixtures):
        extra = extra[extra >= low]
    if any((mixture.beta < 1).any() for mixture in mixtures):
        extra = extra[extra <= high]
    return np.unique(np.concatenate([_EVEN, extra[(extra > 0) & (extra < 1)]]))


def _colours(number: int) -> list[str]:
    return [_COLOURS[i % len(_COLOURS)] for i in range(number)]


def _busiest(posterior: Posterior) -> tuple[np.ndarray[Any, Any], str]:
    trials = posterior.outcomes.trials
    if len(trials) <= _MOST_CATEGORIES:
        return np.arange(len(trials)), ""
    order = np.argsort(-trials, kind="stable")[:_MOST_CATEGORIES]
    return order, f"\n({_MOST_CATEGORIES} of {len(trials)} categories, those with most trials)"


def _only_category(posterior: Posterior, category: str | None) -> str:
    known = posterior.outcomes.categories
    if category is None and len(known) > 1:
        raise ValueError(f"`category` must be given, there are {len(known)}; e.g. {known[0]!r}")
    category = known[0] if category is None else category
    posterior.outcomes.position(category)
    return category


def _router_label(posterior: Posterior, name: str, sep: str = "\n") -> str:
    nickname = posterior.panel.routers[posterior.panel.router_position(name)].nickname
    return _short(name) + (f"{sep}{_short(nickname)}" if nickname else "")


def _short(name: str, length: int = _NAME_LENGTH) -> str:
    flat = plain(name)
    return isolated(flat if len(flat) <= length else flat[: length - 1] + "…")
