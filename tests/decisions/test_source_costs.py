"""The source's arithmetic is kept as it is."""

from __future__ import annotations

import pytest
from support.decided import CATEGORY

from trust_router.decisions.source_costs import source_costs
from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.routers import Router
from trust_router.learning.solving import solve


def test_the_sources_arithmetic_gives_the_sources_costs(exact_posterior):
    result = source_costs(exact_posterior, CATEGORY)
    assert (result.all_last, result.tickets) == (300.0, 100)
    assert result.weighted == pytest.approx(59.44, abs=0.005)
    assert 100 * result.weighted_saving == pytest.approx(80.2, abs=0.05)
    assert result.escalating == pytest.approx(63.2, abs=0.05)
    assert 100 * result.escalating_saving == pytest.approx(78.9, abs=0.05)


@pytest.mark.parametrize(
    ("prices", "message"),
    [
        ((None, 3.0), "router 'a' has no `price`; the source's costs need it"),
        ((1.0, 0.0), "`price` of the last router is 0; nothing can be saved against it"),
    ],
)
def test_the_sources_arithmetic_needs_prices(prices, message):
    a, b = (Router(n, {"j": 1}, price=p) for n, p in zip("ab", prices, strict=True))
    held = Beliefs(["c"], ["j"], [[1]], [[1]])
    posterior = solve(Panel([a, b]), held, Outcomes(["c"], [1], [0]))
    with pytest.raises(ValueError, match=message):
        source_costs(posterior, "c")


@pytest.mark.parametrize("tickets", [0, -5, 2.0])
def test_amounts_per_no_tickets_are_refused(exact_posterior, tickets):
    with pytest.raises(ValueError, match=f"`tickets` must be a whole number .* got {tickets}"):
        source_costs(exact_posterior, CATEGORY, tickets=tickets)


def test_an_unknown_category_is_refused(exact_posterior):
    with pytest.raises(ValueError, match="unknown category 'z'; outcomes know 1"):
        source_costs(exact_posterior, "z")


def test_other_objects_are_refused(seed):
    with pytest.raises(TypeError, match="`posterior` must be a Posterior; got a Panel"):
        source_costs(seed[0], CATEGORY)
