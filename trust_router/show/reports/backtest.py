"""The section of a report about a backtest, and a page of its own."""

from __future__ import annotations

from pathlib import Path

from trust_router.basics.html import page_path, render
from trust_router.defaults import CI_PROB
from trust_router.evaluation.backtests import Backtest
from trust_router.evaluation.metrics import COST_METRICS, METRICS
from trust_router.show.plots.backtest import held_out, learning
from trust_router.show.plots.drawing import inline_picture

__all__ = ["backtest_section", "write_backtest"]

_SHOWN = ("log_loss", "brier", "ece", "apgr", "cpt50", "cpt80", "aurc", *COST_METRICS)


def backtest_section(result: Backtest) -> str:
    """Build the HTML of a section: what was compared, pictures, and a table for each metric."""
    table = result.table()
    names = {**METRICS, **COST_METRICS}
    return render(
        "trust_router.show.reports",
        "backtest.html.j2",
        result=result,
        sentence=_sentence(result),
        tables={
            names[metric]: table[table["metric"] == metric].set_index(["method", "feedbacks"])
            for metric in _SHOWN
            if metric in set(table["metric"])
        },
        ci_prob=CI_PROB,
        pictures={
            "learning": inline_picture(learning(result)[0].figure),
            "held out": inline_picture(held_out(result)[0].figure),
        },
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
    """
    path = page_path(path)
    section = backtest_section(result)
    html = render(
        "trust_router.show.reports",
        "page.html.j2",
        title="Backtest",
        sections=[section],
        command=command,
    )
    path.write_text(html, encoding="utf-8")
    return path


def _sentence(result: Backtest) -> str:
    """Say whether the first model beats the best of the baselines, from the numbers alone."""
    model, size = result.methods[0], result.feedbacks[-1]
    at = f"metric == 'log_loss' and feedbacks == {size}"
    means = result.table().query(at).set_index("method")["mean"].to_dict()
    baselines = [m for m in result.methods if (m, size) not in result.converged]
    if not baselines:
        return f"After {size:,} outcomes, the {model} model has log loss {means[model]:.3f}."
    best = min(baselines, key=lambda name: means[name])
    differences = result.differences(model).query(at).set_index("method")
    columns = ["difference", "lower", "upper"]
    middle, low, high = differences.loc[[best], columns].to_numpy()[0].tolist()
    verdict = "better than" if low > 0 else "worse than" if high < 0 else "tied with"
    return (
        f"After {size:,} outcomes, the {model} model is {verdict} the best baseline ({best}) in "
        f"log loss: {means[model]:.3f} against {means[best]:.3f}, difference "
        f"{middle:+.3f} [{low:+.3f}, {high:+.3f}]."
    )
