"""What of a posterior a picture shows: which category, which of many, and their labels."""

from __future__ import annotations

import numpy as np
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from trust_router.learning.posterior import Posterior
from trust_router.show.plots.drawing import INK, short

__all__ = ["busiest", "interval_handle", "only_category", "router_label", "trust_category"]

_MOST_CATEGORIES = 20


def busiest(posterior: Posterior) -> tuple[NDArray[np.intp], str]:
    """Positions of the categories that fit into a picture, and words about the others."""
    trials = posterior.outcomes.trials
    if len(trials) <= _MOST_CATEGORIES:
        return np.arange(len(trials)), ""
    order = np.argsort(-trials, kind="stable")[:_MOST_CATEGORIES]
    return order, f"\n({_MOST_CATEGORIES} of {len(trials)} categories, those with most trials)"


def only_category(posterior: Posterior, category: str | None) -> str:
    """Give a category that is known; it may be left out where there is only one."""
    known = posterior.outcomes.categories
    if category is None and len(known) > 1:
        raise ValueError(f"`category` must be given, there are {len(known)}; e.g. {known[0]!r}")
    category = known[0] if category is None else category
    posterior.outcomes.position(category)
    return category


def trust_category(posterior: Posterior, category: str | None) -> str:
    """Label of a category, known or the only one, in the tables of trust."""
    if category is not None:
        posterior.outcomes.position(category)
    return category if category in posterior.trust_categories else posterior.trust_categories[0]


def router_label(posterior: Posterior, name: str, sep: str = "\n") -> str:
    """Name a router, with its nickname if it has one."""
    nickname = posterior.panel.routers[posterior.panel.router_position(name)].nickname
    return short(name) + (f"{sep}{short(nickname)}" if nickname else "")


def interval_handle(posterior: Posterior, ci_prob: float, colour: str = INK) -> Line2D:
    """Line of a legend that says what an interval is over."""
    over = "" if posterior.facts.pooled else " over draws"
    return Line2D([], [], color=colour, lw=1.2, label=f"{ci_prob:.0%} interval{over}")
