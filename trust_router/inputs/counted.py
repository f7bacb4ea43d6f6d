"""Beliefs about tickets that were counted where they lie: distinct rows, and how many each is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from trust_router.basics.arrays import Counts
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matches import Matches
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.periods import Clock
from trust_router.inputs.rows import Rows, positions
from trust_router.inputs.said import said

__all__ = ["CountedBeliefs", "counted_rows"]


@dataclass(frozen=True, eq=False, init=False, repr=False)
class CountedBeliefs(Beliefs):
    """Beliefs about distinct rows: each label stands for all tickets that look alike.

    Parameters
    ----------
    beliefs : Beliefs
        About tickets; a label for each distinct row.
    number : array_like of int, shape (label,)
        Tickets of each row.
    trials, needs : array_like of int, shape (label,), optional
        Those with a known outcome, and of these how many needed the complex model; default: none.

    Raises
    ------
    ValueError
        If beliefs are not about tickets, or the counts are none of such rows.

    Examples
    --------
    >>> one = Beliefs(["1"], ["gpt"], alpha=[[3]], beta=[[1]], about="ticket")
    >>> CountedBeliefs(one, number=[500], trials=[400], needs=[90])
    CountedBeliefs(500 tickets in 1 distinct row, 1 judge, 400 trials, 90 needs)
    """

    number: Counts
    trials: Counts
    needs: Counts

    def __init__(
        self,
        beliefs: Beliefs,
        number: ArrayLike,
        trials: ArrayLike | None = None,
        needs: ArrayLike | None = None,
    ) -> None:
        if beliefs.about != "ticket":
            raise ValueError("counted beliefs must be about tickets; got some about categories")
        super().__init__(
            beliefs.labels,
            beliefs.judges,
            beliefs.alpha,
            beliefs.beta,
            about="ticket",
            category=beliefs.category,
        )
        none = np.zeros(len(beliefs), dtype=np.int64)
        given = {"number": number, "trials": trials, "needs": needs}
        for name, values in given.items():
            counts = np.array(none if values is None else values, dtype=np.int64)
            if counts.shape != none.shape or (counts < 0).any():
                raise ValueError(
                    f"`{name}` must be a count of 0 or more for each of {len(beliefs)} rows"
                )
            counts.setflags(write=False)
            object.__setattr__(self, name, counts)
        if (self.needs > self.trials).any() or (self.trials > self.number).any():
            raise ValueError("`needs` cannot exceed `trials`, nor these `number`")

    def __repr__(self) -> str:
        rows, judges = len(self), len(self.judges)
        return (
            f"CountedBeliefs({self.number.sum():,} tickets in {rows:,} distinct "
            f"row{'s' * (rows != 1)}, {judges} judge{'s' * (judges != 1)}, "
            f"{self.trials.sum():,} trials, {self.needs.sum():,} needs)"
        )

    def __add__(self, later: Beliefs) -> Beliefs:
        raise ValueError(
            "counted beliefs do not add up, for nobody knows which tickets they share; count all "
            "tables as one"
        )


def counted_rows(
    panel: Panel, beliefs: CountedBeliefs, outcomes: Outcomes, clock: Clock | None, *, partly: bool
) -> Rows:
    """Bring beliefs together with the outcomes that were counted with them; as `match` does.

    Raises
    ------
    ValueError
        If the outcomes are others, a judge never speaks, or periods are asked for.
    """
    if clock is not None:
        raise ValueError("drift is learned from single tickets with their times; got counted ones")
    found = (int(beliefs.trials.sum()), int(beliefs.needs.sum()), set(beliefs.category))
    if (int(outcomes.trials.sum()), int(outcomes.needs.sum()), set(outcomes.categories)) != found:
        raise ValueError(
            "counted beliefs go with the outcomes that were counted with them; got "
            f"{found[0]:,} trials and {int(outcomes.trials.sum()):,}"
        )
    at = np.arange(len(beliefs))
    alpha, beta = said(panel, beliefs, beliefs.category, at, must_speak=not partly)
    rows = Rows(
        "ticket",
        outcomes.categories,
        panel.judge_names,
        positions(beliefs.category, outcomes.categories),
        alpha,
        beta,
        beliefs.trials,
        beliefs.needs,
        beliefs.number,
    )
    silent = np.isnan(alpha).all(axis=1)
    matches = Matches(
        "ticket",
        outcomes=found[0],
        matched=found[0],
        beliefs=int(beliefs.number.sum()),
        without_outcome=int((beliefs.number - beliefs.trials).sum()),
        silent=int(beliefs.number[silent].sum()),
        unseen=int((outcomes.trials == 0).sum()),
        observed=outcomes.observed,
    )
    return replace(rows, matches=matches).merged()
