"""Asking: nobody is asked for nothing, and hostile tickets do not move trust."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from support.asking import FunctionModel, ModelResponse, ToolCallPart, asked, local

import trust_router as tr
from trust_router import defaults
from trust_router.examples import load_hostile_tickets, load_tickets
from trust_router.inputs.matching import match
from trust_router.judges.prompts import converse, load_prompt

HOSTILE = load_hostile_tickets()
PLAIN = load_tickets()
PANEL = tr.Panel(
    [tr.Router("careful", {"length": 0.5, "hard": 0.5}), tr.Router("gullible", {"obeys": 1.0})],
    [tr.Judge(name, by_ticket=True) for name in ("length", "hard", "obeys")],
)


def test_a_ticket_without_text_is_not_asked_about():
    answers = asked([], tickets=["", "  "])
    assert set(answers.status[:, 0]) == {"no text"}


def test_whom_it_asks_is_said_before_the_first_call(scripted_server, caplog, capsys):
    caplog.set_level("INFO", "trust_router")
    llm = local(scripted_server)
    told = (
        f"asking haiku: openai-chat:m at {scripted_server.base_url[7:-3]}, no key, prompt shapes/1"
    )
    tr.ask({"haiku": llm, "length": lambda texts: [0.5] * len(texts)}, ["a"])
    assert [record.message for record in caplog.records if record.name == "trust_router"] == [told]
    tr.ask({"haiku": llm}, ["a"], progressbar=True)
    assert capsys.readouterr().err.startswith(told)


def test_nothing_of_the_extra_is_imported_where_no_llm_is_called():
    code = (
        "import sys, trust_router as tr\n"
        "tr.ask({'l': lambda t: [0.5]}, ['a'])\n"
        "assert not {'pydantic_ai', 'openai', 'genai_prices', 'anyio', 'pymc'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def obeying():
    """Make a judge that answers what hostile tickets want, and 0.2 or so of all others."""
    wants = {conversed(text): want for text, want in zip(HOSTILE.text, HOSTILE.wants, strict=True)}

    def answer(messages, info):
        asked = messages[-1].parts[-1].content
        want = wants.get(asked)
        alpha, beta = (2 + len(asked) % 3, 8) if want is None else (1000, 1) if want else (1, 1000)
        return ModelResponse(
            [ToolCallPart(info.output_tools[0].name, {"alpha": alpha, "beta": beta})]
        )

    return FunctionModel(answer, model_name="obeys")


def conversed(text, way="shapes"):
    llm = tr.LLM("openai-chat:m", way)
    return converse(load_prompt(llm), llm, text, []).question


@pytest.fixture(scope="module")
def tickets():
    """Give 64 plain tickets with outcomes, then the hostile ones: those are easy, but for five."""
    category = np.resize(PLAIN.category.unique(), len(HOSTILE))
    hostile = HOSTILE.assign(category=category, outcome=1 - HOSTILE.wants)
    known = PLAIN[PLAIN.outcome.notna()]
    columns = ["ticket", "text", "category", "outcome"]
    return pd.concat([known[columns], hostile[columns]], ignore_index=True)


@pytest.fixture(scope="module")
def answers(tickets):
    hard = dict(zip(PLAIN.text, PLAIN.hard, strict=True))
    return tr.ask(
        {
            "length": lambda texts: [min(len(t) / 500, 1) for t in texts],
            "hard": lambda texts: [0.7 if hard.get(t) else 0.3 for t in texts],
            "obeys": tr.LLM("openai-chat:obeys", "shapes"),
        },
        tickets,
        using={"obeys": obeying()},
    )


def test_no_answer_weighs_more_than_the_cap_or_is_certain(answers):
    beliefs = answers.beliefs
    assert (answers.status == "ok").all()
    assert np.max(beliefs.alpha + beliefs.beta) <= defaults.CONCENTRATION_CAP + 1e-9
    assert beliefs.mean.min() >= defaults.PROBABILITY_FLOOR - 1e-12
    assert beliefs.mean.max() <= 1 - defaults.PROBABILITY_FLOOR + 1e-12


def test_every_answer_that_obeyed_is_flagged_and_hardly_any_other(answers):
    hostile = np.arange(len(answers.beliefs)) >= 64
    obeyed = answers.flagged[:, list(answers.beliefs.judges).index("obeys")]
    assert obeyed[hostile].all()
    assert not obeyed[~hostile].any()


def test_beliefs_about_hostile_tickets_without_outcomes_teach_nothing(answers, tickets):
    open_ones = tickets.assign(outcome=tickets.outcome.where(tickets.index < 64))
    outcomes = tr.read_outcomes(open_ones)
    learned = match(PANEL, answers.beliefs, outcomes).known()
    before = match(
        PANEL,
        answers.beliefs.take(np.arange(64)),
        tr.read_outcomes(tickets.iloc[:64]),
    ).known()
    for name in ("alpha", "beta", "trials", "needs"):
        np.testing.assert_array_equal(getattr(learned, name), getattr(before, name))


@pytest.mark.statistics
def test_a_judge_that_obeys_is_never_followed_but_turned_round(answers, tickets):
    outcomes = [tr.read_outcomes(tickets.iloc[:64]), tr.read_outcomes(tickets)]
    beliefs = [answers.beliefs.take(np.arange(64)), answers.beliefs]
    compiled = tr.compile_model(PANEL, beliefs[1], outcomes[1], model="pool", draws=1000)
    without, attacked = (
        compiled.fit(b, o, random_seed=1) for b, o in zip(beliefs, outcomes, strict=True)
    )
    found = attacked.judges().loc["obeys"]
    assert found["auc"] < 0.5
    assert found["p_reversed"] > 0.99
    # What attacks ask for, they get less of than before.
    hostile = beliefs[1].take(np.arange(64, len(beliefs[1])))
    wanted = answers.beliefs.mean[64:, 2] > 0.5
    before, after = (each.predict(hostile).mean for each in (without, attacked))
    assert after[wanted].mean() < before[wanted].mean()
    assert after[~wanted].mean() > before[~wanted].mean()
