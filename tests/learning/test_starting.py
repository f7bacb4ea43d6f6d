"""Draws that updates start from learn of noise, categories and periods as a fit would.

References are weighted draws of the prior: exact but for their own Monte Carlo error.
"""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import special
from support.drawn import tickets
from support.updated import effective, with_stats

import trust_router as tr
from trust_router.inputs.matching import match
from trust_router.inputs.ticket_log import TicketLog
from trust_router.learning.models.pool import Pool
from trust_router.learning.models.rates import Rates
from trust_router.learning.noise import Noise
from trust_router.learning.provenance import describe_run
from trust_router.learning.storage import assemble

LONE = tr.Panel([tr.Router("r", {"x": 1.0})])
RNG = np.random.default_rng(3)
SAID = [0.1, 0.3, 0.5, 0.7, 0.9] * 24
TRUE = (RNG.random(120) < special.expit(4 * (np.array(SAID) - 0.6))).astype(int)
LOGGED = np.where(RNG.random(120) < 0.2, 1 - TRUE, TRUE)
BELIEFS, _ = tickets({"x": SAID}, TRUE)
NOISY = Pool(category_effects=False, noise=Noise((2, 8), (3, 9)))
DRIFTING = Pool(
    category_effects=False, drift="week", drift_scale=0.9, intercept_sd=0.4, gain_sd=0.5
)
WEEK = np.arange(120) // 30
# In the last week more tickets are needy, so that steps into it matter.
JUMPED = np.where((WEEK == 3) & (np.arange(120) % 6 > 3), 1, TRUE)


def outcomes_of(chosen, checked=(), logged=LOGGED):
    """Outcomes of some tickets, each of its week, and what was found of those that were checked."""
    at = np.asarray(chosen)
    seen = np.isin(at, checked)
    log = TicketLog(
        tuple(BELIEFS.labels[i] for i in at),
        np.zeros(len(at), dtype=int),
        np.where(seen, TRUE[at], logged[at]),
        time=np.datetime64("2026-12-14", "us") + np.timedelta64(7, "D") * WEEK[at],
        checked=seen,
        logged=logged[at],
    )
    trials, needs, missing, _ = log.counts(1)
    return tr.Outcomes(["all"], trials, needs, missing, log=log)


def prior_of(model, rows, number):
    """Draws of the prior of everything that is free."""
    rng = np.random.default_rng(5)
    values = {
        "intercept": rng.normal(-0.5, model.intercept_sd, number),
        "gain": rng.normal(1.2, model.gain_sd, number),
        "bend": rng.normal(0.12, 0.2, number),
    }
    if model.noise is not None:
        for name, (a, b) in model.noise.to_dict().items():
            values[name] = rng.beta(a, b, number)
    dims = {}
    if len(rows.periods) > 1:
        for name, sd in (("level", model.intercept_sd), ("gain", model.gain_sd)):
            values[f"{name}_scale"] = 0.9 * sd * np.abs(rng.normal(size=number))
            values[f"{name}_step"] = rng.normal(size=(number, len(rows.periods) - 1))
            dims[f"{name}_step"] = ["step"]
    return xr.Dataset(
        {n: (("chain", "draw", *dims.get(n, [])), x[None]) for n, x in values.items()}
    )


def exact(model, seen, number=500_000, kept=None):
    """Weighted draws of the prior, and as a posterior if some are to be kept."""
    rows = match(LONE, BELIEFS, seen, clock=model.clock())
    prior = prior_of(model, rows, number)
    log_p = model.log_likelihood(prior, LONE, rows)
    if model.noise is not None and rows.checked is not None:
        wrong, right = rows.mistakes[[0, 1], [1, 0]], rows.mistakes[[0, 1], [0, 1]]
        for i, name in enumerate(model.noise.to_dict()):
            rate = prior[name].values.ravel()
            log_p += wrong[i] * np.log(rate) + right[i] * np.log1p(-rate)
    weight = special.softmax(log_p)
    if kept is None:
        return prior, weight
    at = np.random.default_rng(6).choice(number, kept, p=weight)
    draws = xr.Dataset(
        {n: (x.dims, x.values[0][at].reshape(4, -1, *x.shape[2:])) for n, x in prior.items()}
    )
    made = model.recover(draws, LONE, rows).assign_coords(model.coords(LONE, rows))
    run = describe_run(
        LONE, rows, method="nuts", model="pool", libraries=("numpy",),
        settings={"options": model.options()},
    )  # fmt: skip
    return with_stats(assemble({"posterior": made}, LONE, rows, run))


def assert_alike(updated, model, seen, names):
    assert updated.updates[-1]["pareto_k"] < 0.7
    prior, weight = exact(model, seen)
    draws = updated.data["posterior"].to_dataset()
    for name in names:
        ours, theirs = draws[name].values.reshape(-1, *draws[name].shape[2:]), prior[name].values[0]
        mean = weight @ theirs
        sd = np.sqrt(weight @ (theirs - mean) ** 2)
        error = np.sqrt(1 / effective(updated) + (weight**2).sum())
        assert (np.abs(ours.mean(axis=0) - mean) < 5 * sd * error).all(), name
        assert (np.abs(ours.std(axis=0) / sd - 1) < 5 * error).all(), name


def test_noise_and_what_was_checked_are_learned_day_after_day():
    posterior = exact(NOISY, outcomes_of(range(40), checked=range(0, 40, 8)), kept=16_000)
    posterior = posterior.update(outcomes=outcomes_of(range(40, 80), checked=range(40, 80, 8)))
    # Checked afterwards: known outcomes, of which some turn out to be wrong.
    later = outcomes_of(range(60, 120), checked=[*range(60, 80), *range(80, 120, 8)])
    posterior = posterior.update(outcomes=later)
    assert [u["by"] for u in posterior.updates] == ["weights"] * 2
    seen = outcomes_of(range(120), checked=[*range(0, 80, 8), *range(60, 80), *range(80, 120, 8)])
    rows = match(LONE, BELIEFS, seen)
    np.testing.assert_array_equal(posterior.rows.mistakes, rows.mistakes)
    names = ["intercept", "gain", "bend", "false_needed", "false_resolved"]
    assert_alike(posterior, NOISY, seen, names)
    table = tr.insight.noise_rates(posterior)
    assert table["checked"].sum() == len(np.flatnonzero(seen.log.checked))


def test_a_seed_that_is_solved_with_noise_stays_exact():
    _, beliefs, _ = tr.examples.load_seed()
    panel = tr.examples.load_seed()[0]
    noise = Noise((2, 20), (3, 9))
    names = [f"t{i}" for i in range(30)]

    def seen(at, checked=()):
        looked = np.isin(at, checked)
        log = TicketLog(
            [names[i] for i in at], np.zeros(len(at), int),
            np.where(looked, TRUE[at], LOGGED[at]), checked=looked, logged=LOGGED[at],
        )  # fmt: skip
        trials, needs, missing, _ = log.counts(1)
        return tr.Outcomes(beliefs.labels, trials, needs, missing, log=log)

    start = tr.solve(panel, beliefs, seen(range(10), [1, 2]), noise=noise)
    updated = start.update(outcomes=seen(range(8, 30), [8, 20]))
    whole = seen(range(10), [1, 2]) + seen(range(8, 30), [8, 20])
    other = tr.solve(panel, beliefs, whole, noise=noise)
    np.testing.assert_allclose(updated.trust_mean, other.trust_mean, atol=1e-9)
    np.testing.assert_allclose(updated.need()["mean"], other.need()["mean"], atol=1e-9)
    assert updated.updates[-1]["by"] == "closed form"
    assert updated.noise == noise


@pytest.mark.parametrize(("first", "later"), [((0, 90), (90, 120)), ((30, 120), (0, 30))])
def test_a_pool_that_drifts_takes_a_step_into_a_period_that_is_new(first, later):
    posterior = exact(DRIFTING, outcomes_of(range(*first), logged=JUMPED), kept=16_000)
    updated = posterior.update(outcomes=outcomes_of(range(*later), logged=JUMPED))
    seen = outcomes_of(range(120), logged=JUMPED)
    assert updated.updates[-1]["by"] == "weights"
    assert updated.rows.periods == ("2026-W51", "2026-W52", "2026-W53", "2027-W01")
    names = ["intercept", "gain", "bend", "level_scale", "gain_scale", "level_step", "gain_step"]
    assert_alike(updated, DRIFTING, seen, names)
    tr.insight.drift(updated, allow_unconverged=True)


def test_a_period_at_a_time_is_all_periods_at_once():
    posterior = exact(DRIFTING, outcomes_of(range(60), logged=JUMPED), kept=16_000)
    for start in (60, 90):
        posterior = posterior.update(outcomes=outcomes_of(range(start, start + 30), logged=JUMPED))
    names = ["intercept", "gain", "level_step", "gain_step"]
    assert_alike(posterior, DRIFTING, outcomes_of(range(120), logged=JUMPED), names)


def test_the_first_period_beside_another_is_no_matter_of_weights():
    posterior = exact(DRIFTING, outcomes_of(range(30), logged=JUMPED), kept=4000)
    with pytest.raises(ValueError, match="2026-W52 is the first period beside 2026-W51, and the p"):
        posterior.update(outcomes=outcomes_of(range(30, 60), logged=JUMPED))


def test_an_outcome_without_a_time_is_refused_where_things_drift():
    posterior = exact(DRIFTING, outcomes_of(range(60), logged=JUMPED), kept=4000)
    late = tr.Outcomes(["all"], [1], [1], log=TicketLog(["t99"], [0], [1]))
    with pytest.raises(ValueError, match="drift needs the time of every outcome; 1 of 1 have none"):
        posterior.update(outcomes=late)


def test_rates_with_noise_follow_as_well():
    model = Rates(noise=Noise((2, 8), (3, 9)))
    rows = match(LONE, BELIEFS, outcomes_of(range(60)))
    rng = np.random.default_rng(1)
    values = {"intercept": rng.normal(-0.5, 1, 200_000)}
    values |= {n: rng.beta(*s, 200_000) for n, s in model.noise.to_dict().items()}
    prior = xr.Dataset({n: (("chain", "draw"), x[None]) for n, x in values.items()})
    weight = special.softmax(model.log_likelihood(prior, LONE, rows))
    need = special.expit(values["intercept"])
    f_n, f_r = values["false_needed"], values["false_resolved"]
    q = need * (1 - f_r) + (1 - need) * f_n
    counts = rows.counts()
    by_hand = q ** counts.needs[0] * (1 - q) ** (counts.trials[0] - counts.needs[0])
    np.testing.assert_allclose(weight, by_hand / by_hand.sum(), rtol=1e-8)
