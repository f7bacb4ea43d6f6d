"""Calibration of judges: how far off each is, and how much its differences are worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from trust_router.basics.arrays import Array, blocks
from trust_router.basics.checks import check_interval
from trust_router.basics.draws import NeedDraws
from trust_router.basics.evidence import log_beta_ratio
from trust_router.basics.shown import Shown
from trust_router.basics.words import plain
from trust_router.defaults import CI_KIND, CI_PROB, CiKind
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.insight.quadrature import integrated
from trust_router.insight.statements import stated_beside_observed
from trust_router.learning.chains import flat
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["JudgeCalibration", "calibration_of", "fitted_calibration", "judge_calibration"]

# Of bias, slope and sharpness: what the switch model expects of a judge that it knows nothing of.
_PRIOR_MEAN = np.array([0.0, 1.0, 0.0])
_PRIOR_SD = np.array([1.8, 0.7, 1.1])
_LEVELS = 256  # log odds are told apart to so many steps
_BLOCK = 2_000_000  # values of points and statements at a time, to bound memory


@dataclass(frozen=True, eq=False)
class JudgeCalibration(Shown):
    """Bias and overconfidence of each judge, with intervals.

    Attributes
    ----------
    judges : pandas.DataFrame
        Index judge; ``tickets`` with an outcome about which it spoke, ``stated`` (mean of what it
        said), ``observed`` (share that needed the complex model), ``needed`` (the same, as its
        calibration has it), ``bias``, ``slope`` and, for beliefs about categories, ``sharpness``;
        the last ones with ``_lower`` and ``_upper``.
    ci_prob : float
        Probability inside the intervals.
    """

    judges: pd.DataFrame
    ci_prob: float

    def table(self) -> pd.DataFrame:
        """Tabulate the judges; columns as in ``judges``."""
        return self.judges.copy()

    def sentences(self) -> list[str]:
        """Say of each judge how far off it is and how much its differences are worth."""
        return [_sentence(str(judge), row) for judge, row in self.judges.iterrows()]

    def __repr__(self) -> str:
        return "\n".join(self.sentences())


def judge_calibration(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    ci_prob: float = CI_PROB,
    ci_kind: CiKind = CI_KIND,
) -> JudgeCalibration:
    r"""Find each judge's bias and overconfidence from what happened.

    Parameters
    ----------
    panel, beliefs, outcomes
        As in `trust_router.fit`; weights play no part.
    ci_prob, ci_kind
        Of the intervals.

    Returns
    -------
    JudgeCalibration

    Raises
    ------
    ValueError
        If beliefs and outcomes do not match, or there are no outcomes.

    Notes
    -----
    Each judge by itself, with :math:`\mu` the mean of its belief:

    .. math::

       \mathrm{logit}(\mu'_i) = \mathrm{bias} + \mathrm{slope}\,\mathrm{logit}(\mu_i), \qquad
       y_i \sim \mathrm{Bernoulli}(\mu'_i), \\
       \mathrm{bias} \sim N(0, 1.8), \quad \mathrm{slope} \sim N(1, 0.7), \quad
       \mathrm{sharpness} \sim N(0, 1.1).

    For beliefs about categories the needs are BetaBinomial with mean :math:`\mu'_c` and
    concentration :math:`\nu_c e^{\mathrm{sharpness}}`. The priors are those that the switch model
    has for a judge it knows nothing of. Judges do not borrow strength from each other: they all
    speak about the same outcomes, and a hierarchy would count each outcome once a judge.

    The posterior has two or three dimensions and is integrated by quasi-Monte Carlo, without
    sampling; the same input gives the same numbers.

    Examples
    --------
    >>> from trust_router.examples import load_seed
    >>> print(judge_calibration(*load_seed()).sentences()[0])  # doctest: +ELLIPSIS
    claude-haiku says 50% where ... need the complex model; ...
    """
    check_interval(ci_prob, ci_kind)
    rows = match(panel, beliefs, outcomes).known()
    if not len(rows):
        raise ValueError("there are no outcomes; calibration needs at least one")
    return calibration_of(rows, ci_prob, ci_kind)


def calibration_of(
    known: Rows, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND
) -> JudgeCalibration:
    """Calibrate the judges of rows with outcomes, each by itself; see `judge_calibration`."""
    by_judge = [_draws_of_judge(known, j) for j in range(len(known.judges))]
    draws = {
        name: np.stack([values[:, i] for values in by_judge], axis=1)
        for i, name in enumerate(_names(known))
    }
    return _calibration(known, draws, ci_prob, ci_kind)


def fitted_calibration(
    posterior: Posterior,
    *,
    ci_prob: float = CI_PROB,
    ci_kind: CiKind = CI_KIND,
    allow_unconverged: bool = False,
) -> JudgeCalibration:
    """Tabulate the calibration of judges that a fitted switch model has found.

    Parameters
    ----------
    posterior : Posterior
        Of a `Switch` with ``calibration=True``.
    ci_prob, ci_kind
        Of the intervals.
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Returns
    -------
    JudgeCalibration
        Of a judge *where it is right*: one whose seats have little trust is known from the prior
        and the other judges alone, and has wide intervals.

    Raises
    ------
    ValueError
        If the model has no calibration; `judge_calibration` needs none.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Examples
    --------
    >>> posterior = fit(panel, beliefs, outcomes, model="switch", random_seed=1)  # doctest: +SKIP
    >>> print(fitted_calibration(posterior))  # doctest: +SKIP
    """
    check_interval(ci_prob, ci_kind)
    check_posterior(posterior, allow_unconverged)
    draws = posterior.data["posterior"].to_dataset() if posterior.has_draws else {}
    if "slope" not in draws:
        raise ValueError(
            f"the {posterior.model} model has no calibration of judges; use `judge_calibration`"
        )
    rows = posterior.rows.known()
    found = {name: flat(draws[name], "judge") for name in _names(rows)}
    return _calibration(rows, found, ci_prob, ci_kind)


def _names(rows: Rows) -> tuple[str, ...]:
    return ("bias", "slope") if rows.about == "ticket" else ("bias", "slope", "sharpness")


def _calibration(
    rows: Rows, draws: dict[str, Array], ci_prob: float, ci_kind: CiKind
) -> JudgeCalibration:
    draws = {"needed": _needed(rows, draws)} | draws
    columns: dict[str, Array] = {}
    for name, values in draws.items():
        lower, upper = NeedDraws(values).interval(ci_prob, ci_kind)
        columns |= {name: values.mean(axis=0), f"{name}_lower": lower, f"{name}_upper": upper}
    compared = stated_beside_observed(rows).rename(columns={"trials": "tickets"})
    return JudgeCalibration(compared.assign(**columns), ci_prob)


def _needed(rows: Rows, draws: dict[str, Array]) -> Array:
    """Calibrated need, averaged over the tickets of each judge, shape (sample, judge)."""
    needed = np.full(draws["bias"].shape, np.nan)
    for j in range(len(rows.judges)):
        x, trials, _ = _spoken(rows, j)
        if len(x):
            each = special.expit(draws["bias"][:, j, None] + draws["slope"][:, j, None] * x)
            needed[:, j] = each @ trials / trials.sum()
    return needed


def _spoken(rows: Rows, judge: int) -> tuple[Array, Array, Array]:
    """Distinct log odds that a judge stated, with their trials and needs."""
    heard = ~np.isnan(rows.mean[:, judge])
    stated = special.logit(rows.mean[heard, judge])
    x, at = np.unique(stated, return_inverse=True)
    if len(x) > _LEVELS:
        at = np.digitize(stated, np.linspace(x[0], x[-1], _LEVELS + 1)[1:-1])
        at = np.unique(at, return_inverse=True)[1]
        x = np.bincount(at, stated) / np.bincount(at)
    trials, needs = (
        np.bincount(at, counts[heard], minlength=len(x)) for counts in (rows.trials, rows.needs)
    )
    return x, trials, needs


def _draws_of_judge(rows: Rows, judge: int) -> Array:
    """Draws of bias, slope and, of categories, sharpness; shape (sample, parameter)."""
    if rows.about == "ticket":
        x, trials, needs = _spoken(rows, judge)

        def log_likelihood(points: Array) -> Array:
            eta = points[:, :1] + points[:, 1:2] * x
            return np.asarray(
                -np.logaddexp(0, -eta) @ needs - np.logaddexp(0, eta) @ (trials - needs)
            )
    else:
        mean_logit = special.logit(rows.mean[:, judge])
        log_nu = np.log(rows.alpha[:, judge] + rows.beta[:, judge])

        def log_likelihood(points: Array) -> Array:
            mean = points[:, :1] + points[:, 1:2] * mean_logit
            nu = np.exp(log_nu + points[:, 2:])
            alpha, beta = special.expit(mean) * nu, special.expit(-mean) * nu
            _, relative = log_beta_ratio(
                np.maximum(alpha, 1e-300), np.maximum(beta, 1e-300), rows.needs, rows.trials
            )
            return np.asarray(relative.sum(axis=1))

    number = len(_names(rows))
    mean, sd = _PRIOR_MEAN[:number], _PRIOR_SD[:number]

    def log_density(points: Array) -> Array:
        penalty = (((points - mean) / sd) ** 2).sum(axis=1) / 2
        at_once = blocks(len(points), len(rows), _BLOCK)
        parts = [log_likelihood(points[part]) for part in at_once]
        return np.asarray(np.concatenate(parts) - penalty)

    return integrated(log_density, mean, sd)


def _sentence(judge: str, row: pd.Series[float]) -> str:
    if not row["tickets"]:
        return f"{plain(judge)} has spoken about no ticket with an outcome"
    level = (
        f"{plain(judge)} says {row['stated']:.0%} where {row['needed']:.0%} "
        f"[{row['needed_lower']:.0%}, {row['needed_upper']:.0%}] need the complex model"
    )
    slope = f"slope {row['slope']:.2f} [{row['slope_lower']:.2f}, {row['slope_upper']:.2f}]"
    return f"{level}; {_differences(row)}: {slope}"


def _differences(row: pd.Series[float]) -> str:
    """Say what the differences that a judge makes between tickets are worth."""
    low, high = row["slope_lower"], row["slope_upper"]
    if high <= 0:
        return "it ranks them the wrong way round"
    if low <= 0:
        return "whether it tells them apart is not known"
    if high < 1:
        return "overconfident"
    if low > 1:
        return "underconfident, they differ more than it says"
    return "neither over- nor underconfident as far as known"
