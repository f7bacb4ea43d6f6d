"""Draws as tables: mean, spread, interval, Monte Carlo error and convergence of each value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import xarray as xr

from trust_router.basics.arrays import Array
from trust_router.defaults import CiKind
from trust_router.inputs.panel import Panel
from trust_router.learning.chains import SAMPLE_DIMS

__all__ = ["STATISTICS", "exact_table", "intervals", "mcse", "seat_table", "summary"]

STATISTICS = ("mean", "sd", "lower", "upper", "mcse", "ess_bulk", "ess_tail", "r_hat")
# As `arviz.summary` orders them; the names of its bounds change with the interval.
_ARVIZ = ("mean", "sd", "lower", "upper", "ess_bulk", "ess_tail", "r_hat", "mcse")


def summary(draws: xr.DataArray, ci_prob: float, ci_kind: CiKind) -> pd.DataFrame:
    """Summarise draws, one row for each value; columns as in `STATISTICS`."""
    import arviz as az

    name = str(draws.name)
    with np.errstate(invalid="ignore", divide="ignore"):  # constant draws: 0 / 0
        found = az.summary(
            draws.to_dataset(), fmt="xarray", round_to="none", ci_prob=ci_prob, ci_kind=ci_kind
        )[name]
    values = {key: found.isel(summary=i, drop=True) for i, key in enumerate(_ARVIZ)}
    dims = [d for d in draws.dims if d not in SAMPLE_DIMS]
    if not dims:
        return pd.DataFrame({key: [float(values[key])] for key in STATISTICS}, index=[name])
    return xr.Dataset(values).to_dataframe(dim_order=dims)[list(STATISTICS)]


def exact_table(columns: dict[str, Array], index: pd.Index) -> pd.DataFrame:
    """Tabulate what is known exactly: no Monte Carlo error, and nothing to say of draws."""
    return pd.DataFrame(columns, index=index).assign(mcse=0.0).reindex(columns=list(STATISTICS))


def intervals(draws: xr.DataArray, ci_prob: float, ci_kind: CiKind) -> tuple[Array, Array]:
    """Credible interval of each value over draws."""
    import arviz as az

    found = {"eti": az.eti, "hdi": az.hdi}[ci_kind](draws, prob=ci_prob)
    lower, upper = (found.sel(ci_bound=bound).values for bound in ("lower", "upper"))
    return lower, upper


def mcse(draws: xr.DataArray) -> Array:
    """Monte Carlo error of the mean of each value; 0 where draws do not vary."""
    import arviz as az

    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.nan_to_num(az.mcse(draws).values))


def seat_table(
    panel: Panel,
    categories: tuple[str, ...],
    probability: Array,
    within: tuple[Array, Array],
    interval: tuple[Array, Array],
) -> pd.DataFrame:
    """Tabulate seats, index (category, router, judge).

    Parameters
    ----------
    panel : Panel
    categories : tuple of str
    probability : ndarray, shape (category, seat)
        Of each seat, or its share of trust.
    within : pair of ndarray, shape (category, seat)
        Weight of the judge inside its router, and the Monte Carlo error of that.
    interval : pair of ndarray, shape (category, seat)
        Bounds of the probability.
    """
    seats, number = panel.seats, len(categories)
    names = [np.array(x, dtype=object) for x in (categories, panel.router_names, panel.judge_names)]
    index = pd.MultiIndex.from_arrays(
        [
            np.repeat(names[0], len(seats.judge)),
            np.tile(names[1][seats.router], number),
            np.tile(names[2][seats.judge], number),
        ],
        names=["category", "router", "judge"],
    )
    columns = {
        "prior": np.tile(seats.within, number),
        "weight": within[0].ravel(),
        "mcse": within[1].ravel(),
        "probability": probability.ravel(),
        "lower": interval[0].ravel(),
        "upper": interval[1].ravel(),
    }
    return pd.DataFrame(columns, index=index)
