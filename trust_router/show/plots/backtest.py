"""Pictures of backtests: learning curves, routing, reliability and risk."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator, PercentFormatter

from trust_router.basics.arrays import Array
from trust_router.basics.checks import listed
from trust_router.defaults import CI_PROB
from trust_router.evaluation.backtests import Backtest
from trust_router.evaluation.curves import Curves
from trust_router.evaluation.metrics import COST_METRICS, METRICS
from trust_router.show.plots.drawing import (
    COLOURS,
    GREY,
    INK,
    WIDTH,
    legend_below,
    percent_axis,
    style,
)

__all__ = ["Look", "draw_held_out", "draw_learning", "held_out", "learning", "looks"]

_NAMES = {**METRICS, **COST_METRICS}
_SHOWN = ("log_loss", "brier", "ece", "apgr")
_DASHES = ("solid", "dashed", "dashdot", "dotted")
_HIGHER_IS_BETTER = {"apgr"}
_WORDS = (  # title, and what is below and beside the axes
    ("Routing", "share of tickets sent to the complex model", "performance gap recovered"),
    ("Reliability of the models", "predicted need", "share that needed the complex model"),
    (
        "Risk of “need above 50 %?”",
        "share of tickets answered, the surest first",
        "share of wrong answers",
    ),
)


@dataclass(frozen=True)
class Look:
    """How a method is drawn: whether it is a model, and settings of its line."""

    model: bool
    line: Mapping[str, Any]


def learning(
    result: Backtest,
    metrics: Sequence[str] = _SHOWN,
    *,
    methods: Sequence[str] | None = None,
    ci_prob: float = CI_PROB,
) -> Sequence[Axes]:
    """Draw metrics over the number of outcomes learned from.

    Parameters
    ----------
    result : Backtest
    metrics : sequence of str
        One picture each.
    methods : sequence of str, optional
        Default: all.
    ci_prob : float
        Interval of the models, drawn as a band.

    Returns
    -------
    sequence of matplotlib.axes.Axes, one a metric

    Raises
    ------
    ValueError
        If a metric or method is unknown.

    Examples
    --------
    >>> axes = learning(tr.backtest(panel, beliefs, outcomes), ["log_loss"])  # doctest: +SKIP
    """
    chosen = _known("methods", methods or result.methods, result.methods)
    table = result.table(ci_prob)
    _known("metrics", metrics, list(table["metric"].unique()))
    return draw_learning(table, metrics, looks=looks(result.methods, result.models), methods=chosen)


def draw_learning(
    table: pd.DataFrame,
    metrics: Sequence[str] = _SHOWN,
    *,
    looks: Mapping[str, Look],
    methods: Sequence[str],
) -> Sequence[Axes]:
    """Draw metrics as `Backtest.table` tabulates them."""
    lines = dict(list(table.sort_values("feedbacks").groupby(["metric", "method"])))
    sizes = sorted(set(table["feedbacks"]))
    rows = -(-len(metrics) // 2)
    with style():
        size = (1.4 * WIDTH, 0.8 + 2.6 * rows)
        _, grid = plt.subplots(rows, min(2, len(metrics)), figsize=size, squeeze=False)
        axes = list(grid.ravel())
        for ax, metric in zip(axes, metrics, strict=False):
            drawn = {m: _draw_line(ax, lines[metric, m], looks[m]) for m in methods}
            better = "higher" if metric in _HIGHER_IS_BETTER else "lower"
            ax.set_title(f"{_NAMES[metric]} ({better} is better)")
            ax.set_xscale("log")
            ax.xaxis.set_minor_locator(NullLocator())
            ax.set_xticks(sizes, [f"{n:,}" for n in sizes])
            _zoom(ax, drawn, metric in _HIGHER_IS_BETTER)
        for ax in axes[len(metrics) :]:
            ax.set_axis_off()
        for ax in axes[: len(metrics)][-2:]:
            ax.set_xlabel("outcomes learned from", loc="right")
        legend_below(axes[0], _handles(looks, methods), own=len(axes))
    return axes[: len(metrics)]


def held_out(
    result: Backtest, *, feedbacks: int | None = None, methods: Sequence[str] | None = None
) -> Sequence[Axes]:
    """Draw routing, reliability and risk-coverage curves on the held-out tickets of all splits.

    Parameters
    ----------
    result : Backtest
    feedbacks : int, optional
        Number of outcomes learned from; default: the most.
    methods : sequence of str, optional
        Default: all; reliability is drawn for models only.

    Returns
    -------
    sequence of matplotlib.axes.Axes, three

    Raises
    ------
    ValueError
        If there are no such feedbacks or methods.

    Examples
    --------
    >>> axes = held_out(tr.backtest(panel, beliefs, outcomes))  # doctest: +SKIP
    """
    chosen = _known("methods", methods or result.methods, result.methods)
    size = result.feedbacks[-1] if feedbacks is None else feedbacks
    _known("feedbacks", [size], result.feedbacks)
    curves = {method: result.curves(method, size) for method in chosen}
    return draw_held_out(curves, size, looks=looks(result.methods, result.models))


def draw_held_out(
    curves: Mapping[str, Curves], feedbacks: int, *, looks: Mapping[str, Look]
) -> Sequence[Axes]:
    """Draw the curves of some methods after some outcomes."""
    with style():
        figure, axes = plt.subplots(1, 3, figsize=(1.9 * WIDTH, 4.6))
        route, trusted, risk = axes
        for method, curve in curves.items():
            look = looks[method]
            route.plot(*_thin(curve.share, curve.gain), **look.line)
            risk.plot(*_thin(curve.coverage, curve.risk, start=0.02), **look.line)
            if look.model:
                bins = curve.bins
                error = np.abs(bins[["lower", "upper"]].to_numpy().T - bins["observed"].to_numpy())
                trusted.errorbar(
                    bins["predicted"], bins["observed"], error, marker="o", **look.line
                )
        for ax in (route, trusted):
            ax.plot([0, 1], [0, 1], color=GREY, lw=1, zorder=0)
            ax.set_ylim(0, 1)
        risk.set_ylim(bottom=0)
        for ax, (title, below, beside) in zip(axes, _WORDS, strict=True):
            ax.set_title(title)
            ax.set_xlabel(below, loc="right")
            ax.set_ylabel(beside)
            percent_axis(ax)
            ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        title = f"Held-out tickets after {feedbacks:,} outcomes"
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        legend_below(axes[0], _handles(looks, list(curves)), own=3)
    return list(axes)


def looks(methods: Sequence[str], models: Collection[str]) -> dict[str, Look]:
    """Give each method its line: models are drawn bold, in ink and colours; baselines thin."""
    return {
        method: Look(
            model=method in models,
            line={
                "color": INK if at == 0 else COLOURS[(at - 1) % len(COLOURS)],
                "lw": 2.2 if method in models else 1.3,
                "ls": _DASHES[at // (len(COLOURS) + 1) % len(_DASHES)],
            },
        )
        for at, method in enumerate(methods)
    }


def _draw_line(ax: Axes, line: pd.DataFrame, look: Look) -> Array:
    """Draw one method, and give all heights that it reaches."""
    ax.plot(line["feedbacks"], line["mean"], marker="o", ms=4, **look.line)
    if not look.model:
        return line["mean"].to_numpy()
    band = {"alpha": 0.2, "lw": 0, "color": look.line["color"]}
    ax.fill_between(line["feedbacks"], line["lower"], line["upper"], **band)
    return line[["mean", "lower", "upper"]].to_numpy().ravel()


def _handles(looks: Mapping[str, Look], methods: Sequence[str]) -> list[Line2D]:
    return [Line2D([], [], label=method, **looks[method].line) for method in methods]


def _zoom(ax: Axes, drawn: Mapping[str, Array], higher_is_better: bool) -> None:
    """Let a method that is far worse than the rest leave the picture, and say so."""
    sign = -1 if higher_is_better else 1
    ends = np.array([sign * np.median(np.asarray(line.get_ydata(), float)) for line in ax.lines])
    if len(ends) < 4 or not np.isfinite(ends).all():
        return
    low, high = np.quantile(ends, [0.25, 0.75])
    off = ends > high + 1.5 * (high - low)
    values = np.concatenate([y for y, far in zip(drawn.values(), off, strict=True) if not far])
    edge = 0.06 * (values.max() - values.min()) or 0.01
    ax.set_ylim(values.min() - edge, values.max() + edge)
    said = [f"{m}: {sign * e:.2f}" for m, e, far in zip(drawn, ends, off, strict=True) if far]
    if said:
        y, va = (0.02, "bottom") if higher_is_better else (0.98, "top")
        text = "outside: " + ", ".join(said)
        ax.text(0.99, y, text, transform=ax.transAxes, ha="right", va=va, fontsize=8, color=GREY)


def _thin(x: Array, y: Array, start: float = 0.0) -> tuple[Array, Array]:
    """Keep some 500 points of a long curve, from ``start`` on."""
    grid = np.linspace(start, 1, 500)
    return grid, np.interp(grid, x, y)


def _known[T](name: str, given: Sequence[T], known: Sequence[T]) -> Sequence[T]:
    for entry in given:
        if entry not in known:
            raise ValueError(f"`{name}` must be among {listed(known)}; got {entry!r}")
    return given
