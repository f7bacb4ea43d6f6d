"""The results object: trust, mixtures and need around one `DataTree`, exact or sampled."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.basics.checks import check_interval, listed
from trust_router.basics.draws import NeedDraws
from trust_router.basics.mixture import BetaMixture
from trust_router.defaults import (
    ALL_CATEGORIES,
    CI_KIND,
    CI_PROB,
    PREDICTION_DRAWS,
    CiKind,
)
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match, rows_to_predict
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.diagnostics import Diagnostics, diagnose
from trust_router.learning.exact import closed_form
from trust_router.learning.facts import SEED_FACTS, Facts
from trust_router.learning.provenance import describe_run

if TYPE_CHECKING:
    from trust_router.learning.models.kind import Model
    from trust_router.learning.prediction import Prediction

__all__ = ["Posterior", "load", "solve"]

_CREATOR = "trust_router"
_FORMAT = 2  # of saved files; raise it when their groups or variables change meaning
_SAMPLE_DIMS = ("chain", "draw")
_RECOVERED = {"trust", "seat_posterior", "need"}  # computed from the draws of a model
_MIXTURE_DRAWS = 200  # of calibrated shapes, each with all seats
_PLURAL = {"category": "categories", "ticket": "tickets"}
_STATISTICS = ("mean", "sd", "lower", "upper", "mcse", "ess_bulk", "ess_tail", "r_hat")


@dataclass(frozen=True, eq=False)
class Posterior:
    """What the outcomes say about routers, judges and need, with uncertainty.

    One object for both ways to get there: `solve` (closed form) and `fit` (NUTS).

    Attributes
    ----------
    data : xarray.DataTree
        Everything. Group ``inputs`` holds panel, beliefs and outcomes; a closed form has the group
        ``closed_form``, a sampled one ArviZ's groups, with ``trust`` (dims category, router) and
        ``seat_posterior`` (category, seat) recovered for each draw in ``posterior``.

    Examples
    --------
    >>> from trust_router.examples import load_seed
    >>> posterior = solve(*load_seed())
    >>> posterior.trust()["mean"].round(3).tolist()
    [0.342, 0.479, 0.179]
    """

    data: xr.DataTree

    @property
    def method(self) -> str:
        """``"exact"`` or ``"nuts"``."""
        return "nuts" if self.has_draws else "exact"

    @cached_property
    def panel(self) -> Panel:
        """The panel that was asked."""
        return Panel.from_dict(json.loads(self._inputs["panel"].item()))

    @property
    def model(self) -> str:
        """``"seed"``, ``"switch"`` or ``"pool"``."""
        return str(self.provenance["model"])

    @cached_property
    def options(self) -> Model:
        """The model with its options."""
        from trust_router.learning.models.pool import Pool
        from trust_router.learning.models.seed import Seed
        from trust_router.learning.models.switch import Switch

        kind = {"seed": Seed, "switch": Switch, "pool": Pool}[self.model]
        return cast("Model", kind(**self.provenance.get("options", {})))

    @cached_property
    def rows(self) -> Rows:
        """Beliefs and outcomes that went in, tickets that look alike merged."""
        held = self._inputs
        names = ("row_category", "alpha", "beta", "trials", "needs", "tickets")
        return Rows(
            held.attrs["level"],
            tuple(held["category"].values.tolist()),
            tuple(held["judge"].values.tolist()),
            *(held[name].values for name in names),
        )

    @property
    def beliefs(self) -> Beliefs:
        """The beliefs about categories that went in.

        Raises
        ------
        ValueError
            If beliefs were about single tickets; those are in `rows`.
        """
        rows = self.rows
        if rows.about == "ticket":
            raise ValueError("beliefs are about single tickets; they are in `rows`")
        return Beliefs(rows.categories, rows.judges, rows.alpha, rows.beta)

    @cached_property
    def outcomes(self) -> Outcomes:
        """The outcomes that went in, counted by category (tickets no longer told apart)."""
        return self.rows.counts()

    @cached_property
    def diagnostics(self) -> Diagnostics | None:
        """Convergence of the draws; None for a closed form, which has none."""
        return diagnose(self.data) if self.has_draws else None

    @property
    def provenance(self) -> dict[str, Any]:
        """Package, model, input hash, seed, sampler and library versions."""
        return dict(json.loads(self.data.attrs["provenance"]))

    @cached_property
    def trust_mean(self) -> Array:
        """Trust, shape (category, router)."""
        return self._by_category(self._mean("trust"))

    @cached_property
    def seat_posterior(self) -> Array:
        """Probability, or pooling weight, of each seat, shape (category, seat)."""
        return self._by_category(self._mean("seat_posterior"))

    @cached_property
    def facts(self) -> Facts:
        """What the model is: what its trust means, and what it can tell."""
        return self.options.facts(self.rows) if self.has_draws else SEED_FACTS

    @property
    def has_draws(self) -> bool:
        """Whether there are draws of a sampler; a closed form has none."""
        return "posterior" in self.data.children

    @property
    def trust_categories(self) -> tuple[str, ...]:
        """Labels in the tables of trust: all categories, or one where trust does not vary."""
        return self.outcomes.categories if self.facts.trust_varies else (ALL_CATEGORIES,)

    def trust(self, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND) -> pd.DataFrame:
        """Tabulate trust per category and router.

        Returns
        -------
        pandas.DataFrame
            Index (category, router); columns ``initial``, ``mean`` (the trust), ``sd``, ``lower``,
            ``upper``, ``mcse``, ``ess_bulk``, ``ess_tail``, ``r_hat``. Where trust is the same in
            all categories (the pool model), there is one, ``"all categories"``.

        Notes
        -----
        Trust is a probability; its value is ``mean``, and ``mcse`` the Monte Carlo error of that.
        ``sd`` and the interval say how trust varies over draws of need, that is, how far it could
        still move if need became known. A closed form has no draws: ``mcse`` is 0 and the columns
        about draws are missing. In the pool model trust is a weight that is not known for sure,
        and the interval is simply that.
        """
        check_interval(ci_prob, ci_kind)
        if self.has_draws:
            table = self._summary("trust", ci_prob, ci_kind)
            if not self.facts.trust_varies:
                table = pd.concat({ALL_CATEGORIES: table}, names=["category"])
        else:
            table = self._exact_frame("router", self.panel.router_names, mean=self.trust_mean)
        initial = np.tile(self.panel.share, len(table) // len(self.panel.routers))
        table.insert(0, "initial", initial)
        return table

    def need(self, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND) -> pd.DataFrame:
        """Tabulate need per category.

        Returns
        -------
        pandas.DataFrame
            Index category; columns ``trials``, ``needs``, ``missing`` (counts), ``mean``, ``sd``,
            ``lower``, ``upper``, ``mcse``, ``ess_bulk``, ``ess_tail``, ``r_hat``.
        """
        check_interval(ci_prob, ci_kind)
        if self.has_draws:
            table = self._summary("need", ci_prob, ci_kind)
        else:
            mixture = self.mixtures()
            lower, upper = mixture.interval(ci_prob, ci_kind)
            index = pd.Index(self.outcomes.categories, name="category")
            exact = {"mean": mixture.mean, "sd": mixture.sd, "lower": lower, "upper": upper}
            table = _with_statistics(pd.DataFrame(exact, index=index))
        for i, name in enumerate(("trials", "needs", "missing")):
            table.insert(i, name, getattr(self.outcomes, name))
        return table

    def seats(self, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND) -> pd.DataFrame:
        """Tabulate the seats: how much each judge counts inside its router, and overall.

        Returns
        -------
        pandas.DataFrame
            Index (category, router, judge), the category as in `trust`; columns ``prior`` (weight
            of the judge inside its router before the outcomes), ``weight`` (after them), ``mcse``
            of it, ``probability`` of the seat (its pooling weight in the pool model) and
            ``lower``, ``upper`` of that; the latter two as described in `trust`. In the seed model
            also ``alpha`` and ``beta`` of the seat's component of need.
        """
        check_interval(ci_prob, ci_kind)
        panel, seats = self.panel, self.panel.seats
        categories = self.trust_categories
        probability = self.seat_posterior[: len(categories)]
        weights, mcse = self._within_weights(probability)
        index = pd.MultiIndex.from_arrays(
            [
                np.repeat(np.array(categories, dtype=object), len(seats.judge)),
                np.tile(np.array(panel.router_names, dtype=object)[seats.router], len(categories)),
                np.tile(np.array(panel.judge_names, dtype=object)[seats.judge], len(categories)),
            ],
            names=["category", "router", "judge"],
        )
        lower, upper = self._seat_intervals(ci_prob, ci_kind)
        columns = {
            "prior": np.tile(seats.within, len(categories)),
            "weight": weights.ravel(),
            "mcse": mcse.ravel(),
            "probability": probability.ravel(),
            "lower": lower.ravel(),
            "upper": upper.ravel(),
        }
        if self.model == "seed":
            alpha, beta = self._shapes
            columns |= {"alpha": alpha.ravel(), "beta": beta.ravel()}
        return pd.DataFrame(columns, index=index)

    def parameter(
        self, name: str, ci_prob: float = CI_PROB, ci_kind: CiKind = CI_KIND
    ) -> pd.DataFrame:
        """Tabulate the draws of any variable, such as ``"gain"`` or ``"bias"``.

        Returns
        -------
        pandas.DataFrame
            Indexed by the variable's own dims (one row if it has none), columns ``mean``, ``sd``,
            ``lower``, ``upper``, ``mcse``, ``ess_bulk``, ``ess_tail``, ``r_hat``.

        Raises
        ------
        ValueError
            If there are no draws, or no such variable.
        """
        check_interval(ci_prob, ci_kind)
        drawn = list(self.data["posterior"].data_vars) if self.has_draws else []
        if name not in drawn:
            raise ValueError(f"there are no draws of {name!r}; there are of {listed(drawn, 30)}")
        return self._summary(name, ci_prob, ci_kind)

    def mixtures(self, router: str | None = None, *, prior: bool = False) -> BetaMixture:
        """Need in every category as mixtures of Betas, batch (category,).

        Parameters
        ----------
        router : str, optional
            Need if this router is right; default: over all routers.
        prior : bool
            Before the outcomes, as stated, instead of after.

        Raises
        ------
        ValueError
            If the router is unknown, or need is no such mixture in the model.
        """
        if not self.facts.has_mixtures:
            raise ValueError(
                f"the {self.model} model has no mixtures of need for this input; "
                "use `need`, `need_distribution` or `predict`"
            )
        seats = self.panel.seats
        at = np.arange(len(seats.judge)) if router is None else self.panel.router_seats(router)
        if self.model == "switch" and not prior:
            return self._drawn_mixtures(at)
        if prior:
            rows = self.rows
            alpha, beta = rows.alpha[:, seats.judge], rows.beta[:, seats.judge]
            weight, within = (np.broadcast_to(w, alpha.shape) for w in (seats.weight, seats.within))
        else:
            alpha, beta = self._shapes
            weight, within = self.seat_posterior, self._within(self.seat_posterior)
        if router is not None:
            weight = within
        return BetaMixture(weight[:, at], alpha[:, at], beta[:, at])

    def need_distribution(self) -> BetaMixture | NeedDraws:
        """Need in every category: mixtures of Betas where the model has them, else draws."""
        if self.facts.has_mixtures:
            return self.mixtures()
        need = self.data["posterior"]["need"].transpose(*_SAMPLE_DIMS, "category").values
        return NeedDraws(need.reshape(-1, need.shape[-1]))

    def predict(self, beliefs: Beliefs, *, draws: int = PREDICTION_DRAWS) -> Prediction:
        """Predict the need of single tickets, or of categories, from beliefs about them.

        Parameters
        ----------
        beliefs : Beliefs
            Of the kind the model was fitted to. A category that it has not seen is predicted from
            the population of categories, and the prediction says so.
        draws : int
            At most so many draws of need are kept for each ticket.

        Raises
        ------
        ValueError
            If the model cannot predict, or no judge of the panel speaks.
        """
        from trust_router.learning.prediction import Prediction

        if beliefs.about != self.rows.about:
            raise ValueError(
                f"the model was fitted to beliefs about {_PLURAL[self.rows.about]}; "
                f"got beliefs about {_PLURAL[beliefs.about]}"
            )
        rows, inverse = rows_to_predict(self.panel, beliefs, self.rows.categories)
        return Prediction(
            tickets=beliefs.labels,
            category=beliefs.category,
            need=NeedDraws(self.need_draws(rows, draws)),
            row=inverse,
            unseen=(rows.category < 0)[inverse],
            speaking=(~np.isnan(rows.alpha)).sum(axis=1)[inverse],
        )

    def need_draws(self, rows: Rows, draws: int = PREDICTION_DRAWS) -> Array:
        """Need of rows under some draws of the posterior, shape (sample, row)."""
        if not self.has_draws:
            raise ValueError("a closed form predicts no tickets; fit the pool or switch model")
        posterior = self.data["posterior"].to_dataset()
        step = -(-posterior.sizes["chain"] * posterior.sizes["draw"] // draws)
        thinned = posterior.isel(draw=slice(None, None, step))
        free = thinned.drop_vars(_RECOVERED, errors="ignore")
        return self.options.need(free, self.panel, self.rows, rows)

    def _drawn_mixtures(self, at: NDArray[np.intp]) -> BetaMixture:
        """Mixtures over seats and draws: calibrated shapes differ between draws."""
        posterior = self.data["posterior"].to_dataset()
        step = -(-posterior.sizes["chain"] * posterior.sizes["draw"] // _MIXTURE_DRAWS)
        thinned = posterior.isel(draw=slice(None, None, step))
        weight = thinned["seat_posterior"].transpose(*_SAMPLE_DIMS, "category", "seat").values
        weight = weight.reshape(-1, *weight.shape[2:])[..., at]
        free = thinned.drop_vars(_RECOVERED, errors="ignore")
        alpha, beta = self.options.shapes(free, self.panel, self.rows)  # type: ignore[union-attr]
        parts = np.broadcast_arrays(weight, alpha[..., at], beta[..., at])
        flat = [np.moveaxis(x, 0, 1).reshape(x.shape[1], -1) for x in parts]
        total = flat[0].sum(axis=1, keepdims=True)
        return BetaMixture(flat[0] / total, flat[1], flat[2])

    def mixture(
        self, category: str, router: str | None = None, *, prior: bool = False
    ) -> BetaMixture:
        """Need in one category; see `mixtures`.

        Raises
        ------
        ValueError
            If the category or the router is unknown.
        """
        at = self.outcomes.position(category)
        every = self.mixtures(router, prior=prior)
        return BetaMixture(every.weights[at], every.alpha[at], every.beta[at])

    def save(self, path: str | Path) -> Path:
        """Write everything to a netCDF file; an older one is replaced whole or not at all."""
        path = Path(path)
        if not path.parent.is_dir():
            raise FileNotFoundError(f"there is no folder {str(path.parent)!r} to save into")
        partial = path.with_name(f".{path.name}.partial")
        try:
            self.data.to_netcdf(partial, engine="h5netcdf")
            partial.replace(path)
        except OSError as error:
            reason = str(error) if error.errno is None else os.strerror(error.errno)
            raise OSError(f"{str(path)!r} cannot be written: {reason}") from None
        finally:
            with suppress(OSError):
                partial.unlink()
        return path

    def __repr__(self) -> str:
        state = "" if self.diagnostics is None else f", {self.diagnostics.verdict}"
        return (
            f"Posterior({self.method}, {len(self.panel.routers)} routers, {self.outcomes!r}{state})"
        )

    def _repr_html_(self) -> str:
        from trust_router.learning.card import posterior_html

        return posterior_html(self.trust(), self.panel, self.outcomes, self.facts, self.diagnostics)

    @property
    def _inputs(self) -> xr.Dataset:
        return self.data["inputs"].to_dataset()

    @cached_property
    def _shapes(self) -> tuple[Array, Array]:
        rows, judge = self.rows, self.panel.seats.judge
        alpha = rows.alpha[:, judge] + rows.needs[:, None]
        return alpha, rows.beta[:, judge] + (rows.trials - rows.needs)[:, None]

    def _by_category(self, values: Array) -> Array:
        return np.broadcast_to(values, (len(self.rows.categories), values.shape[-1]))

    def _mean(self, name: str) -> Array:
        if not self.has_draws:
            return np.asarray(self.data["closed_form"][name].values)
        return np.asarray(self.data["posterior"][name].mean(_SAMPLE_DIMS).values)

    def _within(self, seat_posterior: Array) -> Array:
        seats = self.panel.seats
        by_router = seats.sum_by_router(seat_posterior)[..., seats.router]
        fallback = np.broadcast_to(seats.within, seat_posterior.shape)
        # A router whose trust underflows keeps its prior weights rather than 0 / 0.
        return np.divide(seat_posterior, by_router, out=fallback.copy(), where=by_router > 0)

    def _within_weights(self, probability: Array) -> tuple[Array, Array]:
        """Weight of each judge inside its router with its Monte Carlo error, (category, seat)."""
        if not self.has_draws:
            return self._within(probability), np.zeros_like(probability)
        draws = self.data["posterior"].to_dataset()
        if self.model == "pool":  # a parameter, the same in all categories
            within = draws["within"]
            parts = (within.mean(_SAMPLE_DIMS).values, np.nan_to_num(_mcse(within)))
            weights, mcse = (np.broadcast_to(x, probability.shape) for x in parts)
            return weights, mcse
        weights = self._within(probability)
        trust = draws["trust"].isel(router=xr.DataArray(self.panel.seats.router, dims="seat"))
        weight = xr.DataArray(weights, dims=("category", "seat"))
        # Delta method for the ratio of two means over the same draws.
        influence = (draws["seat_posterior"] - weight * trust) / trust.mean(_SAMPLE_DIMS)
        ordered = influence.transpose(*_SAMPLE_DIMS, "category", "seat")
        return weights, np.nan_to_num(_mcse(ordered.drop_vars("router")))

    def _seat_intervals(self, ci_prob: float, ci_kind: CiKind) -> tuple[Array, Array]:
        if not self.has_draws:
            none = np.full(self.seat_posterior.shape, np.nan)
            return none, none
        import arviz as az

        draws = self.data["posterior"].to_dataset()["seat_posterior"]
        interval = {"eti": az.eti, "hdi": az.hdi}[ci_kind](draws, prob=ci_prob)
        lower, upper = (interval.sel(ci_bound=bound).values for bound in ("lower", "upper"))
        return lower, upper

    def _summary(self, name: str, ci_prob: float, ci_kind: CiKind) -> pd.DataFrame:
        import arviz as az

        draws = self.data["posterior"].to_dataset()[[name]]
        interval = {"eti": az.eti, "hdi": az.hdi}[ci_kind](draws, prob=ci_prob)[name]
        with np.errstate(invalid="ignore", divide="ignore"):
            statistics = {
                "mean": draws[name].mean(_SAMPLE_DIMS),
                "sd": draws[name].std(_SAMPLE_DIMS, ddof=1),
                "lower": interval.sel(ci_bound="lower", drop=True),
                "upper": interval.sel(ci_bound="upper", drop=True),
                "mcse": az.mcse(draws)[name],
                "ess_bulk": az.ess(draws, method="bulk")[name],
                "ess_tail": az.ess(draws, method="tail")[name],
                "r_hat": az.rhat(draws)[name],
            }
        dims = [d for d in draws[name].dims if d not in _SAMPLE_DIMS]
        if not dims:
            return pd.DataFrame({key: [float(x)] for key, x in statistics.items()}, index=[name])
        return xr.Dataset(statistics).to_dataframe(dim_order=dims)[list(_STATISTICS)]

    def _exact_frame(self, dim: str, labels: tuple[str, ...], mean: Array) -> pd.DataFrame:
        index = pd.MultiIndex.from_product(
            [self.outcomes.categories, labels], names=["category", dim]
        )
        return _with_statistics(pd.DataFrame({"mean": mean.ravel()}, index=index))


def solve(panel: Panel, beliefs: Beliefs, outcomes: Outcomes) -> Posterior:
    """Solve the seed model in closed form.

    Parameters
    ----------
    panel, beliefs, outcomes
        As in `trust_router.learning.exact.closed_form`, which holds the method.

    Returns
    -------
    Posterior

    Examples
    --------
    >>> from trust_router.examples import load_seed
    >>> solve(*load_seed())
    Posterior(exact, 3 routers, Outcomes(1 category, 22 trials, 3 needs, 0 missing))
    """
    if beliefs.about == "ticket":
        raise ValueError(
            "the closed form takes beliefs about categories; for beliefs about tickets use `fit`"
        )
    result = closed_form(panel, beliefs, outcomes)
    rows = match(panel, beliefs, outcomes)
    by_category, seats = ("category",), ("category", "seat")
    dataset = xr.Dataset(
        {
            "trust": (("category", "router"), result.trust),
            "seat_posterior": (seats, result.seat_posterior),
            "alpha": (seats, result.alpha),
            "beta": (seats, result.beta),
            "log_evidence": (by_category, result.log_evidence),
            "router_log_evidence": (("category", "router"), result.router_log_evidence),
        },
        coords={
            "category": list(outcomes.categories),
            "router": list(panel.router_names),
            "seat": list(panel.seats.labels),
        },
    )
    run = describe_run(panel, rows, method="exact", libraries=("numpy", "scipy"))
    return assemble({"closed_form": dataset}, panel, rows, run)


def assemble(
    groups: Mapping[str, xr.Dataset], panel: Panel, rows: Rows, provenance: Mapping[str, Any]
) -> Posterior:
    """Put result groups and the inputs they came from into one `Posterior`."""
    inputs = xr.Dataset(
        {
            "panel": ((), json.dumps(panel.to_dict())),
            "row_category": ("row", rows.category),
            "alpha": (("row", "judge"), rows.alpha),
            "beta": (("row", "judge"), rows.beta),
            "trials": ("row", rows.trials),
            "needs": ("row", rows.needs),
            "tickets": ("row", rows.number),
        },
        coords={"category": list(rows.categories), "judge": list(rows.judges)},
        attrs={"level": rows.about},
    )
    tree = xr.DataTree.from_dict({**groups, "inputs": inputs})
    for node in tree.subtree:
        node.attrs.pop("created_at", None)  # the same input gives equal content
    tree.attrs = {
        "creator": _CREATOR,
        "format": _FORMAT,
        "provenance": json.dumps(dict(provenance)),
    }
    return Posterior(tree)


def load(path: str | Path) -> Posterior:
    """Read a posterior that `Posterior.save` wrote.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not netCDF, was not written by this package, or is of another format.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no posterior file {str(path)!r}")
    try:
        # Plain HDF5 has dimensions without names; asking for made-up ones spares a warning.
        with xr.open_datatree(path, engine="h5netcdf", phony_dims="access") as opened:
            tree = opened.load()
    except (KeyError, OSError, RuntimeError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{path.name} is not a readable netCDF file: {reason}") from None
    if tree.attrs.get("creator") != _CREATOR:
        raise ValueError(
            f"{path.name} was not saved by trust_router; write one with `Posterior.save`"
        )
    posterior = Posterior(tree)
    written = tree.attrs.get("format", "unknown")
    if str(written) != str(_FORMAT):
        raise ValueError(
            f"{path.name} has format {written} (trust_router {_writer(posterior)}), this version "
            f"reads format {_FORMAT}; fit again or install that version"
        )
    try:
        _check_whole(posterior)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{path.name} is damaged ({reason}); fit and save again") from None
    return posterior


def _writer(posterior: Posterior) -> str:
    try:
        return str(posterior.provenance["trust_router"])
    except (KeyError, TypeError, ValueError):
        return "of an unknown version"


def _check_whole(posterior: Posterior) -> None:
    """Read what every use needs, so that a damaged file is refused at the door."""
    panel, cells = posterior.panel, len(posterior.outcomes.categories)
    if "trust_router" not in posterior.provenance:
        raise ValueError("its provenance names no version")
    if posterior.has_draws:
        posterior.data["sample_stats"]
    for name, columns in (("trust_mean", panel.routers), ("seat_posterior", panel.seats.labels)):
        found, expected = getattr(posterior, name).shape, (cells, len(columns))
        if found != expected:
            raise ValueError(f"{name} has shape {found} instead of {expected}")
    if posterior._shapes[0].shape != (len(posterior.rows), len(panel.seats.labels)):
        raise ValueError("beliefs do not fit the panel")


def _with_statistics(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(mcse=0.0).reindex(columns=list(_STATISTICS))


def _mcse(draws: xr.DataArray) -> Array:
    import arviz as az

    with np.errstate(invalid="ignore", divide="ignore"):  # constant draws: 0 / 0
        return np.asarray(az.mcse(draws).values)
