"""How often outcomes turned out to be wrong: a table, and a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from trust_router.basics.arrays import Array
from trust_router.basics.words import percent
from trust_router.defaults import CI_PROB, CiKind
from trust_router.learning.chains import flat
from trust_router.learning.noise import RATES, Noise

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from trust_router.inputs.rows import Rows

__all__ = ["Noisy", "noise_sentences", "noise_table"]


class Noisy(Protocol):
    """As much of a posterior as is asked."""

    @property
    def data(self) -> xr.DataTree: ...  # noqa: D102
    @property
    def rows(self) -> Rows: ...  # noqa: D102
    @property
    def has_draws(self) -> bool: ...  # noqa: D102
    @property
    def noise(self) -> Noise | None: ...  # noqa: D102


def noise_table(posterior: Noisy, ci_prob: float, ci_kind: CiKind) -> pd.DataFrame:
    """Tabulate both rates; see `trust_router.insight.noise_rates`."""
    import pandas as pd

    from trust_router.learning.summaries import exact_table, summary

    if posterior.noise is None:
        raise ValueError("outcomes were taken as true; give `noise` to the model, or to `solve`")
    if posterior.has_draws:
        draws = posterior.data["posterior"].to_dataset()
        table = pd.concat([summary(draws[name], ci_prob, ci_kind) for name in RATES])
    else:
        mean, sd, lower, upper = _exact(posterior, ci_prob)
        columns = {"mean": mean, "sd": sd, "lower": lower, "upper": upper}
        table = exact_table(columns, pd.Index(RATES))
    mistakes = posterior.rows.mistakes
    table.insert(0, "stated", posterior.noise.shapes[:, 0] / posterior.noise.shapes.sum(axis=1))
    table.insert(1, "checked", mistakes.sum(axis=1))
    table.insert(2, "wrong", mistakes[[0, 1], [1, 0]])
    return table.rename_axis("rate")


def noise_sentences(posterior: Noisy) -> tuple[str, ...]:
    """Say, where outcomes are taken as noisy, how often they are wrong and how that is known."""
    if posterior.noise is None:
        return ()
    if posterior.has_draws:
        draws = posterior.data["posterior"].to_dataset()
        each = [flat(draws[name]) for name in RATES]
        tails = (1 - CI_PROB) / 2, (1 + CI_PROB) / 2
        numbers = [(x.mean(), *np.quantile(x, tails)) for x in each]
    else:
        mean, _, lower, upper = _exact(posterior, CI_PROB)
        numbers = list(zip(mean, lower, upper, strict=True))
    needed, resolved = (
        f"{percent(mean)} [{percent(lower)}, {percent(upper)}]" for mean, lower, upper in numbers
    )
    checked = int(posterior.rows.found.sum())
    known = (
        f"{checked:,} outcome{'s were' if checked > 1 else ' was'} checked."
        if checked
        else "no outcome was checked, so that these rates are mostly the prior's doing."
    )
    return (
        f"Outcomes may be wrong: {needed} of the tickets that the simple model resolved are logged "
        f"as needing the complex one, and {resolved} of those that needed it as resolved; {known}",
    )


def _exact(posterior: Noisy, ci_prob: float) -> tuple[Array, Array, Array, Array]:
    """Mean, sd, and equal-tailed interval."""
    held = posterior.data["closed_form"].to_dataset()
    quantiles = held["rate_quantiles"].values
    levels = np.linspace(0, 1, quantiles.shape[1])
    tails = [(1 - ci_prob) / 2, (1 + ci_prob) / 2]
    lower, upper = np.array([np.interp(tails, levels, each) for each in quantiles]).T
    return held["rate_mean"].values, held["rate_sd"].values, lower, upper
