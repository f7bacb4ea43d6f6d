"""Convergence: may sampled draws be trusted, and if not, why."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.shown import Shown
from trust_router.defaults import BFMI_LIMIT, ESS_LIMIT, PARETO_K_LIMIT, RHAT_LIMIT

if TYPE_CHECKING:
    from xarray import DataArray, Dataset, DataTree

__all__ = ["ConvergenceError", "Diagnostics", "beside_exact", "diagnose", "least_ess"]

_TRUST_ROUNDING = 0.01  # of trust, beyond Monte Carlo error
_BFMI_INDEPENDENT = 2.0  # of independent draws; those of a model without free variables are
# Computed from sampled variables, or constant where there is no choice (a lone router or judge).
_DERIVED = {"need", "trust", "seat_posterior", "share", "within"}


@dataclass(frozen=True, repr=False)
class Diagnostics(Shown):
    """Numbers that say whether draws may be trusted.

    Attributes
    ----------
    divergences : int
        Divergent transitions after tuning.
    max_rhat : float
        Largest rank-normalised split R-hat over sampled variables and trust.
    min_ess_bulk, min_ess_tail : float
        Smallest effective sample sizes.
    min_bfmi : float
        Smallest energy Bayesian fraction of missing information over chains.
    treedepth_hits : int
        Transitions that reached the maximal tree depth.
    problems : tuple of str
        What is wrong, one sentence each; empty if nothing is.
    pareto_k : float or None
        Of the weights that brought later outcomes in, see `trust_router.learning.reweighting`.
    """

    divergences: int
    max_rhat: float
    min_ess_bulk: float
    min_ess_tail: float
    min_bfmi: float
    treedepth_hits: int
    problems: tuple[str, ...] = ()
    pareto_k: float | None = None

    @property
    def converged(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    @property
    def verdict(self) -> str:
        """``"converged"``, or what is wrong."""
        return "converged" if self.converged else "not converged: " + "; ".join(self.problems)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, with the verdict."""
        return asdict(self) | {"problems": list(self.problems), "verdict": self.verdict}


class ConvergenceError(RuntimeError):
    """Raised when draws may not be trusted.

    Attributes
    ----------
    diagnostics : Diagnostics
        What was measured.
    posterior : Posterior or None
        The draws all the same, marked as not converged; None where only what was exported of them
        is at hand.
    """

    def __init__(self, posterior: Any, diagnostics: Diagnostics) -> None:
        exactly = posterior is not None and posterior.facts.closed_form
        instead = "take the closed form, `solve`, which needs no draws, or " if exactly else ""
        mend = 'sample longer (`draws`, `tune`), or look at the draws with `on_failure="warn"` and'
        if diagnostics.pareto_k is not None:
            mend = 'update with `refit="auto"`, which may bring the same outcomes once more, or'
        super().__init__(
            f"{diagnostics.verdict}; {instead}{mend} use them with `allow_unconverged=True`"
        )
        self.diagnostics = diagnostics
        self.posterior = posterior


def diagnose(data: DataTree) -> Diagnostics:
    """Measure convergence of everything in the ``posterior`` group that varies.

    Parameters
    ----------
    data : xarray.DataTree
        With groups ``posterior`` and ``sample_stats``.

    Notes
    -----
    Limits, from `trust_router.defaults`: no divergence, R-hat below 1.01, bulk and tail ESS above
    400, energy BFMI above 0.3, no transition at the maximal tree depth.

    References
    ----------
    .. [1] A. Vehtari et al., "Rank-normalization, folding, and localization: an improved R-hat",
       Bayesian Analysis 16(2), 2021.
    """
    import arviz as az

    draws = data["posterior"].to_dataset().drop_vars("seat_posterior", errors="ignore")
    stats = data["sample_stats"].to_dataset()
    depth_flag = next(k for k in ("maxdepth_reached", "reached_max_treedepth") if k in stats)
    with np.errstate(invalid="ignore", divide="ignore"):  # constant draws: 0 / 0
        rhat = az.rhat(draws)
    bulk, tail = least_ess(draws)
    measured = Diagnostics(
        divergences=int(stats["diverging"].sum()),
        max_rhat=_worst(rhat, "max"),
        min_ess_bulk=bulk,
        min_ess_tail=tail,
        min_bfmi=_bfmi(data) if "energy" in stats else _BFMI_INDEPENDENT,
        treedepth_hits=int(stats[depth_flag].sum()),
        pareto_k=float(stats["pareto_k"]) if "pareto_k" in stats else None,
    )
    return replace(measured, problems=_problems(measured))


def least_ess(draws: Dataset) -> tuple[float, float]:
    """Give the smallest bulk and tail ESS of all variables that vary; NaN if one is stuck."""
    import arviz as az

    with np.errstate(invalid="ignore", divide="ignore"):  # constant draws: 0 / 0
        bulk, tail = (_worst(az.ess(draws, method=method), "min") for method in ("bulk", "tail"))
    return bulk, tail


def beside_exact(found: Diagnostics, trust: DataArray, exact: Array) -> Diagnostics:
    """Add what draws of trust missed although they agree: a belief too narrow to be found.

    Parameters
    ----------
    found : Diagnostics
    trust : xarray.DataArray, dims (chain, draw, category, router)
    exact : ndarray, shape (category, router)
        Of the closed form.
    """
    import arviz as az

    with np.errstate(invalid="ignore", divide="ignore"):  # constant draws: 0 / 0
        error = np.nan_to_num(az.mcse(trust).values)
    off = np.abs(trust.mean(("chain", "draw")).values - exact)
    if not (off > 10 * error + _TRUST_ROUNDING).any():
        return found
    missed = f"trust is off by up to {off.max():.3f} from the closed form, which `solve` gives"
    return replace(found, problems=(*found.problems, missed))


def _bfmi(data: DataTree) -> float:
    import arviz as az

    return _worst(az.bfmi(data)["energy"].to_dataset(name="energy"), "min")


def _worst(values: Dataset, kind: str) -> float:
    # Trust may rightly be constant (a lone router); a sampled variable that is, is stuck: NaN.
    each = [
        getattr(values[name], kind)(skipna=name in _DERIVED).item() for name in values.data_vars
    ]
    known = [
        value
        for name, value in zip(values.data_vars, each, strict=True)
        if name not in _DERIVED or value == value
    ]
    return float(np.max(known) if kind == "max" else np.min(known))


def _problems(found: Diagnostics) -> tuple[str, ...]:
    updated = "" if found.pareto_k is None else "refit needed: "
    rules = (
        (found.divergences == 0, f"{found.divergences} divergences"),
        (
            found.max_rhat < RHAT_LIMIT,
            f"R-hat is {found.max_rhat:.3f} and should be below {RHAT_LIMIT}"
            if found.max_rhat == found.max_rhat
            else "R-hat cannot be computed; it takes two or more chains that move",
        ),
        (
            min(found.min_ess_bulk, found.min_ess_tail) > ESS_LIMIT,
            f"{updated}the effective sample size is "
            f"{min(found.min_ess_bulk, found.min_ess_tail):.0f} "
            f"and should exceed {ESS_LIMIT}",
        ),
        (
            found.min_bfmi > BFMI_LIMIT,
            f"BFMI is {found.min_bfmi:.2f} and should exceed {BFMI_LIMIT}",
        ),
        (
            found.pareto_k is None or found.pareto_k < PARETO_K_LIMIT,
            f"refit needed: Pareto k of the updates' weights is {found.pareto_k} and should be "
            f"below {PARETO_K_LIMIT}",
        ),
        (found.treedepth_hits == 0, f"{found.treedepth_hits} draws hit the maximal tree depth"),
    )
    return tuple(sentence for holds, sentence in rules if not holds)
