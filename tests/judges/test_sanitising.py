"""Whatever a judge answered becomes a belief by a stated rule, or is missing for a reason."""

from __future__ import annotations

import numpy as np
import pytest
from support.asking import asked, local
from support.scripted_server import answer, log_probabilities

import trust_router as tr
from trust_router import defaults


@pytest.mark.parametrize(
    ("said", "alpha", "beta", "adjusted"),
    [
        ({"alpha": 3, "beta": 9}, 3, 9, ""),
        ({"alpha": "3", "beta": "9.0"}, 3, 9, ""),
        ({"alpha": 0, "beta": 4}, 1, 4, "non-positive"),
        ({"alpha": -5, "beta": -1}, 1, 1, "non-positive"),
        ({"alpha": 1000, "beta": 1}, 29.7, 0.3, "clipped, capped"),
        ({"alpha": 60, "beta": 20}, 22.5, 7.5, "capped"),
        ({"alpha": 1e308, "beta": 1e308}, 15, 15, "capped"),
        ({"alpha": 1e-9, "beta": 1e-9}, 0.05, 0.05, "thin"),
        ('Here it is: ```{"alpha": 3, "beta": 9}```', 3, 9, ""),
        ({"alpha": 3, "beta": 9, "why": "because"}, 3, 9, ""),
    ],
)
def test_an_odd_answer_becomes_a_belief_by_a_stated_rule(said, alpha, beta, adjusted):
    answers = asked(said)
    assert answers.status[0, 0] == "ok"
    assert answers.adjusted[0, 0] == adjusted
    np.testing.assert_allclose(
        [answers.beliefs.alpha[0, 0], answers.beliefs.beta[0, 0]], [alpha, beta]
    )


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('{"alpha": NaN, "beta": 2}', "not finite"),
        ('{"alpha": Infinity, "beta": 2}', "not finite"),
        ('{"alpha": 1e999, "beta": 2}', "not finite"),
        ('{"alpha": ' + "9" * 5000 + "}", "not finite"),
        ({"alpha": "nan", "beta": 2}, "not finite"),
        ({"alpha": 3}, "empty"),
        ({"alpha": None, "beta": 2}, "empty"),
        ("", "empty"),
        ({"alpha": True, "beta": 2}, "wrong type"),
        ({"alpha": [3], "beta": 2}, "wrong type"),
        ({"alpha": "many", "beta": 2}, "wrong type"),
        ("I would say it is likely.", "wrong type"),
        ("[3, 9]", "wrong type"),
        ('{"alpha": 1, "alpha": 1000, "beta": 1}', "wrong type"),
        ('{"alpha": 1, "beta": 9} or rather {"alpha": 9, "beta": 1}', "wrong type"),
        ("{" * 5000, "wrong type"),
    ],
)
@pytest.mark.parametrize("keep_texts", [False, True])
def test_an_answer_that_is_none_is_missing_for_a_stated_reason(said, why, keep_texts):
    if why == "not finite" and isinstance(said, str) and len(said) > 1000:
        said = said.replace("}", ', "beta": 2}')
    answers = asked(said, keep_texts=keep_texts)
    assert answers.status[0, 0] == why
    assert np.isnan(answers.beliefs.alpha[0, 0])
    counts = answers.counts()
    assert counts[["judge", "what", "kind", "tickets"]].values.tolist() == [
        ["haiku", why, "missing", 1]
    ]


@pytest.mark.parametrize(
    ("said", "mean", "nu", "adjusted"),
    [
        ({"probability": 0.2, "sureness": "sure"}, 0.2, 20, ""),
        ({"probability": 0.2, "sureness": "Certain"}, 0.2, 30, ""),
        (
            {"probability": 0.2, "sureness": "very"},
            0.2,
            defaults.CONCENTRATION,
            "default concentration",
        ),
        ({"probability": 0.2}, 0.2, defaults.CONCENTRATION, "default concentration"),
        ({"probability": 0, "sureness": "sure"}, 0.01, 20, "clipped"),
        ({"probability": 1, "sureness": "guess"}, 0.99, 2, "clipped"),
    ],
)
def test_a_probability_and_how_sure_make_a_belief(said, mean, nu, adjusted):
    answers = asked(said, "probability")
    held = answers.beliefs
    np.testing.assert_allclose(held.mean[0, 0], mean)
    np.testing.assert_allclose(held.alpha[0, 0] + held.beta[0, 0], nu)
    assert answers.adjusted[0, 0] == adjusted


def test_a_probability_outside_0_to_1_is_missing():
    assert (
        asked({"probability": 85, "sureness": "sure"}, "probability").status[0, 0] == "out of range"
    )


@pytest.mark.parametrize(
    ("top", "why"),
    [({"I": -0.1, "The": -3.0}, "off question"), (None, "no log-probabilities")],
)
def test_a_first_token_that_says_neither_is_missing(scripted_server, top, why):
    scripted_server.say(answer("yes") if top is None else log_probabilities(top))
    answers = tr.ask({"haiku": local(scripted_server, "logprob")}, ["a"])
    assert answers.status[0, 0] == why


def test_a_yes_or_no_is_read_from_the_probabilities_of_the_first_token(scripted_server):
    scripted_server.say(
        log_probabilities({" Yes": np.log(0.6), "no": np.log(0.2), "yes": np.log(0.1), "I": -4.0})
    )
    llm = local(scripted_server, "logprob")
    answers = tr.ask({"haiku": llm}, ["a"], examples=[("old", 1), ("older", 0)])
    np.testing.assert_allclose(answers.beliefs.mean, [[0.7 / 0.9]])
    assert answers.adjusted[0, 0] == "default concentration"
    body = scripted_server.requests[0].body
    assert body["logprobs"] is True
    roles = [(message["role"], message["content"][:3]) for message in body["messages"][1:]]
    assert roles == [
        ("user", "==="),
        ("assistant", "yes"),
        ("user", "==="),
        ("assistant", "no"),
        ("user", "==="),
    ]
