"""Our two models beside other ways to sample them: `python benchmarks/samplers.py [DRAWS]`.

The seed on its own data and the pool on 1,000 simulated tickets; 4 chains of 1,000 draws each after
as much tuning. Seconds are those of the processor. `ESS/s` is the effective sample size of trust in
the router where it is least by the seconds of sampling, tuning included; compiling is counted by
itself, and what is computed of the draws afterwards is left out. NumPyro and PyStan come with
`pip install 'trust_router[bench]'`; what is missing is skipped with a reason.
"""

from __future__ import annotations

import logging
import sys
import warnings
from collections.abc import Callable, Mapping

import arviz as az
import numpy as np
import xarray as xr
from rivals import pool, seed
from rivals.running import Sampled

DRAWS = 1000
HEADINGS = ("ESS", "sampling", "ESS/s", "of ours", "compiling", "divergences", "MCSE", "off")


def main(draws: int) -> None:
    """Print a table for each model."""
    logging.getLogger("pymc").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")  # that chains have not converged is what the table shows
    print("seed; off: largest distance of trust from the closed form")
    compare(seed.ways(), draws, xr.Dataset({"trust": ("router", seed.exact())}))
    print("\npool; off: largest distance of trust and need from ours, in Monte Carlo errors")
    compare(pool.ways(), draws)


def compare(
    ways: Mapping[str, Callable[[int], Sampled]], draws: int, exact: xr.Dataset | None = None
) -> None:
    """Sample in every way and print a line for each; the first is ours."""
    print(f"{'':24}" + "".join(f"{heading:>12}" for heading in HEADINGS))
    ours, least = None, np.nan
    for name, way in ways.items():
        try:
            found = way(draws)
        except (ImportError, RuntimeError, ValueError) as error:
            print(f"{name:24} skipped: {' '.join(str(error).split())}", flush=True)
            continue
        trust = found.draws[["trust"]]
        ess = float(az.ess(trust, method="bulk")["trust"].min())
        mcse = float(az.mcse(trust, method="mean")["trust"].max())
        if ours is None:
            ours, least = found, ess / found.sampling
        off = _from_exact(trust, exact) if exact is not None else _from_ours(found, ours)
        print(
            f"{name:24}{ess:12,.0f}{found.sampling:12.3f}{ess / found.sampling:12,.0f}"
            f"{ess / found.sampling / least:12.2f}{found.compiling:12.1f}{found.diverging:12d}"
            f"{mcse:12.4f}{off:12.3f}",
            flush=True,
        )


def _from_exact(trust: xr.Dataset, exact: xr.Dataset) -> float:
    away = trust.mean(("chain", "draw"))["trust"].values - exact["trust"].values
    return float(np.abs(away).max())


def _from_ours(found: Sampled, ours: Sampled) -> float:
    """Give the largest difference of means of trust and need by the error of the difference."""
    both = [each.draws[["trust", "need"]] for each in (found, ours)]
    both = [each.drop_vars(list(each.coords)) for each in both]  # labels differ, the order does not
    means = [each.mean(("chain", "draw")) for each in both]
    errors = [az.mcse(each, method="mean") for each in both]
    away = np.abs(means[0] - means[1]) / np.hypot(*errors)
    return float(max(away["trust"].max(), away["need"].max()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS)
