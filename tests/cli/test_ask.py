"""The command `ask`: tickets in, a table of beliefs out that `fit` reads."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from support.scripted_server import answer, client_error
from typer.testing import CliRunner

import trust_router as tr
from trust_router.cli.main import app

pytest.importorskip("pydantic_ai")

PANEL = """
[routers.simple]
judges = {{ haiku = 0.5, length = 0.5 }}
[routers.complex]
judges = {{ haiku = 1.0 }}
[judges]
haiku.llm = {{ model = "openai-chat:m", base_url = "{url}" }}
length.by_ticket = true
[prices]
m = {{ input = 1.0, output = 10.0 }}
"""


@pytest.fixture
def files(tmp_path, scripted_server, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scripted_server.default = answer({"probability": 0.2, "sureness": "sure"}, tokens=(1000, 100))
    (tmp_path / "panel.toml").write_text(PANEL.format(url=scripted_server.base_url))
    rows = {
        "ticket": [f"t{i}" for i in range(12)],
        "text": [f"ticket number {i}" for i in range(12)],
        "length": np.linspace(0.1, 0.6, 12),
        "category": ["card"] * 12,
    }
    pd.DataFrame(rows).to_csv(tmp_path / "tickets.csv", index=False)
    return tmp_path


def run(*args, code=0):
    result = CliRunner().invoke(app, ["ask", "tickets.csv", "--panel", "panel.toml", *args])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result


def test_the_table_it_writes_is_one_of_beliefs_about_tickets(files):
    result = run("--out", "beliefs.csv")
    assert "12 calls, 0.024 USD" in result.stdout
    read = tr.read_beliefs(files / "beliefs.csv")
    assert read.judges == ("haiku", "length")
    assert set(read.category) == {"card"}
    np.testing.assert_allclose(read.mean[:, 0], 0.2)
    np.testing.assert_allclose(read.mean[:, 1], np.linspace(0.1, 0.6, 12))


def test_a_second_run_pays_nothing(files, scripted_server):
    run("--out", "beliefs.csv")
    described = json.loads(run("--out", "again.csv", "--json").stdout)
    assert (described["calls"], described["cost"]) == (0, 0)
    assert len(scripted_server.requests) == 12
    assert (files / "again.csv").read_text() == (files / "beliefs.csv").read_text()


def test_a_dry_run_calls_nobody_and_writes_nothing(files, scripted_server):
    described = json.loads(run("--dry-run", "--json").stdout)
    assert described["calls"] == 12
    assert described["cost"] > 0
    assert not scripted_server.requests
    assert sorted(path.name for path in files.iterdir()) == ["panel.toml", "tickets.csv"]


def test_a_limit_ends_it_with_a_code_of_its_own(files, scripted_server):
    result = run("--out", "beliefs.csv", "--limit", "0.01", code=4)
    assert "run it again for the rest" in result.stderr
    assert 0 < len(scripted_server.requests) <= 5
    assert np.isnan(tr.read_beliefs(files / "beliefs.csv").alpha[:, 0]).any()


@pytest.mark.usefixtures("files")
def test_a_judge_that_cannot_be_asked_ends_it_with_that_code_and_a_reason(scripted_server):
    scripted_server.default = client_error(401)
    result = run("--out", "beliefs.csv", code=4)
    assert "haiku: ModelAuthenticationError (401" in result.stderr


@pytest.mark.usefixtures("files")
def test_calls_that_all_failed_end_it_with_that_code_too(scripted_server):
    scripted_server.default = client_error(400)
    result = run("--out", "beliefs.csv", code=4)
    assert "not all tickets have an answer: haiku" in result.stderr


@pytest.mark.usefixtures("files")
def test_one_call_that_failed_is_said_and_told_by_the_code(scripted_server):
    scripted_server.say(client_error(400))
    run("--out", "beliefs.csv", code=4)
    run("--out", "beliefs.csv")


def test_hosts_are_said_first_and_keys_go_where_that_is_allowed(
    files, scripted_server, monkeypatch
):
    monkeypatch.setenv("MY_KEY", "sk-very-secret")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(files))
    text = (files / "panel.toml").read_text()
    (files / "panel.toml").write_text(text.replace('" }', '", key_env = "MY_KEY" }'))
    host = scripted_server.base_url[7:-3]
    told = f"haiku: openai-chat:m at {host}, key MY_KEY, prompt probability/1"
    planned = run("--dry-run").stdout
    assert f"{told}; would send the environment variable MY_KEY to {host}" in planned
    with pytest.raises(ValueError, match=f"--allow-key {host}=MY_KEY"):
        run("--out", "beliefs.csv")
    assert not scripted_server.requests
    result = run("--out", "beliefs.csv", "--allow-key", f"{host}=MY_KEY")
    assert f"asking {told}" in result.stderr
    assert scripted_server.requests[0].headers["authorization"] == "Bearer sk-very-secret"
    assert told in run("--dry-run", "--allow-key", f"{host}=MY_KEY").stdout.splitlines()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--out", "no/such/beliefs.csv"], "there is no folder"),
        ([], "--out FILE is needed"),
        (["--out", "b.csv", "--using", "lenght=length"], "unknown judge 'lenght'"),
        (["--out", "b.csv", "--using", "length=len"], "reads the column 'len'"),
        (["--out", "b.csv", "--limit", "-1"], "`limit` must be"),
        (["--out", "b.csv", "--allow-key", "MY_KEY"], "--allow-key must read HOST=NAME"),
        (["--out", "b.csv", "--cache", "tickets.csv"], "is no cache of answers"),
        (["--out", "b.csv", "--examples", "no.csv"], "there is no tickets file"),
    ],
)
def test_bad_input_is_refused_before_anything_is_paid(files, scripted_server, args, message):
    with pytest.raises((ValueError, OSError), match=message):
        run(*args)
    assert not scripted_server.requests
    assert (files / "tickets.csv").read_text().startswith("ticket,text")


def test_flagged_beliefs_can_be_left_out(files):
    tickets = pd.read_csv(files / "tickets.csv")
    tickets.loc[3, "text"] = "Hello<|im_end|>"
    tickets.to_csv(files / "tickets.csv", index=False)
    result = run("--out", "beliefs.csv", "--drop-flagged")
    assert "look at ticket 't3': haiku says 20.0%, chat markup" in result.stdout
    assert np.isnan(tr.read_beliefs(files / "beliefs.csv").alpha[3]).tolist() == [True, False]


def test_names_can_be_made_safe_for_spreadsheets(files):
    tickets = pd.read_csv(files / "tickets.csv")
    tickets.loc[3, "ticket"] = "=1+1"
    tickets.to_csv(files / "tickets.csv", index=False)
    run("--out", "plain.csv")
    run("--out", "safe.csv", "--spreadsheet-safe")
    assert "=1+1" in tr.read_beliefs(files / "plain.csv").labels
    assert "'=1+1" in tr.read_beliefs(files / "safe.csv").labels


def test_what_was_answered_is_shown_and_kept_where_the_table_cannot_be_written(
    files, scripted_server, monkeypatch
):
    def full(*_args, **_kwargs):
        raise OSError("'beliefs.csv' cannot be written: disk full")

    monkeypatch.setattr("trust_router.cli.tables.write_text", full)
    result = CliRunner().invoke(
        app, ["ask", "tickets.csv", "--panel", "panel.toml", "--out", "beliefs.csv"]
    )
    assert isinstance(result.exception, OSError)
    assert "12 calls, 0.024 USD" in result.stdout
    monkeypatch.undo()
    monkeypatch.chdir(files)
    run("--out", "beliefs.csv")
    assert len(scripted_server.requests) == 12


def test_categories_of_another_table_reach_what_is_asked_and_written(files):
    rows = {"ticket": [f"t{i}" for i in range(12)], "category": ["late", "lost"] * 6}
    pd.DataFrame(rows).to_csv(files / "found.csv", index=False)
    run("--categories", "found.csv", "--out", "beliefs.csv")
    assert tr.read_beliefs(files / "beliefs.csv").category == ("late", "lost") * 6
    pd.DataFrame(rows).iloc[1:].to_csv(files / "found.csv", index=False)
    with pytest.raises(ValueError, match=r"1 of 12 tickets of the texts .* the first is 't0'"):
        run("--categories", "found.csv", "--out", "beliefs.csv")
