"""The brief: every number of a report, computed once; text, tables and pictures draw on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from trust_router.decisions.costs import Costs
from trust_router.inputs.matches import Matches
from trust_router.insight.densities import router_densities
from trust_router.insight.effective import EffectiveJudges, effective_of
from trust_router.insight.knowledge import knowledge_of
from trust_router.insight.statements import judge_statements
from trust_router.learning.exact import closed_form
from trust_router.learning.findings import Finding, find
from trust_router.learning.posterior import Posterior
from trust_router.learning.unsettled import unsettled
from trust_router.show.reports.insights import Insights, insights_of
from trust_router.show.reports.money import Money, money_of
from trust_router.show.reports.standing import Standing, standing
from trust_router.show.reports.tables import learned_parameters
from trust_router.show.reports.volume import Volume, volume_of

if TYPE_CHECKING:
    from xarray import DataTree

    from trust_router.basics.densities import Density
    from trust_router.inputs.beliefs import About
    from trust_router.inputs.outcomes import Outcomes
    from trust_router.inputs.panel import Panel
    from trust_router.learning.diagnostics import Diagnostics
    from trust_router.learning.facts import Facts

__all__ = ["Brief", "Oracle", "brief"]

_MOST_ROWS = 100
_IN_ORDER = 20  # so many categories are listed as given, more by their number of tickets


@dataclass(frozen=True, eq=False)
class Oracle:
    """What the closed form says beside draws.

    Attributes
    ----------
    log_evidence : float
        Of the outcomes in their order.
    largest : float or None
        Largest difference of drawn trust from it, in Monte Carlo errors; None without draws.
    """

    log_evidence: float
    largest: float | None


@dataclass(frozen=True, eq=False)
class Brief:
    """What a report says of a posterior.

    Attributes
    ----------
    panel : Panel
    facts : Facts
    outcomes : Outcomes
        Counted by category.
    about : {"category", "ticket"}
        What beliefs are about.
    main : str
        Category with most outcomes, which stands for all where one must.
    shown : tuple of str
        Categories that are listed, those with most tickets first if there are many.
    trusted : tuple of str
        Labels of trust that are listed: ``shown``, or one where trust does not vary.
    statements : pandas.DataFrame
        As `judge_statements` gives them; with ``alpha``, ``beta`` and ``mean`` of the beliefs, if
        they are about one category.
    trust : pandas.DataFrame
        As `Posterior.trust` gives it; with ``leads`` (largest of its category) and, beside an
        oracle, ``closed_form`` and ``errors`` (difference from it in Monte Carlo errors).
    need : pandas.DataFrame
        As `Posterior.need` gives it, with the observed ``rate``.
    seats : pandas.DataFrame
        As `Posterior.seats` gives them in the category that ``stands`` is about; with
        ``router_mean`` (need there if the router is right), if routers have mixtures.
    densities : tuple of Density
        Of need in the main category, for each router that has a mixture.
    learned : pandas.DataFrame
        As `learned_parameters` gives them.
    findings : tuple of Finding
        What the outcomes say against judges.
    unsettled : tuple of str
        What they have not said about trust.
    knowledge : DataFrame or None
        As `panel_knowledge` gives it, where judges are pooled and spoke of tickets.
    effective : EffectiveJudges or None
        How many independent judges they count as, where outcomes can tell.
    stands : Standing
        Where trust stands in the main category.
    oracle : Oracle or None
        The closed form, where there is one.
    money : Money or None
        If costs were stated.
    volume : Volume
        How many tickets amounts are of.
    insights : Insights
        What else is told of judges, priors, time and the model.
    diagnostics : Diagnostics or None
        Of draws.
    chains : DataTree or None
        The draws themselves, to be looked at.
    provenance : dict
    """

    panel: Panel
    facts: Facts
    outcomes: Outcomes
    about: About
    main: str
    shown: tuple[str, ...]
    trusted: tuple[str, ...]
    statements: pd.DataFrame
    trust: pd.DataFrame
    need: pd.DataFrame
    seats: pd.DataFrame
    densities: tuple[Density, ...]
    learned: pd.DataFrame
    findings: tuple[Finding, ...]
    unsettled: tuple[str, ...]
    knowledge: pd.DataFrame | None
    effective: EffectiveJudges | None
    stands: Standing
    oracle: Oracle | None
    money: Money | None
    volume: Volume
    insights: Insights
    diagnostics: Diagnostics | None
    chains: DataTree | None
    provenance: Mapping[str, Any]

    @property
    def trials(self) -> int:
        """Tickets with a known outcome."""
        return int(self.outcomes.trials.sum())

    @property
    def needs(self) -> int:
        """How many of them needed the complex model."""
        return int(self.outcomes.needs.sum())

    @property
    def missing(self) -> int:
        """Tickets whose outcome nobody knows."""
        return int(self.outcomes.missing.sum())

    @property
    def matches(self) -> Matches | None:
        """How many outcomes found a belief, where it was counted."""
        return Matches.from_dict(self.provenance.get("matching"))

    @property
    def hidden(self) -> int:
        """How many categories are not listed."""
        return len(self.outcomes.categories) - len(self.shown)

    @property
    def by_volume(self) -> bool:
        """Whether categories are listed by their number of tickets."""
        return len(self.shown) > _IN_ORDER

    @property
    def some_silent(self) -> bool:
        """Whether a judge has said nothing about some tickets."""
        return bool(self.statements["silent"].any())

    @property
    def single(self) -> bool:
        """Whether beliefs are about one category alone."""
        return "alpha" in self.statements


def brief(posterior: Posterior, costs: Costs | None = None, volume: float | None = None) -> Brief:
    """Compute what a report says of a posterior, and of decisions if costs are stated."""
    outcomes, facts = posterior.outcomes, posterior.facts
    main = outcomes.categories[int(outcomes.trials.argmax())]
    shown = _shown(outcomes)
    trust, oracle = _trust_beside_oracle(posterior)
    need = posterior.need()
    stands = standing(posterior, trust, main)
    matches = posterior.rows.matches
    return Brief(
        panel=posterior.panel,
        facts=facts,
        outcomes=outcomes,
        about=posterior.rows.about,
        main=main,
        shown=shown,
        trusted=shown if facts.trust_varies else posterior.trust_categories,
        statements=_statements(posterior),
        trust=trust,
        need=need.assign(rate=need["needs"] / need["trials"]),
        seats=_seats(posterior, stands.category, main),
        densities=router_densities(posterior, main) if facts.has_mixtures else (),
        learned=learned_parameters(posterior),
        findings=find(posterior),
        unsettled=unsettled(posterior),
        knowledge=knowledge_of(posterior),
        effective=effective_of(posterior),
        stands=stands,
        oracle=oracle,
        money=None if costs is None else money_of(posterior, costs),
        volume=volume_of(volume, None if matches is None else matches.span),
        insights=insights_of(posterior, None if costs is None else costs.threshold),
        diagnostics=posterior.diagnostics,
        chains=posterior.data if posterior.has_draws else None,
        provenance=posterior.provenance,
    )


def _shown(outcomes: Outcomes) -> tuple[str, ...]:
    order = np.arange(len(outcomes.categories))
    if len(order) > _IN_ORDER:
        order = np.argsort(-outcomes.trials, kind="stable")[:_MOST_ROWS]
    return tuple(outcomes.categories[i] for i in order.tolist())


def _statements(posterior: Posterior) -> pd.DataFrame:
    rows, table = posterior.rows, judge_statements(posterior)
    if rows.about == "ticket" or len(rows.categories) > 1:
        return table
    return table.assign(alpha=rows.alpha[0], beta=rows.beta[0], mean=rows.mean[0])


def _trust_beside_oracle(posterior: Posterior) -> tuple[pd.DataFrame, Oracle | None]:
    trust = posterior.trust()
    trust["leads"] = trust["mean"] == trust.groupby("category")["mean"].transform("max")
    if not posterior.facts.closed_form:
        return trust, None
    exact = closed_form(posterior.panel, posterior.beliefs, posterior.outcomes)
    evidence = float(exact.log_evidence.sum())
    mcse = trust["mcse"].to_numpy()
    if not np.any(mcse > 0):
        return trust, Oracle(evidence, None)
    difference = trust["mean"].to_numpy() - exact.trust.ravel()
    errors = np.divide(difference, mcse, out=np.zeros_like(mcse), where=mcse > 0)
    beside = trust.assign(closed_form=exact.trust.ravel(), errors=errors)
    return beside, Oracle(evidence, float(np.abs(errors).max()))


def _seats(posterior: Posterior, label: str, main: str) -> pd.DataFrame:
    seats = posterior.seats().loc[[label]].droplevel("category")
    if not posterior.facts.has_mixtures:
        return seats
    names = posterior.panel.router_names
    means = {name: float(posterior.mixture(main, name).mean) for name in names}
    return seats.assign(router_mean=seats.index.get_level_values("router").map(means))
