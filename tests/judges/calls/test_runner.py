"""Many calls at a time: each answer is got once, kept at once, and within the limit."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from functools import partial

import pytest
from support.asking import (
    PRICED,
    FunctionModel,
    ModelResponse,
    ToolCallPart,
    asked,
    local,
    report,
    texts,
)
from support.scripted_server import answer, closed_socket, server_error

import trust_router as tr
from trust_router import defaults
from trust_router.judges.calls.cache import AnswerCache
from trust_router.judges.calls.client import Caller
from trust_router.judges.calls.conversation import Conversation, Form
from trust_router.judges.calls.runner import Runner, run_now
from trust_router.judges.cleaning import text_hash
from trust_router.judges.inquiries import gather_judges


@dataclass
class Errand:
    """A job that has nothing to do with judges or tickets."""

    key: str
    caller: str = "capitals"

    def conversation(self):
        form = Form("capital", "Of the country.", {"name": {"type": "string"}})
        return Conversation("Name the capital.", (("France", "Paris"),), self.key, form)

    def most_cost(self, conversation):
        return conversation.most_tokens * 1e-6

    def cost(self, input_tokens, output_tokens):
        return (input_tokens + output_tokens) * 1e-6

    def useless(self, raw):
        return "" if "Rome" in raw["answer"] else "it does not know"

    def kept(self, raw):
        return {"answer": raw["answer"].upper()}

    def described(self):
        return {"model": "m", "way": "tool", "prompt": "1", "ticket_hash": "", "text": None}


def test_the_runner_does_any_job(scripted_server):
    said = answer({"name": "Rome"}, tokens=(50, 5))
    scripted_server.say(said, *[answer({"name": "?"})] * defaults.GIVE_UP_AFTER)
    llm = local(scripted_server)
    with AnswerCache() as cache:
        runner = Runner(cache, limit=None, concurrency=1, retries=0)
        jobs = [Errand(f"country {i}") for i in range(20)]
        run_now(partial(runner.run, jobs, {"capitals": Caller("capitals", llm)}))
        assert runner.answers["country 0"] == {"answer": '{"NAME": "ROME"}'}
        assert cache.get(["country 0"]) == {"country 0": runner.answers["country 0"]}
    sent = scripted_server.requests[0].body
    assert [message["content"] for message in sent["messages"][1:]] == [
        "France",
        "Paris",
        "country 0",
    ]
    assert sent["tools"][0]["function"]["name"] == "capital"
    effort = runner.efforts["capitals"]
    assert (effort.calls, effort.problem) == (1 + defaults.GIVE_UP_AFTER, "it does not know")
    assert effort.cost == pytest.approx(1e-6 * (55 + 110 * defaults.GIVE_UP_AFTER))
    assert runner.reasons == dict.fromkeys(
        [f"country {i}" for i in range(1 + defaults.GIVE_UP_AFTER, 20)], "given up"
    )


def test_whatever_goes_wrong_on_one_ticket_does_not_stop_the_others():
    def give(messages, info):
        if "number 1 " in str(messages):
            raise KeyError("of this program")
        return ModelResponse([ToolCallPart(info.output_tools[0].name, {"alpha": 1, "beta": 3})])

    tickets = [f"ticket number {i} ..." for i in range(3)]
    answers = tr.ask({"h": FunctionModel(give)}, tickets, using=None)
    assert answers.beliefs.judges == ("h",)
    llm = tr.LLM("a:b", "shapes")
    answers = tr.ask({"h": llm}, tickets, using={"h": FunctionModel(give)}, retries=0)
    assert answers.status.ravel().tolist() == ["ok", "failed", "ok"]
    assert report(answers, "problem", "h") == "KeyError: 'of this program'"


def test_a_judge_that_keeps_failing_is_given_up(scripted_server):
    scripted_server.default = server_error()
    answers = tr.ask({"haiku": local(scripted_server)}, texts(50), concurrency=1, retries=0)
    assert len(scripted_server.requests) == defaults.GIVE_UP_AFTER
    assert (answers.status == "given up").sum() == 40


@pytest.mark.parametrize(
    ("way", "reply", "reason"),
    [
        ("logprob", answer("yes"), "gives no log-probabilities"),
        ("shapes", answer({"alpha": 1, "beta": 1}, finish_reason="length"), "raise `max_tokens`"),
    ],
)
def test_a_judge_that_says_nothing_of_use_is_given_up(scripted_server, way, reply, reason):
    scripted_server.default = reply
    answers = tr.ask({"haiku": local(scripted_server, way)}, texts(30), concurrency=1)
    assert len(scripted_server.requests) == defaults.GIVE_UP_AFTER
    assert reason in report(answers, "problem")


def test_identical_tickets_are_asked_once(scripted_server):
    scripted_server.default = answer({"alpha": 2, "beta": 3}, delay=0.1)
    answers = tr.ask({"haiku": local(scripted_server)}, ["same"] * 30, concurrency=8)
    assert len(scripted_server.requests) == 1
    assert (answers.beliefs.alpha == 2).all()
    assert report(answers, "cached") == 29


def test_two_threads_ask_the_same_once(scripted_server, tmp_path):
    scripted_server.default = answer({"alpha": 2, "beta": 3}, delay=0.3)
    heard = []

    def go():
        heard.append(tr.ask({"haiku": local(scripted_server)}, texts(4), cache=tmp_path / "a.db"))

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(scripted_server.requests) == 4
    assert all((answers.status == "ok").all() for answers in heard)
    assert sum(answers.calls for answers in heard) == 4
    assert sum(report(answers, "cached") for answers in heard) == 8


TWICE = """
import sys, trust_router as tr
llm = tr.LLM("openai-chat:m", "shapes", base_url=sys.argv[1])
tr.ask({"h": llm}, ["one that loads everything"])
print("ready", flush=True)
sys.stdin.readline()
answers = tr.ask({"h": llm}, [f"ticket number {i}" for i in range(60)], cache=sys.argv[2])
assert (answers.status == "ok").all()
print(answers.calls)
"""


def test_two_processes_at_once_pay_once(scripted_server, tmp_path):
    scripted_server.default = answer({"alpha": 2, "beta": 3}, delay=0.2)
    command = [sys.executable, "-c", TWICE, scripted_server.base_url, str(tmp_path / "a.db")]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    tr.ask({"h": local(scripted_server)}, ["one that loads everything here too"])
    assert other.stdout.readline() == "ready\n"
    other.stdin.write("go\n")
    other.stdin.flush()
    answers = tr.ask({"h": local(scripted_server)}, texts(60), cache=tmp_path / "a.db")
    calls = [answers.calls, int(other.communicate()[0])]
    assert (answers.status == "ok").all()
    assert sum(calls) == len(scripted_server.requests) - 2 == 60
    assert min(calls) > 0  # both were at it


def test_what_another_process_fails_to_get_is_asked_for(scripted_server, tmp_path):
    with AnswerCache(tmp_path / "a.db") as other:
        key = gather_judges({"haiku": local(scripted_server)}, None, ())[0].key(text_hash("a"))
        assert other.claim(key)
        threading.Timer(0.5, other.release, [key]).start()
        answers = tr.ask({"haiku": local(scripted_server)}, ["a", "b"], cache=tmp_path / "a.db")
    assert (answers.status == "ok").all()
    assert [asked.text.count("\nb\n") for asked in scripted_server.requests] == [1, 0]


def test_no_more_calls_than_asked_for_are_under_way(scripted_server):
    scripted_server.default = answer({"alpha": 2, "beta": 3}, delay=0.05)
    tr.ask({"haiku": local(scripted_server)}, texts(20), concurrency=3)
    assert scripted_server.peak == 3


def test_it_works_where_an_event_loop_runs():
    async def in_jupyter():
        return asked({"alpha": 3, "beta": 9}, tickets=texts(3))

    answers = asyncio.run(in_jupyter())
    assert (answers.beliefs.alpha == 3).all()


def test_the_spending_limit_is_never_exceeded(scripted_server):
    scripted_server.default = answer({"alpha": 2, "beta": 3}, tokens=(1000, 100), delay=0.02)
    limit = 0.021  # a call costs 0.002; before it, up to 0.0056 is set aside
    answers = tr.ask(
        {"haiku": local(scripted_server)}, texts(40), limit=limit, prices=PRICED, concurrency=8
    )
    spent = len(scripted_server.requests) * 0.002
    assert 0.012 < spent <= limit
    assert report(answers, "cost") == pytest.approx(spent)
    assert "limit" in set(answers.status[:, 0])


def test_what_may_have_been_charged_counts_for_the_limit(scripted_server):
    scripted_server.default = closed_socket(10)
    answers = tr.ask(
        {"haiku": local(scripted_server)}, ["a"], limit=0.012, prices=PRICED, retries=20
    )
    assert answers.status[0, 0] == "limit"
    assert report(answers, "cost") == 0
    assert 0 < report(answers, "cost_at_most") <= 0.012


KILLED = """
import sys, trust_router as tr
llm = tr.LLM("openai-chat:m", "shapes", base_url=sys.argv[1])
tr.ask({"haiku": llm}, [f"ticket number {i}" for i in range(200)], cache=sys.argv[2], concurrency=4)
"""


def test_a_killed_process_loses_only_the_calls_in_flight(scripted_server, tmp_path):
    scripted_server.default = answer({"alpha": 2, "beta": 3}, delay=0.02)
    cache = tmp_path / "answers.sqlite"
    process = subprocess.Popen([sys.executable, "-c", KILLED, scripted_server.base_url, str(cache)])
    while len(scripted_server.requests) < 40:
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(0.2)
    sent = len(scripted_server.requests)
    answers = tr.ask({"haiku": local(scripted_server)}, texts(200), cache=cache, concurrency=4)
    assert (answers.status == "ok").all()
    assert len(scripted_server.requests) - 200 <= 4
    assert report(answers, "cached") >= sent - 4


INTERRUPTED = """
import asyncio, contextlib, sys, trust_router as tr
llm = tr.LLM("openai-chat:m", "shapes", base_url=sys.argv[1])
def ask():
    tickets = [f"ticket number {i}" for i in range(999)]
    tr.ask({"h": llm}, tickets, cache=sys.argv[2], concurrency=4)
async def cell():
    ask()
def in_jupyter():  # asyncio.run would handle the interrupt itself
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        loop.run_until_complete(cell())
try:
    ask() if sys.argv[3] == "script" else in_jupyter()
except KeyboardInterrupt:
    sys.exit(7)
"""


@pytest.mark.parametrize("where", ["script", "loop"])
def test_an_interrupted_process_ends_at_once_and_keeps_its_answers(
    scripted_server, tmp_path, where
):
    scripted_server.default = answer({"alpha": 2, "beta": 3}, delay=0.02)
    cache = tmp_path / "answers.sqlite"
    arguments = [scripted_server.base_url, str(cache), where]
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", INTERRUPTED, *arguments],
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(scripted_server.requests) < 20:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)
    assert (process.returncode, said) == (7, "")
    with closing(sqlite3.connect(cache)) as database:
        (held,) = database.execute("SELECT count(*) FROM answers").fetchone()
    assert len(scripted_server.requests) - 4 <= held <= len(scripted_server.requests)
