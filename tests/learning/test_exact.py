"""The closed form gives the source's numbers, obeys Bayes' rule and stays stable."""

from __future__ import annotations

import math
from itertools import permutations

import mpmath as mp
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import special

from trust_router.inputs.beliefs import Beliefs
from trust_router.inputs.outcomes import Outcomes
from trust_router.inputs.panel import Panel
from trust_router.inputs.routers import Router
from trust_router.learning.exact import ClosedForm, closed_form

TRUST = {"simple": 0.3420062143831, "medium": 0.4792506103357, "complex": 0.1787431752812}
MIXTURES = {
    "simple": ([0.2623906705539, 0.7376093294461], [6, 4], [22, 24]),
    "medium": ([0.9633551632505, 0.0366448367495], [6, 3.2], [28, 19.05]),
    "complex": ([0.7379918929276, 0.2620081070724], [6, 3.2], [28, 19.05]),
}
LOG_EVIDENCE = -10.187301368309845
FIELDS = ("seat_posterior", "trust", "log_evidence", "router_log_evidence", "alpha", "beta")
BILLION = 10**9
TIGHT = 1e-11


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    judges = [f"j{i}" for i in range(draw(st.integers(1, 4)))]
    weight = st.floats(0.05, 1.0)
    routers = []
    for r in range(draw(st.integers(1, 3))):
        seated = draw(st.lists(st.sampled_from(judges), min_size=1, unique=True))
        raw = [draw(weight) for _ in seated]
        routers.append(Router(f"r{r}", {j: w / sum(raw) for j, w in zip(seated, raw, strict=True)}))
    raw = [draw(weight) for _ in routers]
    return Panel(routers, [], {r.name: w / sum(raw) for r, w in zip(routers, raw, strict=True)})


@st.composite
def problems(draw: st.DrawFn, most: int = 200) -> tuple[Panel, Beliefs, Outcomes]:
    panel = draw(panels())
    categories = [f"c{i}" for i in range(draw(st.integers(1, 3)))]
    shape = st.floats(-2, 3).map(lambda e: 10.0**e)
    alpha, beta = ([[draw(shape) for _ in panel.judges] for _ in categories] for _ in range(2))
    trials = [draw(st.integers(0, most)) for _ in categories]
    needs = [draw(st.integers(0, n)) for n in trials]
    beliefs = Beliefs(categories, panel.judge_names, alpha, beta)
    return panel, beliefs, Outcomes(categories, trials, needs)


def exact_answer(panel: Panel, alpha, beta, needs: int, trials: int) -> tuple[list[mp.mpf], mp.mpf]:
    """Give seat posteriors and log evidence of one category with 60 digits."""
    with mp.workdps(60):
        joint = []
        for judge, weight in zip(panel.seats.judge, panel.seats.weight, strict=True):
            a, b = mp.mpf(float(alpha[judge])), mp.mpf(float(beta[judge]))
            ends = [(a + needs, a), (b + trials - needs, b), (a + b, a + b + trials)]
            log_ratio = sum(mp.loggamma(over) - mp.loggamma(under) for over, under in ends)
            joint.append(mp.mpf(float(weight)) * mp.exp(log_ratio))
        total = mp.fsum(joint)
        return [j / total for j in joint], mp.log(total)


def as_prior(result: ClosedForm, category: int) -> tuple[Panel, Beliefs]:
    """Turn the posterior of a category into a panel where every seat is a judge of its own."""
    panel = result.panel
    names = np.array([f"s{s}" for s in range(len(panel.seats.labels))])
    routers = [
        Router(
            router,
            dict(
                zip(
                    names[panel.router_seats(router)].tolist(),
                    result.router_mixture(router).weights[category].tolist(),
                    strict=True,
                )
            ),
        )
        for router in panel.router_names
    ]
    trust = dict(zip(panel.router_names, result.trust[category].tolist(), strict=True))
    shapes = result.alpha[[category]], result.beta[[category]]
    label = result.outcomes.categories[category]
    return Panel(routers, [], trust), Beliefs([label], names.tolist(), *shapes)


@pytest.mark.parametrize(("router", "trust"), TRUST.items())
def test_trust_is_the_sources(seed, router, trust):
    result = closed_form(*seed)
    at = result.panel.router_position(router)
    assert result.trust[0, at] == pytest.approx(trust, abs=1e-12)


@pytest.mark.parametrize(("router", "expected"), MIXTURES.items())
def test_router_mixtures_are_the_sources(seed, router, expected):
    mixture = closed_form(*seed).router_mixture(router)
    for got, value in zip((mixture.weights, mixture.alpha, mixture.beta), expected, strict=True):
        np.testing.assert_allclose(got[0], value, rtol=0, atol=1e-12)


def test_log_evidence_is_the_sources_and_the_count_adds_the_binomial_coefficient(seed):
    result = closed_form(*seed)
    assert result.log_evidence[0] == pytest.approx(LOG_EVIDENCE, abs=1e-12)
    panel, _, outcomes = seed
    n, k = int(outcomes.trials[0]), int(outcomes.needs[0])
    # The count is k in n whatever the order: its probabilities sum to 1 over k.
    every = [
        closed_form(panel, seed[1], Outcomes(outcomes.categories, [n], [i])).log_evidence[0]
        + math.log(math.comb(n, i))
        for i in range(n + 1)
    ]
    assert special.logsumexp(every) == pytest.approx(0, abs=1e-12)
    assert every[k] == pytest.approx(LOG_EVIDENCE + math.log(1540), abs=1e-12)


def test_the_overall_mixture_is_the_router_mixtures_weighted_by_trust(seed):
    result = closed_form(*seed)
    x = np.linspace(0.01, 0.99, 9)
    parts = [result.router_mixture(name).pdf(x) for name in TRUST]
    np.testing.assert_allclose(result.mixture.pdf(x), result.trust[0] @ parts, rtol=1e-12)


def test_an_unknown_router_is_refused(seed):
    with pytest.raises(ValueError, match="unknown router 'z'; the panel has simple, medium"):
        closed_form(*seed).router_mixture("z")


def test_a_category_without_beliefs_is_refused(seed):
    panel, beliefs, _ = seed
    with pytest.raises(ValueError, match="there is no belief for category 'refund'"):
        closed_form(panel, beliefs, Outcomes(["refund"], [1], [0]))


def test_a_judge_without_beliefs_is_refused(seed):
    _, beliefs, outcomes = seed
    with pytest.raises(ValueError, match="there is no belief for judge 'nobody'"):
        closed_form(Panel([Router("r", {"nobody": 1})]), beliefs, outcomes)


def test_without_trials_the_prior_comes_back(seed):
    panel, beliefs, outcomes = seed
    result = closed_form(panel, beliefs, Outcomes(outcomes.categories, [0], [0], [5]))
    np.testing.assert_allclose(result.seat_posterior[0], panel.seats.weight, rtol=1e-14)
    np.testing.assert_allclose(result.trust[0], panel.share, rtol=1e-14)
    np.testing.assert_allclose(result.log_evidence, 0, atol=1e-15)


@given(problem=problems())
def test_probabilities_sum_to_one(problem):
    result = closed_form(*problem)
    for values in (result.seat_posterior, result.trust):
        assert np.all(values >= 0)
        np.testing.assert_allclose(values.sum(axis=-1), 1, rtol=0, atol=1e-13)
    for name in result.panel.router_names:
        within = result.router_mixture(name).weights
        np.testing.assert_allclose(within.sum(axis=-1), 1, rtol=0, atol=1e-13)


@settings(max_examples=50)
@given(problem=problems(most=60))
def test_seats_and_evidence_agree_with_sixty_digits(problem):
    panel, beliefs, outcomes = problem
    result = closed_form(*problem)
    for c in range(len(outcomes.categories)):
        counts = int(outcomes.needs[c]), int(outcomes.trials[c])
        seats, log_evidence = exact_answer(panel, beliefs.alpha[c], beliefs.beta[c], *counts)
        exact = [float(s) for s in seats]
        np.testing.assert_allclose(result.seat_posterior[c], exact, rtol=0, atol=1e-12)
        assert result.log_evidence[c] == pytest.approx(float(log_evidence), rel=1e-12, abs=1e-12)


def test_evidence_is_the_product_of_one_step_predictions(seed):
    """The definition, outcome by outcome, without Beta functions."""
    panel, beliefs, _ = seed
    alpha, beta = (x[0, panel.seats.judge].copy() for x in (beliefs.alpha, beliefs.beta))
    seat, log_evidence = panel.seats.weight.copy(), 0.0
    for y in [0] * 11 + [1] + [0] * 8 + [1] * 2:
        predicted = (alpha if y else beta) / (alpha + beta)
        log_evidence += math.log(seat @ predicted)
        seat = seat * predicted / (seat @ predicted)
        alpha, beta = alpha + y, beta + 1 - y
    result = closed_form(*seed)
    assert result.log_evidence[0] == pytest.approx(log_evidence, abs=1e-12)
    np.testing.assert_allclose(result.seat_posterior[0], seat, rtol=1e-12)


@given(problem=problems(), data=st.data())
def test_updating_twice_is_updating_once_with_the_sum(problem, data):
    panel, beliefs, outcomes = problem
    n = [data.draw(st.integers(0, 100)) for _ in outcomes.categories]
    later = Outcomes(outcomes.categories, n, [data.draw(st.integers(0, m)) for m in n])
    both, first = (closed_form(panel, beliefs, seen) for seen in (outcomes + later, outcomes))
    assume(first.seat_posterior.min() > 1e-100)
    for c, category in enumerate(outcomes.categories):
        second = closed_form(*as_prior(first, c), later.select([category]))
        for name in ("seat_posterior", "trust", "alpha", "beta"):
            got, expected = getattr(second, name)[0], getattr(both, name)[c]
            np.testing.assert_allclose(got, expected, rtol=TIGHT, atol=1e-10)
        total = first.log_evidence[c] + second.log_evidence[0]
        assert total == pytest.approx(both.log_evidence[c], rel=1e-10, abs=1e-10)


@given(problem=problems())
def test_categories_are_independent_problems_and_their_order_is_free(problem):
    panel, beliefs, outcomes = problem
    together = closed_form(*problem)
    backwards = closed_form(panel, beliefs, outcomes.select(outcomes.categories[::-1]))
    for c, category in enumerate(outcomes.categories):
        alone = closed_form(panel, beliefs, outcomes.select([category]))
        for name in FIELDS:
            np.testing.assert_allclose(getattr(alone, name)[0], getattr(together, name)[c], TIGHT)
            np.testing.assert_allclose(
                getattr(backwards, name)[-1 - c], getattr(together, name)[c], TIGHT
            )


def test_the_order_of_routers_judges_and_beliefs_is_free(seed):
    panel, beliefs, outcomes = seed
    trust = {"simple": 0.5, "medium": 0.3, "complex": 0.2}
    expected = closed_form(Panel(panel.routers, [], trust), beliefs, outcomes)
    held = beliefs.select(beliefs.labels, beliefs.judges[::-1])
    for routers in permutations(panel.routers):
        turned = [Router(r.name, dict(reversed(r.judges.items()))) for r in routers]
        result = closed_form(Panel(turned, [], trust), held, outcomes)
        at = [panel.router_position(name) for name in result.panel.router_names]
        np.testing.assert_allclose(result.trust, expected.trust[:, at], rtol=TIGHT)
        np.testing.assert_allclose(result.log_evidence, expected.log_evidence, rtol=TIGHT)
        seats = [panel.seats.labels.index(label) for label in result.panel.seats.labels]
        np.testing.assert_allclose(
            result.seat_posterior, expected.seat_posterior[:, seats], rtol=TIGHT
        )


@given(problem=problems())
def test_bayes_factors_are_posterior_odds_over_prior_odds(problem):
    result = closed_form(*problem)
    assume(result.trust.min() > 1e-290)
    log_odds = np.log(result.trust) - np.log(result.panel.share)
    expected = log_odds[:, :, None] - log_odds[:, None, :]
    np.testing.assert_allclose(result.log_bayes_factors, expected, rtol=1e-9, atol=1e-11)
    evidence = result.router_log_evidence
    np.testing.assert_allclose(
        result.log_bayes_factors, evidence[:, :, None] - evidence[:, None, :], rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("needs", [0, 1, 1000, 250_000_000, 999_999_999, BILLION])
def test_a_billion_trials_keep_every_digit(seed, needs):
    panel, beliefs, outcomes = seed
    result = closed_form(panel, beliefs, Outcomes(outcomes.categories, [BILLION], [needs]))
    shapes = beliefs.alpha[0], beliefs.beta[0]
    seats, log_evidence = exact_answer(panel, *shapes, needs, BILLION)
    np.testing.assert_allclose(result.seat_posterior[0], [float(s) for s in seats], rtol=1e-12)
    assert result.log_evidence[0] == pytest.approx(float(log_evidence), rel=1e-13)


def test_a_router_whose_trust_underflows_still_has_a_mixture():
    panel = Panel([Router("wrong", {"x": 0.3, "y": 0.7}), Router("right", {"z": 1})])
    beliefs = Beliefs(["c"], ["x", "y", "z"], [[9e5, 8e5, 1]], [[1e5, 2e5, 9]])
    result = closed_form(panel, beliefs, Outcomes(["c"], [10**6], [10**5]))
    assert result.trust[0].tolist() == [0, 1]
    seats, _ = exact_answer(panel, beliefs.alpha[0], beliefs.beta[0], 10**5, 10**6)
    within = [float(s / (seats[0] + seats[1])) for s in seats[:2]]
    np.testing.assert_allclose(result.router_mixture("wrong").weights[0], within, rtol=1e-9)
    assert np.isfinite(result.log_bayes_factors).all()
