"""Samplers, timed by the processor: first compiling, then tuning and drawing."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import nutpie
import pymc as pm
import xarray as xr

from trust_router.basics.arrays import Array

CHAINS, TUNE, RANDOM_SEED = 4, 1000, 1
DIMS = {
    "category_z": ("category",),
    "judge_gain": ("judge",),
    "log_router": ("router",),
    "rate": ("router",),
    "router_gain": ("router",),
    "trust": ("router",),
}


_NOT_BUILT = "PyStan builds nothing here; with Python 3.13.0 its wheel cannot, with 3.12 it can"


@dataclass(frozen=True)
class Sampled:
    """Draws, how many of them diverged, and seconds of the processor."""

    draws: xr.Dataset
    diverging: int
    compiling: float
    sampling: float


def labelled(values: Mapping[str, Any]) -> xr.Dataset:
    """Give draws, (chain, draw, ...), the dims that our models give them."""
    draws = {}
    for name, value in values.items():
        dims = ("chain", "draw", *DIMS.get(name, ()))
        # PyStan gives numbers a dim of their own.
        draws[name] = dims, np.reshape(value, np.shape(value)[: len(dims)])
    return xr.Dataset(draws)


def clock() -> float:
    """Seconds that this process, and compilers that it called, have used."""
    used = os.times()
    return time.process_time() + used.children_user + used.children_system


def by_nutpie(model: pm.Model, draws: int, adaptation: str = "diag") -> Sampled:
    """Sample as `trust_router.fit` does."""
    start = clock()
    density = nutpie.compile_pymc_model(model)
    ready = clock()
    how = {"chains": CHAINS, "cores": 1, "seed": RANDOM_SEED, "progress_bar": False}
    tree = nutpie.sample(
        density, draws=draws, tune=TUNE, target_accept=0.9, adaptation=adaptation, **how
    )
    return _of_tree(tree, ready - start, clock() - ready)


def by_pymc(model: pm.Model, draws: int) -> Sampled:
    """Sample with PyMC's own NUTS, and switches by Gibbs."""

    def run(draws: int, tune: int) -> tuple[xr.DataTree, float]:
        start = clock()
        how = {"chains": CHAINS, "cores": 1, "random_seed": RANDOM_SEED, "nuts_sampler": "pymc"}
        quiet = {"progressbar": False, "compute_convergence_checks": False}
        with model:
            tree = pm.sample(draws=draws, tune=tune, **how, **quiet)
        return tree, clock() - start

    _, compiling = run(10, 0)
    _, building = run(10, 0)  # of the graph, anew each time
    tree, seconds = run(draws, TUNE)
    return _of_tree(tree, compiling, seconds - building)


def _of_tree(tree: xr.DataTree, compiling: float, sampling: float) -> Sampled:
    diverging = int(tree["sample_stats"]["diverging"].sum())
    return Sampled(tree["posterior"].to_dataset(), diverging, compiling, sampling)


def by_numpyro(model: Callable[[], None], draws: int) -> Sampled:
    """Sample with NumPyro's NUTS in 64 bits; its `MCMC.run` would compile anew each time."""
    import jax
    import numpyro

    numpyro.enable_x64()
    begin, kernel = clock(), numpyro.infer.NUTS(model)
    keys = jax.random.split(jax.random.PRNGKey(RANDOM_SEED), CHAINS)
    starts = [kernel.init(key, TUNE, None, (), {}) for key in keys]

    def step(state: Any, _: None) -> tuple[Any, Any]:
        following = kernel.sample(state, (), {})
        return following, (following.z, following.diverging)

    def chain(state: Any) -> Any:
        tuned, _ = jax.lax.scan(lambda s, _: (step(s, _)[0], None), state, length=TUNE)
        return jax.lax.scan(step, tuned, length=draws)[1]

    compiled = jax.jit(chain).lower(starts[0]).compile()
    ready = clock()
    found = jax.block_until_ready([compiled(state) for state in starts])
    sampling = clock() - ready
    values, diverging = jax.tree.map(lambda *each: np.stack(each), *found)
    values = jax.vmap(jax.vmap(kernel.postprocess_fn((), {})))(values)
    return Sampled(labelled(values), int(diverging.sum()), ready - begin, sampling)


def by_stan(program: str, data: Mapping[str, Any], draws: int) -> Sampled:
    """Sample with Stan's NUTS; what PyStan takes to carry draws about is not counted."""
    import psutil
    import stan

    def used() -> float:
        times = [child.cpu_times() for child in psutil.Process().children(recursive=True)]
        return sum(each.user + each.system for each in times)

    given = {name: np.asarray(value).tolist() for name, value in data.items()}
    with _silent():
        start = clock()
        try:
            model = stan.build(program, data=given, random_seed=RANDOM_SEED)
        except ValueError as error:  # its server has failed, and its answer is no JSON
            raise RuntimeError(f"{_NOT_BUILT} ({error})") from None
        compiling, before = clock() - start, used()
        fit = model.sample(num_chains=CHAINS, num_warmup=TUNE, num_samples=draws)
        sampling = used() - before
    values = {name: _by_chain(fit[name]) for name in fit.param_names}
    return Sampled(labelled(values), int(fit["divergent__"].sum()), compiling, sampling)


def _by_chain(values: Array) -> Array:
    """Give (chain, draw, ...) of what PyStan keeps with the chains of each draw side by side."""
    apart = values.reshape(*values.shape[:-1], -1, CHAINS)
    return np.moveaxis(apart, (-1, -2), (0, 1))


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Keep PyStan and its compiler quiet, who write past Python."""
    sys.stdout.flush()
    kept = {stream: os.dup(stream) for stream in (1, 2)}
    try:
        with Path(os.devnull).open("w") as nowhere:
            for stream in kept:
                os.dup2(nowhere.fileno(), stream)
        yield
    finally:
        sys.stdout.flush()
        for stream, copy in kept.items():
            os.dup2(copy, stream)
            os.close(copy)
