"""Reliability: how often the complex model was needed, for each probability that was stated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from trust_router.basics.arrays import Array
from trust_router.basics.bootstrap import percentiles, replicates
from trust_router.basics.checks import check_interval, shown
from trust_router.defaults import BOOTSTRAP_DRAWS, CI_PROB, COMMAND_SEED
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.expected import expect
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.ticket_log import UNKNOWN
from trust_router.learning.past import Foretold
from trust_router.learning.prediction import Prediction

__all__ = ["foretold_reliability", "judge_reliability", "prediction_reliability"]

_COLUMNS = ["tickets", "needs", "observed", "lower", "upper"]


def judge_reliability(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    ci_prob: float = CI_PROB,
    random_seed: int = COMMAND_SEED,
) -> pd.DataFrame:
    """Compare what each judge states with what happened.

    Parameters
    ----------
    panel, beliefs, outcomes
        As in `trust_router.fit`; weights play no part.
    ci_prob : float
        Probability inside the band.
    random_seed : int
        Of the band.

    Returns
    -------
    pandas.DataFrame
        Index (judge, stated), one row for each distinct probability; ``tickets`` and ``needs``
        (counts), ``observed`` (share that needed the complex model, made to rise with what is
        stated, or to fall where that fits better: for a judge that ranks backwards), ``lower`` and
        ``upper``: the band in which ``observed`` would lie if the judge were right.

    Raises
    ------
    ValueError
        If there are no outcomes, or beliefs and outcomes do not match.

    Notes
    -----
    As in `arviz.plot_ppc_pava`: isotonic regression by pooling adjacent violators, which needs no
    bins and no bandwidth [1]_; the band repeats it for outcomes drawn from what is stated.

    References
    ----------
    .. [1] T. Dimitriadis, T. Gneiting and A. Jordan, "Stable reliability diagrams for probabilistic
       classifiers", PNAS 118(8), 2021.

    Examples
    --------
    >>> import numpy as np
    >>> import trust_router as tr
    >>> said, happened = np.array([0.2, 0.3, 0.6, 0.9]), [0, 0, 1, 1]
    >>> tickets = ["t1", "t2", "t3", "t4"]
    >>> beliefs = tr.scores_to_beliefs({"a": said}, tickets=tickets, high_means="need")
    >>> rows = [{"ticket": t, "category": "x", "outcome": o} for t, o in zip(tickets, happened)]
    >>> outcomes = tr.read_outcomes(rows)
    >>> panel = tr.Panel([tr.Router("only", {"a": 1.0})])
    >>> found = judge_reliability(panel, beliefs, outcomes)
    >>> found[["tickets", "observed"]]  # doctest: +NORMALIZE_WHITESPACE
                  tickets  observed
    judge stated
    a     0.2           1       0.0
          0.3           1       0.0
          0.6           1       1.0
          0.9           1       1.0
    """
    check_interval(ci_prob, "eti")
    rows = match(panel, beliefs, outcomes).known()
    if not len(rows):
        raise ValueError("there are no outcomes; reliability needs at least one")
    curves = {}
    for j, judge in enumerate(rows.judges):
        heard = ~np.isnan(rows.mean[:, j])
        if heard.any():
            curves[judge] = _curve(
                rows.mean[heard, j], rows.trials[heard], rows.needs[heard], ci_prob, random_seed
            )
    return _joined(curves, "judge")


def prediction_reliability(
    predictions: Mapping[str, Prediction],
    outcomes: Outcomes,
    *,
    ci_prob: float = CI_PROB,
    random_seed: int = COMMAND_SEED,
) -> pd.DataFrame:
    """Compare predictions of fitted models with what happened.

    Parameters
    ----------
    predictions : mapping of str to Prediction
        Of tickets; those without an outcome are left alone. If the models have seen these
        outcomes, the curves flatter them.
    outcomes : Outcomes
        With the ``log`` of single tickets.
    ci_prob, random_seed
        As in `judge_reliability`.

    Returns
    -------
    pandas.DataFrame
        As `judge_reliability`, with the index (model, stated).

    Raises
    ------
    ValueError
        If outcomes name no tickets, or no predicted ticket has an outcome.

    Examples
    --------
    >>> prediction_reliability({"pool": pool.predict(later)}, outcomes)  # doctest: +SKIP
    """
    check_interval(ci_prob, "eti")
    expect(outcomes, Outcomes, "outcomes")
    if not isinstance(predictions, Mapping):
        raise TypeError(
            "`predictions` must map names to predictions, as in {'pool': posterior.predict("
            f"beliefs)}}; got {shown(predictions)}"
        )
    for name, prediction in predictions.items():
        expect(prediction, Prediction, name)
    if outcomes.log is None:
        raise ValueError("`outcomes` must name their tickets; read them from a table with `ticket`")
    happened = {
        ticket: int(outcome)
        for ticket, outcome in zip(outcomes.log.tickets, outcomes.log.outcome, strict=True)
        if outcome != UNKNOWN
    }
    curves = {}
    for name, prediction in predictions.items():
        at = [i for i, ticket in enumerate(prediction.tickets) if ticket in happened]
        if not at:
            raise ValueError(f"no ticket predicted by {name!r} has an outcome")
        needs = np.array([happened[prediction.tickets[i]] for i in at])
        curves[name] = _curve(
            prediction.mean[at], np.ones(len(at), dtype=np.int64), needs, ci_prob, random_seed
        )
    return _joined(curves, "model")


def foretold_reliability(
    past: Foretold, *, ci_prob: float = CI_PROB, random_seed: int = COMMAND_SEED
) -> pd.DataFrame:
    """Compare what was foretold of each ticket from all others with what happened.

    As `prediction_reliability`, of one model called ``"all judges"``; probabilities are told apart
    to a thousandth.
    """
    there = past.tickets > 0
    outcome = np.broadcast_to([0, 1], past.tickets.shape)[there]
    tickets, stated = past.tickets[there], past.need[there].round(3)
    curve = _curve(stated, tickets, tickets * outcome, ci_prob, random_seed)
    return _joined({"all judges": curve}, "model")


def _joined(curves: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    return pd.concat(curves, names=[name, "stated"])


def _curve(
    stated: Array, trials: NDArray[Any], needs: NDArray[Any], ci_prob: float, random_seed: int
) -> pd.DataFrame:
    level, at = np.unique(stated, return_inverse=True)
    tickets, needed = (np.bincount(at, counts).astype(np.int64) for counts in (trials, needs))
    rng = np.random.default_rng(random_seed)

    def draw(number: int) -> Array:
        return rng.binomial(tickets, level, size=(number, len(level))).astype(float)

    def fits(drawn: Array) -> Array:
        return np.stack([_isotonic(each, tickets) for each in drawn])

    lower, upper = percentiles(replicates(draw, fits, BOOTSTRAP_DRAWS, len(level)), ci_prob)
    rising, falling = (_isotonic(needed, tickets, increasing=way) for way in (True, False))
    rate = needed / tickets
    off = [tickets @ (each - rate) ** 2 for each in (rising, falling)]
    observed = falling if off[1] < off[0] else rising
    values = (tickets, needed, observed, lower, upper)
    return pd.DataFrame(
        dict(zip(_COLUMNS, values, strict=True)), index=pd.Index(level, name="stated")
    )


def _isotonic(needs: NDArray[Any], tickets: NDArray[Any], *, increasing: bool = True) -> Array:
    found = isotonic_regression(needs / tickets, weights=tickets, increasing=increasing)
    return np.asarray(found.x)
