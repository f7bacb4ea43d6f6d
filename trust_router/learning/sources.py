"""The two sources of a posterior's numbers: the closed form, and draws of a sampler."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd
import xarray as xr

from trust_router.basics.arrays import Array
from trust_router.basics.checks import listed
from trust_router.basics.drawn_mixture import DrawnMixture
from trust_router.basics.draws import NeedDraws
from trust_router.basics.given import Given
from trust_router.basics.mixture import BetaMixture
from trust_router.defaults import ALL_CATEGORIES, CiKind
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import RECOVERED, SAMPLE_DIMS, flat, thinned
from trust_router.learning.facts import NOISY_SEED_FACTS, SEED_FACTS, Facts
from trust_router.learning.need import judge_weights, mixture_of, seat_shapes, seats_of
from trust_router.learning.prediction import Predicting
from trust_router.learning.summaries import exact_table, intervals, mcse, summary

if TYPE_CHECKING:
    from trust_router.learning.models.kind import Model

__all__ = [
    "DrawnSource",
    "ExactSource",
    "NeedDistribution",
    "NoisySource",
    "Source",
    "exact_source",
]

NeedDistribution = BetaMixture | DrawnMixture | NeedDraws


class Source(Predicting, Protocol):
    """Where the numbers of a posterior come from."""

    @property
    def facts(self) -> Facts:
        """What the model is."""

    def mean(self, name: str) -> Array:
        """Mean of ``"trust"`` (router,) or ``"seat_posterior"`` (seat,), perhaps by category."""

    def trust(self, ci_prob: float, ci_kind: CiKind) -> pd.DataFrame:
        """Statistics of trust, index (category, router)."""

    def need(self, ci_prob: float, ci_kind: CiKind) -> pd.DataFrame:
        """Statistics of need, index category."""

    def seat_intervals(self, ci_prob: float, ci_kind: CiKind) -> tuple[Array, Array]:
        """Interval of the probability of each seat."""

    def within(self, probability: Array) -> tuple[Array, Array]:
        """Weight of each judge inside its router with its Monte Carlo error, (category, seat)."""

    def mixtures(self, router: str | None) -> BetaMixture | DrawnMixture:
        """Need in every category as mixtures of Betas, where the model has them."""

    def need_distribution(self) -> NeedDistribution:
        """Need in every category: mixtures where the model has them, else draws."""

    def routers(self, threshold: float) -> list[Given]:
        """Need if each router is right, and the probability of that; none where they are pooled."""

    def parameter(self, name: str, ci_prob: float, ci_kind: CiKind) -> pd.DataFrame:
        """Statistics of any variable."""


@dataclass(frozen=True, eq=False)
class ExactSource:
    """Numbers of the closed form.

    Attributes
    ----------
    values : xarray.Dataset
        The group ``closed_form``.
    panel, rows
        What was asked.
    """

    values: xr.Dataset
    panel: Panel
    rows: Rows

    facts = SEED_FACTS
    chains = 1

    def mean(self, name: str) -> Array:
        """As in `Source`."""
        return np.asarray(self.values[name].values)

    def trust(self, ci_prob: float, ci_kind: CiKind) -> pd.DataFrame:
        """As in `Source`; there are no draws for an interval."""
        labels = [self.rows.categories, self.panel.router_names]
        index = pd.MultiIndex.from_product(labels, names=["category", "router"])
        return exact_table({"mean": self.mean("trust").ravel()}, index)

    def need(self, ci_prob: float, ci_kind: CiKind) -> pd.DataFrame:
        """As in `Source`."""
        mixture = self.mixtures(None)
        lower, upper = mixture.interval(ci_prob, ci_kind)
        columns = {"mean": mixture.mean, "sd": mixture.sd, "lower": lower, "upper": upper}
        return exact_table(columns, pd.Index(self.rows.categories, name="category"))

    def seat_intervals(self, ci_prob: float, ci_kind: CiKind) -> tuple[Array, Array]:
        """As in `Source`: none."""
        none = np.full(self.mean("seat_posterior").shape, np.nan)
        return none, none

    def within(self, probability: Array) -> tuple[Array, Array]:
        """As in `Source`."""
        return judge_weights(self.panel, probability), np.zeros_like(probability)

    def mixtures(self, router: str | None) -> BetaMixture:
        """As in `Source`."""
        weights = self.mean("seat_posterior")
        if router is not None:
            weights = judge_weights(self.panel, weights)
        shapes = seat_shapes(self.panel, self.rows)
        return mixture_of(weights, *shapes, seats_of(self.panel, router))

    def need_distribution(self) -> BetaMixture:
        """As in `Source`."""
        return self.mixtures(None)

    def routers(self, threshold: float) -> list[Given]:
        """As in `Source`."""
        trust = self.mean("trust")
        each = [self.mixtures(name).given(threshold) for name in self.panel.router_names]
        return [given.times(trust[:, r]) for r, given in enumerate(each)]

    def need_draws(self, rows: Rows, draws: int) -> Array:
        """Refuse."""
        raise ValueError("a closed form predicts no tickets; fit the pool or switch model")

    def parameter(self, name: str, ci_prob: float, ci_kind: CiKind) -> pd.DataFrame:
        """Refuse."""
        raise ValueError(f"there are no draws of {name!r}; a closed form has none")


@dataclass(frozen=True, eq=False)
class NoisySource(ExactSource):
    """Numbers of the seed model with noise, exact by quadrature."""

    facts = NOISY_SEED_FACTS

    def mixtures(self, router: str | None) -> BetaMixture:
        """As in `Source`: a component for each seat and number of true needs."""
        at, rows = seats_of(self.panel, router), self.rows
        weights = self.mean("component_weight")[:, at].copy()
        # A router whose trust underflows keeps its prior weights rather than 0 / 0.
        nothing = weights.sum(axis=(1, 2)) == 0
        weights[nothing, :, 0] = self.panel.seats.within[at]
        weights /= weights.sum(axis=(1, 2), keepdims=True)
        unchecked = (rows.trials - rows.found.sum(axis=1))[:, None]
        needs = self.mean("first_component")[:, None] + np.arange(weights.shape[2])
        needs = np.minimum(needs, unchecked)  # beyond are components of weight 0
        judge = self.panel.seats.judge[at]
        alpha = rows.alpha[:, judge, None] + (rows.found[:, 1, None] + needs)[:, None]
        beta = rows.beta[:, judge, None] + (rows.found[:, 0, None] + unchecked - needs)[:, None]
        return BetaMixture(*(x.reshape(len(rows), -1) for x in (weights, alpha, beta)))


def exact_source(values: xr.Dataset, panel: Panel, rows: Rows) -> ExactSource:
    """Choose by what was solved: with noise there are more components than seats."""
    kind = NoisySource if "component_weight" in values else ExactSource
    return kind(values, panel, rows)


@dataclass(frozen=True, eq=False)
class DrawnSource:
    """Numbers from draws.

    Attributes
    ----------
    draws : xarray.Dataset
        The group ``posterior``, with trust, seats and need recovered.
    panel, rows
        What was asked.
    model : Model
        With its options.
    """

    draws: xr.Dataset
    panel: Panel
    rows: Rows
    model: Model

    @property
    def chains(self) -> int:
        """As in `Source`."""
        return self.draws.sizes["chain"]

    @cached_property
    def facts(self) -> Facts:
        """As in `Source`."""
        return self.model.facts(self.rows)

    def mean(self, name: str) -> Array:
        """As in `Source`."""
        return np.asarray(self.draws[name].mean(SAMPLE_DIMS).values)

    def trust(self, ci_prob: float, ci_kind: CiKind) -> pd.DataFrame:
        """As in `Source`."""
        table = summary(self.draws["trust"], ci_prob, ci_kind)
        if self.facts.trust_varies:
            return table
        return pd.concat({ALL_CATEGORIES: table}, names=["category"])

    def need(self, ci_prob: float, ci_kind: CiKind) -> pd.DataFrame:
        """As in `Source`."""
        return summary(self.draws["need"], ci_prob, ci_kind)

    def seat_intervals(self, ci_prob: float, ci_kind: CiKind) -> tuple[Array, Array]:
        """As in `Source`."""
        return intervals(self.draws["seat_posterior"], ci_prob, ci_kind)

    def within(self, probability: Array) -> tuple[Array, Array]:
        """As in `Source`."""
        if self.facts.pooled:  # a parameter, the same in all categories
            within = self.draws["within"]
            parts = (within.mean(SAMPLE_DIMS).values, mcse(within))
            weights, error = (np.broadcast_to(x, probability.shape) for x in parts)
            return weights, error
        weights = judge_weights(self.panel, probability)
        router = xr.DataArray(self.panel.seats.router, dims="seat")
        trust = self.draws["trust"].isel(router=router)
        weight = xr.DataArray(weights, dims=("category", "seat"))
        # Delta method for the ratio of two means over the same draws.
        influence = (self.draws["seat_posterior"] - weight * trust) / trust.mean(SAMPLE_DIMS)
        ordered = influence.transpose(*SAMPLE_DIMS, "category", "seat")
        return weights, mcse(ordered.drop_vars("router"))

    def mixtures(self, router: str | None) -> DrawnMixture:
        """As in `Source`: weights, and shapes if judges are calibrated, differ between draws."""
        at = seats_of(self.panel, router)
        weight = flat(self.draws["seat_posterior"], "category", "seat")[..., at]
        alpha, beta = self.model.shapes(self._free(self.draws), self.panel, self.rows)
        return DrawnMixture(weight, alpha[..., at], beta[..., at], self.chains)

    def need_distribution(self) -> NeedDistribution:
        """As in `Source`."""
        if self.facts.has_mixtures:
            return self.mixtures(None)
        return NeedDraws(flat(self.draws["need"], "category"), self.chains)

    def routers(self, threshold: float) -> list[Given]:
        """As in `Source`."""
        if not self.facts.has_mixtures:
            return []
        most = self.mixtures(None).affordable  # the same draws as of need over all routers
        return [self.mixtures(name).given(threshold, most) for name in self.panel.router_names]

    def need_draws(self, rows: Rows, draws: int) -> Array:
        """As in `Source`."""
        return self.model.need(self._free(thinned(self.draws, draws)), self.panel, self.rows, rows)

    def parameter(self, name: str, ci_prob: float, ci_kind: CiKind) -> pd.DataFrame:
        """As in `Source`."""
        if name not in self.draws:
            known = listed(self.draws.data_vars, 30)
            raise ValueError(f"there are no draws of {name!r}; there are of {known}")
        return summary(self.draws[name], ci_prob, ci_kind)

    def _free(self, draws: xr.Dataset) -> xr.Dataset:
        return draws.drop_vars(RECOVERED, errors="ignore")
