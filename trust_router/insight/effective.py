"""How many independent judges the judges of a panel count as."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from trust_router.basics.arrays import Array
from trust_router.basics.checks import check_interval, listed
from trust_router.basics.shown import Shown
from trust_router.basics.words import plain
from trust_router.defaults import CI_KIND, CI_PROB
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.insight.twin import SHARED_SD, Moments, at_least, moments, twin
from trust_router.insight.worth import normal_scores
from trust_router.learning.posterior import Posterior

__all__ = ["EffectiveJudges", "effective_judges", "effective_of"]

_DRAWS = 100
_ENOUGH = 20  # outcomes
_FEW = 4  # judges, below which a shared error cannot be told from difficulty
_KNOWS = 2.0  # errors of its correlation with the outcome, for a judge to know something
_COPY = 0.999


@dataclass(frozen=True, eq=False)
class EffectiveJudges(Shown):
    """How many independent judges, each as good as these on average, would know as much.

    Attributes
    ----------
    numbers : pandas.DataFrame
        Index ``most`` and ``least``; columns ``number``, ``lower``, ``upper``.
    judges : pandas.DataFrame
        Index judge; ``correlation`` of its ranks with the propensity behind the outcome, inside
        categories (negative if it ranks backwards), with ``lower`` and ``upper``; ``role``:
        ``"counts"``, ``"knows nothing"`` that these outcomes show, or ``"copy"`` of one above.
    ci_prob : float
    """

    numbers: pd.DataFrame
    judges: pd.DataFrame
    ci_prob: float

    def table(self) -> pd.DataFrame:
        """Tabulate the numbers; as ``numbers``."""
        return self.numbers.copy()

    def sentences(self) -> list[str]:
        """Say it in words, and which judges were left out."""
        role = self.judges["role"]
        count = int((role == "counts").sum())
        said = []
        for left, why in (
            ("knows nothing", "shows no knowledge beyond the category"),
            ("copy", "is a copy"),
        ):
            names = listed([plain(str(name)) for name in role.index[role == left]])
            said += [f"left out, since each {why}: {names}"] * bool((role == left).any())
        if count < 2:
            return [f"{count} judge{'s' * (count != 1)} of {len(role)} can be counted", *said]
        most, least = (
            f"{row.number:.1f} [{row.lower:.1f}, {row.upper:.1f}]"
            for row in self.numbers.itertuples()
        )
        few = count < _FEW
        found = (
            f"{count} judges count as at most {most} independent ones, and as {least} if outcomes "
            "owe nothing to luck"
        )
        why = "fewer than four cannot show an error that all share, so at most says nothing"
        return [found, *[why] * few, *said]

    def __repr__(self) -> str:
        return "; ".join(self.sentences())


def effective_judges(
    panel: Panel, beliefs: Beliefs, outcomes: Outcomes, *, ci_prob: float = CI_PROB
) -> EffectiveJudges:
    r"""Tell how many independent judges those of a panel count as.

    Parameters
    ----------
    panel, beliefs, outcomes
        As in `trust_router.fit`, with beliefs about tickets; weights play no part.
    ci_prob : float
        Of the intervals.

    Returns
    -------
    EffectiveJudges

    Raises
    ------
    ValueError
        If beliefs are about categories, there is one judge only, there are fewer than 20 outcomes,
        or no category has seen both.

    Notes
    -----
    Ranks of judges as normal scores :math:`z`, inside categories, and a probit outcome:

    .. math::

       z_{ij} = k_j t_i + l_j f_i + e_{ij}, \qquad e_{ij} \sim N(0, s_j^2), \qquad
       y_i = 1 \Leftrightarrow c\, t_i + \sqrt{1 - c^2}\, \epsilon_i > \text{threshold}_{c(i)},

    with difficulty :math:`t`, an error :math:`f` that judges share and luck :math:`\epsilon`, all
    standard normal. With :math:`\Sigma = l l' + \mathrm{diag}(s^2)`,

    .. math::

       \text{number} = k' \Sigma^{-1} k \,/\, \operatorname{mean}_j (k_j^2 / \Sigma_{jj}).

    The twin is fitted by minimum distance to the correlations of scores with each other and with
    the outcome (polyserial). An error that all judges share as they share knowledge is the same
    distribution as luck in the outcome, so outcomes bound the number and do not give it. ``most``
    takes as luck all that can be luck: it sees errors that some judges share more than others, and
    with fewer than four judges none; where they share several errors in groups it stays too high.
    ``least`` takes nothing as luck (:math:`c = 1`) and needs no assumption about the errors. Its
    interval is of draws of the correlations; that of ``most`` of fits to such draws with the prior
    of :math:`l` drawn as well.

    A judge that ranks backwards is turned round first. Judges that show no knowledge (correlation
    within two errors of 0) and copies of others do not count.

    Examples
    --------
    >>> effective_judges(panel, beliefs, outcomes)  # doctest: +SKIP
    6 judges count as at most 5.0 [4.4, 5.6] independent ones, and as 2.2 [2.0, 2.4] if outcomes ...
    """
    check_interval(ci_prob, CI_KIND)
    rows = match(panel, beliefs, outcomes)
    if reason := _cannot_tell(rows):
        raise ValueError(reason)
    return _counted(rows, ci_prob)


def effective_of(posterior: Posterior) -> EffectiveJudges | None:
    """Count the judges of what was fitted; None where `effective_judges` would raise."""
    return None if _cannot_tell(posterior.rows) else _counted(posterior.rows, CI_PROB)


def _cannot_tell(rows: Rows) -> str:
    """Say why judges cannot be counted; nothing if they can."""
    if rows.about == "category":
        return "beliefs must be about tickets; got beliefs about categories"
    if len(rows.judges) < 2:
        return f"one judge is one judge; got {listed(rows.judges)}"
    if (total := int(rows.trials.sum())) < _ENOUGH:
        return f"there must be {_ENOUGH} outcomes or more; got {total}"
    return "" if _tells(rows) else "some category must have seen both outcomes; none has"


def _counted(rows: Rows, ci_prob: float) -> EffectiveJudges:
    known = np.flatnonzero(rows.trials > 0)
    scores = np.where(np.isnan(rows.mean), np.nan, normal_scores(rows))[known]
    rows = rows.take(known)
    every = moments(rows, scores)
    table = _judges(rows.judges, every, ci_prob)
    counts = np.flatnonzero(table["role"] == "counts")
    number = len(counts)
    numbers = pd.DataFrame(
        float(number), index=pd.Index(["most", "least"]), columns=["number", "lower", "upper"]
    )
    if number > 1:
        turned = scores[:, counts] * np.sign(every.known[counts])
        numbers.loc[:, :] = _numbers(moments(rows, turned), ci_prob)
    return EffectiveJudges(numbers, table, ci_prob)


def _tells(rows: Rows) -> bool:
    needs, trials = (np.bincount(rows.slot, counts) for counts in (rows.needs, rows.trials))
    return bool(np.any((needs > 0) & (needs < trials)))


def _judges(names: tuple[str, ...], found: Moments, ci_prob: float) -> pd.DataFrame:
    """Tell which judges count."""
    error = np.sqrt(np.diag(found.covariance))[: found.number]
    knows = np.abs(found.known) > _KNOWS * error
    role = np.where(knows, "counts", "knows nothing").astype(object)
    same = np.abs(np.triu(found.correlation(), 1)) > _COPY
    role[same.any(axis=0) & knows] = "copy"
    wide = stats.norm.ppf((1 + ci_prob) / 2) * error
    columns = {
        "correlation": found.known,
        "lower": found.known - wide,
        "upper": found.known + wide,
        "role": role,
    }
    return pd.DataFrame(columns, index=pd.Index(names, name="judge"))


def _numbers(found: Moments, ci_prob: float) -> Array:
    """Give both numbers with their intervals, (number, column)."""
    rng = np.random.default_rng(0)
    best = twin(found)
    drawn = rng.multivariate_normal(found.values, found.covariance, _DRAWS, method="eigh")
    pull = rng.normal(0, SHARED_SD, (_DRAWS, found.number))
    near = [found.with_values(values) for values in drawn]
    most = [twin(each, best.point, at).effective for each, at in zip(near, pull, strict=True)]
    least = [at_least(each, drawn=2) for each in near]
    numbers = np.array([best.effective, at_least(found)])
    tails = [(1 - ci_prob) / 2, (1 + ci_prob) / 2]
    lower, upper = np.quantile([most, least], tails, axis=1)
    each = np.stack([numbers, np.minimum(lower, numbers), np.maximum(upper, numbers)], axis=1)
    return np.asarray(each.clip(1, found.number))
