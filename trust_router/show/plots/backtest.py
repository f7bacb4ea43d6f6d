"""Pictures of backtests: learning curves, routing, reliability and risk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import NullLocator, PercentFormatter

from trust_router.basics.arrays import Array
from trust_router.basics.checks import listed
from trust_router.defaults import CI_PROB
from trust_router.evaluation.backtests import Backtest
from trust_router.evaluation.curves import reliability, risk_coverage, routing_curve
from trust_router.evaluation.metrics import COST_METRICS, METRICS
from trust_router.show.plots.drawing import COLOURS, GREY, INK, WIDTH, legend_below, style

__all__ = ["held_out", "learning"]

_SHOWN = ("log_loss", "brier", "ece", "apgr")
_DASHES = ("solid", "dashed", "dashdot", "dotted")
_HIGHER_IS_BETTER = {"apgr"}


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
    """
    names = {**METRICS, **(COST_METRICS if result.costs else {})}
    methods = _known("methods", methods or result.methods, result.methods)
    _known("metrics", metrics, list(names))
    table = result.table(ci_prob).set_index(["metric", "method", "feedbacks"]).sort_index()
    rows = -(-len(metrics) // 2)
    with style():
        _, grid = plt.subplots(
            rows, min(2, len(metrics)), figsize=(1.4 * WIDTH, 0.8 + 2.6 * rows), squeeze=False
        )
        axes = list(grid.ravel())
        for ax, metric in zip(axes, metrics, strict=False):
            for method in methods:
                line = table.xs((metric, method))
                ax.plot(line.index, line["mean"], marker="o", ms=4, **_look(result, method))
                if (method, result.feedbacks[0]) in result.converged:
                    ax.fill_between(
                        line.index, line["lower"], line["upper"], alpha=0.2, lw=0,
                        color=_look(result, method)["color"],
                    )  # fmt: skip
            better = "higher" if metric in _HIGHER_IS_BETTER else "lower"
            ax.set_title(f"{names[metric]} ({better} is better)")
            ax.set_xscale("log")
            ax.xaxis.set_minor_locator(NullLocator())
            ax.set_xticks(result.feedbacks, [f"{n:,}" for n in result.feedbacks])
            _zoom(ax, methods, metric in _HIGHER_IS_BETTER)
        for ax in axes[len(metrics) :]:
            ax.set_axis_off()
        for ax in axes[: len(metrics)][-2:]:
            ax.set_xlabel("outcomes learned from", loc="right")
        legend_below(axes[0], _handles(result, methods), own=len(axes))
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
    """
    methods = _known("methods", methods or result.methods, result.methods)
    size = result.feedbacks[-1] if feedbacks is None else feedbacks
    _known("feedbacks", [size], result.feedbacks)
    everything = result.tickets.take(np.concatenate(result.held_out))
    with style():
        figure, axes = plt.subplots(1, 3, figsize=(1.9 * WIDTH, 4.6))
        route, trusted, risk = axes
        for method in methods:
            need = result.predictions[method, size].ravel().astype(float)
            look = _look(result, method)
            share, gain = routing_curve(need, everything)
            route.plot(*_thin(share[0], gain[0]), **look)
            coverage, wrong = risk_coverage(need, everything)
            risk.plot(*_thin(coverage[0], wrong[0], start=0.02), **look)
            if (method, size) in result.converged:
                bins = reliability(need, everything.outcome)
                error = np.abs(bins[["lower", "upper"]].to_numpy().T - bins["observed"].to_numpy())
                trusted.errorbar(bins["predicted"], bins["observed"], error, marker="o", **look)
        for ax in (route, trusted):
            ax.plot([0, 1], [0, 1], color=GREY, lw=1, zorder=0)
            ax.set_ylim(0, 1)
        route.set_title("Routing")
        route.set_xlabel("share of tickets sent to the complex model", loc="right")
        route.set_ylabel("performance gap recovered")
        trusted.set_title("Reliability of the models")
        trusted.set_xlabel("predicted need", loc="right")
        trusted.set_ylabel("share that needed the complex model")
        risk.set_title("Risk of “need above 50 %?”")
        risk.set_xlabel("share of tickets answered, the surest first", loc="right")
        risk.set_ylabel("share of wrong answers")
        risk.set_ylim(bottom=0)
        for ax in axes:
            ax.set_xlim(0, 1)
            ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
            ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        figure.suptitle(f"Held-out tickets after {size:,} outcomes", x=0.01, ha="left", fontsize=11)
        legend_below(axes[0], _handles(result, methods), own=3)
    return list(axes)


def _look(result: Backtest, method: str) -> dict[str, Any]:
    """Models are drawn bold, in ink and colours; baselines thin."""
    at = result.methods.index(method)
    model = any(name == method for name, _ in result.converged)
    return {
        "color": INK if at == 0 else COLOURS[(at - 1) % len(COLOURS)],
        "lw": 2.2 if model else 1.3,
        "ls": _DASHES[at // (len(COLOURS) + 1) % len(_DASHES)],
    }


def _handles(result: Backtest, methods: Sequence[str]) -> list[Line2D]:
    return [Line2D([], [], label=method, **_look(result, method)) for method in methods]


def _zoom(ax: Axes, methods: Sequence[str], higher_is_better: bool) -> None:
    """Let a method that is far worse than the rest leave the picture, and say so."""
    sign = -1 if higher_is_better else 1
    drawn = [np.asarray(line.get_ydata(), dtype=float) for line in ax.lines]
    ends = np.array([sign * np.median(values) for values in drawn])
    if len(ends) < 4 or not np.isfinite(ends).all():
        return
    low, high = np.quantile(ends, [0.25, 0.75])
    off = ends > high + 1.5 * (high - low)
    values = np.concatenate([y for y, far in zip(drawn, off, strict=True) if not far])
    edge = 0.06 * (values.max() - values.min()) or 0.01
    ax.set_ylim(values.min() - edge, values.max() + edge)
    said = [f"{m}: {sign * e:.2f}" for m, e, far in zip(methods, ends, off, strict=True) if far]
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
