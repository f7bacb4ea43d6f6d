"""What commands read, and what they refuse to."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.commands import PANEL, given

import trust_router as tr
from trust_router.cli.inputs import Files, counted
from trust_router.examples.bundled import example_path
from trust_router.learning import fitting as sampling


@pytest.mark.parametrize("command", [("solve",), ("route", "login"), ("fit",)])
def test_tickets_left_out_are_counted_on_standard_error(
    trust_router, two_categories, monkeypatch, nuts_posterior, command
):
    monkeypatch.setattr(sampling, "fit", lambda *_args, **_kwargs: nuts_posterior)
    _, out, err = trust_router(*command, *two_categories)
    assert "2 tickets with a known outcome in 2 categories; 1 more with an unknown one" in err
    assert "left out" not in out


ONE_SIDED = (
    "ticket,category,outcome,model,when\n"
    "1,transfer failed,0,simple,2026-09-01\n"
    "2,transfer failed,{},complex,2026-09-01\n"
    "1,transfer failed,1,both,2026-09-08\n"
)
MAPPED = ("--column", "answered_by=model", "--column", "time=when")


@pytest.mark.parametrize("command", [("solve",), ("route", "transfer failed"), ("fit",)])
def test_tickets_that_nobody_observed_are_counted_on_standard_error(
    trust_router, tmp_path, monkeypatch, command
):
    monkeypatch.setattr(sampling, "fit", lambda *inputs, **_settings: tr.solve(*inputs))
    path = tmp_path / "o.csv"
    path.write_text(ONE_SIDED.format(""))
    code, _, err = trust_router(*command, "--outcomes", path, *MAPPED)
    assert code == 0
    assert "1 ticket with a known outcome in 1 category; 1 more with an unknown one" in err
    assert "; 1 with several, of which the latest holds\n" in err
    assert err.count("warning: the complex model alone answered 1 ticket of category") == 1
    assert "observed 50.0% of 2 tickets; 1 that only the complex model answered has no" in err
    assert ".py" not in err


def test_checked_outcomes_are_counted_on_standard_error(trust_router, tmp_path):
    path = tmp_path / "o.csv"
    name = "transfer failed"
    path.write_text(f"ticket,category,outcome,verified\n1,{name},0,1\n2,{name},0,\n3,{name},1,1\n")
    code, out, err = trust_router("solve", "--outcomes", path)
    assert code == 0
    assert "3 tickets with a known outcome in 1 category; 2 of them checked\n" in err
    assert "2 of 3" in out


def test_an_escalation_that_is_written_down_as_a_need_ends_the_command(trust_router, tmp_path):
    path = tmp_path / "o.csv"
    path.write_text(ONE_SIDED.format(1))
    code, _, err = trust_router("solve", "--outcomes", path, *MAPPED)
    assert code == 2
    assert "error: o.csv: outcome is 1 on the only ticket that the complex model alone" in err


def test_the_row_of_a_bad_outcome_is_said(trust_router, tmp_path):
    path = tmp_path / "o.csv"
    path.write_text("ticket,category,outcome\n1,a,0\n2,a,2\n")
    code, _, err = trust_router("solve", "--outcomes", path)
    assert code == 2
    assert "o.csv: outcome must be 0, 1 or missing; got '2' in row 2" in err


def test_outcomes_upside_down_are_questioned_and_turned_on_request(trust_router, tmp_path):
    path = tmp_path / "o.csv"
    path.write_text("category,passed\n" + "transfer failed,1\n" * 18 + "transfer failed,0\n" * 2)
    given = ("solve", "--outcomes", path, "--column", "outcome=passed")
    code, out, err = trust_router(*given)
    assert code == 0
    assert "18 of 20 tickets needed" in out
    assert err.count("warning: column 'passed' is read as 1 = the complex model was needed") == 1
    assert "meaning.py" not in err
    for said in (("--need", "0"), ("--resolved", "true"), ("--resolved", "1", "--need", "0")):
        _, out, err = trust_router(*given, *said)
        assert "2 of 20 tickets needed" in out
        assert "warning" not in err


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder in which no file can be made")
@pytest.mark.parametrize("command", ["fit", "report", "export"])
def test_a_folder_in_which_nothing_can_be_made_is_found_before_sampling(
    trust_router, monkeypatch, command
):
    monkeypatch.setattr(sampling, "fit", lambda *_args, **_kwargs: pytest.fail("sampled"))
    code, out, err = trust_router(command, "--out", "/proc/x.nc")
    assert (code, out) == (2, "")
    assert err.startswith("error: --out: '/proc/x.nc' cannot be written: ")


@pytest.mark.parametrize("command", [("route",), ("report",), ("export", "--out", "e.json")])
def test_a_panel_beside_a_saved_result_is_refused(trust_router, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = trust_router(*command, "--posterior", "p.nc", "--panel", PANEL)
    assert (code, out) == (2, "")
    assert "give --posterior or --panel, not both" in err


@pytest.mark.parametrize("option", ["--need", "--resolved", "--column", "--belief-column"])
def test_an_option_about_tables_is_refused_beside_a_saved_result(trust_router, saved_pool, option):
    code, _, err = trust_router("report", "--posterior", saved_pool, option, "outcome=1")
    assert code == 2
    assert f"give --posterior or {option}, not both" in err


@pytest.mark.parametrize("command", ["fit", "report"])
def test_what_may_not_be_written_is_said_before_sampling(
    trust_router, tmp_path, monkeypatch, command
):
    out = tmp_path / "out.nc"
    out.touch()
    monkeypatch.setattr(os, "access", lambda asked, mode: (asked, mode) != (out, os.W_OK))
    monkeypatch.setattr(sampling, "fit", lambda *_args, **_kwargs: pytest.fail("sampled"))
    code, _, err = trust_router(command, "--out", out)
    assert code == 2
    assert err.strip() == f"error: --out: '{out}' cannot be written: Permission denied"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fit", "panel", "outcomes"), "give a table of beliefs with --beliefs FILE"),
        (("fit", "outcomes", "beliefs"), "--beliefs needs --panel FILE"),
        (("solve", "panel", "outcomes", "beliefs"), "takes beliefs about categories"),
        (("route", "panel", "outcomes", "beliefs"), "takes beliefs about categories"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(trust_router, ticket_files, arguments, said):
    command, *names = arguments
    code, out, err = trust_router(command, *given(ticket_files, *names))
    assert (code, out) == (2, "")
    assert said in err.strip().splitlines()[-1]


def test_strange_beliefs_are_refused(trust_router, ticket_files, saved_pool, tmp_path):
    path = tmp_path / "b.csv"
    for text, said in (
        ("ticket,nobody\na,0.5\n", "no judge of the panel has a belief"),
        ("ticket,good\na,1.5\n", "b.csv: "),
        ("category,judge,probability\nlogin,good,0.5\n", "fitted to beliefs about tickets"),
    ):
        path.write_text(text)
        code, out, err = trust_router("predict", "--posterior", saved_pool, "--beliefs", path)
        assert (code, out) == (2, ""), text
        assert said in err.strip().splitlines()[-1]
    code, _, err = trust_router("report", "--posterior", saved_pool, "--model", "pool")
    assert code == 2
    assert "give --posterior or --model, not both" in err
    code, _, err = trust_router("fit", *given(ticket_files, "panel"), "--belief-column", "a=b")
    assert code == 2
    assert "--belief-column is about the table that --beliefs gives" in err


def test_tables_of_every_kind_are_read_by_their_endings(trust_router, tmp_path):
    table = pd.read_csv(example_path("outcomes.csv"))
    table.to_csv(tmp_path / "o.tsv", sep="\t", index=False)
    table.to_json(tmp_path / "o.json", orient="records")
    table.to_excel(tmp_path / "o.xlsx", index=False)
    with contextlib.closing(sqlite3.connect(tmp_path / "o.db")) as connection:
        table.to_sql("outcomes", connection, index=False)
        table[:1].to_sql("few", connection, index=False)
    expected = trust_router("solve", "--json")[1]
    query = f"FROM '{tmp_path}/o.tsv'"
    for source in ("o.tsv", "o.json", "o.xlsx", "o.db#outcomes", query):
        given = source if source == query else tmp_path / source
        assert trust_router("solve", "--json", "--outcomes", given)[1] == expected
    code, _, err = trust_router("solve", "--outcomes", tmp_path / "o.db")
    assert (code, "2 tables, few, outcomes; say which: o.db#few" in err) == (2, True)


def test_an_extra_that_is_absent_is_told_in_one_line(trust_router, tmp_path, monkeypatch):
    pd.DataFrame({"category": ["a"], "outcome": [1]}).to_excel(tmp_path / "o.xlsx", index=False)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    code, _, err = trust_router("solve", "--outcomes", tmp_path / "o.xlsx")
    assert (code, "pip install 'trust-router[excel]'" in err) == (2, True)
    assert "Traceback" not in err


def test_scales_of_scores_are_stated_in_a_shell_as_in_python(tmp_path):
    panel = tmp_path / "panel.toml"
    panel.write_text("[routers.r]\njudges = { x = 0.5, y = 0.5 }\n")
    table = pd.DataFrame(
        {"ticket": ["a", "b"], "x": [1, 4], "y": ["80%", "10%"], "outcome": [0, 1]}
    )
    table.assign(category="c").to_csv(path := tmp_path / "t.csv", index=False)
    said = Files(panel, str(path), beliefs=str(path), scale=["x=1..5"])
    files = replace(said, high_means=["x=need", "y=resolved"])
    np.testing.assert_allclose(files.read()[1].mean, [[0.01, 0.2], [0.75, 0.9]])
    with pytest.raises(ValueError, match="`scale` of judge 'x' is stated, but not what a high"):
        said.read()
    with pytest.raises(ValueError, match="--scale is about the table that --beliefs gives"):
        replace(said, beliefs=None).read()


def test_tickets_are_counted_as_people_write_and_none_is_said_to_be_left_out():
    outcomes = tr.Outcomes(["a"], [1848], [351], [1152])  # beliefs of all of them are used
    said = "1,848 tickets with a known outcome in 1 category; 1,152 more with an unknown one"
    assert counted(outcomes) == said
