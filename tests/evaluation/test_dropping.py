"""A dropped judge leaves its weight to the others, and its loss says what it was worth."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats
from support.drawn import tickets
from support.pooled import pool_draws

import trust_router as tr
from trust_router.evaluation import dropping
from trust_router.evaluation.dropping import _losses


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


@pytest.mark.statistics
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
    model = tr.Pool(category_effects=False)
    dropped = tr.evaluation.drop_judge(
        panel, beliefs, outcomes, model=model, held_out=held, draws=500, tune=500
    )
    assert dropped.table().loc["knows", "lower"] > 0
    assert dropped.table().loc["guesses", "change"] < dropped.table().loc["knows", "change"] / 5
    assert dropped.loss < np.log(2)
    of = "held-out" if hold else "left-out"
    assert dropped.sentences()[0].startswith(f"dropping knows raises the {of} loss: +0.")
    assert dropped.tickets == (200 if hold else 500)


def test_other_objects_are_told_by_name():
    panel, beliefs, outcomes = two_judges(20)
    with pytest.raises(TypeError, match=r"`panel` must be a Panel; got .panel.toml.; read it with"):
        tr.evaluation.without_judge("panel.toml", "knows")
    with pytest.raises(TypeError, match="`beliefs` must be Beliefs; got Outcomes: the order is"):
        tr.evaluation.drop_judge(panel, outcomes, beliefs)
    with pytest.raises(TypeError, match=r"`held_out` must be Outcomes; got 'later.csv'; read it"):
        tr.evaluation.drop_judge(panel, beliefs, outcomes, held_out="later.csv")


def test_what_dropping_does_is_said_by_where_the_interval_lies():
    judges = pd.DataFrame(
        {
            "loss": [0.6] * 3,
            "change": [0.02, -0.03, 0.001],
            "se": [0.005, 0.01, 0.01],
            "lower": [0.01, -0.05, -0.02],
            "upper": [0.03, -0.01, 0.02],
        },
        index=pd.Index(["a", "b", "c"], name="judge"),
    )
    found = tr.evaluation.DroppedJudges(judges, 0.58, 100, "held-out", 0.89)
    assert found.sentences() == [
        "dropping a raises the held-out loss: +0.0200 ± 0.0050 per ticket",
        "dropping b lowers the held-out loss: -0.0300 ± 0.0100 per ticket",
        "dropping c leaves the held-out loss as it is, as far as known: +0.0010 ± 0.0100 "
        "per ticket",
    ]
    assert repr(found) == "\n".join(found.sentences())


def test_held_out_losses_are_those_of_predictions(pooled):
    panel, beliefs, outcomes = pooled
    posterior, _ = pool_draws(panel, beliefs, outcomes, number=200)
    log = pd.DataFrame(
        {"ticket": ["t5", "t2", "t9", "t7"], "category": "all", "outcome": [1, 0, None, 0]}
    )
    found = _losses(posterior, beliefs, tr.read_outcomes(log))
    need = posterior.predict(beliefs.take([5, 2, 7])).mean
    np.testing.assert_allclose(found, -np.log([need[0], 1 - need[1], 1 - need[2]]))


@pytest.fixture
def refits(monkeypatch):
    """Fits without a sampler: the exact posterior of a small pool; what was asked is kept."""
    asked = []

    def compiled(panel, beliefs, outcomes, *, model, **settings):
        def fit(*given, random_seed):
            asked.append((panel.judge_names, model, settings, random_seed))
            assert given == (beliefs, outcomes)
            return pool_draws(panel, *given, seed=random_seed, number=400)[0]

        return SimpleNamespace(fit=fit)

    monkeypatch.setattr(dropping, "compile_model", compiled)
    return asked


THREE = tr.Panel([tr.Router("r", {"knows": 0.5, "guesses": 0.3, "again": 0.2})])


def three_judges(number=80):
    """One judge who knows need, one who guesses, and one who is unsure."""
    rng = np.random.default_rng(0)
    need = rng.normal(0, 1.5, number).round()
    stated = {
        "knows": special.expit(need),
        "guesses": rng.uniform(0.2, 0.8, number).round(1),
        "again": special.expit(need / 2 + rng.normal(0, 1, number).round()),
    }
    return tickets(stated, rng.random(number) < special.expit(need))


def test_what_dropping_adds_on_held_out_tickets_is_a_mean_of_differences(refits):
    beliefs, outcomes = three_judges()
    log = outcomes.log
    frame = pd.DataFrame(
        {"ticket": log.tickets, "category": "all", "outcome": log.outcome.astype(int)}
    )
    fitted, held = (tr.read_outcomes(part) for part in (frame[:50], frame[50:]))
    found = tr.evaluation.drop_judge(
        THREE, beliefs, fitted, held_out=held, model="pool", random_seed=3, ci_prob=0.6, chains=5
    )
    every = ("knows", "guesses", "again")
    panels = [every, *[tuple(n for n in every if n != name) for name in every]]
    assert refits == [(names, "pool", {"chains": 5}, 3) for names in panels]
    losses = []
    for panel in [THREE, *[tr.evaluation.without_judge(THREE, name) for name in every]]:
        posterior = pool_draws(panel, beliefs, fitted, seed=3, number=400)[0]
        need = posterior.predict(beliefs.take(range(50, 80))).mean
        losses.append(-np.log(np.where(log.outcome[50:] == 1, need, 1 - need)))
    table = found.table()
    assert table.index.tolist() == list(every)
    assert table.index.name == "judge"
    assert found.loss == pytest.approx(losses[0].mean())
    assert (found.tickets, found.of, found.ci_prob) == (30, "held-out", 0.6)
    for name, without in zip(every, losses[1:], strict=True):
        change = without - losses[0]
        error = change.std() / np.sqrt(30)
        reach = stats.norm.ppf(0.8) * error
        expected = [without.mean(), change.mean(), error, change.mean() - reach]
        row = table.loc[name, ["loss", "change", "se", "lower"]]
        np.testing.assert_allclose(row.astype(float), expected)
        assert table.loc[name, "upper"] == pytest.approx(change.mean() + reach)


def test_without_tickets_held_out_each_is_left_out_in_turn(refits):
    beliefs, outcomes = three_judges()
    found = tr.evaluation.drop_judge(THREE, beliefs, outcomes, judges=["again", "knows"])
    assert [asked[0] for asked in refits] == [
        ("knows", "guesses", "again"),
        ("knows", "guesses"),
        ("guesses", "again"),
    ]
    assert {asked[1:2] + asked[3:] for asked in refits} == {(None, 1)}
    whole = pool_draws(THREE, beliefs, outcomes, number=400)[0]
    loo = tr.evaluation.ticket_loo(whole)
    assert (found.loss, found.tickets) == (pytest.approx(loo.loss), 80)
    assert (found.of, found.ci_prob) == ("left-out", 0.89)
    table = found.table()
    assert table.index.tolist() == ["again", "knows"]
    assert table.columns.tolist() == ["loss", "change", "se", "lower", "upper"]
    for name in table.index:
        panel = tr.evaluation.without_judge(THREE, name)
        rest = pool_draws(panel, beliefs, outcomes, number=400)[0]
        difference = tr.evaluation.ticket_loo(rest).loss - loo.loss
        assert table.loc[name, "change"] == pytest.approx(difference)
        assert table.loc[name, "loss"] == pytest.approx(loo.loss + difference)
    width = (table["upper"] - table["lower"]) / table["se"]
    assert width.tolist() == pytest.approx([2 * stats.norm.ppf(0.945)] * 2)


def test_a_lone_judge_is_refused_before_anything_is_fitted(refits):
    beliefs, outcomes = two_judges(20)[1:]
    panel = tr.Panel([tr.Router("r", {"knows": 1.0})])
    with pytest.raises(ValueError, match="'knows' is the only judge"):
        tr.evaluation.drop_judge(panel, beliefs, outcomes)
    with pytest.raises(ValueError, match="`ci_prob` must"):
        tr.evaluation.drop_judge(THREE, *three_judges(), ci_prob=1.5)
    assert refits == []
