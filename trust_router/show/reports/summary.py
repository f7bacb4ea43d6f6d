"""The summary: the first part of a report, put together from its brief."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from trust_router.basics.words import number
from trust_router.inputs.periods import spoken
from trust_router.show.reports.advice import (
    do_sentences,
    kinds_of,
    saving_sentence,
    sure_sentence,
)
from trust_router.show.reports.brief import Brief
from trust_router.show.reports.sentences import trust_sentences
from trust_router.show.reports.watch import judges_sentences, watch_sentences

__all__ = ["Advice", "advice_of"]


@dataclass(frozen=True)
class Advice:
    """What a manager reads first.

    Attributes
    ----------
    do : tuple of str
        What to do with which tickets; empty without costs.
    saving, sure : str
        What that saves, and how sure it is; blank without costs.
    judges : tuple of str
        Whom to ask.
    watch : tuple of str
    data : str
        From what, and from when to when.
    """

    do: tuple[str, ...]
    saving: str
    sure: str
    judges: tuple[str, ...]
    watch: tuple[str, ...]
    data: str


def advice_of(brief: Brief) -> Advice:
    """Say what to do, from the numbers of a brief."""
    money, insights = brief.money, brief.insights
    do: tuple[str, ...] = ()
    saving, sure = "", ""
    categories = brief.outcomes.categories
    whole: tuple[str, ...] = ()
    if money is not None:
        kinds = kinds_of(categories, money.stated.escalated.tolist())
        whole = kinds.first + kinds.straight
        do = do_sentences(kinds)
        if not money.stated.holds:
            do = ("Do not route by these judges yet. Until they have been looked at:", *do)
        saving = saving_sentence(money, brief.volume)
        certainty = pd.Series(money.stated.certainty, index=categories)
        sure = sure_sentence(money, certainty[list(whole)])
    asked = brief.about == "ticket"
    return Advice(
        do,
        saving,
        sure,
        judges_sentences(brief.panel.judge_names, brief.findings, insights.worth)
        if asked
        else trust_sentences(brief.stands)[:1],
        (() if money is None else money.against)
        + watch_sentences(
            brief.findings,
            brief.outcomes,
            brief.matches,
            insights.selection,
            insights.drift,
            whole=whole,
            pooled=brief.facts.pooled,
        ),
        _data(brief),
    )


def _data(brief: Brief) -> str:
    tickets = brief.trials + brief.missing
    known = f"{number(brief.trials, 0)} outcome{'s' * (brief.trials != 1)}"
    among = "" if tickets == brief.trials else f" among {number(tickets, 0)} tickets"
    span = None if brief.matches is None else brief.matches.span
    if span is None:
        return f"From {known}{among}; the data have no dates."
    first, last = (spoken(day).removeprefix("on ") for day in (span.first, span.last))
    when = f"of {first}" if first == last else f"from {first} to {last}"
    return f"From {known}{among}, {when}."
