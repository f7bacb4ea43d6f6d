"""Where trust stands: the numbers that are told in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.defaults import ALL_CATEGORIES, CI_PROB
from trust_router.learning.chains import flat
from trust_router.learning.facts import Facts
from trust_router.learning.findings import constant_judges
from trust_router.learning.posterior import Posterior

__all__ = ["Share", "Standing", "standing"]


@dataclass(frozen=True)
class Share:
    """How often a router is the right one over all categories, with its interval."""

    router: str
    mean: float
    lower: float
    upper: float


@dataclass(frozen=True, eq=False)
class Standing:
    """Trust in one category, before and after the outcomes.

    Attributes
    ----------
    category : str
        Its label; ``"all categories"`` where trust is the same in all.
    alone : bool
        Whether trust has no other category than this one.
    facts : Facts
    routers : tuple of str
    before, after, lower, upper : ndarray, shape (router,)
        Initial trust, trust, and its interval.
    trials, needs : int
        Outcomes that trust was learned from, and how many needed the complex model.
    leads : float
        Probability that the most trusted router is that indeed; NaN where trust has no draws of
        its own.
    share : Share or None
        Of the router that leads over all categories, where that is learned.
    ranked : ndarray of bool, shape (router,)
        Routers whose trust can be learned: those that have a judge who does not always say the
        same; all, if fewer than two have.
    """

    category: str
    alone: bool
    facts: Facts
    routers: tuple[str, ...]
    before: Array
    after: Array
    lower: Array
    upper: Array
    trials: int
    needs: int
    leads: float
    share: Share | None
    ranked: NDArray[np.bool_]

    @property
    def best(self) -> int:
        """Position of the most trusted router that is ranked; the first of equals."""
        return int(np.where(self.ranked, self.after, -1.0).argmax())

    @property
    def worst(self) -> int:
        """Position of the least trusted router; the last of equals."""
        ranked = np.where(self.ranked, self.after, np.inf)
        return len(ranked) - 1 - int(ranked[::-1].argmin())

    @property
    def bayes_factor(self) -> float:
        """How much the outcomes speak for the most against the least trusted router."""
        before, after, best, worst = self.before, self.after, self.best, self.worst
        with np.errstate(divide="ignore"):
            return float(after[best] / before[best] * before[worst] / after[worst])


def standing(posterior: Posterior, trust: pd.DataFrame, category: str) -> Standing:
    """Find where trust stands in a category, from its table as `Posterior.trust` gives it.

    Raises
    ------
    ValueError
        If the category is unknown.
    """
    outcomes, facts = posterior.outcomes, posterior.facts
    at = outcomes.position(category)
    counted = slice(at, at + 1) if facts.trust_varies else slice(None)
    label = category if facts.trust_varies else ALL_CATEGORIES
    columns = ["initial", "mean", "lower", "upper"]
    ranked = _ranked(posterior)
    before, after, lower, upper = trust.loc[label][columns].to_numpy().T
    return Standing(
        category=label,
        alone=len(posterior.trust_categories) == 1,
        facts=facts,
        routers=posterior.panel.router_names,
        before=before,
        after=after,
        lower=lower,
        upper=upper,
        trials=int(outcomes.trials[counted].sum()),
        needs=int(outcomes.needs[counted].sum()),
        leads=_leads(posterior, label, ranked) if facts.pooled else np.nan,
        share=_share(posterior) if facts.borrows else None,
        ranked=ranked,
    )


def _ranked(posterior: Posterior) -> NDArray[np.bool_]:
    seats = posterior.panel.seats
    says = ~constant_judges(posterior.rows, pooled=posterior.facts.pooled)[seats.judge]
    ranked = np.bincount(seats.router, says, minlength=len(posterior.panel.routers)) > 0
    return ranked if ranked.sum() > 1 else np.ones_like(ranked)


def _leads(posterior: Posterior, label: str, ranked: NDArray[np.bool_]) -> float:
    draws = posterior.data["posterior"].to_dataset()["trust"]
    if "category" in draws.dims:
        draws = draws.sel(category=label)
    trust = flat(draws, "router")[:, ranked]
    return float((trust.argmax(axis=1) == trust.mean(axis=0).argmax()).mean())


def _share(posterior: Posterior) -> Share | None:
    draws = posterior.data["posterior"].to_dataset()
    if "share" not in draws:
        return None
    share = flat(draws["share"], "router")
    best = int(share.mean(axis=0).argmax())
    lower, upper = np.quantile(share[:, best], [(1 - CI_PROB) / 2, (1 + CI_PROB) / 2]).tolist()
    name = posterior.panel.router_names[best]
    return Share(name, float(share[:, best].mean()), lower, upper)
