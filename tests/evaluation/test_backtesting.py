"""Backtests: held out means unseen, baselines are what they say, tables are tidy."""

from __future__ import annotations

import os

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy import special

import trust_router as tr
from trust_router.evaluation.baselines import BASELINES, Tickets
from trust_router.examples.datasets import DATA_VARIABLE, data_folder
from trust_router.inputs.matching import single_tickets

JUDGES = ("good", "noise")


def table(size=240, seed=1):
    """One judge that knows, one that guesses; three categories."""
    rng = np.random.default_rng(seed)
    category = rng.choice(["a", "b", "c"], size)
    log_odds = rng.normal(0, 1.5, size) + (category == "a")
    said = special.expit(np.stack([log_odds - 1, rng.normal(0, 1, size)], axis=1))
    frame = pd.DataFrame(dict(zip(JUDGES, said.T, strict=True)))
    return frame.assign(
        ticket=[f"t{i}" for i in range(size)],
        category=category,
        outcome=rng.binomial(1, special.expit(log_odds)),
    )


def inputs(frame):
    panel = tr.Panel(
        [tr.Router(name, {name: 1.0}) for name in JUDGES],
        [tr.Judge(name, by_ticket=True) for name in JUDGES],
    )
    return panel, tr.read_beliefs(frame, judges=JUDGES), tr.read_outcomes(frame)


@pytest.fixture(scope="module")
def result():
    data = inputs(table())
    facts = tr.evaluation.TicketFacts(data[1].tickets, length=np.arange(240))
    return tr.backtest(
        *data,
        feedbacks=[20, 80],
        held_out=100,
        splits=3,
        facts=facts,
        costs=tr.Costs(0.03, 3.0, failure=5.0),
        draws=300,
        tune=300,
        chains=2,
    )


@pytest.mark.slow
def test_the_table_is_tidy_and_holds_every_method_size_and_metric(result):
    frame = result.table()
    assert len(frame) == 8 * 2 * 10
    assert not frame[["method", "feedbacks", "metric"]].duplicated().any()
    assert (frame["lower"] <= frame["upper"]).all()
    assert frame["splits"].unique().tolist() == [3]
    assert frame.query("method == 'pool'")["converged"].between(0, 1).all()


@pytest.mark.slow
def test_the_pool_learns_whom_to_trust_better_than_guessing(result):
    frame = result.table().set_index(["metric", "feedbacks", "method"])["mean"].sort_index()
    for metric in ("log_loss", "brier"):
        loss = frame[metric, 80]
        assert loss["pool"] < loss["random"]
        assert loss["pool"] < loss["mean of judges"]


@pytest.mark.slow
def test_differences_are_paired_with_the_first_model(result):
    means = result.table().set_index(["metric", "feedbacks", "method"])["mean"].sort_index()
    rest = result.differences().set_index(["metric", "feedbacks", "method"]).sort_index()
    expected = means["brier", 80, "random"] - means["brier", 80, "pool"]
    assert rest.loc[("brier", 80, "random"), "difference"] == pytest.approx(expected)
    assert rest.loc[("brier", 80, "random"), "lower"] > 0
    with pytest.raises(ValueError, match="`reference` must be one of pool, random"):
        result.differences("nobody")


@pytest.mark.slow
def test_pictures_show_every_method(result):
    axes = tr.plots.learning(result)
    assert axes[0].get_title(loc="left") == "Log loss (lower is better)"
    assert {line.get_label() for line in axes[0].figure.legends[0].legend_handles} == set(
        result.methods
    )
    assert len(tr.plots.held_out(result)) == 3
    with pytest.raises(ValueError, match="`metrics` must be among"):
        tr.plots.learning(result, ["nonsense"])
    plt.close("all")


@pytest.mark.slow
def test_what_was_held_out_is_never_learned_from(result):
    """Turning the outcomes of held-out tickets around changes no prediction."""
    turned = table()
    at = result.held_out[0]
    turned.loc[at, "outcome"] = 1 - turned.loc[at, "outcome"]
    again = tr.backtest(
        *inputs(turned), feedbacks=[20], held_out=100, splits=1, draws=300, tune=300, chains=2
    )
    np.testing.assert_array_equal(again.held_out[0], at)
    for (method, size), predicted in again.predictions.items():
        np.testing.assert_array_equal(predicted[0], result.predictions[method, size][0])


@pytest.mark.slow
def test_beliefs_about_categories_can_be_backtested_too():
    frame = table(90)
    panel = tr.Panel(
        [tr.Router("low", {"x": 1.0}), tr.Router("high", {"y": 1.0})],
        [tr.Judge("x", tr.Beta(2, 8)), tr.Judge("y", tr.Beta(6, 4))],
    )
    outcomes = tr.read_outcomes(frame)
    beliefs = tr.stated_beliefs(panel, outcomes.categories)
    result = tr.backtest(
        panel, beliefs, outcomes, held_out=30, feedbacks=[10, 60], splits=1, draws=300, tune=300
    )
    assert result.methods[0] == "seed"
    predicted = result.predictions["seed", 60][0]
    assert len(np.unique(predicted)) == 3
    assert ((predicted > 0) & (predicted < 1)).all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"held_out": 240}, "`held_out` must be a share between 0 and 1, or a number that leaves"),
        ({"held_out": 0}, "`held_out` must be"),
        ({"held_out": 2.5}, "`held_out` must be"),
        ({"feedbacks": [0]}, "`feedbacks` must be a whole number of at least 1"),
        ({"feedbacks": [500]}, "`feedbacks` must be numbers from 1 to 180"),
        ({"feedbacks": []}, "`feedbacks` must be numbers from 1 to 180"),
        ({"splits": 0}, "`splits` must be a whole number of at least 1"),
        ({"baselines": ["oracle"]}, "`baselines` may name random, category rate"),
        ({"baselines": ["text length"]}, r"got 'text length' \(facts hold no `length`\)"),
        ({"models": ["pool", "pool"]}, "need labels"),
        ({"models": {"random": "pool"}}, "may not be named like a baseline; got 'random'"),
        ({"models": ["magic"]}, "`model` must be one of seed, switch, pool"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_compiled(change, said):
    with pytest.raises(ValueError, match=said):
        tr.backtest(*inputs(table()), **change)


def test_outcomes_without_single_tickets_cannot_be_held_out():
    panel, beliefs, outcomes = inputs(table(10))
    counts = tr.Outcomes(outcomes.categories, outcomes.trials, outcomes.needs)
    with pytest.raises(ValueError, match="10 of 10 outcomes belong to no named ticket"):
        tr.backtest(panel, beliefs, counts)


def test_facts_must_fit_the_tickets():
    with pytest.raises(ValueError, match=r"`length` must have shape \(ticket,\) = \(2,\)"):
        tr.evaluation.TicketFacts(["a", "b"], length=[1])
    with pytest.raises(ValueError, match="`simple_quality` must lie between 0 and 1; got 2 for"):
        tr.evaluation.TicketFacts(["a"], simple_quality=[2])
    panel, beliefs, outcomes = inputs(table(10))
    with pytest.raises(ValueError, match="facts must cover every ticket with an outcome; 't0'"):
        tr.backtest(panel, beliefs, outcomes, facts=tr.evaluation.TicketFacts(["x"], length=[1]))


def tickets(frame):
    rows, names = single_tickets(*inputs(frame))
    return Tickets(rows, names, np.arange(len(frame), dtype=float))


@pytest.mark.parametrize("name", BASELINES)
@pytest.mark.parametrize("fed", [[0], [0, 1, 2], list(range(40))], ids=len)
def test_every_baseline_predicts_probabilities_from_any_feedback(name, fed):
    frame = table(60)
    frame.loc[5, "good"] = np.nan
    frame.loc[50, list(JUDGES)] = np.nan
    asked = np.arange(40, 60)
    predicted = BASELINES[name](tickets(frame), np.array(fed), asked)
    assert predicted.shape == (20,)
    assert ((predicted > 0) & (predicted < 1)).all()


def test_the_best_judge_is_the_one_that_knows():
    frame = table(400)
    every = tickets(frame)
    fed, asked = np.arange(200), np.arange(200, 400)
    predicted = BASELINES["best judge"](every, fed, asked)
    order = np.argsort(frame["good"][200:].to_numpy())
    assert (np.diff(predicted[order]) >= 0).all()


@pytest.fixture(scope="module")
def real_folder():
    try:
        data_folder("mmlupro_judges")
        data_folder("routellm_mmlu")
    except FileNotFoundError as error:
        pytest.skip(str(error))
    return os.environ[DATA_VARIABLE]


def test_mmlupro_is_read_as_a_panel(real_folder):
    fails = tr.examples.load_mmlupro(real_folder)
    needs = tr.examples.load_mmlupro(real_folder, target="needs")
    assert len(fails.beliefs) == 7179
    assert len(fails.outcomes.categories) == 14
    assert fails.outcomes.needs.sum() / 7179 == pytest.approx(0.40, abs=0.005)
    assert needs.outcomes.needs.sum() / 7179 == pytest.approx(0.22, abs=0.005)
    assert np.isnan(fails.beliefs.alpha).any()


def test_routellm_is_read_as_a_panel(real_folder):
    data = tr.examples.load_routellm(real_folder)
    assert len(data.beliefs) == 14037
    assert len(data.outcomes.categories) == 57


def test_a_missing_folder_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    with pytest.raises(FileNotFoundError, match=f"set {DATA_VARIABLE}"):
        tr.examples.load_mmlupro()
    with pytest.raises(FileNotFoundError, match="there is no folder 'routellm_mmlu' in"):
        tr.examples.load_routellm(tmp_path)
    with pytest.raises(ValueError, match="`target` must be 'fails' or 'needs'; got 'x'"):
        tr.examples.load_mmlupro(tmp_path, target="x")
