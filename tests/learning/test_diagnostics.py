"""Draws that may not be trusted are told."""

from __future__ import annotations

import arviz as az
import numpy as np
import pytest
import xarray as xr

from trust_router.learning.diagnostics import diagnose


def tree(change=None, **stats):
    """Four chains of independent draws, two of the parameters in common."""
    rng = np.random.default_rng(1)
    one = {"a": rng.normal(size=(4, 500)), "b": rng.normal(size=(4, 500, 2))}
    one |= {"trust": np.ones((4, 500, 1))} | (change or {})
    energy = {"energy": rng.normal(size=(4, 500))}
    none = {name: np.zeros((4, 500), bool) for name in ("diverging", "maxdepth_reached")}
    sizes = ("chain", "draw", "k")
    groups = {"posterior": one, "sample_stats": none | energy | stats}
    return xr.DataTree.from_dict(
        {g: xr.Dataset({n: (sizes[: x.ndim], x) for n, x in v.items() if n != "b"}
                       | {n: (("chain", "draw", "m"), x) for n, x in v.items() if n == "b"})
         for g, v in groups.items()}
    )  # fmt: skip


def test_the_worst_of_all_parameters_counts():
    rng = np.random.default_rng(2)
    slow = rng.normal(size=(4, 500, 2))
    slow[..., 1] = slow[..., 1].cumsum(axis=1) / 20
    held = tree({"b": slow})
    found = diagnose(held)
    draws = held["posterior"].to_dataset()[["a", "b"]]
    worst = {
        "max_rhat": max(float(az.rhat(draws)[n].max()) for n in draws),
        "min_ess_bulk": min(float(az.ess(draws, method="bulk")[n].min()) for n in draws),
        "min_ess_tail": min(float(az.ess(draws, method="tail")[n].min()) for n in draws),
    }
    for name, value in worst.items():
        assert getattr(found, name) == pytest.approx(value), name
    assert not found.converged
    assert f"R-hat is {found.max_rhat:.3f} and should be below 1.01" in found.problems
    size = f"{min(found.min_ess_bulk, found.min_ess_tail):.0f}"
    assert f"the effective sample size is {size} and should exceed 400" in found.problems


def test_each_kind_of_trouble_is_said_alone():
    assert diagnose(tree()).converged
    one = np.zeros((4, 500), bool)
    one[2, 7:10] = True
    for stat, said in (
        ({"diverging": one}, "3 divergences"),
        ({"maxdepth_reached": one}, "3 draws hit the maximal tree depth"),
    ):
        assert diagnose(tree(**stat)).problems == (said,)
    energy = np.random.default_rng(3).normal(size=(4, 500)).cumsum(axis=1)
    found = diagnose(tree(energy=energy))
    differences = (np.diff(energy, axis=1) ** 2).sum(axis=1)
    around = ((energy - energy.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    assert found.min_bfmi == pytest.approx((differences / around).min(), rel=0.02)
    assert found.problems == (f"BFMI is {found.min_bfmi:.2f} and should exceed 0.3",)
    stuck = diagnose(tree({"a": np.ones((4, 500))}))
    assert stuck.problems[0] == ("R-hat cannot be computed; it takes two or more chains that move")


@pytest.mark.slow
def test_one_chain_cannot_show_that_it_converged(nuts_posterior):
    tree = nuts_posterior.data
    one = xr.DataTree.from_dict(
        {name: tree[name].to_dataset().isel(chain=[0]) for name in ("posterior", "sample_stats")}
    )
    one["posterior"] = xr.DataTree(one["posterior"].to_dataset().isel(draw=slice(0, 100)))
    assert not diagnose(one).converged
