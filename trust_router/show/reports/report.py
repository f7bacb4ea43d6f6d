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
from trust_router.show.reports.play import between, play_of, saved, script, script_hash
from trust_router.show.reports.record import record_text
from trust_router.show.reports.sentences import (
    effective_sentence,
    knowledge_sentence,
    trust_sentences,
)
from trust_router.show.reports.summary import advice_of
from trust_router.show.reports.volume import check_volume

__all__ = ["render_report", "write_report"]

_QUESTION = (
    "A ticket can be answered by a cheap (simple) or an expensive (complex) model: what should be "
    "done with which tickets, what does that save, and whose word does it rest on?"
)
_AT_TOP = 8  # kinds of tickets in the first part, which is one page


def write_report(
    posterior: Posterior,
    path: str | Path,
    *,
    costs: Costs | None = None,
    volume: float | None = None,
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
    volume : float, optional
        Tickets a month, which amounts are told for; by default as the dates of the data have it,
        and without dates amounts are per 1,000 tickets.
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
    ValueError
        If ``volume`` is no positive number.

    Notes
    -----
    A page of advice comes first: what to do, what it saves and how sure that is. A control in it
    shows the same for another cost of a failure and another volume; its script is in the file, as
    everything else, and the page reads as well without it. The analyst's part and the method can be
    folded; on paper they are open.

    Examples
    --------
    >>> import trust_router as tr
    >>> posterior = tr.solve(*tr.examples.load_seed())
    >>> costs = tr.Costs(simple=0.03, complex=3.0, failure=5.0)
    >>> tr.write_report(posterior, "report.html", costs=costs, volume=2000)  # doctest: +SKIP
    PosixPath('report.html')
    """
    check_posterior(posterior, allow_unconverged)
    if volume is not None:
        check_volume(volume)
    path = check_writable(path)
    html = render_report(
        posterior,
        costs=costs,
        volume=volume,
        title=title,
        question=question,
        command=command,
        sections=sections,
    )
    return write_text(path, html)


def render_report(
    posterior: Posterior,
    *,
    costs: Costs | None = None,
    volume: float | None = None,
    title: str = "Whom to trust",
    question: str = _QUESTION,
    command: str = "",
    sections: Sequence[str] = (),
) -> str:
    """Build the HTML of the report; see `write_report`."""
    told = brief(posterior, costs, volume)
    counted, money = told.effective, told.money
    names = told.outcomes.categories
    return render(
        "trust_router.show.reports",
        "report.html.j2",
        title=title,
        question=question,
        command=command,
        sections=sections,
        brief=told,
        record=record_text(told),
        volume=told.volume,
        advice=advice_of(told),
        play=play_of(money, told.volume, names, told.shown[:_AT_TOP])
        if money is not None and money.stated.holds
        else None,
        script=script(),
        script_hash=script_hash(),
        saved=saved,
        between=between,
        sentences=trust_sentences(told.stands),
        knowledge="" if told.knowledge is None else knowledge_sentence(told.knowledge),
        effective="" if counted is None else effective_sentence(counted),
        pictures=pictures(told),
        ci_prob=CI_PROB,
        ci_kind={"eti": "equal-tailed", "hdi": "highest-density"}[CI_KIND],
    )
