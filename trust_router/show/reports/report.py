"""The report: one self-contained HTML file that explains a posterior and its decisions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from trust_router.basics.files import check_writable, write_text
from trust_router.basics.html import render
from trust_router.decisions.costs import Costs
from trust_router.defaults import CI_KIND, CI_PROB
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior
from trust_router.show.reports.brief import brief
from trust_router.show.reports.pictures import pictures
from trust_router.show.reports.sentences import (
    effective_sentence,
    knowledge_sentence,
    trust_sentences,
)

__all__ = ["render_report", "write_report"]

_QUESTION = (
    "A ticket can be answered by a cheap (simple) or an expensive (complex) model. "
    "Whom should one trust about when the complex model is needed, and what should be done?"
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
    allow_unconverged: bool = False,
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
    allow_unconverged : bool
        Write also about draws that may not be trusted; the page says so.

    Returns
    -------
    Path

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.
    """
    check_posterior(posterior, allow_unconverged)
    path = check_writable(path)
    html = render_report(
        posterior, costs=costs, title=title, question=question, command=command, sections=sections
    )
    return write_text(path, html)


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
    told = brief(posterior, costs)
    counted = told.effective
    return render(
        "trust_router.show.reports",
        "report.html.j2",
        title=title,
        question=question,
        command=command,
        sections=sections,
        brief=told,
        sentences=trust_sentences(told.stands),
        knowledge="" if told.knowledge is None else knowledge_sentence(told.knowledge),
        effective="" if counted is None else effective_sentence(counted),
        pictures=pictures(told),
        ci_prob=CI_PROB,
        ci_kind={"eti": "equal-tailed", "hdi": "highest-density"}[CI_KIND],
    )
