"""Numbers of a report are those of its tables, and agree within what is known of them."""

from __future__ import annotations

import numpy as np
import pytest
from support.pretended import COUNTS, SEATS, STATED

import trust_router as tr
from trust_router.show.reports.numbers import Number, agree, numbers_of

COSTS = tr.Costs(simple=0.03, complex=3.0, failure=5.0)


@pytest.mark.parametrize(
    ("value", "error", "same"),
    [
        (0.5, 0.0, True),
        (0.5 + 1e-12, 0.0, True),
        (0.5001, 0.0, False),
        (0.54, 0.01, True),  # 2.8 errors of the difference
        (0.58, 0.01, False),
        (np.nan, 0.0, False),
        (np.inf, 0.0, False),
    ],
)
def test_five_errors_are_luck_and_more_is_not(value, error, same):
    assert agree(Number("x", 0.5, error), Number("x", value, error)) is same


def test_what_is_missing_in_both_agrees():
    assert agree(Number("x", np.nan, 0), Number("x", np.nan, 0))


def test_zero_is_zero_but_for_rounding():
    assert agree(Number("x", 0.0, 0), Number("x", 0.0, 0))
    assert not agree(Number("x", 0.0, 0), Number("x", 1e-6, 0))


def test_all_tables_are_in_it():
    posterior = tr.solve(SEATS, STATED, COUNTS)
    held = {each.name: each for each in numbers_of(posterior, COSTS)}
    category = posterior.rows.categories[0]
    router = posterior.panel.router_names[0]
    trust = posterior.trust().loc[(category, router), "mean"]
    assert held[f"trust, {category}, {router}"].value == trust
    assert held[f"cost escalate, {category}"].value == 3.0
    assert held["cost, all complex"].value == pytest.approx(300)
    assert all(each.error == 0 for each in held.values())
    assert len(numbers_of(posterior, None)) < len(held)


def test_of_many_categories_those_with_most_tickets_count():
    names = [f"c{i}" for i in range(130)]
    stated = tr.Beliefs(names, STATED.judges, *([[2] * len(STATED.judges)] * 130,) * 2)
    outcomes = tr.Outcomes(names, np.arange(130), [0] * 130)
    found = numbers_of(tr.solve(SEATS, stated, outcomes), None)
    assert "need, c129" in {each.name for each in found}
    assert "need, c29" not in {each.name for each in found}


@pytest.mark.slow
def test_sampled_numbers_have_errors_that_cover_another_seed(seed, nuts_posterior):
    other = tr.fit(*seed, random_seed=2)
    then, now = (numbers_of(each, COSTS) for each in (nuts_posterior, other))
    assert all(agree(a, b) for a, b in zip(then, now, strict=True))
    assert any(a.value != b.value for a, b in zip(then, now, strict=True))
