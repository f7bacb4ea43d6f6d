"""Leave-one-out is about single tickets, exact where it can be, and comparable between models."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special
from support.drawn import drawn, tickets

import trust_router as tr
from trust_router.inputs.beliefs import Beliefs
from trust_router.learning.exact import closed_form

GRID = np.linspace(-4, 4, 161)


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


@pytest.fixture(scope="module")
def categories():
    panel = tr.Panel(
        [tr.Router("low", {"a": 0.7, "b": 0.3}), tr.Router("high", {"b": 0.2, "c": 0.8})],
        [tr.Judge("a", tr.Beta(2, 9)), tr.Judge("b", tr.Beta(3, 3)), tr.Judge("c", tr.Beta(6, 1))],
    )
    outcomes = tr.Outcomes(["x", "y", "z"], trials=[12, 7, 1], needs=[2, 7, 0])
    return panel, tr.stated_beliefs(panel, outcomes.categories), outcomes


@pytest.fixture(scope="module")
def pooled():
    """Two judges about 60 tickets, and a pool whose only parameters are intercept and gain."""
    rng = np.random.default_rng(3)
    lo = rng.normal(-1, 1, 60).round(1)
    stated = {"a": special.expit(lo), "b": special.expit(lo + rng.normal(0, 1, 60).round())}
    beliefs, outcomes = tickets(stated, rng.random(60) < special.expit(1 + lo))
    panel = tr.Panel([tr.Router("r", {"a": 0.6, "b": 0.4})])
    return panel, beliefs, outcomes


def pool_draws(panel, beliefs, outcomes, seed=1, number=4000, **options):
    """The exact posterior of (intercept, log gain), drawn from a fine grid."""
    model = tr.Pool(bend=False, category_effects=False, **options)
    intercept, log_gain = (x.ravel() for x in np.meshgrid(GRID, GRID / 2))
    log_p = -(intercept**2) / 2 - ((log_gain - np.log(1.65)) / 0.5) ** 2 / 2
    one = np.ones((1, len(intercept)))
    at = {"intercept": intercept[None], "gain": np.exp(log_gain)[None]}
    fixed = {"share": one[..., None], "within": one[..., None] * panel.seats.within}
    every = drawn(panel, beliefs, outcomes, model, **at, **fixed)
    known = every.rows
    need = model.need(every.data["posterior"].to_dataset(), panel, known, known)
    each = np.stack([np.log1p(-need), np.log(need)], axis=-1)
    counts = np.stack([known.trials - known.needs, known.needs], axis=-1)
    log_p = log_p + (each * counts).sum(axis=(1, 2))
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(log_p), number, p=special.softmax(log_p)).reshape(4, -1)
    draws = {name: values[0][chosen] for name, values in (at | fixed).items()}
    exact = special.logsumexp(log_p) - special.logsumexp(log_p[:, None, None] - each, axis=0)
    return drawn(panel, beliefs, outcomes, model, **draws), np.where(counts > 0, exact, np.nan)


def test_seed_is_left_out_exactly(categories):
    loo = tr.evaluation.ticket_loo(tr.solve(*categories))
    np.testing.assert_allclose(loo.elpd, brute_force_loo(*categories), atol=1e-10)
    assert loo.tickets.tolist() == [[10, 2], [0, 7], [1, 0]]
    assert loo.bad == 0


def test_switch_without_parameters_of_its_own_is_the_seed(categories):
    switch = tr.Switch(weights="fixed", calibration=False)
    posterior = drawn(*categories, switch, silent_logit=np.zeros((2, 5)))
    exact = tr.evaluation.ticket_loo(tr.solve(*categories))
    np.testing.assert_allclose(tr.evaluation.ticket_loo(posterior).elpd, exact.elpd, atol=1e-10)


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


def test_merging_tickets_changes_nothing(pooled):
    panel, beliefs, outcomes = pooled
    twice = tr.Panel([tr.Router("r", {"a": 0.6, "b": 0.4}), tr.Router("again", {"c": 1.0})])
    rng = np.random.default_rng(0)
    # A judge who tells all tickets apart, in a router of no weight: no two rows merge any more.
    odd = rng.uniform(0.2, 0.8, (60, 1))
    apart = Beliefs(
        beliefs.labels,
        ("a", "b", "c"),
        np.hstack([beliefs.alpha, odd]),
        np.hstack([beliefs.beta, 1 - odd]),
        about="ticket",
        category=beliefs.category,
    )
    merged, _ = pool_draws(panel, beliefs, outcomes)
    held = merged.data["posterior"]
    draws = {name: held[name].values for name in ("intercept", "gain")}
    weights = np.array([[[1.0, 0.0]]]), np.array([[[0.6, 0.4, 1.0]]])
    share, within = (np.broadcast_to(w, (*draws["gain"].shape, w.shape[-1])) for w in weights)
    single = drawn(twice, apart, outcomes, merged.options, share=share, within=within, **draws)
    assert len(single.rows) == 60 > len(merged.rows)
    table = tr.compare({"merged": merged, "single": single})
    assert table["elpd"].iloc[0] == pytest.approx(table["elpd"].iloc[1], abs=1e-6)
    assert table["dse"].max() < 1e-6


def test_the_better_model_comes_first_with_its_loss(pooled):
    good, _ = pool_draws(*pooled)
    _, beliefs, outcomes = pooled
    other = tr.Panel([tr.Router("r", {"b": 1.0})])
    noisy, _ = pool_draws(other, beliefs, outcomes)
    table = tr.compare({"only b": noisy, "both": good})
    assert table.index.tolist() == ["both", "only b"]
    assert table["loss"].iloc[0] == pytest.approx(tr.evaluation.ticket_loo(good).loss)
    assert table["elpd_diff"].iloc[1] < 0 < table["dse"].iloc[1]
    assert table["weight"].sum() == pytest.approx(1)
    assert (table["bad_k"] == 0).all()


def test_models_over_categories_and_over_tickets_can_be_compared(pooled):
    panel, beliefs, outcomes = pooled
    by_ticket, _ = pool_draws(panel, beliefs, outcomes)
    stating = tr.Panel(panel.routers, [tr.Judge("a", tr.Beta(2, 3)), tr.Judge("b", tr.Beta(3, 2))])
    by_category = tr.solve(stating, tr.stated_beliefs(stating, outcomes.categories), outcomes)
    table = tr.compare({"category": by_category, "ticket": by_ticket})
    assert table.index[0] == "ticket"


def test_panels_that_share_no_judge_need_the_tickets_to_be_told_apart(pooled):
    _, beliefs, outcomes = pooled
    one, two = (
        pool_draws(tr.Panel([tr.Router("r", {name: 1.0})]), beliefs, outcomes)[0] for name in "ab"
    )
    with pytest.raises(ValueError, match="give `beliefs` and `outcomes`"):
        tr.compare({"a": one, "b": two})
    table = tr.compare({"a": one, "b": two}, beliefs=beliefs, outcomes=outcomes)
    assert set(table.index) == {"a", "b"}


def test_other_tickets_are_refused(pooled):
    panel, beliefs, outcomes = pooled
    one, _ = pool_draws(panel, beliefs, outcomes, number=400)
    part = beliefs.take(range(50))
    log = outcomes.log
    fewer = tr.read_outcomes(
        pd.DataFrame({"ticket": log.tickets[:50], "category": "all", "outcome": log.outcome[:50]})
    )
    two, _ = pool_draws(panel, part, fewer, number=400)
    with pytest.raises(ValueError, match=r"fitted to the same tickets.*'two'.*'one'"):
        tr.compare({"one": one, "two": two})


@pytest.mark.parametrize("given", [{}, {"one": None}, [1, 2], {"one": 1, "two": 2}])
def test_compare_says_what_it_takes(given):
    with pytest.raises(ValueError, match=r"must (map two or more|be a Posterior)"):
        tr.compare(given)


def test_a_ticket_that_decides_the_posterior_is_reported():
    panel = tr.Panel([tr.Router("r", {"a": 1.0})])
    given = tickets({"a": [0.5] * 30 + [0.99]}, [0] * 30 + [1])
    rng = np.random.default_rng(0)
    # Draws of a gain so uncertain that leaving the last ticket out changes everything.
    wild = {
        "intercept": rng.normal(0, 4, (4, 500)) - 6,
        "gain": np.exp(rng.normal(1, 1, (4, 500))),
        "share": np.ones((4, 500, 1)),
        "within": np.ones((4, 500, 1)),
    }
    model = tr.Pool(bend=False, category_effects=False)
    unstable = drawn(panel, *given, model, **wild)
    stable, _ = pool_draws(panel, *given)
    with pytest.warns(UserWarning, match=r"'unstable' is unreliable: Pareto k .* of 31"):
        table = tr.compare({"unstable": unstable, "stable": stable})
    assert table.loc["unstable", "bad_k"] > 0 == table.loc["stable", "bad_k"]


def test_a_stack_predicts_the_weighted_mean(pooled):
    panel, beliefs, outcomes = pooled
    models = {
        "both": pool_draws(panel, beliefs, outcomes)[0],
        "b": pool_draws(tr.Panel([tr.Router("r", {"b": 1.0})]), beliefs, outcomes)[0],
    }
    stacked = tr.evaluation.Stack(models, tr.compare(models).assign(weight=[0.75, 0.25]))
    prediction = stacked.predict(beliefs)
    parts = [models[name].predict(beliefs) for name in stacked.weights.index]
    expected = 0.75 * parts[0].mean + 0.25 * parts[1].mean
    spread = 5 * max(part.need.sd.max() for part in parts) / np.sqrt(250)
    np.testing.assert_allclose(prediction.mean, expected, atol=spread)
    assert prediction.need.values.shape[0] == 1000
    assert len(prediction.table()) == 60


def test_stacking_gives_weights_that_add_up(pooled):
    panel, beliefs, outcomes = pooled
    good, _ = pool_draws(panel, beliefs, outcomes)
    other, _ = pool_draws(tr.Panel([tr.Router("r", {"b": 1.0})]), beliefs, outcomes)
    stacked = tr.evaluation.stack({"good": good, "other": other})
    assert stacked.weights.sum() == pytest.approx(1)
    assert stacked.weights["good"] > stacked.weights["other"]
    assert "good" in repr(stacked)


def test_what_cannot_predict_cannot_be_stacked(categories):
    exact = tr.solve(*categories)
    with pytest.raises(ValueError, match="the seed model 'a' cannot; leave it out"):
        tr.evaluation.stack({"a": exact, "b": exact})
