"""The report: one self-contained HTML file that explains a posterior and its decisions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from trust_router import plots
from trust_router.decisions import Costs, decision_table, savings, source_costs
from trust_router.defaults import CI_KIND, CI_PROB, COMMAND_SEED
from trust_router.drawing import inline_picture
from trust_router.exact import ClosedForm, closed_form
from trust_router.html import render
from trust_router.posterior import Posterior
from trust_router.text import isolated, number, percent, plain

if TYPE_CHECKING:
    pass

__all__ = ["render_report", "trust_sentences", "write_report"]

_MOST_ROWS = 100
_QUESTION = (
    "A ticket can be answered by a cheap (simple) or an expensive (complex) model. "
    "Which router is right about when the complex model is needed, and what should be done?"
)
# Kass and Raftery, "Bayes Factors", JASA 90, 1995: how much a Bayes factor says.
_STRENGTH = ((3, "hardly evidence"), (20, "positive evidence"), (150, "strong evidence"))


def write_report(
    posterior: Posterior,
    path: str | Path,
    *,
    costs: Costs | None = None,
    title: str = "Whom to trust",
    question: str = _QUESTION,
    command: str = "",
) -> Path:
    """Write the report to a file.

    Parameters
    ----------
    posterior : Posterior
        Exact or sampled.
    path : path
        Where to; a file there is replaced.
    costs : Costs, optional
        Without them the report has no decision.
    title, question : str
        Shown at the top.
    command : str
        The command that rebuilds the report, shown at the end.

    Returns
    -------
    Path

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(path.parent)!r} for the report")
    html = render_report(posterior, costs=costs, title=title, question=question, command=command)
    path.write_text(html, encoding="utf-8")
    return path


def render_report(
    posterior: Posterior,
    *,
    costs: Costs | None = None,
    title: str = "Whom to trust",
    question: str = _QUESTION,
    command: str = "",
) -> str:
    """Build the HTML of the report; see `write_report`."""
    outcomes = posterior.outcomes
    main = outcomes.categories[int(outcomes.trials.argmax())]
    oracle = closed_form(posterior.panel, posterior.beliefs, outcomes)
    trust, need = posterior.trust(), posterior.need()
    return render(
        "report.html.j2",
        title=title,
        question=question,
        command=command,
        posterior=posterior,
        panel=posterior.panel,
        outcomes=outcomes,
        main=main,
        shown=outcomes.categories[:_MOST_ROWS],
        hidden=max(0, len(outcomes.categories) - _MOST_ROWS),
        trust=trust,
        exact=oracle.trust,
        errors=_errors_in_mcse(trust, oracle),
        need=need,
        seats=posterior.seats().loc[main],
        means={
            name: float(posterior.mixture(main, name).mean) for name in oracle.panel.router_names
        },
        sentences=trust_sentences(posterior, main),
        ci_prob=CI_PROB,
        ci_kind={"eti": "equal-tailed", "hdi": "highest-density"}[CI_KIND],
        log_evidence=float(oracle.log_evidence.sum()),
        money=None if costs is None else _money(posterior, costs, main),
        pictures=_pictures(posterior, costs, main),
    )


def trust_sentences(posterior: Posterior, category: str) -> tuple[str, str]:
    """Say in two sentences what happened to trust in a category, from the numbers alone.

    Raises
    ------
    ValueError
        If the category is unknown.
    """
    at = posterior.outcomes.position(category)
    names, before, after = (
        [isolated(plain(name)) for name in posterior.panel.router_names],
        posterior.panel.share,
        posterior.trust_mean[at],
    )
    trials, needs = int(posterior.outcomes.trials[at]), int(posterior.outcomes.needs[at])
    best = int(after.argmax())
    worst = len(names) - 1 - int(after[::-1].argmin())
    if len(names) == 1:
        return (
            f"Router {names[0]} is the only one, so all trust is with it.",
            f"{needs} of {trials} tickets with a known outcome needed the complex model.",
        )
    if trials == 0:
        said = isolated(plain(category))
        first = f"There are no outcomes for {said} yet, so trust is still the initial trust."
    else:
        moved = "rose" if after[best] > before[best] else "fell"
        same = f"{percent(after[best])}" == f"{percent(before[best])}"
        first = (
            f"After {trials} outcomes, of which {needs} needed the complex model, "
            f"router {names[best]} is trusted most: the probability that it is the right router "
            + ("stayed at " if same else f"{moved} from {percent(before[best])} to ")
            + f"{percent(after[best])}."
        )
    least = f"Router {names[worst]} is trusted least, {percent(after[worst])}"
    with np.errstate(divide="ignore"):
        factor = float(after[best] / before[best] * before[worst] / after[worst])
    if trials == 0 or factor <= 1:
        return first, (
            f"{least}, as its initial trust was {percent(before[worst])}; "
            "no outcome speaks against it."
        )
    written = number(factor, 1) if factor < 1e4 else "over 10,000"
    strength = next((word for limit, word in _STRENGTH if factor < limit), "very strong evidence")
    return first, (
        f"{least}; the outcomes speak for {names[best]} against {names[worst]} with a Bayes factor "
        f"of {written}, which is {strength}."
    )


def _errors_in_mcse(trust: Any, oracle: ClosedForm) -> np.ndarray[Any, Any] | None:
    mcse = trust["mcse"].to_numpy().reshape(oracle.trust.shape)
    if not np.any(mcse > 0):
        return None
    difference = trust["mean"].to_numpy().reshape(oracle.trust.shape) - oracle.trust
    return np.asarray(np.divide(difference, mcse, out=np.zeros_like(mcse), where=mcse > 0))


def _money(posterior: Posterior, costs: Costs, main: str) -> dict[str, Any]:
    saved = savings(posterior, costs, random_seed=COMMAND_SEED)
    priced = all(router.price is not None for router in posterior.panel.routers)
    return {
        "costs": costs,
        "decisions": decision_table(posterior, costs),
        "savings": saved,
        "table": saved.table(),
        "source": source_costs(posterior, main) if priced else None,
    }


def _pictures(posterior: Posterior, costs: Costs | None, main: str) -> dict[str, str]:
    axes = {
        "trust": plots.plot_trust(posterior),
        "mixtures": plots.plot_mixtures(posterior, main)[0],
        "need": plots.plot_need(posterior, costs=costs),
    }
    if costs is not None:
        axes["costs"] = plots.plot_costs(savings(posterior, costs, random_seed=COMMAND_SEED))
    figures = {name: ax.figure for name, ax in axes.items()}
    if posterior.method == "nuts":
        collection = plots.plot_diagnostics(posterior)
        figures["diagnostics"] = collection.viz["figure"].item()
    return {name: inline_picture(figure) for name, figure in figures.items()}
