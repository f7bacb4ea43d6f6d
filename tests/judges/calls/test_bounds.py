"""A server cannot fill memory, whatever it sends."""

from __future__ import annotations

import gzip
import subprocess
import sys

from support.asking import local, report
from support.scripted_server import Reply, answer, closed_socket

import trust_router as tr
from trust_router import defaults
from trust_router.judges.calls.bounds import AnswerRefused, refusal_in

ZEROS = b'{"id": "' + b"0" * 100_000_000

HUGE = [
    (Reply(ZEROS), "longer than 2,000,000 bytes"),
    (Reply(ZEROS, status=500), "longer than 2,000,000 bytes"),
    (Reply(ZEROS, unsaid_length=True), "longer than 2,000,000 bytes"),
    (Reply(gzip.compress(ZEROS, mtime=0), headers={"Content-Encoding": "gzip"}), "is compressed"),
]
# Prints the memory beyond what a usual answer takes, in kB.
MEASURED = """
import resource, sys, trust_router as tr
llm = tr.LLM("openai-chat:m", "shapes", base_url=sys.argv[1])
def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert tr.ask({"h": llm}, ["usual"]).status[0, 0] == "ok"
before = most()
for text in sys.argv[2:]:
    answers = tr.ask({"h": llm}, [text], retries=0)
    print(most() - before, answers.status[0, 0], answers.report()["problem"].iloc[0], sep="; ")
"""


def test_a_huge_answer_is_refused_without_taking_memory(scripted_server):
    scripted_server.say(answer({"alpha": 1, "beta": 3}), *(reply for reply, _ in HUGE))
    texts = [f"ticket {i}" for i in range(len(HUGE))]
    command = [sys.executable, "-c", MEASURED, scripted_server.base_url, *texts]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for line, (_, reason) in zip(done.stdout.splitlines(), HUGE, strict=True):
        taken, status, problem = line.split("; ")
        assert int(taken) < 30_000
        assert status == "failed"
        assert reason in problem


def test_it_counts_as_charged_and_is_not_tried_again(scripted_server):
    scripted_server.say(Reply(b" " * (defaults.ANSWER_BYTES + 1)))
    answers = tr.ask({"haiku": local(scripted_server)}, ["a"])
    assert len(scripted_server.requests) == 1
    assert "longer than" in report(answers, "problem")


def test_an_answer_of_the_usual_kind_is_read_whole(scripted_server):
    scripted_server.default = answer({"alpha": 1, "beta": 3, "why": "x" * 10_000})
    assert tr.ask({"haiku": local(scripted_server)}, ["a"]).status[0, 0] == "ok"
    assert scripted_server.requests[0].headers["Accept-Encoding"] == "identity"


def test_a_broken_connection_is_no_refusal(scripted_server):
    scripted_server.say(closed_socket(20))
    assert tr.ask({"haiku": local(scripted_server)}, ["a"]).status[0, 0] == "ok"
    wrapped = ValueError("outer")
    wrapped.__cause__ = AnswerRefused("inner")
    assert refusal_in(wrapped) is wrapped.__cause__
    assert refusal_in(ValueError("outer")) is None
