"""The command `verify`: 0 where numbers agree, 6 where they or the inputs do not."""

from __future__ import annotations

import json
import shutil

import pytest

from trust_router.cli.codes import BAD_INPUT, DIFFERS
from trust_router.examples.bundled import example_path


@pytest.fixture
def project(tmp_path, monkeypatch):
    for name in ("panel.toml", "outcomes.csv"):
        shutil.copy(example_path(name), tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


MADE = ("--panel", "panel.toml", "--outcomes", "outcomes.csv")


def test_a_report_is_verified_from_the_files_that_it_names(trust_router, project, monkeypatch):
    assert trust_router("report", "--exact", *MADE)[0] == 0
    code, out, _ = trust_router("verify", "report.html")
    assert code == 0
    assert "report.html was rebuilt from the same inputs" in out
    assert "numbers are the same" in out
    (project / "elsewhere").mkdir()
    monkeypatch.chdir(project / "elsewhere")
    assert trust_router("verify", "../report.html")[0] == 0


def test_the_page_names_its_files_and_no_folder(trust_router, project):
    trust_router(
        "report", "--exact", "--panel", project / "panel.toml", *MADE[2:], "--out", "r.html"
    )
    text = (project / "r.html").read_text(encoding="utf-8")
    assert "Made from <bdi>panel.toml</bdi> (SHA-256 " in text
    assert str(project) not in text


def test_outcomes_that_were_changed_are_told_by_their_file(trust_router, project):
    trust_router("report", "--exact", *MADE)
    lines = (project / "outcomes.csv").read_text().splitlines(keepends=True)
    (project / "outcomes.csv").write_text("".join(lines[:-1]))
    code, out, _ = trust_router("verify", "report.html")
    assert code == DIFFERS
    assert "was made from other inputs" in out
    assert "outcomes.csv is another file than the outcomes then" in out
    moved = project / "kept.csv"
    moved.write_text("".join(lines))
    assert trust_router("verify", "report.html", "--outcomes", moved)[0] == 0


def test_a_file_that_only_looks_otherwise_agrees_and_is_mentioned(trust_router, project):
    trust_router("report", "--exact", *MADE)
    path = project / "outcomes.csv"
    path.write_text(path.read_text() + "\n")
    code, out, _ = trust_router("verify", "report.html")
    assert code == 0
    assert "is another file" in out


def test_a_file_that_is_gone_is_asked_for(trust_router, project):
    trust_router("report", "--exact", *MADE)
    (project / "panel.toml").unlink()
    code, _, err = trust_router("verify", "report.html")
    assert code == BAD_INPUT
    assert "there is no file panel.toml here or beside report.html; say with --panel" in err


def test_a_posterior_is_verified_from_its_files_or_from_what_it_holds(trust_router, project):
    trust_router("solve", *MADE, "--out", "posterior.nc")
    code, out, err = trust_router("verify", "posterior.nc")
    assert code == 0
    assert "that the posterior holds" not in err
    (project / "outcomes.csv").unlink()
    code, out, err = trust_router("verify", "posterior.nc")
    assert code == 0
    assert "that the posterior holds" in err
    assert "numbers are the same" in out


def test_a_report_of_an_updated_posterior_is_verified_with_it(trust_router, project):
    trust_router("solve", *MADE, "--out", "posterior.nc")
    (project / "new.csv").write_text("ticket,category,outcome\nN1,transfer failed,1\n")
    trust_router("update", "--posterior", "posterior.nc", "--outcomes", "new.csv")
    trust_router("report", "--posterior", "posterior.nc", "--costs", "panel.toml")
    code, _, err = trust_router("verify", "report.html")
    assert code == BAD_INPUT
    assert "or --posterior FILE" in err
    assert trust_router("verify", "report.html", "--posterior", "posterior.nc")[0] == 0


@pytest.mark.usefixtures("project")
def test_json_holds_the_verdict_and_all_numbers(trust_router):
    trust_router("report", "--exact", *MADE)
    code, out, _ = trust_router("verify", "report.html", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["agrees"]
    assert found["numbers"][0]["agrees"]
    assert found["changed_files"] == []


@pytest.mark.usefixtures("project")
def test_what_contradicts_itself_is_refused(trust_router):
    trust_router("report", "--exact", *MADE)
    code, _, err = trust_router("verify", "report.html", "--posterior", "p.nc", *MADE)
    assert code == BAD_INPUT
    assert "not both" in err
