"""Who answered is told by the names of models, which must fit those of the calls."""

from __future__ import annotations

import pytest
from support.tool_exports import litellm

import trust_router as tr


def answered(**more):
    return tr.logs.Answered("gpt-4o-mini", "gpt-4.1", **more)


def test_calls_of_others_do_not_count():
    who = answered(calls=tr.logs.litellm(litellm()))
    assert who.by_ticket(["t1", "t2", "t4", "t9"]) == ["simple", "both", "complex", ""]
    assert who.prices() == pytest.approx({"simple": 0.0004, "complex": 0.03})


def test_a_price_is_that_of_all_calls_for_a_ticket():
    calls = tr.logs.litellm(litellm().replace({"session_id": {"t3": "t1"}}))
    assert answered(calls=calls).prices()["simple"] == pytest.approx((0.0006 + 0.0006) / 2)


def test_without_calls_nobody_is_known():
    assert answered().by_ticket(["t1"]) == [""]
    assert answered().prices() == {}


def test_names_that_do_not_fit_are_said():
    calls = tr.logs.litellm(litellm())
    with pytest.raises(
        ValueError, match=r"no ticket of LiteLLM's spend logs has a score; .*'t1' there"
    ):
        answered(calls=calls).by_ticket(["trace-1"])
    with pytest.raises(
        ValueError, match=r"no call is of small, big; .* name the models gpt-4o-mini"
    ):
        tr.logs.Answered("small", "big", calls=calls).by_ticket(["t1"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"simple": "a", "complex": "a"}, "simple or complex; 'a' is named as both"),
        ({"simple": "", "complex": "a"}, "`simple` must name a model, or several; got ''"),
        ({"simple": "a", "complex": []}, "`complex` must name a model"),
        ({"simple": "a", "complex": "b", "both": "no"}, "`both` must be 'need' or 'feedback'"),
        ({"simple": "a", "complex": "b", "calls": "spend.csv"}, "`calls` must be calls that"),
    ],
)
def test_what_names_no_models_is_refused(arguments, said):
    with pytest.raises((TypeError, ValueError), match=said):
        tr.logs.Answered(**arguments)
