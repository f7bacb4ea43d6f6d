"""Backtests: held-out predictions of models and baselines, and what metrics say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from trust_router import defaults
from trust_router.basics.arrays import Array
from trust_router.basics.bootstrap import percentiles
from trust_router.basics.checks import check_interval, listed
from trust_router.basics.shown import Shown
from trust_router.decisions.costs import Costs
from trust_router.evaluation.coverage import coverage_table, no_groups
from trust_router.evaluation.curves import Curves, reliability, risk_coverage, routing_curve
from trust_router.evaluation.held_out import HeldOut
from trust_router.evaluation.metrics import score

__all__ = ["Backtest"]

Index = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Backtest(Shown):
    """Held-out predictions of models and baselines, and what the metrics say of them.

    Attributes
    ----------
    methods : tuple of str
        Models first, then baselines.
    feedbacks : tuple of int
        Numbers of outcomes learned from.
    held_out : tuple of ndarray
        Tickets predicted in each split, as positions.
    tickets : HeldOut
        What happened to each ticket.
    predictions : mapping of (method, feedbacks) to ndarray, shape (split, held-out ticket)
        Predicted need.
    converged : mapping of (method, feedbacks) to float
        Share of fits whose draws may be trusted; for models only.
    costs : Costs or None
    settings : dict
        How it was run: seed, splits, sizes, sampler settings.
    groups : pandas.DataFrame
        How models foretold groups of held-out tickets, a row for each method, ``feedbacks``, split
        and group: columns ``groups`` (``"category"``, ``"need"``: tenths by predicted need, or
        ``"disagreement x need"``: thirds by predicted need times thirds by the weighted variance of
        the judges' ranks), ``group`` (position in that order, of a category among the outcomes'),
        ``tickets``, ``predicted`` and ``observed`` (rates of need), and ``place`` (the share of
        what was foretold that lies below what happened).
    """

    methods: tuple[str, ...]
    feedbacks: tuple[int, ...]
    held_out: tuple[Index, ...]
    tickets: HeldOut
    predictions: Mapping[tuple[str, int], NDArray[np.float32]]
    converged: Mapping[tuple[str, int], float]
    costs: Costs | None
    settings: dict[str, Any] = field(default_factory=dict)
    groups: pd.DataFrame = field(default_factory=no_groups)

    def table(self, ci_prob: float = defaults.CI_PROB) -> pd.DataFrame:
        """Tabulate every metric.

        Returns
        -------
        pandas.DataFrame
            Tidy; columns ``method``, ``feedbacks``, ``metric``, ``mean`` (over splits), ``lower``,
            ``upper`` (bootstrap over tickets and splits), ``sd`` (over splits), ``splits`` and
            ``converged`` (share of fits, for models).
        """
        check_interval(ci_prob, "eti")
        by_split, replicates = self._scores
        table = _with_interval(by_split.mean("split"), replicates, ci_prob)
        frame = table.assign(sd=by_split.std("split").to_series())
        frame = frame.reset_index().assign(splits=len(self.held_out))
        share = [
            self.converged.get(key, np.nan)
            for key in zip(frame["method"], frame["feedbacks"], strict=True)
        ]
        return frame.assign(converged=share)

    def differences(
        self, reference: str | None = None, ci_prob: float = defaults.CI_PROB
    ) -> pd.DataFrame:
        """Compare every method with one, on the same tickets and splits.

        Parameters
        ----------
        reference : str, optional
            Default: the first model.
        ci_prob : float

        Returns
        -------
        pandas.DataFrame
            Tidy; columns ``method``, ``feedbacks``, ``metric``, ``difference`` (method minus
            reference), ``lower``, ``upper`` (paired bootstrap).

        Raises
        ------
        ValueError
            If there is no such method.
        """
        check_interval(ci_prob, "eti")
        name = self.methods[0] if reference is None else reference
        if name not in self.methods:
            raise ValueError(f"`reference` must be one of {listed(self.methods)}; got {name!r}")
        by_split, replicates = self._scores
        others = [method for method in self.methods if method != name]
        mean, drawn = (
            (scores.sel({"method": others}) - scores.sel({"method": name}, drop=True))
            for scores in (by_split.mean("split"), replicates)
        )
        table = _with_interval(mean, drawn, ci_prob)
        return table.rename(columns={"mean": "difference"}).reset_index()

    def coverage(self) -> pd.DataFrame:
        """Tabulate how often intervals of the rate of need in groups contain what happened.

        Returns
        -------
        pandas.DataFrame
            Tidy; columns ``method`` (models only: baselines have no draws), ``feedbacks``,
            ``groups`` (see the attribute ``groups``), ``nominal`` (0.5, 0.8 and 0.95), ``covered``
            (share of groups and splits), ``se`` (over splits; NaN if there is one) and ``number``
            (of groups and splits that count: those of at least 10 tickets).

        Notes
        -----
        An interval is the central one of the number of needs that the posterior foretells, with
        the chance of so many tickets. Splits share tickets, so that ``se`` holds for other
        learning sets on tickets of this kind, and is too small for other tickets.
        """
        return coverage_table(self.groups)

    @property
    def models(self) -> tuple[str, ...]:
        """The methods that are models, not baselines."""
        return tuple(dict.fromkeys(name for name, _ in self.converged))

    def curves(self, method: str, feedbacks: int) -> Curves:
        """Follow one method over the held-out tickets of all splits together."""
        everything = self.tickets.take(np.concatenate(self.held_out))
        need = self.predictions[method, feedbacks].ravel().astype(float)
        share, gain = routing_curve(need, everything)
        coverage, risk = risk_coverage(need, everything)
        bins = reliability(need, everything.outcome)
        return Curves(share[0], gain[0], coverage[0], risk[0], bins)

    @cached_property
    def _scores(self) -> tuple[xr.DataArray, xr.DataArray]:
        """Every metric: in each split (.., split), and in replicates (.., replicate)."""
        rng = np.random.default_rng(self.settings.get("random_seed", 0))
        splits, size = len(self.held_out), len(self.tickets.outcome)
        replicates = defaults.REPLICATES
        times = rng.poisson(1.0, size=(replicates, size)).astype(np.float32)
        picked = rng.multinomial(splits, np.full(splits, 1 / splits), size=replicates) / splits
        scored: dict[tuple[str, int], list[dict[str, Array]]] = {
            key: [] for key in self.predictions
        }
        for split, at in enumerate(self.held_out):
            part = self.tickets.take(at)
            weights = np.vstack([np.ones((1, len(at)), dtype=np.float32), times[:, at]])
            for key, predicted in self.predictions.items():
                scored[key].append(
                    score(predicted[split].astype(float), part, weights=weights, costs=self.costs)
                )
        metrics = list(next(iter(scored.values()))[0])
        every = np.array(
            [
                [[[s[metric] for s in scored[m, n]] for metric in metrics] for n in self.feedbacks]
                for m in self.methods
            ]
        )  # (method, feedbacks, metric, split, 1 + replicate)
        dims = ("method", "feedbacks", "metric")
        coords = dict(zip(dims, (list(self.methods), list(self.feedbacks), metrics), strict=True))
        drawn = np.einsum("...sr,rs->...r", every[..., 1:], picked)
        return (
            xr.DataArray(every[..., 0], coords, (*dims, "split")),
            xr.DataArray(drawn, coords, (*dims, "replicate")),
        )

    def __repr__(self) -> str:
        return (
            f"Backtest({len(self.methods)} methods, {listed(self.feedbacks)} feedbacks, "
            f"{len(self.held_out)} splits, {len(self.held_out[0])} tickets held out)"
        )


def _with_interval(mean: xr.DataArray, drawn: xr.DataArray, ci_prob: float) -> pd.DataFrame:
    ends = percentiles(drawn.transpose(*mean.dims, "replicate").values, ci_prob, axis=-1)
    lower, upper = (mean.copy(data=end).to_series() for end in ends)
    return pd.DataFrame({"mean": mean.to_series(), "lower": lower, "upper": upper})
