"""Ranks of true parameters among draws of their posteriors: whether those are calibrated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from trust_router.basics.arrays import Array
from trust_router.basics.shown import Shown
from trust_router.learning.chains import flat

__all__ = ["RankCheck", "ranks_of"]

_BAND_DRAWS = 2000  # simulated uniform samples behind a simultaneous band
_CI_PROB = 0.99


@dataclass(frozen=True, eq=False, repr=False)
class RankCheck(Shown):
    """Where true parameters fell among the draws of their posteriors.

    Attributes
    ----------
    model : str
    ranks : pandas.DataFrame
        One row a simulation, one column a quantity: the share of (near independent) posterior draws
        below the true value, ties broken at random. Uniform on (0, 1) if the posterior is right.
    divergent : int
        Simulations whose fit had divergent transitions.
    """

    model: str
    ranks: pd.DataFrame
    divergent: int

    def band(self, ci_prob: float = _CI_PROB) -> tuple[Array, Array, Array]:
        """Points and a band that the ECDF of uniform ranks stays in with ``ci_prob``, everywhere.

        References
        ----------
        .. [1] T. Säilynoja, P.-C. Bürkner and A. Vehtari, "Graphical test for discrete uniformity
           and its applications in goodness-of-fit evaluation and multiple sample comparison",
           Statistics and Computing 32, 2022.
        """
        from arviz_stats.ecdf_utils import ecdf_pit

        values = self.ranks.iloc[:, 0].to_numpy()
        x, _, low, high = ecdf_pit(values, ci_prob, _BAND_DRAWS)  # type: ignore[no-untyped-call]
        return x, low, high

    def ecdf(self, x: Array) -> pd.DataFrame:
        """Share of the ranks of each quantity up to each of some points."""
        return pd.DataFrame(
            {
                name: (column.to_numpy() <= x[:, None]).mean(axis=1)
                for name, column in self.ranks.items()
            },
            index=pd.Index(x, name="rank"),
        )

    def table(self, ci_prob: float = _CI_PROB) -> pd.DataFrame:
        """Tabulate each quantity: ``mean`` rank, largest ``distance`` from uniform, ``inside``."""
        x, low, high = self.band(ci_prob)
        curves = self.ecdf(x)
        inside = curves.ge(low, axis=0) & curves.le(high, axis=0)
        return pd.DataFrame(
            {
                "mean": self.ranks.mean(),
                "distance": curves.sub(x, axis=0).abs().max(),
                "inside": inside[(x > 0) & (x < 1)].all(),
            }
        )


def ranks_of(truth: xr.Dataset, draws: xr.Dataset, rng: np.random.Generator) -> dict[str, float]:
    """Share of draws below the true value of each quantity, ties broken at random."""
    ranks: dict[str, float] = {}
    for name, values in draws.data_vars.items():
        true = truth[name].values.ravel()
        drawn = flat(values).reshape(-1, true.size)
        below, equal = (drawn < true).sum(axis=0), (drawn == true).sum(axis=0)
        rank = (below + rng.random(true.size) * (equal + 1)) / (len(drawn) + 1)
        labels = [""] if true.size == 1 else [f"[{i}]" for i in range(true.size)]
        ranks |= {f"{name}{label}": r for label, r in zip(labels, rank.tolist(), strict=True)}
    return ranks
