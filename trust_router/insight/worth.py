"""What each judge is worth beside the others, from one fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special, stats

from trust_router.basics.arrays import Array
from trust_router.basics.checks import check_interval, listed
from trust_router.basics.shown import Shown
from trust_router.basics.words import plain
from trust_router.defaults import CI_KIND, CI_PROB, CiKind
from trust_router.inputs.rows import Rows
from trust_router.learning.gate import check_posterior
from trust_router.learning.judge_table import drawn_interval, need_of_all, tickets_of
from trust_router.learning.posterior import Posterior

__all__ = ["JudgeWorth", "judge_worth", "normal_scores"]

_DRAWS = 200
_RIDGE = 1e-9  # so that judges who say the same do no harm


@dataclass(frozen=True, eq=False)
class JudgeWorth(Shown):
    """What would be lost without each judge, if the others were made the best of.

    Attributes
    ----------
    judges : pandas.DataFrame
        Index judge; ``change`` of the expected log loss per ticket without it, with ``lower`` and
        ``upper``, and ``repeated``: the share of what it says (as ranks) that can be told from what
        the others say.
    loss : float
        Expected log loss per ticket with all judges.
    of : str
        ``"expected"``: of the fit itself, not of tickets held out.
    ci_prob : float
    """

    judges: pd.DataFrame
    loss: float
    ci_prob: float
    of: str = "expected"

    def table(self) -> pd.DataFrame:
        """Tabulate the judges; columns as in ``judges``."""
        return self.judges.copy()

    def sentences(self) -> list[str]:
        """Say for each judge what would be lost without it."""
        return [
            f"without {plain(str(judge))} the log loss per ticket rises by {row.change:.4f} "
            f"[{row.lower:.4f}, {row.upper:.4f}]; {row.repeated:.0%} of what it says the others "
            "say as well"
            for judge, row in zip(self.judges.index, self.judges.itertuples(), strict=True)
        ]

    def __repr__(self) -> str:
        return "\n".join(self.sentences())


def judge_worth(
    posterior: Posterior,
    *,
    ci_prob: float = CI_PROB,
    ci_kind: CiKind = CI_KIND,
    allow_unconverged: bool = False,
) -> JudgeWorth:
    r"""Tell what each judge adds to the others, without fitting again.

    Parameters
    ----------
    posterior : Posterior
        Of a model that predicts tickets, with two judges or more.
    ci_prob, ci_kind
        Of the intervals over draws.
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Returns
    -------
    JudgeWorth

    Raises
    ------
    ValueError
        If there is one judge only, or the model predicts no tickets.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Notes
    -----
    Each draw of the model is the truth in its turn. The log odds of need that it gives to all
    tickets are told, by least squares, from categories, scores of judges and products of two of
    them: once from all judges and once from all but one. The loss of foretelling from the latter
    less that from the former is what the judge adds. A copy of another judge adds nothing, a coin
    hardly anything, one that ranks backwards as much as one that ranks as well forwards.
    `trust_router.evaluation.drop_judge` fits again, and measures on outcomes.

    Errors of judges given the outcome are no measure of who repeats whom: tickets of the same
    outcome still differ in need, so that judges whose errors are independent correlate as well.

    Examples
    --------
    >>> judge_worth(posterior)  # doctest: +SKIP
    without haiku the log loss per ticket rises by 0.0121 [0.0093, 0.0150]; 31% of what it says ...
    """
    check_posterior(posterior, allow_unconverged)
    check_interval(ci_prob, ci_kind)
    rows = posterior.rows
    if len(rows.judges) < 2:
        raise ValueError(f"judges are worth something beside others; got {listed(rows.judges)}")
    need = need_of_all(posterior, _DRAWS).T
    weight = tickets_of(rows)
    weight = weight / weight.sum()
    log_odds = special.logit(need.clip(1e-9, 1 - 1e-9))
    scores = normal_scores(rows)

    def loss(judges: list[int]) -> Array:
        told = special.expit(_told(_features(rows, scores[:, judges]), log_odds, weight))
        return np.asarray(-weight @ (special.xlogy(need, told) + special.xlogy(1 - need, 1 - told)))

    judges = list(range(len(rows.judges)))
    full = loss(judges)
    others = [[k for k in judges if k != j] for j in judges]
    change = np.stack([loss(rest) - full for rest in others], axis=-1)
    lower, upper = drawn_interval(change, ci_prob, ci_kind)
    columns = {
        "change": change.mean(axis=0),
        "lower": lower,
        "upper": upper,
        "repeated": [
            _explained(scores[:, j], scores[:, rest], weight)
            for j, rest in zip(judges, others, strict=True)
        ],
    }
    table = pd.DataFrame(columns, index=pd.Index(rows.judges, name="judge"))
    return JudgeWorth(table, float(full.mean()), ci_prob)


def normal_scores(rows: Rows) -> Array:
    """Give normal scores of what judges say, (row, judge); 0 where they are silent."""
    scores = np.zeros(rows.alpha.shape)
    weight = tickets_of(rows)
    for j, stated in enumerate(rows.mean.T):
        heard = ~np.isnan(stated)
        place = np.unique(stated[heard], return_inverse=True)[1]
        count = np.bincount(place, weight[heard])
        middle = (count.cumsum() - count / 2) / max(count.sum(), 1)
        scores[heard, j] = stats.norm.ppf(middle[place].clip(1e-6, 1 - 1e-6))
    return scores


def _features(rows: Rows, scores: Array) -> Array:
    """Categories, scores and products of two scores, (row, feature)."""
    slots, place = np.unique(rows.slot, return_inverse=True)
    categories = np.eye(len(slots))[place]
    first, second = np.triu_indices(scores.shape[1])
    return np.hstack([categories, scores, scores[:, first] * scores[:, second]])


def _told(features: Array, values: Array, weight: Array) -> Array:
    """Weighted least squares of values on features, (row, ...)."""
    weighted = features * weight[:, None]
    square = features.T @ weighted
    square[np.diag_indices_from(square)] += _RIDGE
    return np.asarray(features @ np.linalg.solve(square, weighted.T @ values))


def _explained(score: Array, others: Array, weight: Array) -> float:
    """Share of the variance of a score that the others explain."""
    features = np.hstack([np.ones((len(score), 1)), others])
    rest = score - _told(features, score[:, None], weight)[:, 0]
    middle = score @ weight
    total = float((score - middle) ** 2 @ weight)
    return 1 - float(rest**2 @ weight) / total if total > 0 else float("nan")
