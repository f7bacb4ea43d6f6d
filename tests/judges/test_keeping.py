"""What is kept of an answer repeats no ticket and no key, and is sanitised alike."""

from __future__ import annotations

import json

import pytest

import trust_router as tr
from trust_router.judges.keeping import without_texts
from trust_router.judges.prompts import load_prompt
from trust_router.judges.sanitising import sanitise

TOLD = "IBAN GB33BUKB20201555555555"


@pytest.mark.parametrize(
    ("way", "raw"),
    [
        ("shapes", {"answer": json.dumps({"alpha": 3, "beta": 9, "why": TOLD})}),
        ("shapes", {"answer": json.dumps({"alpha": TOLD, "beta": 9})}),
        ("shapes", {"answer": json.dumps({"alpha": [TOLD], "beta": 9})}),
        ("shapes", {"answer": json.dumps({"alpha": "3", "beta": " 9.5 "})}),
        ("shapes", {"answer": '{"alpha": "nan", "beta": 2}'}),
        ("shapes", {"answer": '{"alpha": "1e999", "beta": 2}'}),
        ("shapes", {"answer": '{"alpha": "", "beta": 2}'}),
        ("shapes", {"answer": '{"alpha": null, "beta": 2}'}),
        ("shapes", {"answer": '{"alpha": true, "beta": 2}'}),
        ("shapes", {"answer": f"They said {TOLD}"}),
        ("shapes", {"answer": ""}),
        ("probability", {"answer": json.dumps({"probability": 0.2, "sureness": TOLD})}),
        ("probability", {"answer": json.dumps({"probability": 0.2, "sureness": " Sure"})}),
        ("probability", {"answer": json.dumps({"probability": TOLD, "sureness": "sure"})}),
        ("logprob", {"logprobs": [[" Yes", -0.5], [TOLD, -1.5], ["no", -3.0]]}),
        ("logprob", {"logprobs": [["yes", TOLD]]}),
        ("logprob", {"logprobs": [["yes", "-0.5"]]}),
        ("logprob", {"logprobs": []}),
    ],
)
@pytest.mark.parametrize("finish", ["stop", "length", "content_filter", None])
def test_it_is_sanitised_alike(way, raw, finish):
    llm = tr.LLM("openai-chat:m", way)
    prompt = load_prompt(llm)
    whole = {"finish": finish, **raw}
    kept = json.loads(json.dumps(without_texts(whole, way, prompt)))
    assert "BUKB" not in str(kept)
    assert repr(sanitise(kept, llm, prompt, 30)) == repr(sanitise(whole, llm, prompt, 30))
