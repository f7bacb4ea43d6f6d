"""An alarm: whether need no longer follows the judges as it did, with a rate of false alarms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from trust_router.basics.changing import log_evidence_of_change
from trust_router.basics.checks import shown
from trust_router.basics.shown import Shown
from trust_router.basics.words import plain
from trust_router.defaults import ALARM_RATE
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.periods import Clock, Every, spoken
from trust_router.inputs.rows import Rows
from trust_router.learning.models.pooling import Pooling

__all__ = ["Alarm", "alarm_of", "drift_alarm"]

TOGETHER, PANEL = "together", "the panel"


@dataclass(frozen=True, eq=False)
class Alarm(Shown):
    """Evidence, period by period, that something has changed.

    Attributes
    ----------
    log_evidence : pandas.DataFrame
        Index period; log of the e-process of the whole panel's score, and of each judge's, and
        ``together``: of their average.
    rate : float
        Probability of a false alarm, at most, however long it runs.
    """

    log_evidence: pd.DataFrame
    rate: float

    @property
    def raised(self) -> str | None:
        """The first period in which the evidence together reached one over the rate; None: none."""
        over = self.log_evidence.index[self.log_evidence[TOGETHER] >= -np.log(self.rate)]
        return str(over[0]) if len(over) else None

    @property
    def p_value(self) -> float:
        """The lowest rate at which there would be an alarm by now; valid at any time."""
        return float(min(1.0, np.exp(-self.log_evidence[TOGETHER].max())))

    @property
    def about(self) -> str | None:
        """What speaks most clearly of a change when the alarm is raised: the panel, or a judge."""
        if self.raised is None:
            return None
        return str(self.log_evidence.drop(columns=TOGETHER).loc[self.raised].idxmax())

    def table(self) -> pd.DataFrame:
        """Tabulate the evidence; columns as in ``log_evidence``."""
        return self.log_evidence.copy()

    def __repr__(self) -> str:
        promise = f"{self.rate:.1%} of false alarms at most"
        if self.raised is None:
            return f"no alarm ({promise}; p = {self.p_value:.2g})"
        return (
            f"alarm {spoken(self.raised)}: need no longer follows {plain(str(self.about))} as it "
            f"did ({promise}; p = {self.p_value:.2g})"
        )


def drift_alarm(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    every: Every = "week",
    time_zone: str = "UTC",
    rate: float = ALARM_RATE,
) -> Alarm:
    r"""Tell whether need has changed, or how it follows the judges; without a fit.

    Parameters
    ----------
    panel, beliefs, outcomes
        As in `trust_router.fit`, with the time of every outcome.
    every : {"day", "week", "month"}
        After which periods it is looked at.
    time_zone : str
        Whose midnight a day begins with.
    rate : float
        Probability of a false alarm.

    Raises
    ------
    ValueError
        If an outcome has no time, or the rate is none.

    Notes
    -----
    For the panel's score, and for each judge's, need is regressed on it, and
    `trust_router.basics.changing` holds one that changes against one that never does. Each of
    these e-processes has the expected value 1 at most while nothing changes, and so has their
    average: it ever reaches :math:`1/\alpha` with probability :math:`\alpha` at most, in a year or
    in ten. Scores are ranks among all tickets and use no outcome. What is no change of need given
    the scores, as more tickets of a hard category, raises no alarm by itself.

    Examples
    --------
    >>> alarm = drift_alarm(panel, beliefs, outcomes)  # doctest: +SKIP
    >>> alarm.raised  # doctest: +SKIP
    '2026-W31'
    """
    clock = Clock(every, time_zone)
    return alarm_of(match(panel, beliefs, outcomes, warn=False, clock=clock), panel, rate)


def alarm_of(rows: Rows, panel: Panel, rate: float) -> Alarm:
    """Compute the alarm of rows that know their periods."""
    if not 0 < rate < 1:
        raise ValueError(f"`rate` must lie between 0 and 1; got {shown(rate)}")
    known = rows.known()
    if known.period is None or not len(known):
        raise ValueError("an alarm needs outcomes whose time is known; there are none")
    pooling = Pooling.of(panel, rows, "rank")
    scores = {PANEL: pooling.pooled(known).mean}
    if len(panel.judges) > 1:
        scores |= dict(zip(panel.judge_names, pooling.scores(known).T, strict=True))
    found = {}
    for name, score in scores.items():
        heard = ~np.isnan(score)
        counts = known.needs[heard], known.trials[heard]
        found[name] = log_evidence_of_change(
            score[heard], *counts, known.period[heard], len(rows.periods)
        )
    average = special.logsumexp(list(found.values()), axis=0) - np.log(len(found))
    index = pd.Index(rows.periods, name="period")
    return Alarm(pd.DataFrame(found | {TOGETHER: average}, index=index), rate)
