"""Prior sensitivity: is trust what the outcomes say, or what was assumed before them."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from pymc.stats import compute_log_likelihood, compute_log_prior

from trust_router.basics.arrays import Array
from trust_router.basics.shown import Shown
from trust_router.basics.words import plain
from trust_router.defaults import LOO_DRAWS, SENSITIVITY_LIMIT
from trust_router.learning.chains import SAMPLE_DIMS, thinned
from trust_router.learning.gate import check_posterior
from trust_router.learning.posterior import Posterior

__all__ = ["PriorSensitivity", "prior_sensitivity"]

_SAME_TAIL = "All tail values are the same"  # ArviZ, of weights that hardly vary
_ALPHAS = (0.8, 1.25)  # powers of the prior between which trust is compared


@dataclass(frozen=True, eq=False)
class PriorSensitivity(Shown):
    """How much trust depends on the priors, and how much on the outcomes.

    Attributes
    ----------
    routers : pandas.DataFrame
        Index router; ``initial`` and ``mean`` trust (in the switch model: weight across
        categories), ``prior`` and ``likelihood`` (power-scaling sensitivities), ``weaker`` and
        ``stronger`` (trust with the priors to the power 0.8 and 1.25), ``verdict``.
    outcomes : int
        How many tickets with a known outcome there were.
    """

    routers: pd.DataFrame
    outcomes: int

    def table(self) -> pd.DataFrame:
        """Tabulate the routers; columns as in ``routers``."""
        return self.routers.copy()

    def warnings(self) -> list[str]:
        """Say where trust is the prior's doing; nothing if it is not, or hardly moves it."""
        return [
            f"trust in {plain(str(router))} ({row['mean']:.0%}, initially {row['initial']:.0%}) "
            f"{row['verdict']}: with the priors a quarter weaker or stronger it would be "
            f"{row['weaker']:.0%} or {row['stronger']:.0%}"
            for router, row in self.routers.iterrows()
            if row["verdict"] != _FINE and not (row["verdict"] == _BOTH and _still(row))
        ]

    def __repr__(self) -> str:
        found = self.warnings()
        return "\n".join(found) if found else f"trust is what {self.outcomes:,} outcomes say of it"


_FINE = "follows the outcomes"
_BOTH = "depends on the priors as well as on the outcomes"


def _still(row: pd.Series[Any]) -> bool:
    """Tell whether weaker and stronger priors would be told with the same percentage."""
    return f"{row['weaker']:.0%}" == f"{row['stronger']:.0%}"


def prior_sensitivity(posterior: Posterior, *, allow_unconverged: bool = False) -> PriorSensitivity:
    r"""Check how far trust is the doing of the priors, by power scaling.

    Parameters
    ----------
    posterior : Posterior
        A fitted pool or switch.
    allow_unconverged : bool
        Go on also with draws that may not be trusted.

    Returns
    -------
    PriorSensitivity

    Raises
    ------
    ValueError
        If trust has no prior to be scaled: in the seed model initial trust is stated, not learned,
        and Bayes factors say what the outcomes do to it; likewise with one router or fixed weights.
    ConvergenceError
        If the draws may not be trusted, unless that is allowed in this call.

    Notes
    -----
    ArviZ's `psense` [1]_: how fast the distribution of trust changes as all priors, or the
    likelihood, are raised to a power near 1, by importance sampling from the draws there are. Above
    0.05 is much. Priors of parameters that stand for groups (``_z``) are left alone, as is advised;
    their spreads are scaled. A flat prior stays flat at any power, so low sensitivity to the
    likelihood is enough to call trust the priors' doing.

    References
    ----------
    .. [1] N. Kallioinen et al., "Detecting and diagnosing prior and likelihood sensitivity with
       power-scaling", Statistics and Computing 34, 2024.

    Examples
    --------
    >>> print(prior_sensitivity(posterior))  # doctest: +SKIP
    """
    check_posterior(posterior, allow_unconverged)
    panel = posterior.panel
    if not (posterior.facts.borrows or posterior.facts.pooled) or len(panel.routers) < 2:
        raise ValueError(
            f"trust of the {posterior.model} model with {len(panel.routers)} router"
            f"{'s' * (len(panel.routers) != 1)} has no prior that could be scaled; initial trust "
            "enters it as a factor, see Bayes factors"
        )
    draws = posterior.data["posterior"].to_dataset()
    if "share" not in draws:
        raise ValueError("weights of this switch model are fixed, so outcomes say nothing of them")
    tree = _with_densities(posterior, draws)
    columns = {
        "initial": panel.share,
        "mean": tree["posterior"].to_dataset()["share"].mean(SAMPLE_DIMS).values,
        "prior": _sensitivity(tree, "prior"),
        "likelihood": _sensitivity(tree, "likelihood"),
        "weaker": _reweighted(tree, _ALPHAS[0]),
        "stronger": _reweighted(tree, _ALPHAS[1]),
    }
    table = pd.DataFrame(columns, index=pd.Index(panel.router_names, name="router"))
    table["verdict"] = [
        _verdict(*pair) for pair in zip(table["prior"], table["likelihood"], strict=True)
    ]
    return PriorSensitivity(table, int(posterior.rows.trials.sum()))


def _with_densities(posterior: Posterior, draws: xr.Dataset) -> xr.DataTree:
    """Draws of free variables with the log density of their priors and of the outcomes."""
    model = posterior.options.build(posterior.panel, posterior.rows)
    free = [variable.name for variable in model.free_RVs]
    kept = thinned(draws[[*dict.fromkeys([*free, "share"])]], LOO_DRAWS)
    # PyMC numbers draws from 0 on, and xarray would pair them by number.
    numbered = kept.assign_coords(draw=np.arange(kept.sizes["draw"]))
    tree = xr.DataTree.from_dict({"posterior": numbered})
    scaled = [name for name in free if not name.endswith("_z")]
    compute_log_prior(tree, var_names=scaled, model=model, progressbar=False)
    compute_log_likelihood(tree, model=model, progressbar=False)
    return tree


def _sensitivity(tree: xr.DataTree, group: str) -> Array:
    """Sensitivity of trust to a group, (router,); NaN where its weights have no tail."""
    import arviz as az

    # Trust may be the same in all draws; and tails of a few draws are cut as ArviZ says it does.
    with np.errstate(invalid="ignore"), _tails():
        try:
            found = az.psense(tree, var_names=["share"], group=group)
        except ValueError as error:
            if _SAME_TAIL not in str(error):
                raise
            return np.full(tree["posterior"].sizes["router"], np.nan)
    return np.asarray(found["share"].to_series())


@contextmanager
def _tails() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Number of tail draws")
        yield


def _reweighted(tree: xr.DataTree, power: float) -> Array:
    """Mean trust if the priors were raised to a power."""
    log_prior = tree["log_prior"].to_dataset()
    each = log_prior.to_stacked_array("value", sample_dims=[*SAMPLE_DIMS])
    total: Any = each.sum("value")
    with _tails():
        try:
            log_weight = total.azstats.power_scale_lw(alpha=power, dim=[*SAMPLE_DIMS])
        except ValueError as error:
            if _SAME_TAIL not in str(error):
                raise
            log_weight = (power - 1) * (total - total.max())  # as they are, without smoothing
    weight = np.exp(log_weight)
    weighted = (tree["posterior"].to_dataset()["share"] * weight).sum(SAMPLE_DIMS)
    return np.asarray((weighted / weight.sum()).values)


def _verdict(prior: float, likelihood: float) -> str:
    if np.isnan(prior) or np.isnan(likelihood):
        return "cannot be judged from these draws"
    if likelihood < SENSITIVITY_LIMIT:
        return "is the priors' doing, the outcomes hardly matter"
    if prior < SENSITIVITY_LIMIT:
        return _FINE
    return _BOTH
