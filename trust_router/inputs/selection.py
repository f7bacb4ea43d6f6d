"""Selection: a category of which only some tickets were tried, so that its counts may mislead."""

from __future__ import annotations

import warnings

import numpy as np

from trust_router.inputs.outcomes import Outcomes

__all__ = ["warn_of_selection"]


def warn_of_selection(outcomes: Outcomes, stacklevel: int = 3) -> None:
    """Warn where counts of a category are those of the tickets that the simple model tried.

    Whoever escalates tickets that look hard counts the easy ones: need comes out too low. Beliefs
    about tickets tell the two apart; beliefs about their category cannot.

    Warns
    -----
    UserWarning
        If a category has outcomes, and tickets that the complex model alone answered.
    """
    some = np.flatnonzero((outcomes.trials > 0) & (outcomes.untried > 0))
    if not len(some):
        return
    alone, rest = int(outcomes.untried[some[0]]), len(some) - 1
    warnings.warn(
        f"the complex model alone answered {alone:,} ticket{'s' * (alone != 1)} of category "
        f"{outcomes.categories[some[0]]!r}{f' (and some of {rest} more)' * bool(rest)}; if "
        "tickets are escalated because they look hard, counts of the others make need too low: "
        "take beliefs about tickets, which tell them apart, or outcomes of tickets drawn by lot",
        UserWarning,
        stacklevel=stacklevel,
    )
