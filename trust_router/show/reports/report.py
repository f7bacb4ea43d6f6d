"""The report: one self-contained HTML file that explains a posterior and its decisions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from trust_router.basics.html import page_path, render
from trust_router.decisions.costs import Costs
from trust_router.decisions.deciding import decide_all
from trust_router.decisions.policies import savings
from trust_router.decisions.source_costs import source_costs
from trust_router.defaults import CI_KIND, CI_PROB, COMMAND_SEED
from trust_router.insight.statements import judge_statements
from trust_router.learning.exact import ClosedForm, closed_form
from trust_router.learning.posterior import Posterior
from trust_router.show.plots.costs import costs as plot_costs
from trust_router.show.plots.diagnostics import diagnostics as plot_diagnostics
from trust_router.show.plots.drawing import inline_picture
from trust_router.show.plots.mixtures import mixtures as plot_mixtures
from trust_router.show.plots.need import need as plot_need
from trust_router.show.plots.seats import seats as plot_seats
from trust_router.show.plots.trust import trust as plot_trust
from trust_router.show.reports.sentences import trust_sentences
from trust_router.show.reports.tables import learned_parameters

__all__ = ["render_report", "trust_sentences", "write_report"]

_MOST_ROWS = 100
_IN_ORDER = 20  # so many categories are listed as given, more by their number of tickets
_QUESTION = (
    "A ticket can be answered by a cheap (simple) or an expensive (complex) model. "
    "Which router is right about when the complex model is needed, and what should be done?"
)


def write_report(
    posterior: Posterior,
    path: str | Path,
    *,
    costs: Costs | None = None,
    title: str = "Whom to trust",
    question: str = _QUESTION,
    command: str = "",
    sections: Sequence[str] = (),
) -> Path:
    """Write the report to a file.

    Parameters
    ----------
    posterior : Posterior
        Exact or sampled, of any model.
    path : path
        Where to; a file there is replaced.
    costs : Costs, optional
        Without them the report has no decision.
    title, question : str
        Shown at the top.
    command : str
        The command that rebuilds the report, shown at the end.
    sections : sequence of str
        HTML of further sections, such as `trust_router.reports.backtest_section` gives;
        they come before the provenance and are not escaped.

    Returns
    -------
    Path

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    """
    path = page_path(path)
    html = render_report(
        posterior, costs=costs, title=title, question=question, command=command, sections=sections
    )
    path.write_text(html, encoding="utf-8")
    return path


def render_report(
    posterior: Posterior,
    *,
    costs: Costs | None = None,
    title: str = "Whom to trust",
    question: str = _QUESTION,
    command: str = "",
    sections: Sequence[str] = (),
) -> str:
    """Build the HTML of the report; see `write_report`."""
    outcomes = posterior.outcomes
    main = outcomes.categories[int(outcomes.trials.argmax())]
    shown = _shown(posterior)
    money = None if costs is None else _money(posterior, costs, main)
    trusted = shown if posterior.facts.trust_varies else list(posterior.trust_categories)
    return render(
        "trust_router.show.reports",
        "report.html.j2",
        title=title,
        question=question,
        command=command,
        sections=sections,
        posterior=posterior,
        panel=posterior.panel,
        outcomes=outcomes,
        main=main,
        shown=shown,
        trusted=trusted,
        hidden=len(outcomes.categories) - len(shown),
        trust=posterior.trust(),
        oracle=_oracle(posterior),
        need=posterior.need(),
        statements=judge_statements(posterior),
        learned=learned_parameters(posterior),
        seats=posterior.seats().loc[main if posterior.facts.trust_varies else trusted[0]],
        means=_router_means(posterior, main),
        sentences=trust_sentences(posterior, main),
        ci_prob=CI_PROB,
        ci_kind={"eti": "equal-tailed", "hdi": "highest-density"}[CI_KIND],
        money=money,
        pictures=_pictures(posterior, money, main),
    )


def _shown(posterior: Posterior) -> list[str]:
    categories, trials = posterior.outcomes.categories, posterior.outcomes.trials
    order = np.arange(len(categories))
    if len(order) > _IN_ORDER:
        order = np.argsort(-trials, kind="stable")[:_MOST_ROWS]
    return [categories[i] for i in order.tolist()]


def _oracle(posterior: Posterior) -> dict[str, Any] | None:
    """Give what the closed form says, where there is one, and how far the draws are from it."""
    if posterior.model != "seed":
        return None
    exact = closed_form(posterior.panel, posterior.beliefs, posterior.outcomes)
    errors = _errors_in_mcse(posterior.trust(), exact)
    names = posterior.outcomes.categories
    return {
        "trust": dict(zip(names, exact.trust.tolist(), strict=True)),
        "errors": None if errors is None else dict(zip(names, errors.tolist(), strict=True)),
        "largest": None if errors is None else float(np.abs(errors).max()),
        "log_evidence": float(exact.log_evidence.sum()),
    }


def _router_means(posterior: Posterior, main: str) -> dict[str, float] | None:
    if not posterior.facts.has_mixtures:
        return None
    names = posterior.panel.router_names
    return {name: float(posterior.mixture(main, name).mean) for name in names}


def _errors_in_mcse(trust: Any, oracle: ClosedForm) -> np.ndarray[Any, Any] | None:
    mcse = trust["mcse"].to_numpy().reshape(oracle.trust.shape)
    if not np.any(mcse > 0):
        return None
    difference = trust["mean"].to_numpy().reshape(oracle.trust.shape) - oracle.trust
    return np.asarray(np.divide(difference, mcse, out=np.zeros_like(mcse), where=mcse > 0))


def _money(posterior: Posterior, costs: Costs, main: str) -> dict[str, Any]:
    saved = savings(posterior, costs, random_seed=COMMAND_SEED)
    priced = all(router.price is not None for router in posterior.panel.routers)
    probable = posterior.model != "pool"  # a weight is not even what the source took for a share
    return {
        "costs": costs,
        "decisions": decide_all(posterior, costs),
        "savings": saved,
        "table": saved.table(),
        "source": source_costs(posterior, main) if priced and probable else None,
    }


def _pictures(posterior: Posterior, money: dict[str, Any] | None, main: str) -> dict[str, str]:
    axes = {
        "trust": plot_trust(posterior),
        "need": plot_need(posterior, costs=None if money is None else money["costs"]),
    }
    if posterior.facts.has_mixtures:
        axes["mixtures"] = plot_mixtures(posterior, main)[0]
    if posterior.model != "seed":
        axes["seats"] = plot_seats(posterior, main)
    if money is not None:
        axes["costs"] = plot_costs(money["savings"])
    figures = {name: ax.figure for name, ax in axes.items()}
    if posterior.has_draws:
        collection = plot_diagnostics(posterior)
        figures["diagnostics"] = collection.viz["figure"].item()
    return {name: inline_picture(figure) for name, figure in figures.items()}
