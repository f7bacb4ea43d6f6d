"""Raw answers on disk: nothing is asked twice, no text is kept unless asked for."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import numpy as np
import pytest
from support.asking import asked, local, report, texts
from support.scripted_server import client_error

import trust_router as tr


def test_a_second_run_makes_no_call_and_gives_the_same_beliefs(tmp_path):
    cache = tmp_path / "answers.sqlite"
    said = [{"alpha": i + 1, "beta": 5} for i in range(20)]
    first = asked(said, tickets=texts(20), cache=cache)
    second = asked([], tickets=texts(20), cache=cache)
    assert (first.calls, second.calls) == (20, 0)
    assert report(second, "cached") == 20
    np.testing.assert_array_equal(first.beliefs.alpha, second.beliefs.alpha)


def test_a_failed_call_is_asked_again_next_time(scripted_server, tmp_path):
    cache = tmp_path / "answers.sqlite"
    scripted_server.say(client_error(400))
    llm = local(scripted_server)
    assert tr.ask({"haiku": llm}, ["a"], cache=cache).status[0, 0] == "failed"
    assert tr.ask({"haiku": llm}, ["a"], cache=cache).status[0, 0] == "ok"


def test_the_cache_holds_hashes_and_not_texts_unless_asked(tmp_path):
    told = "IBAN GB33BUKB20201555555555"
    prose = {"alpha": 3, "beta": 9, "why": told}
    for keep in (False, True):
        cache = tmp_path / f"{keep}.sqlite"
        asked(
            [prose, f"They said {told}"], tickets=[told, f"{told}!"], cache=cache, keep_texts=keep
        )
        held = b"".join(path.read_bytes() for path in tmp_path.glob(f"{keep}.sqlite*"))
        assert (told.encode() in held) is keep
        assert cache.stat().st_mode & 0o077 == 0


def _make_other_database(path):
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE t (a)")


def test_a_file_that_is_no_cache_is_refused(tmp_path):
    for name, make in (
        (
            "text",
            lambda path: path.write_text("not a database, and long enough to be looked at" * 50),
        ),
        ("other", _make_other_database),
    ):
        path = tmp_path / name
        make(path)
        with pytest.raises(ValueError, match=r"name another file|another SQLite file"):
            asked({"alpha": 1, "beta": 1}, cache=path)


def test_raw_answers_are_kept_as_json(tmp_path):
    cache = tmp_path / "a.db"
    asked({"alpha": 3, "beta": 9}, cache=cache)
    with closing(sqlite3.connect(cache)) as database:
        raw, usage, prompt = database.execute("SELECT raw, usage, prompt FROM answers").fetchone()
    assert json.loads(json.loads(raw)["answer"]) == {"alpha": 3, "beta": 9}
    assert set(json.loads(usage)) == {"input_tokens", "output_tokens"}
    assert prompt == "shapes/1"
