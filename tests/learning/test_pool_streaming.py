"""A pool that learns in batches comes near what a fit would say, and takes a batch whole or not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special
from support.drawn import drawn, tickets

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.inputs.ticket_log import TicketLog
from trust_router.learning.diagnostics import Diagnostics
from trust_router.learning.models.pool_draws import PoolDraws
from trust_router.learning.models.pooling import Pooling
from trust_router.learning.pool_streaming import PoolStream

LONE = tr.Panel([tr.Router("r", {"x": 1.0})])
SAID = np.tile([0.1, 0.3, 0.5, 0.7, 0.9], 80)
NEEDS = (np.random.default_rng(3).random(400) < special.expit(4 * (SAID - 0.6))).astype(int)
BELIEFS, SEEN = tickets({"x": SAID}, NEEDS)
MODEL = tr.models.Pool(category_effects=False)


def prior_draws(number=20_000):
    """A posterior that knows no outcome: its draws are those of the prior."""
    rng = np.random.default_rng(1)
    values = {
        "intercept": rng.normal(-0.5, 1, (4, number // 4)),
        "gain": rng.normal(1.2, 1.4, (4, number // 4)),
        "bend": rng.normal(0.12, 0.2, (4, number // 4)),
    }
    log = TicketLog(BELIEFS.labels, [0] * 400, [-1] * 400)
    nothing = tr.Outcomes(["all"], [0], [0], [400], log=log)
    return drawn(LONE, BELIEFS, nothing, MODEL, **values)


def streamed(*batches):
    stream = PoolStream(prior_draws())
    for at in batches:
        stream.add_many(BELIEFS.alpha[at], BELIEFS.beta[at], ["all"] * len(NEEDS[at]), NEEDS[at])
    return stream


@pytest.mark.parametrize("size", [40, 400])
def test_batches_come_near_the_exact_posterior(size):
    stream = streamed(*(slice(i, i + size) for i in range(0, 400, size)))
    axes = [np.linspace(m - 4 * s, m + 4 * s, 81) for m, s in ((-0.5, 1), (1.2, 1.4), (0.12, 0.2))]
    points = np.stack([a.ravel() for a in np.meshgrid(*axes, indexing="ij")], axis=-1)
    rows = match(LONE, BELIEFS, SEEN)
    vector = MODEL.vector(LONE, rows)
    log_p = MODEL.log_likelihood(vector.unpack(points), LONE, rows) + vector.log_prior(points)
    weight = special.softmax(log_p)
    mean = weight @ points
    sd = np.sqrt(weight @ (points - mean) ** 2)
    draws = vector.pack(stream.draws())
    near = {40: 0.5, 400: 0.25}[size]  # many small steps from the prior add up their errors
    assert (np.abs(draws.mean(axis=0) - mean) < near * sd).all()
    np.testing.assert_allclose(draws.std(axis=0), sd, rtol=0.15)
    given = PoolDraws.of(vector.unpack(points), Pooling.of(LONE, rows, "rank"))
    exact = weight @ given.need(rows)  # five, for tickets that are alike are one
    ours = stream.need(BELIEFS.alpha[:5], BELIEFS.beta[:5], ["all"] * 5)
    np.testing.assert_allclose(np.sort(ours), np.sort(exact), atol=near / 25)


def test_what_is_wrong_with_a_batch_leaves_everything_as_it_was():
    stream = streamed(slice(0, 40))
    before = stream.draws()
    alpha, beta, names = BELIEFS.alpha[:2], BELIEFS.beta[:2], ["all", "all"]
    for batch, said in (
        (
            (alpha, beta, ["all", "new"], [0, 1]),
            "category 'new' is new; the posterior knows all",
        ),
        ((alpha, beta, names, [0, 2]), "`outcomes` must be 2 numbers, each 0 or 1"),
        ((alpha, beta, names, [0]), "`outcomes` must be 2 numbers"),
        ((alpha[:1], beta, names, [0, 1]), r"`alpha` must have shape \(2, 1\); got \(1, 1\)"),
        ((-alpha, beta, names, [0, 1]), "`alpha` must be positive, or NaN where a judge is silent"),
    ):
        with pytest.raises(ValueError, match=said):
            stream.add_many(*batch)
    stream.add_many(np.empty((0, 1)), np.empty((0, 1)), [], [])
    assert stream.draws().equals(before)


def test_only_a_pool_that_stands_still_and_believes_its_outcomes_streams(exact_posterior):
    with pytest.raises(ValueError, match="takes a posterior of the pool, without noise and drift"):
        PoolStream(exact_posterior)
    stuck = prior_draws(400)
    stuck.__dict__["diagnostics"] = Diagnostics(9, 1.2, 9, 9, 1, 0, ("x",))
    with pytest.raises(tr.ConvergenceError):
        PoolStream(stuck)
    PoolStream(stuck, allow_unconverged=True)


@pytest.mark.slow
def test_a_stream_of_several_judges_predicts_as_its_fit(pool_posterior, ticket_inputs):
    """The fit's own outcomes once more, a tenth of them, move need by little and in their way."""
    stream = PoolStream(pool_posterior)
    _, beliefs, _ = ticket_inputs
    at, names = slice(0, 10), list(beliefs.category[:10])
    before = stream.need(beliefs.alpha[at], beliefs.beta[at], names)
    predicted = pool_posterior.predict(beliefs.take(np.arange(10))).mean
    np.testing.assert_allclose(before, predicted, atol=0.02)
    stream.add_many(beliefs.alpha[at], beliefs.beta[at], names, np.ones(10, dtype=int))
    assert (stream.need(beliefs.alpha[at], beliefs.beta[at], names) > before).all()
