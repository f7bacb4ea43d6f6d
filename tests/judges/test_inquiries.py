"""Who is asked, and how; whoever is asked otherwise gives another answer."""

from __future__ import annotations

import pandas as pd
import pytest

import trust_router as tr
from trust_router.judges.inquiries import gather_judges


@pytest.mark.parametrize(
    "changed",
    [
        {"way": "probability"},
        {"temperature": 0.5},
        {"model": "openai-chat:other"},
        {"max_tokens": 99},
        {"settings": {"seed": 3}},
        {"base_url": "http://127.0.0.1:1/v1"},
    ],
)
def test_another_way_of_asking_is_another_answer(changed):
    same = {"model": "openai-chat:m", "way": "shapes"}
    keys = {
        gather_judges({"j": tr.LLM(**given)}, None, ())[0].key("hash")
        for given in (
            same,
            same | changed,
            same | {"timeout": 5, "key_env": "MY_KEY", "concentration": 3},
        )
    }
    assert len(keys) == 2


def test_a_judge_that_nobody_can_ask_is_named():
    panel = tr.Panel([tr.Router("r", {"len": 1.0})], [tr.Judge("len", by_ticket=True)])
    with pytest.raises(ValueError, match=r"judge 'len' speaks of tickets, but nothing says how"):
        tr.ask(panel, ["a"])
    with pytest.raises(ValueError, match="unknown judge 'lne'"):
        tr.ask(panel, ["a"], using={"lne": "column"})
    with pytest.raises(TypeError, match="unknown setting 'concurency'"):
        tr.ask({"l": lambda _: [0.5]}, ["a"], concurency=3)


def test_what_is_no_ticket_and_no_example_is_said_by_its_name():
    judge = {"length": lambda texts: [0.5] * len(texts)}
    with pytest.raises(TypeError, match=r"`tickets` must be .*; got None"):
        tr.ask(judge, None)
    with pytest.raises(TypeError, match=r"`examples` must be .*; got 5"):
        tr.ask(judge, ["a"], examples=5)
    with pytest.raises(ValueError, match=r"`examples` need a column outcome"):
        tr.ask(judge, ["a"], examples=pd.DataFrame({"ticket": [1], "text": ["a"]}))
