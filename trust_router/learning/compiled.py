"""Models whose density is compiled once, to be fitted many times."""

from __future__ import annotations

import secrets
import warnings
from dataclasses import asdict, dataclass
from typing import Any, Unpack

import numpy as np
import pymc as pm
import xarray as xr

from trust_router import defaults
from trust_router.basics.shown import Shown
from trust_router.defaults import ModelName
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.chains import without
from trust_router.learning.diagnostics import ConvergenceError
from trust_router.learning.models.kind import Model
from trust_router.learning.models.known import choose, clock_of
from trust_router.learning.models.quiet import quiet_pymc
from trust_router.learning.models.whitening import SAMPLED
from trust_router.learning.posterior import Posterior
from trust_router.learning.provenance import describe_run
from trust_router.learning.sampling import Run, run_nutpie
from trust_router.learning.settings import OnFailure, SamplerSettings, Settings, check_run
from trust_router.learning.storage import assemble

__all__ = ["CompiledModel", "compile_model", "compile_rows"]

_LIBRARIES = ("numpy", "scipy", "pymc", "pytensor", "nutpie", "arviz", "xarray")


@dataclass(frozen=True, eq=False, repr=False)
class CompiledModel(Shown):
    """A model whose density is compiled: fits of other beliefs and outcomes take about a second.

    Attributes
    ----------
    panel : Panel
    categories : tuple of str
        All that fits may have.
    periods : tuple of str
        Those that fits must have; none where the model knows no drift.
    options : Model
        Such as `Seed`, `Switch` or `Pool`.
    """

    panel: Panel
    categories: tuple[str, ...]
    periods: tuple[str, ...]
    options: Model
    _settings: Settings
    _model: pm.Model
    _density: Any

    def fit(
        self,
        beliefs: Beliefs,
        outcomes: Outcomes,
        *,
        random_seed: int | None = None,
        predictive: bool = False,
        progressbar: bool = False,
        on_failure: OnFailure = "raise",
    ) -> Posterior:
        """Fit beliefs and outcomes; as `trust_router.fit`.

        Parameters
        ----------
        beliefs, outcomes
            Of the same kind as those the model was compiled for, and with no other categories.
        random_seed, progressbar, on_failure
            As in `trust_router.fit`.
        predictive : bool
            Also draw predictions and compute log-likelihoods, which takes most of the time.
        """
        rows = match(self.panel, beliefs, outcomes, clock=self.options.clock())
        return self.fit_rows(rows, random_seed, predictive, progressbar, on_failure)

    def fit_rows(
        self,
        rows: Rows,
        random_seed: int | None = None,
        predictive: bool = False,
        progressbar: bool = False,
        on_failure: OnFailure = "raise",
    ) -> Posterior:
        """Fit rows that are already matched."""
        check_run(on_failure, random_seed)
        rows = rows.recoded(self.categories)
        _check_periods(rows, self.periods)
        seed = secrets.randbits(31) if random_seed is None else random_seed
        seeds = np.random.SeedSequence(seed).generate_state(3).tolist()
        values = self.options.data(self.panel, rows)
        run = Run.of(self._settings, len(rows.known()), self.options.gaussian)
        groups = self._sample(values, seeds[0], progressbar, run)
        sampled = groups["posterior"]
        groups["posterior"] = self.options.recover(sampled, self.panel, rows).assign_coords(
            self.options.coords(self.panel, rows)
        )
        if predictive:
            groups |= self._predictive(values, sampled, rows, seeds[1:])
        settings = (
            {"random_seed": seed}
            | asdict(self._settings)
            | {"draws": sampled.sizes["draw"], "tune": run.tune}
            | {"options": self.options.options()}
        )
        provenance = describe_run(
            self.panel,
            rows,
            method="nuts",
            model=self.options.name,
            libraries=_LIBRARIES,
            settings=settings,
        )
        return _gate(assemble(groups, self.panel, rows, provenance), on_failure)

    def _sample(
        self, values: dict[str, Any], seed: int, progress: bool, run: Run
    ) -> dict[str, xr.Dataset]:
        settings = asdict(self._settings) | {"draws": run.draws, "tune": run.tune}
        sampler = settings.pop("nuts_sampler")
        if not self._model.free_RVs:
            return _nothing_to_sample(self._model, (self._settings.chains, run.draws))
        if sampler == "nutpie":
            used = {variable.name for variable in self._density.shared_var_keys}
            changed = {name: value for name, value in values.items() if name in used}
            density = self._density.with_data(**changed)
            tree = run_nutpie(density, seed, progress, self._settings, run)
        else:
            with quiet_pymc(), self._model:
                pm.set_data(values)
                tree = pm.sample(
                    nuts_sampler=sampler,
                    random_seed=seed,
                    progressbar=progress,
                    compute_convergence_checks=False,
                    **settings,
                )
        stats = tree["sample_stats"].to_dataset()
        textual = [name for name in stats.data_vars if stats[name].dtype == object]
        return {
            "posterior": without(SAMPLED, tree["posterior"].to_dataset()),
            "sample_stats": stats.drop_vars(textual),  # netCDF cannot hold None
        }

    def _predictive(
        self, values: dict[str, Any], sampled: xr.Dataset, rows: Rows, seeds: list[int]
    ) -> dict[str, xr.Dataset]:
        """Everything with one value for each row and draw, for as many draws as memory takes."""
        size = max(1, np.size(values["observed"]))
        per_chain = sampled.sizes["draw"]
        wanted = defaults.POINTWISE_VALUES // (size * sampled.sizes["chain"])
        thinned = sampled.isel(draw=slice(None, None, -(-per_chain // max(1, wanted))))
        tree = xr.DataTree.from_dict({"posterior": thinned})
        with quiet_pymc(), self._model:
            pm.set_data(values)
            number = min(per_chain, max(1, defaults.POINTWISE_VALUES // size))
            prior = pm.sample_prior_predictive(number, random_seed=seeds[0])
            groups = {name: node.to_dataset() for name, node in prior.children.items()}
            known = self.options.predictive(thinned, self.panel, rows, seeds[1])
            if known is not None:  # what is summed out, only the draws of the model know
                return groups | known
            drawn = pm.sample_posterior_predictive(tree, random_seed=seeds[1], progressbar=False)
            pm.compute_log_likelihood(tree, progressbar=False)
        groups["posterior_predictive"] = drawn["posterior_predictive"].to_dataset()
        # PyMC counts draws anew, but these are labelled as what they were computed from.
        likelihood = tree["log_likelihood"].to_dataset()
        groups["log_likelihood"] = likelihood.assign_coords(draw=thinned["draw"])
        return groups


def compile_model(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    model: Model | ModelName | None = None,
    **settings: Unpack[SamplerSettings],
) -> CompiledModel:
    """Compile a model once, to fit it many times.

    Parameters
    ----------
    panel, beliefs, outcomes, model, **settings
        As in `trust_router.fit`. Beliefs and outcomes must know all categories that later fits
        have; how many tickets there are does not matter.

    Examples
    --------
    >>> from trust_router.examples import load_seed
    >>> panel, beliefs, outcomes = load_seed()
    >>> compiled = compile_model(panel, beliefs, outcomes)  # doctest: +SKIP
    >>> posterior = compiled.fit(beliefs, outcomes, random_seed=1)  # doctest: +SKIP
    """
    clock = clock_of(model)
    rows = match(panel, beliefs, outcomes, warn=False, clock=clock)  # a fit will
    return compile_rows(panel, rows, choose(model, rows.about), Settings.of(settings))


def compile_rows(panel: Panel, rows: Rows, options: Model, chosen: Settings) -> CompiledModel:
    """Compile a model of rows that are already matched."""
    with quiet_pymc():
        built = options.build(panel, rows)
        density = None
        if chosen.nuts_sampler == "nutpie" and built.free_RVs:
            import nutpie

            density = nutpie.compile_pymc_model(options.sampled(panel, rows))
    return CompiledModel(panel, rows.categories, rows.periods, options, chosen, built, density)


def _check_periods(rows: Rows, periods: tuple[str, ...]) -> None:
    if rows.periods != periods:
        spans = [f"{p[0]} to {p[-1]}" if p else "none" for p in (periods, rows.periods)]
        raise ValueError(
            f"periods must be those the model was compiled for, {spans[0]}; got {spans[1]}"
        )


def _gate(posterior: Posterior, on_failure: OnFailure) -> Posterior:
    diagnostics = posterior.diagnostics
    if diagnostics is not None and not diagnostics.converged:
        if on_failure == "raise":
            raise ConvergenceError(posterior, diagnostics)
        warnings.warn(diagnostics.verdict, stacklevel=3)
    return posterior


def _nothing_to_sample(model: pm.Model, sizes: tuple[int, int]) -> dict[str, xr.Dataset]:
    """Draws of a model without free variables: its constants, over and over."""
    coords = {"chain": np.arange(sizes[0]), "draw": np.arange(sizes[1])}
    dims = tuple(coords)
    constants = {
        variable.name: (
            (*dims, *model.named_vars_to_dims[variable.name]),
            np.broadcast_to(value, (*sizes, *value.shape)),
        )
        for variable in model.deterministics
        for value in [pm.draw(variable)]
    }
    still = np.zeros(sizes, dtype=bool)
    return {
        "posterior": xr.Dataset(constants, coords),
        "sample_stats": xr.Dataset(
            {"diverging": (dims, still), "maxdepth_reached": (dims, still)}, coords
        ),
    }
