"""Predictive checks: whether the fitted model brings forth outcomes like those that it saw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from trust_router.basics.arrays import Array
from trust_router.basics.bootstrap import percentiles
from trust_router.basics.checks import check_interval
from trust_router.basics.shown import Shown
from trust_router.defaults import CI_PROB, COMMAND_SEED, PREDICTION_DRAWS
from trust_router.inputs.rows import Rows
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["LooPit", "holds_predictive", "loo_pit", "predictive_check"]

_FEW = 20  # values, of which no shape can be told
_SIMULATED = 1000  # samples for the band, as ArviZ has it
_VALUES = 20_000_000  # of need at once
_GROUPS = ("posterior_predictive", "log_likelihood", "observed_data")


def predictive_check(
    posterior: Posterior,
    *,
    ci_prob: float = CI_PROB,
    random_seed: int = COMMAND_SEED,
    allow_unconverged: bool = False,
) -> pd.DataFrame:
    r"""Compare how many tickets of each category needed the complex model with what is foretold.

    Parameters
    ----------
    posterior : Posterior
    ci_prob : float
        Probability inside the equal-tailed intervals.
    random_seed : int
        Of the outcomes that are drawn.
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Returns
    -------
    pandas.DataFrame
        Index category, of those with outcomes; ``trials``, ``needs`` (as seen), ``expected``,
        ``lower``, ``upper`` (of the same tickets, with outcomes drawn anew) and ``p``: how probable
        it is to be as far out, on either side; near 0 where the model does not fit.

    Raises
    ------
    ValueError
        If there are no outcomes, or they were taken as noisy: those that are logged are then not
        those of the model.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Notes
    -----
    A posterior predictive check [1]_ of the count in each category. It has seen the outcomes, and
    so finds gross misfit only.

    References
    ----------
    .. [1] A. Gelman, X.-L. Meng and H. Stern, "Posterior predictive assessment of model fitness via
       realized discrepancies", Statistica Sinica 6, 1996.

    Examples
    --------
    >>> from trust_router import solve
    >>> from trust_router.examples import load_seed
    >>> predictive_check(solve(*load_seed()))[["needs", "lower", "upper"]].to_numpy().tolist()
    [[3.0, 1.0, 8.0]]
    """
    check_posterior(posterior, allow_unconverged)
    check_interval(ci_prob, "eti")
    known = posterior.rows.known()
    if not len(known):
        raise ValueError("there are no outcomes; a predictive check needs at least one")
    if posterior.noise is not None:
        raise ValueError("outcomes were taken as noisy; those that are logged cannot be checked")
    rng = np.random.default_rng(random_seed)
    drawn = rng.binomial(known.trials, _need(posterior, known, random_seed))
    seen = np.bincount(known.slot, known.needs)
    member = known.slot[:, None] == np.arange(len(seen))
    again = drawn @ member
    lower, upper = percentiles(again, ci_prob)
    below, above = ((again < seen), (again > seen))
    equal = 1 - below.mean(axis=0) - above.mean(axis=0)
    tail = np.minimum(below.mean(axis=0), above.mean(axis=0)) + equal / 2
    columns = {
        "trials": np.bincount(known.slot, known.trials),
        "needs": seen,
        "expected": again.mean(axis=0),
        "lower": lower,
        "upper": upper,
        "p": (2 * tail).clip(0, 1),
    }
    names = [*known.categories, *known.others][: len(seen)]
    table = pd.DataFrame(columns, index=pd.Index(names, name="category"))
    return table.iloc[np.flatnonzero(member.any(axis=0))]


def _need(posterior: Posterior, known: Rows, random_seed: int) -> Array:
    """Need of rows with outcomes under some draws, (sample, row)."""
    if known.about == "category":
        need = posterior.need_distribution().sample(PREDICTION_DRAWS, random_seed)
        return np.asarray(need[:, known.category])
    return posterior.need_draws(known, max(50, min(PREDICTION_DRAWS, _VALUES // len(known))))


@dataclass(frozen=True, eq=False)
class LooPit(Shown):
    """Where outcomes fall in what all others foretell; evenly, if the model is right.

    Attributes
    ----------
    values : ndarray, shape (row,)
        Probability, given all other rows, of an outcome up to the one that was seen.
    curve : pandas.DataFrame
        Index ``pit``; ``difference`` of the share of values up to there from what it would be if
        they fell evenly, and ``lower``, ``upper``: the band that it stays in, all along, with
        probability ``ci_prob``.
    ci_prob : float
    """

    values: Array
    curve: pd.DataFrame
    ci_prob: float

    @property
    def inside(self) -> bool:
        """Whether the whole curve lies in its band."""
        low, high = self.curve["lower"], self.curve["upper"]
        return bool(self.curve["difference"].between(low - 1e-12, high + 1e-12).all())

    def __repr__(self) -> str:
        where = "stays in" if self.inside else "leaves"
        return f"LOO-PIT of {len(self.values)} rows {where} its {self.ci_prob:.0%} band"


def loo_pit(
    posterior: Posterior,
    *,
    ci_prob: float = CI_PROB,
    random_seed: int = COMMAND_SEED,
    allow_unconverged: bool = False,
) -> LooPit:
    """Check the shape of what is foretold, by leave-one-out probability integral transforms.

    Parameters
    ----------
    posterior : Posterior
        Fitted, with its predictive draws; 20 rows with outcomes or more.
    ci_prob : float
        Of the band, simultaneous over the whole curve.
    random_seed : int
        That breaks ties: an outcome that is 0 or 1 falls evenly into its part of [0, 1].
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Returns
    -------
    LooPit

    Raises
    ------
    ValueError
        If there are no predictive draws of these outcomes, as of a closed form or after an update,
        or too few rows.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Notes
    -----
    `arviz.loo_pit` with the band of [1]_. Outcomes of single tickets say little about shape: a
    curve that leaves the band is a fault, and one that stays in it no proof.

    References
    ----------
    .. [1] T. Säilynoja, P.-C. Bürkner and A. Vehtari, "Graphical test for discrete uniformity and
       its applications in goodness-of-fit evaluation and multiple sample comparison", Statistics
       and Computing 32, 2022.

    Examples
    --------
    >>> loo_pit(posterior)  # doctest: +SKIP
    LOO-PIT of 825 rows stays in its 89% band
    """
    check_posterior(posterior, allow_unconverged)
    check_interval(ci_prob, "eti")
    if not holds_predictive(posterior):
        raise ValueError(
            "LOO-PIT needs a fit with the predictive draws of its outcomes; a closed form, an "
            "update and a fit without predictions have none"
        )
    rows = sum(each.size for each in posterior.data["observed_data"].data_vars.values())
    if rows < _FEW:
        raise ValueError(f"LOO-PIT needs {_FEW} rows with outcomes or more; got {rows}")
    values = _transformed(posterior, random_seed)
    return LooPit(values, _curve(values, ci_prob, random_seed), ci_prob)


def holds_predictive(posterior: Posterior) -> bool:
    """Whether predictive draws of just these outcomes were kept."""
    return posterior.method == "nuts" and set(_GROUPS) <= set(posterior.data.children)


def _transformed(posterior: Posterior, random_seed: int) -> Array:
    import arviz as az

    tree = xr.DataTree.from_dict(
        {name: posterior.data[name].to_dataset() for name in ("posterior", *_GROUPS)}
    )
    found = az.loo_pit(tree, random_state=random_seed)
    return np.concatenate([np.ravel(each.values) for each in found.data_vars.values()])


def _curve(values: Array, ci_prob: float, random_seed: int) -> pd.DataFrame:
    from arviz_stats import ecdf_utils

    untyped: Any = ecdf_utils

    rng = np.random.default_rng(random_seed)
    at, share, lower, upper = untyped.ecdf_pit(values, ci_prob, _SIMULATED, rng=rng)
    columns = {"difference": share - at, "lower": lower - at, "upper": upper - at}
    return pd.DataFrame(columns, index=pd.Index(at, name="pit"))
