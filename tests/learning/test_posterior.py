"""The results object: the same tables for closed form and NUTS, kept and found again."""

from __future__ import annotations

import pytest

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


def test_unknown_names_are_listed(exact_posterior):
    with pytest.raises(ValueError, match=r"unknown category 'x'.*'transfer failed'"):
        exact_posterior.mixture("x")
    with pytest.raises(ValueError, match="unknown router 'x'; the panel has simple, medium"):
        exact_posterior.mixture("transfer failed", "x")


def test_beliefs_of_the_other_kind_are_refused(pool_posterior, seed):
    with pytest.raises(ValueError, match=r"fitted to beliefs about tickets; got .* categories"):
        pool_posterior.predict(seed[1])
