"""Raw answers on disk: nothing is asked twice, no text is kept unless asked for."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from support.asking import asked, local, report, texts
from support.scripted_server import client_error

import trust_router as tr
from trust_router.judges.calls.cache import AnswerCache


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


@pytest.mark.parametrize("name", [":memory:", "file:x?mode=memory", "file::memory:?cache=shared"])
def test_a_cache_that_would_forget_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    for given in (name, Path(name)):
        for ask in (tr.ask, tr.estimate_cost):
            with pytest.raises(ValueError, match="`cache` must be the path of a file"):
                ask({"length": lambda texts: [0.5] * len(texts)}, ["a"], cache=given)
    assert not [*tmp_path.iterdir()]


def test_a_claim_keeps_others_away_until_it_is_released_or_runs_out(tmp_path, monkeypatch):
    with AnswerCache(tmp_path / "a.db") as one, AnswerCache(tmp_path / "a.db") as two:
        assert one.claim("key")
        assert not two.claim("key")
        one.release("key")
        assert two.claim("key")
        one.release("key")  # not its own
        assert not one.claim("key")
        start = time.time()

        def after(seconds):
            monkeypatch.setattr(time, "time", lambda: start + seconds)

        after(20)
        two.renew()
        after(45)
        assert not one.claim("key")
        after(60)
        assert one.claim("key")


def test_a_claim_of_a_process_that_is_gone_is_none(tmp_path):
    code = (
        "import sys; from trust_router.judges.calls.cache import AnswerCache\n"
        "print(AnswerCache(sys.argv[1]).claim('key'))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.db")]
    assert subprocess.run(command, check=True, capture_output=True).stdout == b"True\n"
    with AnswerCache(tmp_path / "a.db") as cache:
        assert cache.claim("key")


def test_a_cache_of_before_there_were_claims_serves(tmp_path):
    path = tmp_path / "a.db"
    asked({"alpha": 3, "beta": 9}, cache=path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE claims")
    assert asked([], cache=path).calls == 0
    assert asked({"alpha": 1, "beta": 1}, tickets=["another"], cache=path).calls == 1


def _edited(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement)
    return path


def _estimated(path):
    prices = tr.judges.Prices({"m": tr.judges.Price(0, 0)})
    return tr.estimate_cost({"h": tr.LLM("openai-chat:m")}, texts(30), cache=path, prices=prices)


@pytest.mark.parametrize(
    ("statements", "lost"),
    [
        (("ALTER TABLE answers DROP COLUMN usage",), "no column 'usage' in its table 'answers'"),
        (("DROP TABLE answers",), "no column 'key' in its table 'answers'"),
        (("DROP TABLE answers", "CREATE TABLE answers (key, raw)"), "no column 'model'"),
        (("DROP TABLE claims", "CREATE TABLE claims (a)"), "no column 'key' in its table 'claims'"),
    ],
)
def test_a_cache_of_another_schema_is_refused_before_anybody_is_asked(tmp_path, statements, lost):
    path = tmp_path / "a.db"
    asked({"alpha": 3, "beta": 9}, cache=path)
    _edited(path, *statements)
    for use in (_estimated, lambda path: asked([], cache=path)):
        with pytest.raises(ValueError, match=f"has {lost}.*name another file"):
            use(path)


def test_pages_that_are_damaged_are_said_and_nobody_is_asked(tmp_path):
    good = tmp_path / "a.db"
    asked([{"alpha": i + 1, "beta": 5} for i in range(30)], tickets=texts(30), cache=good)
    told = 0
    for page in range(1, good.stat().st_size // 4096):
        path = tmp_path / f"{page}.db"
        held = bytearray(good.read_bytes())
        held[page * 4096 : (page + 1) * 4096] = bytes(4096)
        path.write_bytes(held)
        with pytest.raises(OSError, match=r"cannot be (read|written to): .*malformed"):
            asked([], tickets=[*texts(30), "new"], cache=path)
        told += 1
    assert told > 3


def test_an_answer_that_is_no_text_any_more_is_asked_again(tmp_path):
    path = tmp_path / "a.db"
    asked({"alpha": 3, "beta": 9}, cache=path)
    _edited(path, "UPDATE answers SET raw = CAST(x'ff00ff' AS TEXT)")
    assert asked({"alpha": 1, "beta": 1}, cache=path).calls == 1
    assert asked([], cache=path).calls == 0


def test_a_claim_that_nobody_could_have_made_is_none(tmp_path):
    path = tmp_path / "a.db"
    with AnswerCache(path) as cache:
        _edited(path, "INSERT INTO claims VALUES ('key', 'junk', 9e18)")
        assert cache.claim("key")


def test_a_cache_that_another_program_keeps_locked_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("trust_router.judges.calls.cache._PATIENCE", 0.1)
    path = tmp_path / "a.db"
    asked({"alpha": 3, "beta": 9}, cache=path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ValueError, match="cannot be opened: database is locked"):
            asked([], cache=path)
