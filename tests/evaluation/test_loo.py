"""Leave-one-out is about single tickets, and exact where it can be."""

from __future__ import annotations

import numpy as np
import pytest
from support.drawn import drawn, tickets
from support.pooled import pool_draws, straight_pool

import trust_router as tr
from trust_router.learning.exact import closed_form


def brute_force_loo(panel, beliefs, outcomes):
    """Evidence of all tickets over that of all but one, by fitting again without it."""
    whole = closed_form(panel, beliefs, outcomes).log_evidence
    values = np.full((len(outcomes.categories), 2), np.nan)
    for c, (n, k) in enumerate(zip(outcomes.trials, outcomes.needs, strict=True)):
        for outcome, count in ((0, n - k), (1, k)):
            if count:
                one = np.arange(len(outcomes.categories)) == c
                fewer = tr.Outcomes(
                    outcomes.categories, outcomes.trials - one, outcomes.needs - outcome * one
                )
                values[c, outcome] = (whole - closed_form(panel, beliefs, fewer).log_evidence)[c]
    return values


def test_seed_is_left_out_exactly(categories):
    loo = tr.evaluation.ticket_loo(tr.solve(*categories))
    np.testing.assert_allclose(loo.elpd, brute_force_loo(*categories), atol=1e-10)
    assert loo.tickets.tolist() == [[10, 2], [0, 7], [1, 0]]
    assert loo.bad == 0
    table = loo.table()
    assert table["category"].tolist() == ["x", "x", "y", "z"]
    assert table["outcome"].tolist() == [0, 1, 1, 0]
    assert (table["tickets"] * table["elpd"]).sum() == pytest.approx(loo.total)


def test_a_closed_form_with_noise_is_refused(categories):
    noisy = tr.solve(*categories, noise=tr.Noise())
    with pytest.raises(ValueError, match="a closed form with noise leaves no ticket out"):
        tr.evaluation.ticket_loo(noisy)


def test_switch_without_parameters_of_its_own_is_the_seed(categories):
    switch = tr.Switch(weights="fixed", calibration=False)
    posterior = drawn(*categories, switch, silent_logit=np.zeros((2, 5)))
    exact = tr.evaluation.ticket_loo(tr.solve(*categories))
    np.testing.assert_allclose(tr.evaluation.ticket_loo(posterior).elpd, exact.elpd, atol=1e-10)


@pytest.mark.parametrize("bias", [-3.0, -40.0, -60.0, -150.0])
def test_tiny_calibrated_shapes_are_left_out_with_all_their_digits(bias):
    panel = tr.Panel([tr.Router("r", {"a": 1.0}), tr.Router("s", {"b": 1.0})])
    beliefs = tr.Beliefs(["x"], ["a", "b"], [[1.0, 2.0]], [[1.0, 2.0]])
    each = np.ones((2, 5, 2))
    draws = {"bias": bias * each, "slope": each, "sharpness": 0 * each}
    whole, rest = (
        drawn(panel, beliefs, counts, tr.Switch(weights="fixed"), **draws)
        for counts in (tr.Outcomes(["x"], [3], [1]), tr.Outcomes(["x"], [2], [0]))
    )
    nu, mean = np.array([2.0, 4.0]), np.exp(bias) / (1 + np.exp(bias))
    chance = nu * mean / (nu + 2)
    expected = np.log((rest.seat_posterior[0] * chance).sum())
    assert tr.evaluation.ticket_loo(whole).elpd[0, 1] == pytest.approx(expected, rel=1e-9)


def test_switch_over_tickets_leaves_out_one_ticket_of_a_category():
    stated = {"a": [0.1, 0.1, 0.3, 0.6, 0.6, 0.1], "b": [0.8, 0.5, 0.5, 0.5, 0.9, 0.8]}
    outcome = np.array([0, 1, 0, 1, 1, 0])
    panel = tr.Panel([tr.Router("r", {"a": 1.0}), tr.Router("s", {"b": 1.0})])
    given = tickets(stated, outcome)
    switch = tr.Switch(weights="fixed", calibration=False)
    loo = tr.evaluation.ticket_loo(drawn(panel, *given, switch, silent_logit=np.zeros((2, 5))))
    mean = np.array([stated["a"], stated["b"]])
    each = np.where(outcome, mean, 1 - mean)
    whole = each.prod(axis=1).mean()
    expected = sorted(
        np.log(whole / np.delete(each, i, axis=1).prod(axis=1).mean()) for i in range(6)
    )
    found = np.repeat(loo.elpd.ravel(), loo.tickets.ravel())
    np.testing.assert_allclose(np.sort(found), expected, atol=1e-8)


def test_importance_sampling_finds_what_fitting_without_the_ticket_would(pooled):
    posterior, exact = pool_draws(*pooled)
    loo = tr.evaluation.ticket_loo(posterior)
    assert loo.bad == 0
    # Monte Carlo error of a log mean over 4,000 draws; weights vary little.
    np.testing.assert_allclose(loo.elpd, exact, atol=0.02)
    assert loo.loss == pytest.approx(-np.nansum(loo.tickets * exact) / 60, abs=0.003)


@pytest.mark.slow
def test_its_error_is_that_seen_between_repetitions(pooled):
    posterior, exact = pool_draws(*pooled, number=400)
    one = tr.evaluation.ticket_loo(posterior)
    repeated = [
        tr.evaluation.ticket_loo(pool_draws(*pooled, seed=seed, number=400)[0])
        for seed in range(12)
    ]
    seen = np.std([loo.elpd for loo in repeated], axis=0)
    there = one.tickets > 0
    stated = np.mean([loo.mcse for loo in repeated], axis=0)
    assert 0.6 < np.sqrt((stated[there] ** 2).mean() / (seen[there] ** 2).mean()) < 1.5
    assert (np.abs(one.elpd - exact)[there] <= 6 * one.mcse[there] + 1e-4).all()
    assert "mcse" in one.table()


def test_draws_that_repeat_themselves_are_worth_fewer(pooled):
    posterior, _ = pool_draws(*pooled, number=400)
    held = posterior.data["posterior"].to_dataset()
    slow = {name: np.repeat(held[name].values, 5, axis=1) for name in ("intercept", "gain", "bend")}
    repeated = drawn(*pooled, straight_pool(), **slow)
    once, often = (tr.evaluation.ticket_loo(each) for each in (posterior, repeated))
    ratio = (often.mcse / once.mcse)[once.tickets > 0]
    assert ratio.mean() == pytest.approx(1, abs=0.2)  # 1 / sqrt(5) if they counted five times


def test_p_is_by_how_much_a_ticket_is_foretold_better_with_itself(pooled):
    posterior, _ = pool_draws(*pooled)
    loo = tr.evaluation.ticket_loo(posterior)
    need = posterior.need_draws(posterior.rows, 4000)
    inside = np.log(np.stack([1 - need.mean(axis=0), need.mean(axis=0)], axis=-1))
    there = loo.tickets > 0
    np.testing.assert_allclose(loo.p[there], (inside - loo.elpd)[there], atol=1e-9)
    assert (loo.p[there] > 0).all()
    assert np.isnan(loo.p[~there]).all()
    table = loo.table()
    assert table.columns.tolist() == [
        "category", "outcome", "tickets", "elpd", "p", "pareto_k", "mcse"
    ]  # fmt: skip
    assert table["tickets"].sum() == 60
    np.testing.assert_array_equal(table["p"], loo.p[there])
