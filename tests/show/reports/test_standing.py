"""Where trust stands: best, worst, and how much the outcomes say."""

from __future__ import annotations

import numpy as np
import pytest
from support.drawn import drawn
from support.pooled import straight, straight_pool

import trust_router as tr
from trust_router.learning.facts import Facts
from trust_router.show.reports.brief import brief
from trust_router.show.reports.report import render_report
from trust_router.show.reports.standing import Standing, standing


def stands(before, after, ranked=None):
    none = np.full(len(before), np.nan)
    names = tuple("abc"[: len(before)])
    facts = Facts("toy")
    told = (np.array(before), np.array(after), none, none, 5, 2, np.nan, None)
    ranked = np.ones(len(before), dtype=bool) if ranked is None else np.array(ranked)
    return Standing("c", True, facts, names, *told, ranked)


def test_the_first_of_equals_is_best_and_the_last_worst():
    even = stands([0.2, 0.4, 0.4], [1 / 3, 1 / 3, 1 / 3])
    assert (even.best, even.worst) == (0, 2)


def test_routers_of_which_nothing_can_be_learned_are_neither():
    found = stands([0.2, 0.4, 0.4], [0.2, 0.7, 0.1], [True, False, True])
    assert (found.best, found.worst) == (0, 2)
    found = stands([0.2, 0.4, 0.4], [0.2, 0.7, 0.1], [True, True, False])
    assert (found.best, found.worst) == (1, 0)


def test_a_router_whose_judge_always_says_the_same_is_not_ranked(ticket_inputs):
    _, beliefs, outcomes = ticket_inputs
    still = np.isin(beliefs.judges, ["vain"])
    same = tr.Beliefs(
        beliefs.labels,
        beliefs.judges,
        np.where(still, 7.0, beliefs.alpha),
        np.where(still, 3.0, beliefs.beta),
        about="ticket",
        category=beliefs.category,
    )
    routers = [tr.Router(name, {name: 1.0}) for name in ("good", "weak", "vain")]
    flat = np.ones((2, 20))
    draws = straight(-flat, flat) | {"judge_gain": np.tile([0.5, -0.2, 0.0], (2, 20, 1))}
    stated = tr.Panel(routers, initial_trust={"good": 0.3, "weak": 0.2, "vain": 0.5})
    posterior = drawn(stated, same, outcomes, straight_pool(judge_sd=0.4), **draws)
    found = standing(posterior, posterior.trust(), "login")
    assert found.ranked.tolist() == [True, True, False]
    assert found.routers[found.best] == "good"
    assert found.leads == 1
    told = brief(posterior, tr.Costs(0.03, 3.0, failure=5.0))
    (sentence,) = (each.sentence for each in told.findings if each.judges == ("vain",))
    assert "always says the same (70.0%)" in sentence
    assert sentence.replace("'", "&#39;") in render_report(posterior)


def test_the_bayes_factor_is_what_the_outcomes_add_to_the_odds():
    assert stands([0.5, 0.5], [0.8, 0.2]).bayes_factor == pytest.approx(4)
    assert stands([0.8, 0.2], [0.8, 0.2]).bayes_factor == pytest.approx(1)
    assert stands([0.5, 0.5], [1.0, 0.0]).bayes_factor == np.inf


def test_a_closed_form_stands_where_its_table_says(exact_posterior):
    found = standing(exact_posterior, exact_posterior.trust(), "transfer failed")
    np.testing.assert_array_equal(found.after, exact_posterior.trust_mean[0])
    assert (found.category, found.trials, found.needs) == ("transfer failed", 22, 3)
    assert np.isnan(found.leads)
    assert found.share is None
    with pytest.raises(ValueError, match="unknown category 'x'"):
        standing(exact_posterior, exact_posterior.trust(), "x")


def test_weights_of_a_pool_stand_for_all_categories(pool_posterior):
    found = standing(pool_posterior, pool_posterior.trust(), "login")
    assert (found.category, found.trials) == ("all categories", 150)
    draws = pool_posterior.data["posterior"]["trust"]
    assert found.leads == float((draws.argmax("router") == found.best).mean())


def test_a_learned_share_is_that_of_its_draws(switch_posterior):
    category = switch_posterior.outcomes.categories[0]
    found = standing(switch_posterior, switch_posterior.trust(), category)
    row = switch_posterior.parameter("share").loc[found.share.router]
    assert row["mean"] == switch_posterior.parameter("share")["mean"].max()
    assert found.share.mean == pytest.approx(row["mean"])
    assert (found.share.lower, found.share.upper) == pytest.approx((row["lower"], row["upper"]))
    assert tr.Switch().name == found.facts.name
