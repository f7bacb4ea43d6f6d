"""Sampling: compile a model once, fit it with NUTS, and let only converged draws pass."""

from __future__ import annotations

import logging
import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import numpy as np
import pymc as pm
import xarray as xr

from trust_router import defaults
from trust_router.basics.checks import listed, whole_number
from trust_router.defaults import NutsSampler
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.matching import match
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.rows import Rows
from trust_router.learning.diagnostics import ConvergenceError
from trust_router.learning.models.kind import Model, ModelName, model_options
from trust_router.learning.models.switch import Switch
from trust_router.learning.posterior import Posterior, assemble
from trust_router.learning.provenance import describe_run
from trust_router.learning.sources import passing_sources

__all__ = ["CompiledModel", "compile_model", "fit", "quiet_pymc"]

OnFailure = Literal["raise", "warn"]

_LIBRARIES = ("numpy", "scipy", "pymc", "pytensor", "nutpie", "arviz", "xarray")


@dataclass(frozen=True)
class _Settings:
    draws: int = defaults.DRAWS
    tune: int = defaults.TUNE
    chains: int = defaults.CHAINS
    cores: int = defaults.CORES
    target_accept: float = defaults.TARGET_ACCEPT
    nuts_sampler: NutsSampler = defaults.NUTS_SAMPLER

    def __post_init__(self) -> None:
        for name, low in {"draws": 1, "tune": 1, "chains": 1, "cores": 1}.items():
            whole_number(name, getattr(self, name), low)
        if not 0 < self.target_accept < 1:
            raise ValueError(
                f"`target_accept` must lie strictly between 0 and 1; got {self.target_accept!r}"
            )
        if self.nuts_sampler not in get_args(NutsSampler):
            raise ValueError(
                f"`nuts_sampler` must be one of {listed(get_args(NutsSampler))}; "
                f"got {self.nuts_sampler!r}"
            )


def fit(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    model: Model | ModelName | None = None,
    random_seed: int | None = None,
    progressbar: bool = False,
    on_failure: OnFailure = "raise",
    **settings: Any,
) -> Posterior:
    """Fit a model with NUTS.

    Parameters
    ----------
    panel : Panel
    beliefs : Beliefs
        About categories, or about single tickets.
    outcomes : Outcomes
        For beliefs about tickets with the ``log`` of single tickets, as a table with a column
        ``ticket`` gives it.
    model : {"seed", "switch", "pool"} or Seed, Switch, Pool, optional
        By name, or with options. By default the seed model if beliefs are about categories, and the
        pool model if they are about tickets.
    random_seed : int, optional
        Same seed, same input and same machine give the same draws. By default one is drawn and
        kept in the provenance.
    progressbar : bool
    on_failure : {"raise", "warn"}
        What to do if the draws have not converged.
    **settings
        ``draws``, ``tune`` (both per chain), ``chains``, ``cores``, ``target_accept``,
        ``nuts_sampler``, as in `pymc.sample`; defaults are those of `trust_router.defaults`.

    Returns
    -------
    Posterior
        With the groups ``posterior``, ``sample_stats``, ``prior``, ``prior_predictive``,
        ``posterior_predictive``, ``log_likelihood``, ``observed_data``, ``constant_data``. The last
        five, and ``prior``, hold fewer draws where rows are many.

    Raises
    ------
    ValueError
        If an argument is invalid; before anything is compiled.
    ConvergenceError
        If the draws may not be trusted and ``on_failure="raise"``; carries them all the same.

    Examples
    --------
    >>> from trust_router.examples import load_seed
    >>> posterior = fit(*load_seed(), random_seed=1)  # doctest: +SKIP
    """
    _check(on_failure, random_seed)
    compiled = compile_model(panel, beliefs, outcomes, model=model, **settings)
    return compiled.fit(
        beliefs,
        outcomes,
        random_seed=random_seed,
        predictive=True,
        progressbar=progressbar,
        on_failure=on_failure,
    )


@dataclass(frozen=True, eq=False)
class CompiledModel:
    """A model whose density is compiled: fits of other beliefs and outcomes take about a second.

    Attributes
    ----------
    panel : Panel
    categories : tuple of str
        All that fits may have.
    options : Seed, Switch or Pool
    """

    panel: Panel
    categories: tuple[str, ...]
    options: Model
    _settings: _Settings
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
        rows = match(self.panel, beliefs, outcomes)
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
        _check(on_failure, random_seed)
        rows = rows.recoded(self.categories)
        seed = secrets.randbits(31) if random_seed is None else random_seed
        seeds = np.random.SeedSequence(seed).generate_state(3).tolist()
        values = self.options.data(self.panel, rows)
        groups = self._sample(values, seeds[0], progressbar)
        sampled = groups["posterior"]
        groups["posterior"] = self.options.recover(sampled, self.panel, rows).assign_coords(
            self.options.coords(self.panel, rows)
        )
        if predictive:
            groups |= self._predictive(values, sampled, rows, seeds[1:])
        settings = (
            {"random_seed": seed} | asdict(self._settings) | {"options": asdict(self.options)}
        )
        run = describe_run(
            self.panel,
            rows,
            method="nuts",
            model=self.options.name,
            libraries=_LIBRARIES,
            settings=settings,
        )
        return _gate(assemble(groups, self.panel, rows, run), on_failure)

    def _sample(self, values: dict[str, Any], seed: int, progress: bool) -> dict[str, xr.Dataset]:
        lengths = asdict(self._settings)
        sampler = lengths.pop("nuts_sampler")
        if not self._model.free_RVs:
            return _nothing_to_sample(self._model, self._settings)
        if sampler == "nutpie":
            used = {variable.name for variable in self._density.shared_var_keys}
            changed = {name: value for name, value in values.items() if name in used}
            tree = _run_nutpie(self._density.with_data(**changed), seed, progress, lengths)
        else:
            with quiet_pymc(), self._model:
                pm.set_data(values)
                tree = pm.sample(
                    nuts_sampler=sampler,
                    random_seed=seed,
                    progressbar=progress,
                    compute_convergence_checks=False,
                    **lengths,
                )
        stats = tree["sample_stats"].to_dataset()
        textual = [name for name in stats.data_vars if stats[name].dtype == object]
        return {
            "posterior": tree["posterior"].to_dataset(),
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
            if isinstance(self.options, Switch):  # what is summed out, only its draws know
                return groups | self.options.predictive(thinned, self.panel, rows, seeds[1])
            drawn = pm.sample_posterior_predictive(tree, random_seed=seeds[1], progressbar=False)
            pm.compute_log_likelihood(tree, progressbar=False)
        groups["posterior_predictive"] = drawn["posterior_predictive"].to_dataset()
        groups["log_likelihood"] = tree["log_likelihood"].to_dataset()
        return groups


def compile_model(
    panel: Panel,
    beliefs: Beliefs,
    outcomes: Outcomes,
    *,
    model: Model | ModelName | None = None,
    **settings: Any,
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
    unknown = set(settings) - set(_Settings.__dataclass_fields__)
    if unknown:
        allowed = listed(_Settings.__dataclass_fields__)
        raise TypeError(f"unknown setting {min(unknown)!r}; allowed are {allowed}")
    chosen = _Settings(**settings)
    rows = match(panel, beliefs, outcomes)
    options = model_options(model, rows.about)
    with quiet_pymc():
        built = options.build(panel, rows)
        density = None
        if chosen.nuts_sampler == "nutpie" and built.free_RVs:
            import nutpie

            density = nutpie.compile_pymc_model(built)
    return CompiledModel(panel, rows.categories, options, chosen, built, density)


def _check(on_failure: str, random_seed: int | None) -> None:
    if on_failure not in get_args(OnFailure):
        raise ValueError(f"`on_failure` must be 'raise' or 'warn'; got {on_failure!r}")
    if random_seed is not None:
        whole_number("random_seed", random_seed, 0)


def _gate(posterior: Posterior, on_failure: OnFailure) -> Posterior:
    diagnostics = posterior.diagnostics
    if diagnostics is not None and not diagnostics.converged:
        if on_failure == "raise":
            raise ConvergenceError(posterior, diagnostics)
        warnings.warn(diagnostics.verdict, stacklevel=3)
    return posterior


def _run_nutpie(density: Any, seed: int, progress: bool, lengths: dict[str, Any]) -> xr.DataTree:
    import nutpie

    running = nutpie.sample(
        density, seed=seed, progress_bar=progress, save_warmup=False, blocking=False, **lengths
    )
    try:
        tree: xr.DataTree = running.wait()
    except BaseException:
        # Left to itself nutpie would return what it has as if it were all that was asked for.
        running.cancel()
        raise
    return tree


def _nothing_to_sample(model: pm.Model, settings: _Settings) -> dict[str, xr.Dataset]:
    """Draws of a model without free variables: its constants, over and over."""
    sizes = (settings.chains, settings.draws)
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


@contextmanager
def quiet_pymc() -> Iterator[None]:
    """Mute PyMC's running commentary, and warnings that are to be expected of our models."""
    logger = logging.getLogger("pymc")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings(), passing_sources():
            # Prior draws are our own functions, called in numba's object mode; fast enough.
            warnings.filterwarnings("ignore", message=".*object mode", category=UserWarning)
            warnings.filterwarnings("ignore", category=pm.exceptions.ImplicitFreezeWarning)
            yield
    finally:
        logger.setLevel(level)
