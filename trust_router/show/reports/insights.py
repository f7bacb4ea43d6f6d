"""Insights: what outcomes say of judges, priors, time and the model, as far as it applies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from trust_router.evaluation.predictive import holds_predictive, loo_pit, predictive_check
from trust_router.insight.calibration import calibration_of
from trust_router.insight.reliability import foretold_reliability
from trust_router.insight.selection import selection
from trust_router.insight.worth import judge_worth
from trust_router.learning.posterior import Posterior

if TYPE_CHECKING:
    import pandas as pd

    from trust_router.evaluation.predictive import LooPit
    from trust_router.insight.calibration import JudgeCalibration
    from trust_router.insight.drifting import Drift
    from trust_router.insight.selection import Selection
    from trust_router.insight.sensitivity import PriorSensitivity
    from trust_router.insight.worth import JudgeWorth

__all__ = ["Insights", "insights_of"]

_SURE = 0.99  # a page is written every Monday, and should not cry wolf every ninth
_MANY = 4000  # different tickets; each of these takes minutes with more
_FEW, _FEW_CATEGORIES = 20, 3  # outcomes, and categories of which a line can be told


@dataclass(frozen=True, eq=False)
class Insights:
    """What is told beside trust, need and money; None where it does not apply.

    Attributes
    ----------
    calibration : JudgeCalibration or None
        How far off each judge is.
    worth : JudgeWorth or None
        What each judge adds, and how much of what it says others repeat.
    sensitivity : PriorSensitivity or None
        Whether trust is the doing of priors.
    drift : Drift or None
        What changed, where the model may.
    reliability : pandas.DataFrame or None
        What was foretold of tickets from all others beside what happened.
    check : pandas.DataFrame or None
        Outcomes of each category beside those that the model would bring forth.
    pit : LooPit or None
    selection : Selection or None
        How far conclusions hold if tickets without an outcome are not what they look.
    skipped : tuple of str
        What was left out because tickets are many, and where to get it.
    """

    calibration: JudgeCalibration | None
    worth: JudgeWorth | None
    sensitivity: PriorSensitivity | None
    drift: Drift | None
    reliability: pd.DataFrame | None
    check: pd.DataFrame | None
    pit: LooPit | None
    selection: Selection | None
    skipped: tuple[str, ...]


def insights_of(posterior: Posterior, threshold: float | None) -> Insights:
    """Compute what applies, and say what is left out because tickets are many."""
    skipped: list[str] = []
    single, past = posterior.rows.about == "ticket", posterior.foretold
    enough = single and past is not None and past.tickets.sum() >= _FEW
    return Insights(
        calibration=_calibration(posterior),
        worth=_worth(posterior, skipped),
        sensitivity=_sensitivity(posterior, skipped),
        drift=_drift(posterior),
        reliability=foretold_reliability(past) if enough and past is not None else None,
        check=_check(posterior),
        pit=_pit(posterior, skipped),
        selection=_selection(posterior, threshold, skipped),
        skipped=tuple(skipped),
    )


def _calibration(posterior: Posterior) -> JudgeCalibration | None:
    known = posterior.rows.known()
    one = known.about == "category" and len(known) < _FEW_CATEGORIES
    return None if one or not len(known) or posterior.noise is not None else calibration_of(known)


def _worth(posterior: Posterior, skipped: list[str]) -> JudgeWorth | None:
    rows = posterior.rows
    if rows.about != "ticket" or len(rows.judges) < 2 or not posterior.facts.predicts:
        return None
    if _too_many(len(rows), "what each judge is worth (`tr.insight.judge_worth`)", skipped):
        return None
    return judge_worth(posterior, allow_unconverged=True)


def _sensitivity(posterior: Posterior, skipped: list[str]) -> PriorSensitivity | None:
    learned = posterior.has_draws and "share" in posterior.data["posterior"].data_vars
    several = len(posterior.panel.routers) > 1 and "sample_stats" in posterior.data.children
    if not (learned and several and (posterior.facts.pooled or posterior.facts.borrows)):
        return None
    outcomes = len(posterior.rows.known())
    if _too_many(outcomes, "sensitivity to priors (`tr.insight.prior_sensitivity`)", skipped):
        return None
    from trust_router.insight.sensitivity import prior_sensitivity  # loads PyMC

    return prior_sensitivity(posterior, allow_unconverged=True)


def _drift(posterior: Posterior) -> Drift | None:
    drawn = posterior.has_draws and "level_step" in posterior.data["posterior"].data_vars
    if not drawn:
        return None
    from trust_router.insight.drifting import drift  # loads PyMC

    return drift(posterior, allow_unconverged=True)


def _check(posterior: Posterior) -> pd.DataFrame | None:
    known = len(posterior.rows.known()) and posterior.noise is None
    return predictive_check(posterior, allow_unconverged=True) if known else None


def _pit(posterior: Posterior, skipped: list[str]) -> LooPit | None:
    outcomes = len(posterior.rows.known())
    if outcomes < _FEW or not holds_predictive(posterior):
        return None
    if _too_many(outcomes, "LOO-PIT (`tr.evaluation.loo_pit`)", skipped):
        return None
    return loo_pit(posterior, ci_prob=_SURE, allow_unconverged=True)


def _selection(
    posterior: Posterior, threshold: float | None, skipped: list[str]
) -> Selection | None:
    observed = None if posterior.rows.matches is None else posterior.rows.matches.observed
    if threshold is None or observed is None or not observed.untried:
        return None
    what = "how far decisions hold for tickets without an outcome (`tr.insight.selection`)"
    if _too_many(len(posterior.rows), what, skipped):
        return None
    return selection(posterior, threshold=threshold, allow_unconverged=True)


def _too_many(count: int, what: str, skipped: list[str]) -> bool:
    if count <= _MANY:
        return False
    skipped.append(
        f"{what}: there are {count:,} different tickets, and more than {_MANY:,} take "
        "too long for a page"
    )
    return True
