"""Trust that is the prior's doing is called so, and trust that outcomes made is not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats
from support.drawn import drawn, tickets
from support.exported import pool
from support.pooled import straight, straight_pool

import trust_router as tr
from trust_router.insight.sensitivity import _BOTH as BOTH
from trust_router.insight.sensitivity import PriorSensitivity, _with_densities

# Beside intercept and gain they learn whom to trust: whatever outcomes say, hesitantly, or hardly.
OPEN, HESITANT, STUBBORN = (straight_pool(judge_sd=sd) for sd in (1.5, 0.4, 0.05))


def pooled(number, model, draws=500):
    """A pool of two judges, one of whom knows: its posterior by importance sampling in rounds."""
    rng = np.random.default_rng(0)
    need = rng.normal(0, 2, number).round(1)
    stated = {"knows": special.expit(need), "guesses": rng.uniform(0.1, 0.9, number).round(1)}
    given = tickets(stated, rng.random(number) < special.expit(need))
    panel = tr.Panel([tr.Router("good", {"knows": 1.0}), tr.Router("bad", {"guesses": 1.0})])
    mean = np.array([model.intercept_mean, model.gain_mean, 0, 0])
    prior = stats.multivariate_normal(
        mean, np.diag([model.intercept_sd, model.gain_sd, model.judge_sd, model.judge_sd]) ** 2
    )
    near = prior
    for _ in range(3):
        drawn_from = near.rvs(20_000, random_state=rng)
        every = drawn(panel, *given, model, **named(drawn_from[None]))
        rows = every.rows
        need = model.need(every.data["posterior"].to_dataset(), panel, rows, rows)
        log_p = np.log(need) @ rows.needs + np.log1p(-need) @ (rows.trials - rows.needs)
        log_p += prior.logpdf(drawn_from) - near.logpdf(drawn_from)
        at = rng.choice(len(log_p), (4, draws), p=special.softmax(log_p))
        found = drawn_from[at.ravel()]
        near = stats.multivariate_normal(found.mean(axis=0), 1.5 * np.cov(found.T))
    return drawn(panel, *given, model, **named(drawn_from[at]))


def named(point):
    """Parameters of draws, shape (chain, draw, parameter)."""
    known = straight(point[..., 0], point[..., 1]) | {"judge_gain": point[..., 2:]}
    return known | dict.fromkeys(("discord", "damping"), 0 * point[..., 0])


def test_strong_priors_and_few_outcomes_are_told():
    found = tr.insight.prior_sensitivity(pooled(60, STUBBORN))
    assert (found.table()["verdict"].str.contains("priors")).all()
    warning = found.warnings()[0]
    assert warning.startswith("trust in good (")
    assert "depends on the priors as well as on the outcomes" in warning
    assert found.table().loc["good", ["stronger", "mean", "weaker"]].is_monotonic_increasing
    assert (found.table()["prior"] > found.table()["likelihood"]).all()


def test_what_moves_no_percent_is_no_warning():
    told = {"initial": 0.25, "mean": 0.19, "prior": 0.06, "likelihood": 0.4, "verdict": BOTH}
    table = pd.DataFrame(
        [told | {"weaker": w, "stronger": 0.188} for w in (0.191, 0.21)], ["a", "b"]
    )
    (warning,) = PriorSensitivity(table, 900).warnings()
    assert warning.startswith("trust in b (19%, initially 25%) depends on")
    assert warning.endswith("it would be 21% or 19%")


def test_many_outcomes_need_no_warning():
    found = tr.insight.prior_sensitivity(pooled(300, OPEN))
    assert found.warnings() == []
    assert repr(found) == "trust is what 300 outcomes say of it"
    assert (found.table()["likelihood"] > found.table()["prior"]).all()
    assert found.table().loc["good", "mean"] > 0.7


def test_too_few_outcomes_are_told_too_although_no_power_of_the_prior_changes_trust():
    found = tr.insight.prior_sensitivity(pooled(3, HESITANT))
    assert (found.table()["prior"] < 0.05).all()
    assert len(found.warnings()) == 2
    assert "is the priors' doing, the outcomes hardly matter" in found.warnings()[0]


def test_trust_that_is_the_same_in_all_draws_cannot_be_judged():
    found = tr.insight.prior_sensitivity(pooled(1, HESITANT))  # on one ticket no judge can differ
    assert found.table()["mean"].tolist() == found.table()["initial"].tolist() == [0.5, 0.5]
    assert len(found.warnings()) == 2
    assert "cannot be judged from these draws" in found.warnings()[0]


@pytest.mark.slow
def test_many_draws_are_thinned_in_all_groups_alike():
    few, many = (tr.insight.prior_sensitivity(pooled(300, OPEN, n)).table() for n in (1000, 2500))
    shown = ["mean", "weaker", "stronger", "likelihood"]
    np.testing.assert_allclose(few[shown], many[shown], atol=0.05)
    np.testing.assert_allclose(many[["mean", "weaker", "stronger"]].sum(), 1)


def test_trust_without_a_prior_is_refused(exact_posterior):
    with pytest.raises(ValueError, match="initial trust enters it as a factor"):
        tr.insight.prior_sensitivity(exact_posterior)
    fixed = tr.Switch(weights="fixed", calibration=False)
    panel = tr.Panel([tr.Router("r", {"a": 1.0}), tr.Router("s", {"b": 1.0})])
    given = tickets({"a": [0.2, 0.3], "b": [0.5, 0.6]}, [0, 1])
    with pytest.raises(ValueError, match="weights of this switch model are fixed"):
        tr.insight.prior_sensitivity(drawn(panel, *given, fixed, silent_logit=np.zeros((2, 5))))


def _distance(values, weight):
    """Cumulative Jensen-Shannon distance of weighted values from unweighted ones, as published."""
    order = np.argsort(values)
    steps = np.diff(values[order])
    number = len(values)
    one = np.linspace(1 / number, 1 - 1 / number, number - 1)
    two = np.cumsum(weight[order] / weight.sum())[:-1]
    middle = np.log2((one + two) / 2)
    # The terms with differences of the two integrals cancel in the sum.
    total = steps @ (one * (np.log2(one) - middle)) + steps @ (two * (np.log2(two) - middle))
    return np.sqrt(total / (steps @ (one + two)))


def test_power_scaling_is_what_weights_made_by_hand_give():
    posterior = pooled(60, HESITANT)
    draws = posterior.data["posterior"].to_dataset()
    share, intercept, gain, judge = (
        draws[name].values.reshape(2000, -1)
        for name in ("share", "intercept", "gain", "judge_gain")
    )
    log_prior = (
        stats.norm(-0.5, 1).logpdf(intercept[:, 0])
        + stats.norm(1.2, 1.4).logpdf(gain[:, 0])
        + stats.norm(0, 0.4).logpdf(judge).sum(axis=1)
    )
    found = tr.insight.prior_sensitivity(posterior).table()
    for name, power in (("weaker", 0.8), ("stronger", 1.25)):
        weight = np.exp((power - 1) * log_prior)
        np.testing.assert_allclose(found[name], weight @ share / weight.sum(), atol=1e-3)
    assert (found["weaker"] - found["stronger"]).abs().min() > 5e-3
    rates = [
        max(_distance(sign * share[:, 0], np.exp((power - 1) * log_prior)) for sign in (1, -1))
        / abs(np.log2(power))
        for power in (0.99, 1.01)
    ]
    assert found["prior"].iloc[0] == pytest.approx(np.mean(rates), rel=0.02)


def test_priors_that_are_scaled_are_those_with_a_scale():
    """Of standardised effects the scale is another parameter's."""
    posterior = pool(number=60)
    tree = _with_densities(posterior, posterior.data["posterior"].to_dataset())
    free = {"intercept", "gain", "bend", "discord", "damping", "judge_gain", "category_sd"}
    assert set(tree["log_prior"].data_vars) == free
    assert tree["posterior"].sizes["draw"] == tree["log_prior"].sizes["draw"]
    draws = tree["posterior"].to_dataset()
    np.testing.assert_allclose(
        tree["log_prior"]["gain"], stats.norm(1.2, 1.4).logpdf(draws["gain"]), rtol=1e-5
    )
    assert tree["log_likelihood"]["needs"].shape[-1] == len(posterior.rows.known())
    table = tr.insight.prior_sensitivity(posterior).table()
    assert table.index.name == "router"
    assert table.index.tolist() == list(posterior.panel.router_names)
    np.testing.assert_allclose(table["initial"], posterior.panel.share)
    np.testing.assert_allclose(table["mean"], draws["share"].mean(("chain", "draw")))


@pytest.mark.slow
def test_weights_without_a_tail_are_taken_as_they_are(switch_posterior):
    """Its priors hardly vary over draws; ArviZ refuses to smooth what has no tail."""
    table = tr.insight.prior_sensitivity(switch_posterior).table()
    assert table[["mean", "weaker", "stronger"]].notna().all(axis=None)
    assert table["weaker"].sum() == pytest.approx(1)
