"""The section of a report about a backtest, and a page of its own, drawn from one brief."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from trust_router.basics.files import check_writable, write_text
from trust_router.basics.html import render
from trust_router.defaults import CI_PROB, COVERAGE
from trust_router.evaluation.backtests import Backtest
from trust_router.evaluation.coverage import GROUPS, side_by_side
from trust_router.evaluation.metrics import COST_METRICS, METRICS
from trust_router.show.plots.backtest import draw_held_out, draw_learning, looks
from trust_router.show.plots.drawing import inline_picture

if TYPE_CHECKING:
    from trust_router.evaluation.curves import Curves

__all__ = [
    "BacktestBrief",
    "Contest",
    "backtest_brief",
    "backtest_section",
    "backtest_sentence",
    "write_backtest",
]

_ROOM = "trust_router.show.reports"
_SHOWN = ("log_loss", "brier", "ece", "apgr", "cpt50", "cpt80", "aurc", *COST_METRICS)


@dataclass(frozen=True)
class Contest:
    """The first model against the best of the baselines, in log loss after most outcomes.

    Attributes
    ----------
    model, baseline : str
        The baseline is blank if there was none.
    loss, best : float
        Of the model, and of the baseline.
    difference, lower, upper : float
        How much larger the loss of the baseline is, on the same tickets.
    """

    model: str
    loss: float
    baseline: str = ""
    best: float = float("nan")
    difference: float = float("nan")
    lower: float = float("nan")
    upper: float = float("nan")


@dataclass(frozen=True, eq=False)
class BacktestBrief:
    """What a report says of a backtest; every number is computed once.

    Attributes
    ----------
    methods, models : tuple of str
        All that were compared, and those that are no baselines.
    feedbacks : tuple of int
        Numbers of outcomes learned from.
    splits, held_out : int
        How often tickets were held out, and how many.
    table : pandas.DataFrame
        As `Backtest.table` gives it.
    by_metric : mapping of str to pandas.DataFrame
        The same for each metric that is shown, index (method, feedbacks).
    contest : Contest
    curves : mapping of str to Curves
        Of every method after most outcomes.
    coverage : pandas.DataFrame
        How often intervals hold what happened, as `side_by_side` lays it out; empty without models.
    failed : tuple of (str, int, float)
        Models and numbers of outcomes with the share of fits that have not converged, if any.
    currency : str
        Blank if no costs were stated.
    """

    methods: tuple[str, ...]
    models: tuple[str, ...]
    feedbacks: tuple[int, ...]
    splits: int
    held_out: int
    table: pd.DataFrame
    by_metric: Mapping[str, pd.DataFrame]
    contest: Contest
    curves: Mapping[str, Curves]
    coverage: pd.DataFrame
    failed: tuple[tuple[str, int, float], ...]
    currency: str


def backtest_brief(result: Backtest) -> BacktestBrief:
    """Compute what a report says of a backtest."""
    table, size, covered = result.table(), result.feedbacks[-1], result.coverage()
    names, indexed = {**METRICS, **COST_METRICS}, table.set_index(["method", "feedbacks"])
    return BacktestBrief(
        methods=result.methods,
        models=result.models,
        feedbacks=result.feedbacks,
        splits=len(result.held_out),
        held_out=len(result.held_out[0]),
        table=table,
        by_metric={
            names[metric]: indexed[indexed["metric"] == metric]
            for metric in _SHOWN
            if metric in set(table["metric"])
        },
        contest=_contest(result, table),
        curves={method: result.curves(method, size) for method in result.methods},
        coverage=side_by_side(covered) if len(covered) else covered,
        failed=tuple((*key, 1 - good) for key, good in result.converged.items() if good < 1),
        currency=result.costs.currency if result.costs else "",
    )


def backtest_section(result: Backtest) -> str:
    """Build the HTML of a section: what was compared, pictures, and a table for each metric.

    Examples
    --------
    >>> html = backtest_section(tr.backtest(panel, beliefs, outcomes))  # doctest: +SKIP
    """
    brief = backtest_brief(result)
    return render(
        _ROOM,
        "backtest.html.j2",
        brief=brief,
        sentence=backtest_sentence(brief.contest, brief.feedbacks[-1]),
        pictures=_pictures(brief),
        ci_prob=CI_PROB,
        groups=GROUPS,
        nominal=COVERAGE,
    )


def write_backtest(result: Backtest, path: str | Path, *, command: str = "") -> Path:
    """Write a backtest as one self-contained HTML file.

    Parameters
    ----------
    result : Backtest
    path : path
        Where to; a file there is replaced.
    command : str
        The command that rebuilds the page, shown at the end.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.

    Examples
    --------
    >>> write_backtest(tr.backtest(panel, beliefs, outcomes), "backtest.html")  # doctest: +SKIP
    PosixPath('backtest.html')
    """
    path = check_writable(path)
    section = backtest_section(result)
    html = render(_ROOM, "page.html.j2", title="Backtest", sections=[section], command=command)
    return write_text(path, html)


def backtest_sentence(contest: Contest, outcomes: int) -> str:
    """Say whether the first model beats the best of the baselines, from the numbers alone."""
    model, loss = contest.model, contest.loss
    after = f"After {outcomes:,} outcome{'s' * (outcomes != 1)}"
    if not contest.baseline:
        return f"{after}, the {model} model has log loss {loss:.3f}."
    low, high = contest.lower, contest.upper
    verdict = "better than" if low > 0 else "worse than" if high < 0 else "tied with"
    return (
        f"{after}, the {model} model is {verdict} the best baseline "
        f"({contest.baseline}) in log loss: {loss:.3f} against {contest.best:.3f}, difference "
        f"{contest.difference:+.3f} [{low:+.3f}, {high:+.3f}]."
    )


def _contest(result: Backtest, table: pd.DataFrame) -> Contest:
    model = result.methods[0]
    at = f"metric == 'log_loss' and feedbacks == {result.feedbacks[-1]}"
    means = table.query(at).set_index("method")["mean"].to_dict()
    baselines = [method for method in result.methods if method not in result.models]
    if not baselines:
        return Contest(model, means[model])
    best = min(baselines, key=lambda name: means[name])
    row = result.differences(model).query(at).set_index("method").loc[[best]]
    difference = row[["difference", "lower", "upper"]].to_numpy()[0].tolist()
    return Contest(model, means[model], best, means[best], *difference)


def _pictures(brief: BacktestBrief) -> dict[str, str]:
    look = looks(brief.methods, brief.models)
    axes = {
        "learning": draw_learning(brief.table, looks=look, methods=brief.methods),
        "held out": draw_held_out(brief.curves, brief.feedbacks[-1], looks=look),
    }
    return {name: inline_picture(pair[0].figure) for name, pair in axes.items()}
