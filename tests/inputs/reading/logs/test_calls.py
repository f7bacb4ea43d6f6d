"""Logs of calls say who was called and what it cost, and that they hold no score."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support.tool_exports import litellm

import trust_router as tr


def test_spend_logs_are_read_by_session():
    calls = tr.logs.litellm(litellm())
    assert calls.ticket == ("t1", "t1", "t2", "t2", "t3", "t4")
    assert calls.model[0] == "gpt-4o-mini"  # the group is blank
    assert calls.cost.sum() == pytest.approx(0.0632)
    assert repr(calls) == (
        "Calls(LiteLLM's spend logs: 6 calls for 4 tickets, cost 0.0632; "
        "gpt-4o-mini 3, gpt-4.1 2, judge-model 1)"
    )


def test_without_sessions_requests_are_tickets():
    calls = tr.logs.litellm(litellm().assign(session_id=None))
    assert calls.ticket[0] == "chatcmpl-0"
    assert tr.logs.litellm(litellm(), columns={"ticket": "request_id"}).ticket == calls.ticket


def test_alone_they_say_what_is_missing():
    for name in ("beliefs", "outcomes"):
        with pytest.raises(
            ValueError, match=r"neither scores nor feedback; .*answered=tr\.logs\.Ans"
        ):
            getattr(tr.logs.litellm(litellm()), name)


def test_observations_without_a_model_are_steps():
    frame = pd.DataFrame(
        {
            "trace_id": ["t1", "t1", "t2"],
            "provided_model_name": ["gpt", "", None],
            "total_cost": 1.5,
        }
    )
    calls = tr.logs.langfuse_observations(frame)
    assert (calls.ticket, calls.unnamed) == (("t1",), 2)
    assert repr(calls).endswith("gpt 1; 2 calls name no model)")
    assert np.isnat(calls.time).all()


@pytest.mark.parametrize(
    ("frame", "columns", "said"),
    [
        (
            pd.DataFrame({"a": [1]}),
            None,
            "no column 'session_id' or 'request_id' for the ticket of a",
        ),
        (litellm(), {"cost": "price"}, "there is no column 'price' for the cost of a call"),
        (litellm(), {"score": "spend"}, "`columns` may map ticket, model, cost, time; got 'score'"),
        (litellm().assign(model=None), None, "no calls that name a ticket and a model"),
        (litellm().assign(spend="free"), None, "'spend' must be a number or missing; got 'free'"),
        (litellm().assign(spend=-1.0), None, "'spend' must lie between 0 and 1e"),
    ],
)
def test_what_is_no_log_of_calls_is_refused(frame, columns, said):
    with pytest.raises(ValueError, match=said):
        tr.logs.litellm(frame, columns=columns)


def test_nobody_can_change_them():
    calls = tr.logs.litellm(litellm())
    with pytest.raises(AttributeError):
        calls.title = "x"
