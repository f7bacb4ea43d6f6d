"""Mixtures of Betas agree with SciPy, quadrature and sampling."""

from __future__ import annotations

import math
from itertools import pairwise

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import integrate, optimize, stats

from trust_router.basics.mixture import BetaMixture, matched_shapes

SEED_SIMPLE = ([0.2623906705539, 0.7376093294461], [6, 4], [22, 24])
SMOOTH = {
    "seed": SEED_SIMPLE,
    "uniform": ([1.0], [1.0], [1.0]),
    "two modes": ([0.3, 0.7], [2.0, 60.0], [40.0, 12.0]),
    "narrow modes": ([0.49, 0.51], [280.0, 447.0], [15.0, 252.0]),
    "three": ([0.2, 0.5, 0.3], [1.5, 8.0, 3.0], [9.0, 2.0, 3.0]),
}
SPIKY = {
    "gpt-5": ([1.0], [0.2], [0.05]),
    "spikes at both ends": ([0.5, 0.5], [0.2, 3.0], [0.05, 0.5]),
}
mixtures = pytest.mark.parametrize("args", SMOOTH.values(), ids=SMOOTH)

shape = st.floats(0.3, 300.0)


@st.composite
def random_mixtures(draw: st.DrawFn) -> BetaMixture:
    n = draw(st.integers(1, 4))
    ranges = (st.floats(0.01, 1.0), shape, shape)
    weights, alpha, beta = (draw(hnp.arrays(float, n, elements=values)) for values in ranges)
    return BetaMixture(weights / weights.sum(), alpha, beta)


def expectation(mixture: BetaMixture, function, low: float = 0.0, high: float = 1.0) -> float:
    cuts = mixture.quantile(np.linspace(0, 1, 21)).clip(low, high)
    pieces = [
        integrate.quad(lambda x: function(x) * mixture.pdf(x), a, b, epsabs=1e-13, epsrel=1e-12)[0]
        for a, b in pairwise(cuts)
        if b > a
    ]
    return math.fsum(pieces)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (([0.5, 0.6], [1, 1], [1, 1]), "`weights` must be non-negative and sum to 1.*1.1"),
        (([-0.5, 1.5], [1, 1], [1, 1]), "`weights` must be non-negative"),
        (([math.nan], [1], [1]), "`weights` must be non-negative"),
        (([1.0], [0], [1]), "`alpha` and `beta` must be positive"),
        (([1.0], [1], [-1]), "`alpha` and `beta` must be positive"),
        (([1.0], [math.nan], [1]), "`alpha` and `beta` must be positive"),
        (([1.0], [math.inf], [1]), "`alpha` and `beta` must be"),
    ],
)
def test_mixture_refuses_invalid_parameters(args, message):
    with pytest.raises(ValueError, match=message):
        BetaMixture(*args)


def test_mixture_arrays_cannot_be_changed_afterwards():
    weights = np.array([0.5, 0.5])
    mixture = BetaMixture(weights, [1, 2], [3, 4])
    weights[:] = 9
    assert mixture.weights[0] == 0.5
    with pytest.raises(ValueError, match="read-only"):
        mixture.alpha[0] = 9


@mixtures
def test_density_integrates_to_one_and_gives_the_moments(args):
    mixture = BetaMixture(*args)
    first, second = (expectation(mixture, lambda x, p=p: x**p) for p in (1, 2))
    assert expectation(mixture, lambda _: 1.0) == pytest.approx(1, abs=1e-11)
    assert mixture.mean == pytest.approx(first, abs=1e-11)
    assert mixture.second_moment == pytest.approx(second, abs=1e-11)
    assert mixture.variance == pytest.approx(second - first**2, abs=1e-11)
    assert mixture.sd == pytest.approx(math.sqrt(second - first**2), abs=1e-10)


@pytest.mark.parametrize(("alpha", "beta"), [(0.2, 0.05), (3, 9), (1, 1), (4e5, 6e5), (1e-3, 5)])
def test_one_component_is_scipy_beta(alpha, beta):
    mixture, expected = BetaMixture([1.0], [alpha], [beta]), stats.beta(alpha, beta)
    x = np.array([1e-9, 0.1, 0.39, 0.4, 0.401, 0.99])
    np.testing.assert_allclose(mixture.pdf(x), expected.pdf(x), rtol=1e-8)  # SciPy's own digits
    np.testing.assert_allclose(mixture.cdf(x), expected.cdf(x), rtol=1e-12)
    np.testing.assert_allclose(mixture.sf(x), expected.sf(x), rtol=1e-12)
    assert mixture.mean == pytest.approx(expected.mean(), rel=1e-14)
    assert mixture.variance == pytest.approx(expected.var(), rel=1e-12)


@pytest.mark.parametrize(("x", "expected"), [(-1.0, [0, 0, 1]), (2.0, [0, 1, 0])])
def test_there_is_no_mass_outside_the_unit_interval(x, expected):
    mixture = BetaMixture(*SEED_SIMPLE)
    assert [mixture.pdf(x), mixture.cdf(x), mixture.sf(x)] == expected


def test_a_component_of_weight_zero_changes_nothing():
    alone = BetaMixture([1.0], [2.0], [3.0])
    joined = BetaMixture([1.0, 0.0], [2.0, 1e-3], [3.0, 1e-3])
    x = np.linspace(0, 1, 11)
    for name in ("pdf", "cdf", "sf", "mean_excess", "quantile"):
        np.testing.assert_array_equal(getattr(joined, name)(x), getattr(alone, name)(x))


def test_survival_keeps_its_digits_where_it_is_tiny():
    alpha, beta, x = 3, 9, 0.999
    exact = mp.betainc(alpha, beta, mp.mpf(x), 1, regularized=True)
    assert BetaMixture([1.0], [alpha], [beta]).sf(x) == pytest.approx(float(exact), rel=1e-10)


@given(mixture=random_mixtures(), q=st.floats(1e-9, 1 - 1e-9))
def test_quantile_inverts_the_distribution_function(mixture, q):
    x = mixture.quantile(q)
    # Near 1 neighbouring float64 numbers may be further apart in probability than 1e-12.
    steps = mixture.cdf(np.nextafter(x, [0.0, 1.0]))
    assert steps[0] - 1e-12 <= q <= steps[1] + 1e-12


def test_quantile_keeps_relative_precision_near_zero():
    # cdf(x) = x**a C for tiny x, C = 1 / (a B(a, b)).
    a, b, q = 0.2, 0.05, 1e-9
    exact = (mp.mpf(q) * a * mp.beta(a, b)) ** (1 / mp.mpf(a))
    assert BetaMixture([1.0], [a], [b]).quantile(q) == pytest.approx(float(exact), rel=1e-10)


@pytest.mark.parametrize("ci_prob", [0.5, 0.89, 0.99])
@mixtures
def test_equal_tailed_interval_leaves_equal_tails(args, ci_prob):
    mixture = BetaMixture(*args)
    low, high = mixture.interval(ci_prob)
    assert mixture.cdf(low) == pytest.approx((1 - ci_prob) / 2, abs=1e-12)
    assert mixture.sf(high) == pytest.approx((1 - ci_prob) / 2, abs=1e-12)


@pytest.mark.parametrize("ci_prob", [0.5, 0.89, 0.99])
@mixtures
def test_highest_density_interval_has_the_mass_and_no_interval_is_shorter(args, ci_prob):
    mixture = BetaMixture(*args)
    low, high = mixture.interval(ci_prob, "hdi")
    assert mixture.cdf(high) - mixture.cdf(low) == pytest.approx(ci_prob, abs=1e-10)
    tails = np.linspace(0, 1 - ci_prob, 2001)
    widths = mixture.quantile((tails + ci_prob).clip(max=1)) - mixture.quantile(tails)
    assert high - low <= widths.min() * (1 + 1e-5)


@settings(max_examples=25)
@given(mixture=random_mixtures(), ci_prob=st.floats(0.05, 0.995))
def test_highest_density_interval_is_no_wider_than_the_equal_tailed_one(mixture, ci_prob):
    (low, high), (left, right) = mixture.interval(ci_prob, "hdi"), mixture.interval(ci_prob)
    assert high - low <= right - left + 1e-9


@pytest.mark.parametrize(
    ("method", "arguments", "message"),
    [
        ("interval", (0.0,), "`ci_prob` must lie strictly between 0 and 1; got 0"),
        ("interval", (89,), "`ci_prob` must lie strictly between 0 and 1; got 89"),
        ("interval", (0.89, "mad"), "`ci_kind` must be 'eti' or 'hdi'; got 'mad'"),
        ("quantile", (-0.1,), r"`q` must lie in \[0, 1\]; got -0.1"),
        ("quantile", (math.nan,), r"`q` must lie in \[0, 1\]; got nan"),
    ],
)
def test_intervals_and_quantiles_refuse_invalid_arguments(method, arguments, message):
    with pytest.raises(ValueError, match=message):
        getattr(BetaMixture(*SEED_SIMPLE), method)(*arguments)


@pytest.mark.parametrize("x", [0.0, 0.1, 0.3713, 0.7, 1.0])
@mixtures
def test_mean_excess_is_the_integral_above(args, x):
    mixture = BetaMixture(*args)
    exact = expectation(mixture, lambda need: need - x, low=x)
    assert mixture.mean_excess(x) == pytest.approx(exact, abs=1e-11)


@pytest.mark.parametrize("args", (SMOOTH | SPIKY).values(), ids=SMOOTH | SPIKY)
def test_draws_have_the_exact_mean_and_spread_within_five_standard_errors(args):
    mixture, size = BetaMixture(*args), 40_000
    draws = mixture.sample(size, random_seed=11)
    np.testing.assert_array_equal(draws[:9], mixture.sample(size, random_seed=11)[:9])
    for statistic, exact in (
        (draws, mixture.mean),
        (draws**2, mixture.second_moment),
        (draws <= mixture.quantile(0.4), 0.4),
    ):
        error = statistic.std(ddof=1) / math.sqrt(size)
        assert abs(statistic.mean() - exact) < 5 * error


def test_a_batch_gives_what_its_members_give_one_at_a_time():
    rng = np.random.default_rng(5)
    weights, alpha, beta = rng.dirichlet([1, 1, 1], (3, 2)), *rng.uniform(0.5, 30, (2, 3, 2, 3))
    batch = BetaMixture(weights, alpha, beta)
    intervals = {kind: batch.interval(0.8, kind) for kind in ("eti", "hdi")}
    assert batch.batch_shape == (3, 2)
    assert batch.sample(7, 1).shape == (7, 3, 2)
    assert batch.cdf(np.full((5, 1, 1), 0.3)).shape == (5, 3, 2)
    for at in ((0, 0), (2, 1)):
        one = BetaMixture(weights[at], alpha[at], beta[at])
        for name in ("mean", "variance", "second_moment"):
            assert getattr(batch, name)[at] == pytest.approx(getattr(one, name), rel=1e-14)
        for name in ("pdf", "cdf", "sf", "mean_excess", "quantile"):
            assert getattr(batch, name)(0.3)[at] == pytest.approx(getattr(one, name)(0.3), 1e-12)
        for kind, ends in intervals.items():
            np.testing.assert_allclose([e[at] for e in ends], one.interval(0.8, kind), rtol=1e-9)


def _by_hand(args):
    """Distribution function and density, from SciPy's Beta alone."""
    parts = [(w, stats.beta(a, b)) for w, a, b in zip(*args, strict=True)]
    return (
        lambda x: sum(w * part.cdf(x) for w, part in parts),
        lambda x: sum(w * part.pdf(x) for w, part in parts),
    )


@mixtures
def test_quantiles_are_those_that_bisecting_scipys_distribution_finds(args):
    cdf, _ = _by_hand(args)
    for q in (0.001, 0.05, 0.3, 0.5, 0.9, 0.999):
        found = optimize.brentq(lambda x, q=q: cdf(x) - q, 0, 1, xtol=1e-14, rtol=1e-13)
        assert BetaMixture(*args).quantile(q) == pytest.approx(found, rel=1e-9)


@pytest.mark.parametrize(
    "args", [SEED_SIMPLE, ([1.0], [3.0], [9.0]), ([0.5, 0.5], [3.0, 5.0], [9.0, 9.0])]
)
@pytest.mark.parametrize("ci_prob", [0.5, 0.89])
def test_highest_density_interval_is_where_the_density_is_above_one_level(args, ci_prob):
    cdf, pdf = _by_hand(args)
    x = np.linspace(0, 1, 200_001)
    mode = x[pdf(x).argmax()]

    def ends(level):
        low, high = (
            optimize.brentq(lambda x: pdf(x) - level, *span) for span in ((0, mode), (mode, 1))
        )
        return low, high

    def missing(level):
        low, high = ends(level)
        return cdf(high) - cdf(low) - ci_prob

    highest = pdf(mode)
    expected = ends(optimize.brentq(missing, 1e-6 * highest, (1 - 1e-9) * highest))
    np.testing.assert_allclose(BetaMixture(*args).interval(ci_prob, "hdi"), expected, atol=2e-4)


def test_a_mixture_is_its_own_match():
    mixture = BetaMixture([0.25, 0.75], [6, 4], [22, 24])
    assert mixture.matched is mixture
    alpha, beta = matched_shapes(6 / 28, 6 / 28 * 7 / 29)
    assert (float(alpha), float(beta)) == pytest.approx((6, 22))
