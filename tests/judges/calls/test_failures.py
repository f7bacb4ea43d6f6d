"""Failed calls: tried again where that may help, and said without any secret."""

from __future__ import annotations

import json
import logging
import time
import traceback

import pytest
from support.asking import KEY, local, report, texts
from support.scripted_server import (
    Reply,
    answer,
    client_error,
    closed_socket,
    garbage,
    half_json,
    hang,
    refusal,
    server_error,
    too_many_requests,
)

import trust_router as tr


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (refusal(), "refused"),
        (answer({"alpha": 1, "beta": 3}, finish_reason="length"), "truncated"),
        (client_error(400), "failed"),
        (too_many_requests(3600), "failed"),
    ],
)
def test_a_call_that_gives_nothing_leaves_the_judge_missing_there(scripted_server, reply, why):
    scripted_server.say(reply)
    answers = tr.ask({"haiku": local(scripted_server)}, ["a"])
    assert answers.status[0, 0] == why
    assert len(scripted_server.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [
        too_many_requests(0),
        server_error(503),
        garbage(),
        half_json(),
        closed_socket(),
        closed_socket(20),
    ],
)
def test_a_failure_that_may_pass_is_tried_again(scripted_server, reply):
    scripted_server.say(reply, reply)
    answers = tr.ask({"haiku": local(scripted_server)}, ["a"])
    assert answers.status[0, 0] == "ok"
    assert report(answers, "calls") == 3
    assert report(answers, "retries") == 2


def test_a_call_that_hangs_is_cut_off_and_tried_again(scripted_server):
    scripted_server.say(hang())
    start = time.monotonic()
    answers = tr.ask({"haiku": local(scripted_server, timeout=0.5)}, ["a"])
    assert answers.status[0, 0] == "ok"
    assert time.monotonic() - start < 10


def test_a_call_that_sends_a_byte_now_and_then_is_cut_off_too(scripted_server):
    scripted_server.say(Reply(b" " * 1000, drip=0.1))
    start = time.monotonic()
    answers = tr.ask({"haiku": local(scripted_server, timeout=0.5)}, ["a"])
    assert answers.status[0, 0] == "ok"
    assert report(answers, "retries") == 1
    assert report(answers, "problem") == "no answer within 0.5 s"
    assert time.monotonic() - start < 10


def test_retry_after_is_waited_for(scripted_server):
    scripted_server.say(too_many_requests(1))
    tr.ask({"haiku": local(scripted_server)}, ["a"])
    first, second = scripted_server.requests
    assert second.time - first.time > 0.95


def test_a_judge_with_a_wrong_key_is_given_up_at_once(scripted_server):
    scripted_server.default = client_error(401, f"Incorrect API key provided: {KEY[:12]}")
    answers = tr.ask({"haiku": local(scripted_server)}, texts(50), concurrency=1)
    assert len(scripted_server.requests) == 1
    assert set(answers.status[1:, 0]) == {"given up"}
    assert KEY[:8] not in report(answers, "problem")


def test_the_key_is_nowhere_but_in_the_request(
    scripted_server, tmp_path, monkeypatch, caplog, capsys
):
    monkeypatch.setenv("JUDGE_KEY", KEY)
    caplog.set_level(logging.DEBUG)
    llm = local(scripted_server, key_env="JUDGE_KEY")
    panel = tr.Panel([tr.Router("r", {"haiku": 1.0})], [tr.Judge("haiku", llm=llm)])
    scripted_server.say(
        client_error(400, f"bad request with key {KEY}"), answer({"alpha": 3, "beta": 9})
    )
    answers = tr.ask(panel, ["a", "b"], cache=tmp_path / "a.db", concurrency=1, progressbar=True)
    assert scripted_server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    said = capsys.readouterr()
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir()).decode("utf-8", "replace")
    tables = "".join(
        t.to_csv() for t in (answers.report(), answers.counts(), answers.table(), answers.flags())
    )
    everywhere = [
        held,
        tables,
        caplog.text,
        said.out,
        said.err,
        repr(answers),
        repr(panel),
        str(panel.to_dict()),
    ]
    assert not any(KEY in text for text in everywhere)


def test_the_key_is_in_no_traceback(monkeypatch):
    monkeypatch.setenv("JUDGE_KEY", KEY)
    llm = tr.LLM("no-such-provider:m", key_env="JUDGE_KEY")
    with pytest.raises(ValueError, match="no-such-provider") as caught:
        tr.ask({"haiku": llm}, ["a"])
    shown = traceback.format_exception(caught.value)
    assert KEY not in "".join(shown)


@pytest.mark.parametrize(
    "written",
    [KEY, KEY[::-1], KEY[3:12], KEY.encode().hex(), "".join(chr(ord(c) + 1) for c in KEY)],
)
@pytest.mark.parametrize("keep_texts", [False, True])
def test_a_server_that_was_sent_a_key_is_not_quoted(
    scripted_server, tmp_path, monkeypatch, written, keep_texts
):
    monkeypatch.setenv("JUDGE_KEY", KEY)
    said = json.dumps({"error": {"message": written, "type": written, "code": written}})
    scripted_server.say(
        Reply(said.encode(), 400), Reply(said.encode(), 401), Reply(said.encode(), 500)
    )
    llm = local(scripted_server, key_env="JUDGE_KEY")
    for text in ("a", "b", "c"):
        answers = tr.ask(
            {"haiku": llm}, [text], cache=tmp_path / "a.db", retries=0, keep_texts=keep_texts
        )
        assert (answers.status == "failed").all()
        assert written not in "".join(
            t.to_csv() for t in (answers.report(), answers.counts(), answers.table())
        )
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir()).decode("utf-8", "replace")
    assert written not in held


def test_what_a_server_without_a_key_says_is_quoted(scripted_server):
    scripted_server.say(client_error(400, "there is no model m"))
    answers = tr.ask({"haiku": local(scripted_server)}, ["a"])
    assert "there is no model m" in report(answers, "problem")


def test_what_a_server_says_gives_a_terminal_no_orders(scripted_server):
    scripted_server.say(client_error(400, "no \x1b[2J\u202emodel\r\n\x9b31m m"))
    answers = tr.ask({"haiku": local(scripted_server)}, ["a"])
    assert report(answers, "problem").endswith("no [2Jmodel 31m m")


def test_an_answer_that_holds_the_key_is_not_kept(scripted_server, tmp_path, monkeypatch):
    monkeypatch.setenv("JUDGE_KEY", KEY)
    scripted_server.say(answer({"alpha": KEY[:20], "beta": KEY}))
    llm = local(scripted_server, key_env="JUDGE_KEY")
    answers = tr.ask({"haiku": llm}, ["a"], cache=tmp_path / "a.db")
    assert answers.status[0, 0] == "wrong type"
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir()).decode("utf-8", "replace")
    assert KEY[:8] not in held
