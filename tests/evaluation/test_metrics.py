"""Metrics: the textbook's numbers, ties at random, replicates at once."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss

import trust_router as tr
from trust_router.evaluation.held_out import HeldOut
from trust_router.evaluation.metrics import COST_METRICS, METRICS, score


def some(size=500, seed=1):
    rng = np.random.default_rng(seed)
    need = rng.beta(2, 3, size)
    return need, HeldOut.from_outcome(rng.binomial(1, need), random_seed=seed)


def test_probability_metrics_agree_with_scikit_learn():
    need, held_out = some()
    scores = score(need, held_out)
    assert scores["log_loss"][0] == pytest.approx(log_loss(held_out.outcome, need), rel=1e-12)
    expected = brier_score_loss(held_out.outcome, need)
    assert scores["brier"][0] == pytest.approx(expected, rel=1e-12)


def test_being_surely_wrong_is_a_finite_loss():
    scores = score(np.array([0.0, 1.0]), HeldOut.from_outcome(np.array([1, 0])))
    assert np.isfinite(scores["log_loss"][0])
    assert scores["log_loss"][0] > 20


def test_calibration_error_is_the_gap_in_each_bin_weighted_by_tickets():
    need = np.array([0.02, 0.04, 0.55, 1.0])
    scores = score(need, HeldOut.from_outcome(np.array([0, 1, 1, 1])))
    assert scores["ece"][0] == pytest.approx((abs(0.06 - 1) + 0.45 + 0.0) / 4)


def test_weights_count_tickets_as_if_they_stood_there_so_often():
    need, held_out = some(60)
    times = np.random.default_rng(2).poisson(1, (3, 60))
    together = score(need, held_out, weights=times, costs=tr.Costs(0.03, 3.0, failure=5.0))
    for r, row in enumerate(times):
        at = np.repeat(np.arange(60), row)
        alone = score(need[at], held_out.take(at), costs=tr.Costs(0.03, 3.0, failure=5.0))
        for name in [*METRICS, *COST_METRICS]:
            if name not in {"apgr", "cpt50", "cpt80", "aurc"}:  # there, ties fall together
                assert together[name][r] == pytest.approx(alone[name][0], abs=1e-9), name


def test_apgr_is_half_at_random_and_known_for_a_perfect_ranking():
    outcome = np.r_[np.ones(20), np.zeros(80)].astype(int)
    perfect = score(outcome * 0.9, HeldOut.from_outcome(outcome))
    assert perfect["apgr"][0] == pytest.approx(1 - 0.2 / 2)
    assert perfect["cpt50"][0] == pytest.approx(0.1)
    assert perfect["cpt80"][0] == pytest.approx(0.16)
    random = [
        score(np.full(100, 0.2), HeldOut.from_outcome(outcome, random_seed=s))["apgr"][0]
        for s in range(200)
    ]
    assert np.mean(random) == pytest.approx(0.5, abs=5 * np.std(random) / np.sqrt(200))


def test_routing_is_undefined_where_the_complex_model_is_no_better():
    held_out = HeldOut(np.array([1, 0]), np.array([0.5, 1.0]), np.array([0.5, 1.0]), np.zeros(2))
    scores = score(np.array([0.3, 0.6]), held_out)
    assert np.isnan(scores["apgr"][0])
    assert np.isnan(scores["cpt50"][0])


def test_costs_follow_the_expected_cost_rule():
    costs = tr.Costs(simple=1.0, complex=10.0, failure=20.0, wrong_escalation=2.0)
    outcome = np.array([0, 1, 1, 0])
    need = np.array([0.1, 0.9, 0.1, 0.9])
    scores = score(need, HeldOut.from_outcome(outcome), costs=costs)
    paid = [1.0, 10.0, 31.0, 12.0]
    assert scores["cost"][0] == pytest.approx(100 * np.mean(paid))
    assert scores["regret_oracle"][0] == pytest.approx(
        100 * (np.mean(paid) - (1 + 10 + 10 + 1) / 4)
    )
    best = min(np.mean([1, 31, 31, 1]), np.mean([12, 10, 10, 12]))
    assert scores["regret_constant"][0] == pytest.approx(100 * (np.mean(paid) - best))


def test_risk_is_averaged_over_coverage_the_surest_first():
    need = np.array([0.99, 0.02, 0.6])
    scores = score(need, HeldOut.from_outcome(np.array([1, 0, 0])))
    assert scores["aurc"][0] == pytest.approx((0 + 0 + 1 / 3) / 3)


def looped(need, outcome, quality, order, costs):
    """All metrics ticket by ticket; the order breaks ties."""
    size, simple, strong = len(need), *quality
    clipped = [min(max(p, 1e-12), 1 - 1e-12) for p in need]
    loss = [-math.log(p if y else 1 - p) for p, y in zip(clipped, outcome, strict=True)]
    bins = [[] for _ in range(10)]
    for p, y in zip(need, outcome, strict=True):
        bins[min(math.floor(p * 10), 9)].append(p - y)
    by_need = sorted(range(size), key=lambda i: (-need[i], order[i]))
    gains, total = [0.0], 0.0
    for i in by_need:
        total += strong[i] - simple[i]
        gains.append(total)
    sure = sorted(range(size), key=lambda i: (-abs(need[i] - 0.5), order[i]))
    wrong = [(need[i] > 0.5) != (outcome[i] == 1) for i in sure]
    first = [costs.simple + y * (costs.complex + costs.failure) for y in outcome]
    straight = [costs.complex + (1 - y) * costs.wrong_escalation for y in outcome]
    paid = [b if p > costs.threshold else a for p, a, b in zip(need, first, straight, strict=True)]
    found = {
        "log_loss": sum(loss) / size,
        "brier": sum((p - y) ** 2 for p, y in zip(need, outcome, strict=True)) / size,
        "ece": sum(abs(sum(each)) for each in bins) / size,
        "aurc": sum(sum(wrong[: i + 1]) / (i + 1) for i in range(size)) / size,
        "cost": 100 * sum(paid) / size,
        "regret_oracle": 100 * (sum(paid) - sum(map(min, first, straight))) / size,
        "regret_constant": 100 * (sum(paid) - min(sum(first), sum(straight))) / size,
    }
    if total <= 1e-9 * size:
        return found | dict.fromkeys(("apgr", "cpt50", "cpt80"), math.nan)
    recovered = [gain / total for gain in gains]
    found["apgr"] = sum((a + b) / 2 for a, b in pairwise(recovered)) / size
    for name, level in (("cpt50", 0.5), ("cpt80", 0.8)):
        at = next(i for i, gain in enumerate(recovered) if gain >= level - 1e-12)
        low, high = recovered[at - 1], recovered[at]
        found[name] = (at - 1 + (level - low) / (high - low)) / size
    return found


tenths = st.integers(0, 20).map(lambda i: i / 20)
case = st.tuples(tenths, st.integers(0, 1), tenths, tenths)


@given(st.lists(case, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_every_metric_is_what_a_loop_over_tickets_finds(cases, random):
    need, outcome, simple, strong = (np.array(x) for x in zip(*cases, strict=True))
    ties = np.array(random.sample(range(100), len(need))) / 100.0
    costs = tr.Costs(0.3, 2.0, failure=1.17, wrong_escalation=0.41)
    scores = score(need, HeldOut(outcome, simple, strong, ties), costs=costs)
    expected = looped(need, outcome, (simple, strong), ties, costs)
    assert set(scores) == {*METRICS, *COST_METRICS} == set(expected)
    for name, value in expected.items():
        assert scores[name][0] == pytest.approx(value, abs=1e-9, nan_ok=True), name


def test_bins_of_calibration_start_and_end_at_tenths():
    held_out = HeldOut.from_outcome(np.array([1, 0, 1, 0]))
    assert score(np.array([0.39, 0.41, 0.06, 0.14]), held_out)["ece"][0] == pytest.approx(
        (0.61 + 0.41 + 0.94 + 0.14) / 4
    )
