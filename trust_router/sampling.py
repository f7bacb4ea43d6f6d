"""Sampling: fit a model with NUTS, recover its switches, and let only converged draws pass."""

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
from scipy import special

from trust_router import defaults
from trust_router.beliefs import Beliefs
from trust_router.convergence import ConvergenceError
from trust_router.defaults import NutsSampler
from trust_router.models import seed_model
from trust_router.outcomes import Outcomes
from trust_router.panel import Panel
from trust_router.posterior import Posterior, assemble
from trust_router.provenance import describe_run
from trust_router.validate import listed, whole_number

__all__ = ["fit", "recover_switches"]

_LIBRARIES = ("numpy", "scipy", "pymc", "pytensor", "nutpie", "arviz", "xarray")


@dataclass(frozen=True)
class _Settings:
    random_seed: int
    draws: int
    tune: int
    chains: int
    cores: int
    target_accept: float
    nuts_sampler: NutsSampler

    def __post_init__(self) -> None:
        least = {"random_seed": 0, "draws": 1, "tune": 0, "chains": 1, "cores": 1}
        for name, low in least.items():
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
    random_seed: int | None = None,
    draws: int = defaults.DRAWS,
    tune: int = defaults.TUNE,
    chains: int = defaults.CHAINS,
    cores: int = defaults.CORES,
    target_accept: float = defaults.TARGET_ACCEPT,
    nuts_sampler: NutsSampler = defaults.NUTS_SAMPLER,
    progressbar: bool = False,
    on_failure: Literal["raise", "warn"] = "raise",
) -> Posterior:
    """Fit the seed model with NUTS.

    Parameters
    ----------
    panel, beliefs, outcomes
        As in `trust_router.models.seed_model`.
    random_seed : int, optional
        Same seed, same input and same machine give the same draws. By default one is drawn and
        kept in the provenance.
    draws, tune, chains, cores, target_accept, nuts_sampler, progressbar
        As in `pymc.sample`; ``draws`` and ``tune`` are per chain.
    on_failure : {"raise", "warn"}
        What to do if the draws have not converged.

    Returns
    -------
    Posterior
        With the groups ``posterior``, ``sample_stats``, ``prior``, ``prior_predictive``,
        ``posterior_predictive``, ``log_likelihood``, ``observed_data``, ``constant_data``.

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
    if on_failure not in ("raise", "warn"):
        raise ValueError(f"`on_failure` must be 'raise' or 'warn'; got {on_failure!r}")
    seed = secrets.randbits(31) if random_seed is None else random_seed
    settings = _Settings(seed, draws, tune, chains, cores, target_accept, nuts_sampler)
    with _quiet("pymc"):
        tree = _sample(seed_model(panel, beliefs, outcomes), settings, progressbar)
    groups = {name: node.to_dataset() for name, node in tree.children.items()}
    groups["posterior"] = recover_switches(groups["posterior"], panel, beliefs)
    run = describe_run(
        panel, beliefs, outcomes, method="nuts", libraries=_LIBRARIES, settings=asdict(settings)
    )
    posterior = assemble(groups, panel, beliefs, outcomes, run)
    diagnostics = posterior.diagnostics
    if diagnostics is not None and not diagnostics.converged:
        if on_failure == "raise":
            raise ConvergenceError(posterior, diagnostics)
        warnings.warn(diagnostics.verdict, stacklevel=2)
    return posterior


def recover_switches(draws: xr.Dataset, panel: Panel, beliefs: Beliefs) -> xr.Dataset:
    r"""Add the summed-out switches to draws of need, as exact conditional probabilities.

    Parameters
    ----------
    draws : xarray.Dataset
        With ``need_logit``, dims (chain, draw, category).
    panel, beliefs
        As given to the model.

    Returns
    -------
    xarray.Dataset
        ``draws`` with ``seat_posterior`` (chain, draw, category, seat) and ``trust``
        (chain, draw, category, router).

    Notes
    -----
    Rao-Blackwell: given need, the outcomes say nothing more about the switches, so
    :math:`P(s \mid \mathrm{need}) \propto \omega_s
    \mathrm{Beta}(\mathrm{need} \mid \alpha_s, \beta_s)` exactly. Averaging these has less Monte
    Carlo error than averaging sampled switches.

    References
    ----------
    .. [1] A. E. Gelfand and A. F. M. Smith, "Sampling-based approaches to calculating marginal
       densities", JASA 85, 1990.
    """
    seats = panel.seats
    held = beliefs.select(draws["category"].values.tolist(), panel.judge_names)
    alpha, beta = held.alpha[:, seats.judge], held.beta[:, seats.judge]
    x = draws["need_logit"].values[..., None]
    log_density = (
        -alpha * np.logaddexp(0, -x) - beta * np.logaddexp(0, x) - special.betaln(alpha, beta)
    )
    seat_posterior = special.softmax(np.log(seats.weight) + log_density, axis=-1)
    dims = draws["need_logit"].dims
    return draws.assign(
        trust=((*dims, "router"), seats.sum_by_router(seat_posterior)),
        seat_posterior=((*dims, "seat"), seat_posterior),
    ).assign_coords(router=list(panel.router_names), seat=list(seats.labels))


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Mute a library's running commentary for a while."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


def _sample(model: pm.Model, settings: _Settings, progressbar: bool) -> xr.DataTree:
    seeds = np.random.SeedSequence(settings.random_seed).generate_state(3).tolist()
    with model, warnings.catch_warnings():
        # Prior draws are our own function, which numba calls in object mode; it is fast enough.
        warnings.filterwarnings("ignore", message=".*object mode", category=UserWarning)
        warnings.filterwarnings("ignore", category=pm.exceptions.ImplicitFreezeWarning)
        tree = _run_nuts(model, settings, seeds[0], progressbar)
        prior = pm.sample_prior_predictive(settings.draws, random_seed=seeds[1])
        pm.compute_log_likelihood(tree, progressbar=False)
        predictive = pm.sample_posterior_predictive(tree, random_seed=seeds[2], progressbar=False)
    tree.update(prior)
    tree["posterior_predictive"] = predictive["posterior_predictive"]
    stats = tree["sample_stats"].to_dataset()
    textual = [name for name in stats.data_vars if stats[name].dtype == object]
    tree["sample_stats"] = xr.DataTree(stats.drop_vars(textual))  # netCDF cannot hold None
    return tree


def _run_nuts(model: pm.Model, settings: _Settings, seed: int, progressbar: bool) -> xr.DataTree:
    lengths: dict[str, Any] = {
        "draws": settings.draws,
        "tune": settings.tune,
        "chains": settings.chains,
        "cores": settings.cores,
        "target_accept": settings.target_accept,
    }
    if settings.nuts_sampler == "nutpie":
        import nutpie

        compiled = nutpie.compile_pymc_model(model)
        tree: xr.DataTree = nutpie.sample(
            compiled, seed=seed, progress_bar=progressbar, save_warmup=False, **lengths
        )
        return tree
    sampled: xr.DataTree = pm.sample(
        model=model,
        nuts_sampler=settings.nuts_sampler,
        random_seed=seed,
        progressbar=progressbar,
        compute_convergence_checks=False,
        **lengths,
    )
    return sampled
