"""Correlated errors, effective size, dropping judges and reliability, on judges made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special
from scipy.optimize import isotonic_regression
from support.drawn import tickets

import trust_router as tr
from trust_router.inputs.beliefs import Beliefs


def correlated(number, rho, judges=4, seed=0):
    """Judges whose errors about the same need correlate by rho."""
    rng = np.random.default_rng(seed)
    need = rng.normal(0, 0.5, number)
    y = rng.random(number) < special.expit(need)
    shared = rng.normal(0, 1, (number, 1))
    errors = np.sqrt(rho) * shared + np.sqrt(1 - rho) * rng.normal(0, 1, (number, judges))
    mean = 0.5 + 0.1 * (y[:, None] - 0.5) + 0.05 * errors
    stated = {f"j{i}": column.clip(0.01, 0.99) for i, column in enumerate(mean.T)}
    panel = tr.Panel([tr.Router("r", dict.fromkeys(stated, 1 / judges))])
    return panel, *tickets(stated, y)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_known_correlation_and_size_are_found(rho):
    found = tr.insight.error_correlation(*correlated(2000, rho))
    assert abs(found.mean[0] - rho) < 0.04
    assert found.mean[1] <= found.mean[0] <= found.mean[2]
    assert found.size[0] == pytest.approx(4 / (1 + 3 * found.mean[0]))
    assert found.size[1] <= found.size[0] <= found.size[2]
    assert np.allclose(np.diag(found.matrix), 1)
    assert np.allclose(found.matrix, found.matrix.T)


def test_correlation_is_that_within_outcomes():
    panel, beliefs, outcomes = correlated(300, 0.5)
    frame = pd.DataFrame(beliefs.mean, columns=beliefs.judges)
    within = frame - frame.groupby(np.asarray(outcomes.log.outcome)).transform("mean")
    found = tr.insight.error_correlation(panel, beliefs, outcomes, resamples=10)
    np.testing.assert_allclose(found.matrix, within.corr(), atol=1e-10)


def test_intervals_are_as_wide_as_sampling_makes_them_vary():
    estimates, widths = [], []
    for seed in range(40):
        found = tr.insight.error_correlation(*correlated(150, 0.5, seed=seed), resamples=300)
        estimates.append(found.mean[0])
        widths.append(found.mean[2] - found.mean[1])
    expected = 2 * special.ndtri(0.945) * np.std(estimates)
    assert 0.7 < np.mean(widths) / expected < 1.4


def test_missing_beliefs_are_compared_pair_by_pair():
    panel, beliefs, outcomes = correlated(2000, 0.6, judges=3)
    rng = np.random.default_rng(1)
    gone = rng.random(beliefs.alpha.shape) < 0.2
    alpha, beta = (np.where(gone, np.nan, x) for x in (beliefs.alpha, beliefs.beta))
    fewer = Beliefs(
        beliefs.labels, beliefs.judges, alpha, beta, about="ticket", category=beliefs.category
    )
    assert abs(tr.insight.error_correlation(panel, fewer, outcomes).mean[0] - 0.6) < 0.05


def test_a_judge_who_always_says_the_same_has_no_correlation():
    panel = tr.Panel([tr.Router("r", {"a": 0.4, "b": 0.3, "c": 0.3})])
    rng = np.random.default_rng(0)
    stated = {"a": rng.random(50), "b": rng.random(50), "c": np.full(50, 0.3)}
    found = tr.insight.error_correlation(panel, *tickets(stated, rng.integers(0, 2, 50)))
    assert found.matrix.loc["a", "c"] != found.matrix.loc["a", "c"]
    assert np.isfinite(found.mean).all()
    assert "3 judges count as" in found.sentence()


def test_categories_are_what_is_resampled_if_beliefs_are_about_them():
    rng = np.random.default_rng(0)
    names = [f"c{i}" for i in range(40)]
    need = rng.uniform(0.2, 0.8, 40)
    shared = rng.normal(0, 0.1, 40)
    mean = np.stack([(need + shared + rng.normal(0, 0.01, 40)).clip(0.05, 0.95)] * 2, axis=1)
    mean[:, 1] = (need + shared + rng.normal(0, 0.01, 40)).clip(0.05, 0.95)
    outcomes = tr.Outcomes(names, np.full(40, 5000), rng.binomial(5000, need))
    beliefs = tr.Beliefs(names, ["a", "b"], 10 * mean, 10 * (1 - mean))
    panel = tr.Panel([tr.Router("r", {"a": 0.5, "b": 0.5})])
    found = tr.insight.error_correlation(panel, beliefs, outcomes)
    assert found.tickets == 40
    assert found.mean[0] > 0.9


def test_errors_need_two_judges_and_some_outcomes():
    alone = tr.Panel([tr.Router("r", {"a": 1.0})])
    with pytest.raises(ValueError, match="two judges or more; got a"):
        tr.insight.error_correlation(alone, *tickets({"a": [0.1, 0.2]}, [0, 1]))
    pair = tr.Panel([tr.Router("r", {"a": 0.5, "b": 0.5})])
    few = tickets({"a": [0.1, 0.2], "b": [0.3, 0.4]}, [0, 1])
    with pytest.raises(ValueError, match="3 outcomes or more; got 2"):
        tr.insight.error_correlation(pair, *few)


def test_a_dropped_judge_leaves_its_weight_to_the_others():
    panel = tr.Panel(
        [
            tr.Router("one", {"a": 0.5, "b": 0.3, "c": 0.2}, nickname="n", price=2.0),
            tr.Router("two", {"a": 1.0}),
            tr.Router("three", {"b": 1.0}),
        ],
        initial_trust={"one": 0.5, "two": 0.3, "three": 0.2},
    )
    rest = tr.evaluation.without_judge(panel, "a")
    assert rest.router_names == ("one", "three")
    assert dict(rest.routers[0].judges) == pytest.approx({"b": 0.6, "c": 0.4})
    assert dict(rest.initial_trust) == pytest.approx({"one": 5 / 7, "three": 2 / 7})
    assert (rest.routers[0].nickname, rest.routers[0].price) == ("n", 2.0)


def test_dropping_keeps_what_the_others_state(seed):
    rest = tr.evaluation.without_judge(seed[0], "gpt-5")
    assert "gpt-5" not in rest.judge_names
    assert [judge.belief for judge in rest.judges] == [
        judge.belief for judge in seed[0].judges if judge.name != "gpt-5"
    ]


def test_who_cannot_be_dropped_is_said(seed):
    with pytest.raises(ValueError, match=r"unknown judge 'nobody'; the panel has claude-haiku"):
        tr.evaluation.without_judge(seed[0], "nobody")
    with pytest.raises(ValueError, match="'a' is the only judge"):
        tr.evaluation.without_judge(tr.Panel([tr.Router("r", {"a": 1.0})]), "a")


def two_judges(number=500):
    """One judge who knows need, and one who guesses."""
    rng = np.random.default_rng(0)
    need = rng.normal(0, 1.5, number).round(1)
    stated = {"knows": special.expit(need), "guesses": rng.uniform(0.2, 0.8, number).round(1)}
    panel = tr.Panel([tr.Router("r", {"knows": 0.5, "guesses": 0.5})])
    return panel, *tickets(stated, rng.random(number) < special.expit(need))


def test_held_out_tickets_must_not_be_among_those_fitted():
    panel, beliefs, outcomes = two_judges(20)
    with pytest.raises(ValueError, match="ticket 't0' is held out and fitted"):
        tr.evaluation.drop_judge(panel, beliefs, outcomes, held_out=outcomes)
    counts = tr.Outcomes(["all"], [5], [2])
    with pytest.raises(ValueError, match="`held_out` must name its tickets"):
        tr.evaluation.drop_judge(panel, beliefs, outcomes, held_out=counts)
    other = pd.DataFrame({"ticket": ["new"], "category": "all", "outcome": [1]})
    with pytest.raises(ValueError, match="no belief about the held-out ticket 'new'"):
        tr.evaluation.drop_judge(panel, beliefs, outcomes, held_out=tr.read_outcomes(other))


@pytest.mark.slow
@pytest.mark.parametrize("hold", [False, True])
def test_dropping_who_knows_raises_the_loss(hold):
    panel, beliefs, outcomes = two_judges()
    held = None
    if hold:
        log = outcomes.log
        frame = pd.DataFrame(
            {"ticket": log.tickets, "category": "all", "outcome": log.outcome.astype(int)}
        )
        outcomes, held = (tr.read_outcomes(part) for part in (frame[:300], frame[300:]))
    model = tr.Pool(bend=False, category_effects=False)
    dropped = tr.evaluation.drop_judge(panel, beliefs, outcomes, model=model, held_out=held)
    assert dropped.table.loc["knows", "lower"] > 0
    assert dropped.table.loc["guesses", "change"] < dropped.table.loc["knows", "change"] / 5
    assert dropped.loss < np.log(2)
    of = "held-out" if hold else "left-out"
    assert dropped.sentences()[0].startswith(f"dropping knows raises the {of} loss: +0.")
    assert dropped.tickets == (200 if hold else 500)


def test_reliability_is_isotonic_and_its_band_holds_the_truth():
    rng = np.random.default_rng(0)
    stated = rng.choice([0.1, 0.3, 0.5, 0.7], 2000)
    panel = tr.Panel([tr.Router("r", {"fair": 0.5, "low": 0.5})])
    beliefs, outcomes = tickets(
        {"fair": stated, "low": special.expit(special.logit(stated) - 1.5)},
        rng.random(2000) < stated,
    )
    table = tr.insight.judge_reliability(panel, beliefs, outcomes)
    fair, low = table.loc["fair"], table.loc["low"]
    raw = fair["needs"] / fair["tickets"]
    np.testing.assert_allclose(
        fair["observed"], isotonic_regression(raw, weights=fair["tickets"].to_numpy()).x
    )
    assert ((fair["lower"] <= fair["observed"]) & (fair["observed"] <= fair["upper"])).all()
    assert (low["observed"] > low["upper"]).all()
    assert fair["tickets"].sum() == 2000


def test_reliability_agrees_with_arviz():
    """ArviZ's curve, of the same tickets one by one with distinct statements."""
    from arviz_stats.helper_stats import isotonic_fit
    from xarray import Dataset, DataTree

    rng = np.random.default_rng(1)
    stated = np.sort(rng.uniform(0.05, 0.95, 200))
    y = (rng.random(200) < stated).astype(int)
    draws = (rng.random((1, 2000, 200)) < stated).astype(int)
    # Their x is the mean of draws; ours is what was stated. Ordering by either must agree.
    tree = DataTree.from_dict(
        {
            "posterior_predictive": Dataset({"y": (("chain", "draw", "ticket"), draws)}),
            "observed_data": Dataset({"y": ("ticket", y)}),
        }
    )
    theirs = isotonic_fit(tree, None, "posterior_predictive", 0.89)["y"].values
    panel = tr.Panel([tr.Router("r", {"j": 1.0})])
    ours = tr.insight.judge_reliability(panel, *tickets({"j": stated}, y)).loc["j"]
    at = np.interp(theirs[0], ours.index, ours["observed"])
    assert np.abs(at - theirs[1]).mean() < 0.03
    low = np.interp(theirs[0], ours.index, ours["lower"])
    assert np.abs(low - theirs[2]).mean() < 0.03


def test_trust_by_category_names_the_most_trusted(exact_posterior, nuts_posterior):
    exact, sampled = (tr.insight.trust_by_category(p) for p in (exact_posterior, nuts_posterior))
    assert exact["most_trusted"].tolist() == sampled["most_trusted"].tolist() == ["medium"]
    assert exact["trials"].tolist() == [22]
    assert 0 < sampled["probability"].iloc[0] < 1
