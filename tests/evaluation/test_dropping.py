"""A dropped judge leaves its weight to the others, and its loss says what it was worth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special
from support.drawn import tickets
from support.pooled import pool_draws

import trust_router as tr
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
