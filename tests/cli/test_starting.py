"""`init` writes a folder in which every command finds its files."""

from __future__ import annotations

import pandas as pd
import pytest

import trust_router as tr
from trust_router.cli.starting import STARTED
from trust_router.examples import load_support_desk


def test_a_folder_is_made_that_holds_the_support_desk(trust_router, tmp_path):
    code, out, err = trust_router("init", tmp_path / "desk")
    assert (code, err) == (0, "")
    assert "trust-router check" in out
    assert {path.name for path in (tmp_path / "desk").iterdir()} == set(STARTED)
    panel, beliefs, outcomes = load_support_desk()
    assert tr.read_panel(tmp_path / "desk" / "panel.toml").seats.labels == panel.seats.labels
    read = tr.read_outcomes(tmp_path / "desk" / "tickets.csv")
    assert read.trials.tolist() == outcomes.trials.tolist()
    assert len(tr.read_beliefs(tmp_path / "desk" / "beliefs.csv", judges=panel)) == len(beliefs)
    assert len(pd.read_csv(tmp_path / "desk" / "open_beliefs.csv")) == 120


def test_nothing_that_is_there_is_written_over(trust_router, tmp_path):
    (tmp_path / "tickets.csv").write_text("mine")
    code, out, err = trust_router("init", tmp_path)
    assert code == 2
    assert out == ""
    assert "tickets.csv' is there already, and nothing was written" in err
    assert [path.name for path in tmp_path.iterdir()] == ["tickets.csv"]
    assert (tmp_path / "tickets.csv").read_text() == "mine"


def test_without_a_name_it_is_the_folder_one_is_in(trust_router, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = trust_router("init")
    assert code == 0
    assert "Next:" in out
    assert {path.name for path in tmp_path.iterdir()} == set(STARTED)


def test_a_name_with_blanks_is_told_as_a_shell_reads_it(trust_router, tmp_path):
    assert f"(cd '{tmp_path / 'my desk'}')" in trust_router("init", tmp_path / "my desk")[1]


def test_a_file_is_no_folder(trust_router, tmp_path):
    (tmp_path / "x").write_text("")
    code, _, err = trust_router("init", tmp_path / "x")
    assert code == 2
    assert "is a file; name a folder" in err


@pytest.mark.slow
def test_the_next_commands_need_no_options(trust_router, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trust_router("init")
    code, _, err = trust_router("fit")
    assert code == 0, err
    for command in ("judges", "predict", "savings", "report"):
        code, out, err = trust_router(command)
        assert code == 0, err
        assert "trust_router.toml: " in err
        if command == "predict":
            assert out.count("\n") == 121
            assert "True" not in out  # of a category that was not seen
    assert (tmp_path / "report.html").exists()
