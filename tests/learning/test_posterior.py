"""The results object: the same tables for closed form and NUTS, kept and found again."""

from __future__ import annotations

import numpy as np
import pytest
from support.drawn import drawn
from support.pooled import straight, straight_pool

import trust_router as tr


def test_exact_need_has_the_interval_of_its_mixture(exact_posterior):
    row = exact_posterior.need(0.8, "hdi").loc["transfer failed"]
    low, high = exact_posterior.mixture("transfer failed").interval(0.8, "hdi")
    assert (row["lower"], row["upper"]) == (low, high)


def test_order_of_routers_and_categories_is_kept():
    panel = tr.Panel(
        [tr.Router("z", {"j": 1.0}), tr.Router("a", {"k": 1.0})],
        [tr.Judge("j", tr.Beta(2, 2)), tr.Judge("k", tr.Beta(1, 4))],
    )
    outcomes = tr.Outcomes(["y", "x"], [5, 7], [2, 3])
    posterior = tr.solve(panel, tr.stated_beliefs(panel, ["y", "x"]), outcomes)
    assert posterior.trust().index.to_list() == [("y", "z"), ("y", "a"), ("x", "z"), ("x", "a")]
    assert posterior.need().index.to_list() == ["y", "x"]


def test_a_parameter_has_the_interval_that_was_asked_for(pooled):
    skewed = np.geomspace(0.1, 10, 400).reshape(2, 200)
    panel, beliefs, outcomes = pooled
    posterior = drawn(panel, beliefs, outcomes, straight_pool(), **straight(skewed, skewed))
    shortest = posterior.parameter("gain", 0.5, "hdi").iloc[0]
    tails = posterior.parameter("gain", 0.5, "eti").iloc[0]
    assert [tails["lower"], tails["upper"]] == pytest.approx(
        np.quantile(skewed, [0.25, 0.75]).tolist(), rel=0.01
    )
    assert shortest["lower"] == pytest.approx(0.1)
    assert shortest["upper"] == pytest.approx(np.quantile(skewed, 0.5), rel=0.02)


def test_unknown_names_are_listed(exact_posterior):
    with pytest.raises(ValueError, match=r"unknown category 'x'.*'transfer failed'"):
        exact_posterior.mixture("x")
    with pytest.raises(ValueError, match="unknown router 'x'; the panel has simple, medium"):
        exact_posterior.mixture("transfer failed", "x")


def test_beliefs_of_the_other_kind_are_refused(pool_posterior, seed):
    with pytest.raises(ValueError, match=r"fitted to beliefs about tickets; got .* categories"):
        pool_posterior.predict(seed[1])
