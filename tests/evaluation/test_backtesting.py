"""What is held out is never learned from, and bad arguments are refused before compiling."""

from __future__ import annotations

import numpy as np
import pytest
from support.backtested import inputs, table

import trust_router as tr


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
        ({"held_out": "half"}, "`held_out` must be a number; got 'half'"),
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


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"models": "pool"}, r"`models` must be a list; got 'pool'; write \['pool'\]"),
        ({"models": tr.Pool()}, r"`models` must be a list; got Pool.*; write \[Pool"),
        ({"baselines": "random"}, r"`baselines` must be a list; got 'random'"),
        ({"costs": {"simple": 1}}, "`costs` must be Costs; got a dict"),
        ({"facts": "facts.csv"}, r"`facts` must be TicketFacts; got .*`read_facts\(path\)`"),
    ],
)
def test_other_objects_are_told_with_what_is_meant(change, said):
    with pytest.raises(TypeError, match=said):
        tr.backtest(*inputs(table()), **change)


def test_swapped_arguments_are_told_so():
    panel, beliefs, outcomes = inputs(table(10))
    with pytest.raises(TypeError, match="`beliefs` must be Beliefs; got Outcomes: the order is"):
        tr.backtest(panel, outcomes, beliefs)
