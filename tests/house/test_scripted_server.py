"""The scripted server does what its script says, so that other tests may rely on it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from urllib.parse import urlsplit

import pytest
from support.scripted_server import (
    ScriptedServer,
    answer,
    client_error,
    closed_socket,
    garbage,
    half_json,
    hang,
    log_probabilities,
    refusal,
    server_error,
    too_many_requests,
)


def _ask(server: ScriptedServer, body: dict | None = None, timeout: float = 5.0):
    address = urlsplit(server.base_url)
    client = http.client.HTTPConnection(address.hostname, address.port, timeout=timeout)
    try:
        request = json.dumps(body or {"model": "m", "messages": []})
        client.request("POST", f"{address.path}/chat/completions", request)
        response = client.getresponse()
        return response.status, dict(response.headers), response.read()
    finally:
        client.close()


def _message(raw: bytes):
    return json.loads(raw)["choices"][0]["message"]


def test_the_script_is_followed_in_turn_and_then_the_default(scripted_server):
    scripted_server.say(server_error(503), too_many_requests(7))
    statuses = [_ask(scripted_server)[0] for _ in range(4)]
    assert statuses == [503, 429, 200, 200]
    assert len(scripted_server.requests) == 4
    assert scripted_server.requests[0].path == "/v1/chat/completions"


def test_429_names_the_time_to_come_again(scripted_server):
    scripted_server.say(too_many_requests(7), too_many_requests(None))
    assert _ask(scripted_server)[1]["Retry-After"] == "7"
    assert "Retry-After" not in _ask(scripted_server)[1]


def test_answers_come_as_a_tool_call_where_tools_are_given(scripted_server):
    scripted_server.default = answer({"alpha": 2})
    assert json.loads(_message(_ask(scripted_server)[2])["content"]) == {"alpha": 2}
    tools = [{"type": "function", "function": {"name": "final_result"}}]
    message = _message(_ask(scripted_server, {"messages": [], "tools": tools})[2])
    assert message["content"] is None
    assert message["tool_calls"][0]["function"] == {
        "name": "final_result",
        "arguments": '{"alpha": 2}',
    }


def test_log_probabilities_stand_at_the_one_token_answered(scripted_server):
    scripted_server.say(log_probabilities({"Yes": -0.1, "No": -2.5}))
    choice = json.loads(_ask(scripted_server)[2])["choices"][0]
    (said,) = choice["logprobs"]["content"]
    assert choice["message"]["content"] == said["token"] == "Yes"
    assert {t["token"]: t["logprob"] for t in said["top_logprobs"]} == {"Yes": -0.1, "No": -2.5}


def test_refusals_and_client_errors_are_those_of_the_real_interface(scripted_server):
    scripted_server.say(refusal("no"), client_error(401, "bad key"))
    assert _message(_ask(scripted_server)[2])["refusal"] == "no"
    status, _, body = _ask(scripted_server)
    assert status == 401
    assert json.loads(body)["error"]["message"] == "bad key"


@pytest.mark.parametrize("reply", [garbage(), half_json()], ids=["garbage", "half"])
def test_garbage_and_half_a_json_come_as_if_all_were_well(scripted_server, reply):
    scripted_server.say(reply)
    status, _, body = _ask(scripted_server)
    assert status == 200
    with pytest.raises(ValueError, match=r"."):
        json.loads(body)


def test_a_closed_socket_gives_no_response_or_a_cut_one(scripted_server):
    scripted_server.say(closed_socket(), closed_socket(after=10))
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        _ask(scripted_server)
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        _ask(scripted_server)


def test_a_hanging_server_says_nothing_and_still_closes_at_once():
    with ScriptedServer([hang()]) as server:
        with pytest.raises(TimeoutError):
            _ask(server, timeout=0.2)
        start = time.monotonic()
    assert time.monotonic() - start < 5


def test_requests_under_way_at_once_are_counted(scripted_server):
    scripted_server.default = answer("x", delay=0.2)
    threads = [threading.Thread(target=_ask, args=(scripted_server,)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 2 <= scripted_server.peak <= 5
    assert len(scripted_server.requests) == 5
