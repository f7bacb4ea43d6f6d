"""Costs of another rule from a log: right on average, covered, refused where unknown."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from scipy import special

from trust_router.decisions.costs import Costs
from trust_router.decisions.off_policy import off_policy

COST = Costs(0.03, 3.0, failure=5.0)
ESTIMATORS = ["inverse propensity", "self-normalised", "doubly robust"]
LOGS = 200


def simulated(rng, number=800, off=0.0):
    """A log that tries by chance, the need that is foretold, and what the rule costs in truth."""
    truth = rng.beta(2, 3, number)
    believed = special.expit(special.logit(truth) + off + rng.normal(0, 0.5, number))
    try_old = special.expit(2 - 5 * believed).clip(0.1, 0.9)
    tried = rng.random(number) < try_old
    outcome = np.where(tried, rng.random(number) < truth, np.nan)
    log = pd.DataFrame(
        {
            "ticket": [f"t{i}" for i in range(number)],
            "action": np.where(tried, "simple first", "escalate"),
            "probability": np.where(tried, try_old, 1 - try_old),
            "outcome": outcome,
        }
    )
    first = believed < 0.45
    rule = pd.DataFrame(
        {
            "ticket": log["ticket"],
            "action": np.where(first, "simple first", "escalate"),
            "need": believed,
        }
    )
    return log, rule, float(np.where(first, COST.simple_first(truth), COST.escalate(truth)).mean())


@cache
def simulate(off):
    rng, parts = np.random.default_rng(1), []
    for _ in range(LOGS):
        log, rule, truth = simulated(rng, off=off)
        found = off_policy(log, rule, COST)
        parts.append(found.table().assign(truth=truth))
    return parts


@pytest.mark.parametrize("off", [0.0, -1.5], ids=["need as it is", "need foretold too low"])
def test_estimates_are_right_on_average_and_their_intervals_cover(off):
    """The truth is that of the log's tickets; errors of a mean over tickets are a little wider."""
    parts = simulate(off)
    for name in ESTIMATORS:
        rows = pd.DataFrame([part.loc[name] for part in parts])
        error = rows["cost"] - rows["truth"]
        assert abs(error.mean()) < 4 * error.std() / np.sqrt(len(rows))
        covered = ((rows["lower"] < rows["truth"]) & (rows["truth"] < rows["upper"])).mean()
        assert 0.85 < covered <= 1.0


def test_intervals_cover_what_the_rule_costs_in_the_long_run():
    parts = simulate(0.0)
    mean = np.mean([part["truth"].iloc[0] for part in parts])
    for name in ESTIMATORS:
        rows = pd.DataFrame([part.loc[name] for part in parts])
        covered = ((rows["lower"] < mean) & (mean < rows["upper"])).mean()
        assert abs(covered - 0.89) < 4 * np.sqrt(0.89 * 0.11 / LOGS)


def test_the_doubly_robust_interval_is_the_shortest():
    widths = np.mean([part["se"] for part in simulate(0.0)], axis=0)
    assert widths[2] < widths[1] < widths[0]


def test_propensities_of_1_change_nothing():
    """A log of a rule that leaves nothing to chance tells what just that rule cost."""
    log, rule, _ = simulated(np.random.default_rng(2))
    log["probability"] = 1.0
    found = off_policy(log, rule.assign(action=log["action"]), COST)
    known = log["outcome"].fillna(0)
    tried = log["action"] == "simple first"
    paid = np.where(tried, COST.simple_first(known), COST.escalate(known))
    np.testing.assert_allclose(found.table()["cost"], paid.mean(), rtol=1e-12)
    assert found.logged == pytest.approx(paid.mean())
    assert found.effective == pytest.approx(len(log))


def test_the_estimates_are_those_of_their_formulas():
    log = pd.DataFrame(
        {
            "action": ["simple first", "simple first", "escalate"],
            "probability": [0.5, 0.8, 0.4],
            "cost": [1.0, 4.0, 3.0],
        },
        index=["a", "b", "c"],
    )
    rule = pd.DataFrame(
        {
            "action": ["simple first", "escalate", "escalate"],
            "probability": [1.0, 0.75, 1.0],
            "need": [0.2, 0.5, 0.9],
        },
        index=["c", "a", "b"],  # found by their names
    )
    found = off_policy(log, rule, COST, ci_prob=0.5)
    w, c = np.array([0.25 / 0.5, 0.0, 0.0]), np.array([1.0, 4.0, 3.0])
    first, straight = COST.simple_first([0.5, 0.9, 0.2]), COST.escalate([0.5, 0.9, 0.2])
    new = np.array([0.25, 0.0, 1.0])
    robust = new * first + (1 - new) * straight + w * (c - np.array([*first[:2], straight[2]]))
    expected = [(w * c).mean(), 1.0, robust.mean()]
    np.testing.assert_allclose(found.table()["cost"], expected)
    assert found.table().loc["doubly robust", "se"] == pytest.approx(robust.std(ddof=1) / 3**0.5)
    assert found.effective == pytest.approx(1.0)
    assert found.warnings()[0].startswith("3 tickets of the log are worth 1 of this rule")
    assert "effective sample 1 of 3" in repr(found)


def test_a_wrong_escalation_needs_its_outcome_or_its_cost():
    log, rule, _ = simulated(np.random.default_rng(3))
    dear = Costs(0.03, 3.0, failure=5.0, wrong_escalation=1.0)
    with pytest.raises(ValueError, match="0 or 1 everywhere where a wrong escalation costs"):
        off_policy(log, rule, dear)
    known = log.assign(outcome=log["outcome"].fillna(0))
    assert off_policy(known, rule, dear).logged > off_policy(log, rule, COST).logged


def test_what_the_log_could_not_have_done_is_refused():
    log, rule, _ = simulated(np.random.default_rng(4))
    at = int((log["action"] == "simple first").to_numpy().argmax())
    log.loc[at, "probability"] = 1.0
    rule.loc[at, "action"] = "escalate"
    with pytest.raises(
        ValueError, match=f"may choose 'escalate' for ticket 't{at}', which .* for 1"
    ):
        off_policy(log, rule, COST)
    at = int((log["action"] == "escalate").to_numpy().argmax())
    log["probability"] = log["probability"].where(log.index != at, 1.0)
    log, rule = log.loc[[at, at + 1]], rule.assign(action="simple first", probability=0.5)
    with pytest.raises(ValueError, match="may choose 'simple first'"):
        off_policy(log, rule, COST)


def test_a_log_that_never_did_what_the_rule_does_is_worth_nothing():
    log, rule, _ = simulated(np.random.default_rng(5), number=50)
    other = {"simple first": "escalate", "escalate": "simple first"}
    found = off_policy(log, rule.assign(action=log["action"].map(other)), COST)
    assert found.effective == 0
    assert np.isnan(found.table().loc["self-normalised", "cost"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"probability": 0.0},
            r"`probability` of `log` must be above 0 and at most 1; got 0.0 for",
        ),
        ({"probability": np.nan}, "`probability` of `log` must be above 0"),
        ({"action": "wait"}, "`action` of `log` must be one of simple first, escalate; got 'wait'"),
        ({"outcome": 0.5}, "`outcome` of `log` must be 0 or 1 where the simple model was tried"),
        ({"cost": np.inf}, "`cost` of `log` must be a number; got inf for ticket 't0'"),
    ],
)
def test_what_is_no_log_is_refused_with_its_ticket(change, message):
    log, rule, _ = simulated(np.random.default_rng(6), number=50)
    with pytest.raises(ValueError, match=message):
        off_policy(log.assign(**change), rule, COST)


def test_tables_that_lack_something_are_refused():
    log, rule, _ = simulated(np.random.default_rng(7), number=50)
    with pytest.raises(ValueError, match="`log` has no column 'probability'; it has action"):
        off_policy(log.drop(columns="probability"), rule, COST)
    with pytest.raises(ValueError, match="`log` has no column 'outcome' or 'cost'"):
        off_policy(log.drop(columns="outcome"), rule, COST)
    with pytest.raises(ValueError, match="`rule` has no column 'need'"):
        off_policy(log, rule.drop(columns="need"), COST)
    with pytest.raises(ValueError, match="`need` of `rule` must be from 0 to 1; got 2"):
        off_policy(log, rule.assign(need=2), COST)
    with pytest.raises(ValueError, match="`rule` has no row for ticket 't0' of the log"):
        off_policy(log, rule.iloc[1:], COST)
    with pytest.raises(ValueError, match="ticket 't0' of `log` stands in rows 1 and 51"):
        off_policy(pd.concat([log, log.iloc[:1]]), rule, COST)
    with pytest.raises(ValueError, match="two tickets or more; got 1"):
        off_policy(log.iloc[:1], rule, COST)
    with pytest.raises(TypeError, match="`log` must be"):
        off_policy("log.csv", rule, COST)


def with_noise(log, rng, needed=0.1, resolved=0.2):
    """The same log with outcomes as they are logged."""
    wrong = rng.random(len(log)) < np.where(log["outcome"] == 1, resolved, needed)
    logged = np.where(wrong, 1 - log["outcome"], log["outcome"])
    return log.assign(outcome=logged)


def rates(needed=0.1, resolved=0.2, sd=0.0):
    columns = {"mean": [needed, resolved], "sd": [sd, sd]}
    return pd.DataFrame(columns, index=["false_needed", "false_resolved"])


def test_outcomes_that_may_be_wrong_are_corrected_and_their_intervals_cover():
    rng, parts, plain = np.random.default_rng(4), [], []
    for _ in range(LOGS):
        log, rule, truth = simulated(rng)
        noisy = with_noise(log, rng)
        parts.append(off_policy(noisy, rule, COST, noise=rates()).table().assign(truth=truth))
        plain.append(off_policy(noisy, rule, COST).table().assign(truth=truth))
    for name in ESTIMATORS:
        rows = pd.DataFrame([part.loc[name] for part in parts])
        error = rows["cost"] - rows["truth"]
        assert abs(error.mean()) < 4 * error.std() / np.sqrt(len(rows))
        covered = ((rows["lower"] < rows["truth"]) & (rows["truth"] < rows["upper"])).mean()
        assert 0.85 < covered <= 1.0
        taken = pd.DataFrame([part.loc[name] for part in plain])
        bias = (taken["cost"] - taken["truth"]).mean()
        assert abs(bias) > 10 * abs(error.mean())


def test_what_is_not_known_of_the_rates_makes_the_error_larger():
    rng = np.random.default_rng(4)
    log, rule, _ = simulated(rng)
    noisy = with_noise(log, rng)
    known, unknown = (
        off_policy(noisy, rule, COST, noise=rates(sd=sd)).table() for sd in (0.0, 0.03)
    )
    np.testing.assert_allclose(known["cost"], unknown["cost"])
    off = [
        off_policy(noisy, rule, COST, noise=rates(0.1 + a, 0.2 + b)).table()["cost"]
        for a, b in ((0.03, 0), (-0.03, 0), (0, 0.03), (0, -0.03))
    ]
    added = ((off[0] - off[1]) / 2) ** 2 + ((off[2] - off[3]) / 2) ** 2
    np.testing.assert_allclose(unknown["se"], np.sqrt(known["se"] ** 2 + added))
    none = off_policy(noisy, rule, COST, noise=rates(0.0, 0.0)).table()
    pd.testing.assert_frame_equal(none, off_policy(noisy, rule, COST).table())


def test_rates_that_are_none_are_refused():
    log, rule, _ = simulated(np.random.default_rng(4))
    with pytest.raises(ValueError, match=r"`noise` must be a table as `tr.insight.noise_rates`"):
        off_policy(log, rule, COST, noise=rates().drop("false_needed"))
    with pytest.raises(ValueError, match=r"add up to less than 1, also .* got 0.6 and 0.35"):
        off_policy(log, rule, COST, noise=rates(0.6, 0.35, 0.1))
    with pytest.raises(ValueError, match="`noise` is about outcomes, and the log states what"):
        off_policy(log.assign(cost=1.0), rule, COST, noise=rates())
