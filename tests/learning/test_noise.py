"""Noise: two beliefs about how often outcomes are wrong."""

from __future__ import annotations

import json

import numpy as np
import pytest

import trust_router as tr
from trust_router.examples.simulation import SimulatedJudge, simulate_panel
from trust_router.inputs.ticket_log import TicketLog
from trust_router.learning.models.pool import Pool


def test_shapes_may_be_given_as_pairs_or_betas():
    noise = tr.Noise(false_needed=(1, 9), false_resolved=tr.Beta(2, 6))
    np.testing.assert_array_equal(noise.shapes, [[1, 9], [2, 6]])
    assert noise == tr.Noise(tr.Beta(1, 9), [2, 6])
    assert tr.Noise() != noise


def test_options_with_noise_are_plain_data_and_back():
    from trust_router.learning.models.known import restore

    pool = Pool(noise=tr.Noise((1, 9), (2, 6)))
    held = json.loads(json.dumps(pool.options()))
    assert held["noise"] == {"false_needed": [1, 9], "false_resolved": [2, 6]}
    assert restore("pool", held) == pool
    assert restore("pool", Pool().options()) == Pool()


def test_checked_outcomes_make_the_rates_those_that_were_counted():
    noise = tr.Noise((1, 9), (2, 6))
    mistakes = np.array([[30, 5], [4, 7]])  # found 0 or 1, logged 0 or 1
    np.testing.assert_array_equal(noise.after(mistakes), [[6, 39], [6, 13]])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"false_needed": 0.2}, "`false_needed` must be a Beta or its two shapes; got 0.2"),
        ({"false_resolved": (0, 1)}, "`false_resolved`: `alpha` must be positive; got 0"),
        ({"false_needed": (1, 1), "false_resolved": (3, 3)}, "must add up to less than 1.*got 1"),
    ],
)
def test_what_is_no_noise_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        tr.Noise(**given)


def test_noise_of_a_model_that_is_none_is_refused_before_anything_is_built():
    from trust_router.learning.models.known import choose

    with pytest.raises(ValueError, match=r"`noise` of the pool model must be a Noise or None"):
        choose(Pool(noise=(2, 10)), "ticket")


@pytest.mark.slow
def test_nuts_gives_what_quadrature_gives(seed):
    exact = tr.solve(*seed, noise=tr.Noise())
    sampled = tr.fit(*seed, model=tr.Seed(noise=tr.Noise()), random_seed=1)
    for table in (tr.Posterior.need, tr.Posterior.trust, tr.insight.noise_rates):
        found, expected = table(sampled), table(exact)
        assert (found["ess_bulk"] > 400).all()
        assert (np.abs(found["mean"] - expected["mean"]) < 5 * found["mcse"]).all()


@pytest.mark.statistics
def test_a_pool_recovers_rates_and_need_from_a_few_checked_outcomes():
    judges = {"x": SimulatedJudge(noise=0.5), "y": SimulatedJudge(noise=1.0, bias=1.0)}
    made = simulate_panel(judges, tickets=1200, categories=3, random_seed=3)
    log, rng = made.outcomes.log, np.random.default_rng(1)
    wrong = rng.random(len(log)) < np.where(log.outcome == 1, 0.22, 0.12)
    logged = np.where(wrong, 1 - log.outcome, log.outcome)
    checked = rng.random(len(log)) < 0.1
    known = TicketLog(
        log.tickets,
        log.category,
        np.where(checked, log.outcome, logged),
        checked=checked,
        logged=logged,
    )
    trials, needs, *_ = known.counts(3)
    outcomes = tr.Outcomes(made.outcomes.categories, trials, needs, log=known)
    posterior = tr.fit(
        made.panel, made.beliefs, outcomes, model=Pool(noise=tr.Noise()), random_seed=1
    )
    rates = tr.insight.noise_rates(posterior, 0.99)
    assert ((rates["lower"] < [0.12, 0.22]) & (rates["upper"] > [0.12, 0.22])).all()
    assert (rates["sd"] < 0.06).all()
    need = posterior.need(0.99)
    truth = [log.outcome[log.category == c].mean() for c in range(3)]
    assert ((need["lower"] < truth) & (need["upper"] > truth)).all()
