"""Enough: how many outcomes it takes until more of them hardly help."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import special

from trust_router.basics.shown import Shown
from trust_router.defaults import CI_PROB
from trust_router.inputs.expected import expect
from trust_router.inputs.outcomes import Outcomes

__all__ = ["Enough", "outcomes_needed"]

# Tickets of the rarer outcome after which the pool had 90 % of what it gained over the rate alone:
# 61 on the support desk, 84 on MMLU-Pro `fails`, 176 on `needs`; see docs/evaluation.md.
_LEAST, _MOST = 60, 180
_RATE = 0.2  # of the rarer outcome, where it is not known
_TOO_FEW = 5  # of it, to know its rate


@dataclass(frozen=True, repr=False)
class Enough(Shown):
    """How many outcomes there are, and how many it takes.

    Attributes
    ----------
    known, rarer : int
        Tickets with a known outcome, and of these those with the rarer of the two.
    least, most : int
        Outcomes that it takes in all, at the rate at which the rarer one has come so far; where
        there are fewer than 5 of it, at one in five.
    few_least, few_most : int
        Of the rarer outcome.
    ci_prob : float
        Of the interval of that rate, which is part of the range.
    """

    known: int
    rarer: int
    least: int
    most: int
    few_least: int = _LEAST
    few_most: int = _MOST
    ci_prob: float = CI_PROB

    @property
    def missing(self) -> tuple[int, int]:
        """How many more it takes, at least and at most."""
        if self.rarer >= self.few_most:
            return 0, 0
        least = 0 if self.rarer >= self.few_least else max(0, self.least - self.known)
        return least, max(least, self.most - self.known)

    def __str__(self) -> str:
        least, most = self.missing
        have = f"{self.known:,} outcomes, {self.rarer:,} of the rarer kind"
        if self.rarer < _TOO_FEW:
            return (
                f"{have}: not enough, for it takes {self.few_least} to {self.few_most} of that "
                f"kind; {least:,} to {most:,} more outcomes if one in five is of it, which is not "
                "known yet"
            )
        takes = f"it takes {self.few_least} to {self.few_most} of that kind"
        if not most:
            return f"{have}: enough, for {takes}"
        if not least:
            return f"{have}: perhaps enough, for {takes}; at most {most:,} more outcomes"
        return f"{have}: not enough, for {takes}; {least:,} to {most:,} more outcomes"


def outcomes_needed(outcomes: Outcomes, *, ci_prob: float = CI_PROB) -> Enough:
    """Tell how many outcomes it takes until more of them hardly help.

    Parameters
    ----------
    outcomes : Outcomes
    ci_prob : float
        Of the interval of the rate at which the rarer outcome comes.

    Returns
    -------
    Enough

    Notes
    -----
    What a model can learn from yes and no goes with the rarer of the two. With 60 to 180 of it the
    pool had 90 % of what it gained in log loss over the rate alone after all outcomes: 61 on the
    bundled support desk, 84 and 176 on the two targets of MMLU-Pro. Divided by the ends of the
    interval of the rate, that is the range of outcomes. Where judges know nothing, no number is
    enough; where tickets are escalated untried, outcomes say little of such tickets however
    many there are.

    Examples
    --------
    >>> outcomes_needed(Outcomes(["refund"], trials=[100], needs=[20])).missing
    (123, 1163)
    """
    expect(outcomes, Outcomes, "outcomes")
    known, needs = int(outcomes.trials.sum()), int(outcomes.needs.sum())
    rarer = min(needs, known - needs)
    low, high = (0.5 - ci_prob / 2, 0.5 + ci_prob / 2)
    if rarer >= _TOO_FEW:
        ends = [special.betaincinv(rarer + 0.5, known - rarer + 0.5, p) for p in (low, high)]
    else:
        ends = [_RATE, _RATE]
    return Enough(known, rarer, round(_LEAST / ends[1]), round(_MOST / ends[0]), ci_prob=ci_prob)
