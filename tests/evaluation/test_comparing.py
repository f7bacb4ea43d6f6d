"""Models are compared ticket by ticket, however they merge tickets, and only on the same ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from support.drawn import drawn, tickets
from support.pooled import pool_draws, straight, straight_pool

import trust_router as tr
from trust_router.evaluation.comparing import _elpd_data, loss_difference
from trust_router.inputs.beliefs import Beliefs


def test_merging_tickets_changes_nothing(pooled):
    panel, beliefs, outcomes = pooled
    routers = [tr.Router("r", {"a": 0.6, "b": 0.4}), tr.Router("again", {"c": 1.0})]
    twice = tr.Panel(routers, initial_trust={"r": 1.0, "again": 1e-12})
    rng = np.random.default_rng(0)
    # A judge who tells all tickets apart, in a router of next to no weight: no rows merge now.
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
    draws = {name: held[name].values for name in ("intercept", "gain", "bend")}
    single = drawn(twice, apart, outcomes, merged.options, **draws)
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
    # The same difference for one ticket, and so its error.
    mean, error = loss_difference(good, noisy)
    assert mean == pytest.approx(table["loss"].iloc[1] - table["loss"].iloc[0], abs=1e-9)
    assert error == pytest.approx(table["dse"].iloc[1] / 60, rel=0.02)


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
    with pytest.raises((TypeError, ValueError), match=r"must (map two or more|be a Posterior)"):
        tr.compare(given)


def test_a_ticket_that_decides_the_posterior_is_reported():
    panel = tr.Panel([tr.Router("r", {"a": 1.0})])
    given = tickets({"a": [0.5] * 30 + [0.99]}, [0] * 30 + [1])
    rng = np.random.default_rng(0)
    # Draws of a gain so uncertain that leaving the last ticket out changes everything.
    intercept, gain = rng.normal(0, 4, (4, 500)) - 6, np.exp(rng.normal(1, 1, (4, 500)))
    unstable = drawn(panel, *given, straight_pool(), **straight(intercept, gain))
    stable, _ = pool_draws(panel, *given)
    with pytest.warns(UserWarning, match=r"'unstable' is unreliable: Pareto k .* of 31"):
        table = tr.compare({"unstable": unstable, "stable": stable})
    assert table.loc["unstable", "bad_k"] > 0 == table.loc["stable", "bad_k"]


def test_arviz_is_told_what_leave_one_out_found(pooled):
    posterior, _ = pool_draws(*pooled)
    loo = tr.evaluation.ticket_loo(posterior)
    each = np.repeat(loo.elpd.ravel(), loo.tickets.ravel())
    found = _elpd_data(loo, (each, np.full(60, 0.1)))
    assert found.elpd == pytest.approx(each.sum())
    assert found.se == pytest.approx(np.sqrt(60) * each.std())
    assert found.p == pytest.approx(np.nansum(loo.tickets * loo.p))
    assert (found.n_samples, found.n_data_points, found.scale) == (4000, 60, "log")
    assert found.good_k == loo.good_k
    assert found.warning is False
    bad = replace(loo, pareto_k=np.full(loo.tickets.shape, 0.9))
    assert _elpd_data(bad, (each, each)).warning is True


def test_both_or_neither_of_beliefs_and_outcomes_are_given(pooled):
    models = dict.fromkeys("ab", pool_draws(*pooled, number=40)[0])
    for name, value in (("beliefs", pooled[1]), ("outcomes", pooled[2])):
        with pytest.raises(ValueError, match="must be given together"):
            tr.compare(models, **{name: value})
