"""The command line: JSON for programs, one sentence for people, exit codes that mean something."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from support.simulated import simulated_tickets

import trust_router as tr
from trust_router.cli import main as cli
from trust_router.examples import example_path
from trust_router.learning import fitting as sampling
from trust_router.learning.diagnostics import Diagnostics

PANEL = str(example_path("panel.toml"))


def run(capsys, monkeypatch, *arguments):
    """Run the command in this process; gives exit code, output and error output."""
    monkeypatch.setattr(sys, "argv", ["trust-router", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    captured = capsys.readouterr()
    return stopped.value.code or 0, captured.out, captured.err


@pytest.fixture
def trust_router(capsys, monkeypatch):
    return lambda *arguments: run(capsys, monkeypatch, *arguments)


@pytest.fixture
def two_categories(tmp_path):
    path = tmp_path / "o.csv"
    path.write_text("id,topic,escalated\n1,refund,0\n2,login,1\n3,login,\n")
    columns = ("category=topic", "outcome=escalated", "ticket=id")
    return ("--outcomes", path, *(part for c in columns for part in ("--column", c)))


def test_exact_json_holds_the_reference_values(trust_router):
    code, out, err = trust_router("exact", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["trust"]["simple"] == pytest.approx(0.3420062143831, abs=1e-12)
    assert found["trust"]["medium"] == pytest.approx(0.4792506103357, abs=1e-12)
    assert found["log_evidence"] == pytest.approx(-10.187301368309845, abs=1e-12)
    assert found["mixtures"]["simple"][0]["judge"] == "claude-haiku"
    assert found["mixtures"]["simple"][0]["weight"] == pytest.approx(0.2623906705539, abs=1e-12)
    assert "bundled panel and outcomes" in err


def test_exact_reads_for_people(trust_router):
    _, out, _ = trust_router("exact")
    assert "3 of 22 tickets needed the complex model" in out
    assert "medium   trust  47.9%" in out


def test_several_categories_and_mapped_columns(trust_router, two_categories):
    _, out, _ = trust_router("exact", "--json", *two_categories)
    found = json.loads(out)["categories"]
    assert [(c["category"], c["trials"], c["needs"], c["missing"]) for c in found] == [
        ("refund", 1, 0, 0),
        ("login", 1, 1, 1),
    ]
    _, out, _ = trust_router("exact", "--json", "--category", "login", *two_categories)
    assert json.loads(out)["category"] == "login"


@pytest.mark.parametrize("command", [("exact",), ("route", "login"), ("fit",)])
def test_tickets_left_out_are_counted_on_standard_error(
    trust_router, two_categories, monkeypatch, nuts_posterior, command
):
    monkeypatch.setattr(sampling, "fit", lambda *_args, **_kwargs: nuts_posterior)
    _, out, err = trust_router(*command, *two_categories)
    assert "2 tickets with a known outcome in 2 categories; 1 more with an unknown one" in err
    assert "left out" not in out


def test_exact_needs_no_pymc():
    heavy = ("pymc", "pytensor", "arviz", "xarray", "pandas", "matplotlib", "scipy.stats")
    code = (
        "import sys; from trust_router.cli import main as cli; sys.argv = ['trust-router', 'exact']\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_route_decides_and_repeats_with_its_seed(trust_router):
    code, out, _ = trust_router("route", "--json", "--tickets", "3", "--seed", "4")
    found = json.loads(out)
    assert code == 0
    assert found["decision"]["action"] == "simple first"
    assert len(found["routed"]) == 3
    assert json.loads(trust_router("route", "--json", "--tickets", "3", "--seed", "4")[1]) == found
    assert "certainty 99.3%" in trust_router("route", "transfer failed")[1]


def test_report_of_the_closed_form(trust_router, tmp_path):
    out = tmp_path / "r.html"
    code, _, err = trust_router("report", "--exact", "--out", out)
    assert code == 0
    assert f"wrote {out}" in err
    assert "trust-router report --exact --out" in out.read_text(encoding="utf-8")


def test_fit_saves_and_the_saved_file_serves_route_and_report(
    trust_router, tmp_path, monkeypatch, nuts_posterior
):
    monkeypatch.setattr(sampling, "fit", lambda *_args, **_kwargs: nuts_posterior)
    saved = tmp_path / "posterior.nc"
    code, out, _ = trust_router("fit", "--seed", "1", "--out", saved, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["diagnostics"]["verdict"] == "converged"
    assert {row["router"] for row in found["trust"]} == {"simple", "medium", "complex"}
    assert tr.load(saved).trust().equals(nuts_posterior.trust())
    assert trust_router("route", "--posterior", saved, "--costs", PANEL)[0] == 0
    report = tmp_path / "r.html"
    assert trust_router("report", "--posterior", saved, "--out", report)[0] == 0
    assert "No costs were stated" in report.read_text(encoding="utf-8")


def test_unconverged_fit_exits_3_and_keeps_the_draws(
    trust_router, tmp_path, monkeypatch, nuts_posterior
):
    found = Diagnostics(9, 1.2, 30, 20, 0.9, 0, ("9 divergences",))

    def fail(*_args, **_kwargs):
        raise tr.ConvergenceError(nuts_posterior, found)

    monkeypatch.setattr(sampling, "fit", fail)
    code, _, err = trust_router("fit", "--out", tmp_path / "p.nc")
    assert code == 3
    assert "error: not converged: 9 divergences" in err
    assert (tmp_path / "p.unconverged.nc").exists()
    assert not (tmp_path / "p.nc").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("exact", "--panel", "nope.toml"), "there is no panel file 'nope.toml'"),
        (("exact", "--outcomes", "nope.csv"), "there is no outcomes file 'nope.csv'"),
        (("route", "--costs", "nope.toml"), "there is no costs file 'nope.toml'"),
        (("exact", "--category", "x"), "unknown category 'x'"),
        (("exact", "--column", "outcome"), "--column must read ours=theirs"),
        (("route", "x"), "unknown category 'x'"),
        (("route", "--posterior", "nope.nc", "--costs", PANEL), "no posterior file 'nope.nc'"),
        (("route", "--posterior", "nope.nc"), "no costs are stated"),
        (("fit", "--out", "nowhere/p.nc"), "there is no folder 'nowhere'"),
        (("report", "--out", "nowhere/r.html"), "there is no folder 'nowhere'"),
        (("report", "--out", "."), "--out must name a file"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(trust_router, arguments, said):
    code, out, err = trust_router(*arguments)
    assert code == 2
    assert out == ""
    last = err.strip().splitlines()[-1]
    assert last.startswith("error: ")
    assert said in last
    assert "Traceback" not in err


def test_the_row_of_a_bad_outcome_is_said(trust_router, tmp_path):
    path = tmp_path / "o.csv"
    path.write_text("ticket,category,outcome\n1,a,0\n2,a,2\n")
    code, _, err = trust_router("exact", "--outcomes", path)
    assert code == 2
    assert "o.csv: outcome must be 0, 1 or missing; got '2' in row 2" in err


@pytest.mark.parametrize("command", ["fit", "report"])
@pytest.mark.parametrize("closed", ["folder", "file"])
def test_what_may_not_be_written_is_said_before_sampling(
    trust_router, tmp_path, monkeypatch, command, closed
):
    out = tmp_path / "out.nc"
    out.touch()
    path = tmp_path if closed == "folder" else out
    monkeypatch.setattr(os, "access", lambda asked, mode: (asked, mode) != (path, os.W_OK))
    monkeypatch.setattr(sampling, "fit", lambda *_args, **_kwargs: pytest.fail("sampled"))
    code, _, err = trust_router(command, "--out", out)
    assert (code, err.strip()) == (2, f"error: --out: '{path}' may not be written to")


def test_no_tuning_at_all_is_refused(trust_router):
    code, _, err = trust_router("fit", "--tune", "0")
    assert code == 2
    assert "--tune" in err
    assert "equal to 1" in err


@pytest.fixture(scope="module")
def ticket_files(tmp_path_factory):
    """A panel without beliefs, and one wide table of beliefs that also holds the outcomes."""
    folder = tmp_path_factory.mktemp("tickets")
    simulated_tickets(150, 1).to_csv(folder / "tickets.csv", index=False)
    simulated_tickets(30, 2).assign(text="hello").to_csv(folder / "new.csv", index=False)
    (folder / "panel.toml").write_text(
        "[routers.simple]\njudges = { good = 0.5, weak = 0.5 }\n"
        "[routers.complex]\njudges = { vain = 1.0 }\n"
        "[costs]\nsimple = 0.03\ncomplex = 3.0\nfailure = 5.0\n"
    )
    return folder


@pytest.fixture(scope="module")
def saved_pool(pool_posterior, ticket_files):
    return pool_posterior.save(ticket_files / "pool.nc")


def given(folder, *names):
    files = {"panel": "panel.toml", "outcomes": "tickets.csv", "beliefs": "tickets.csv"}
    return [part for name in names for part in (f"--{name}", folder / files[name])]


@pytest.mark.parametrize("command", ["fit", "report"])
def test_a_table_of_beliefs_and_the_model_reach_the_fit(
    trust_router, ticket_files, tmp_path, monkeypatch, pool_posterior, command
):
    asked = {}

    def fit(panel, beliefs, outcomes, **settings):
        asked.update(settings, panel=panel, beliefs=beliefs, outcomes=outcomes)
        return pool_posterior

    monkeypatch.setattr(sampling, "fit", fit)
    files = given(ticket_files, "panel", "outcomes", "beliefs")
    code, _, err = trust_router(command, *files, "--model", "pool", "--out", tmp_path / "out")
    assert code == 0, err
    assert asked["model"] == "pool"
    assert asked["beliefs"].judges == ("good", "weak", "vain")
    assert len(asked["beliefs"]) == 150
    assert asked["outcomes"].trials.sum() == 150


def test_fit_says_what_trust_is(trust_router, ticket_files, monkeypatch, pool_posterior):
    monkeypatch.setattr(sampling, "fit", lambda *_args, **_kwargs: pool_posterior)
    files = given(ticket_files, "panel", "outcomes", "beliefs")
    _, out, _ = trust_router("fit", *files)
    assert "all categories" in out
    assert "trust: weight of the router in the pool" in out
    _, out, _ = trust_router("fit", *files, "--json")
    seats = json.loads(out)["seats"]
    assert [(s["router"], s["judge"]) for s in seats] == [
        ("simple", "good"),
        ("simple", "weak"),
        ("complex", "vain"),
    ]
    assert sum(s["probability"] for s in seats) == pytest.approx(1)


def test_predict_writes_need_and_decision_of_each_ticket(
    trust_router, ticket_files, saved_pool, tmp_path
):
    beliefs, out = ticket_files / "new.csv", tmp_path / "new.csv"
    code, shown, err = trust_router(
        "predict",
        *("--posterior", saved_pool, "--beliefs", beliefs, "--out", out),
        *("--costs", ticket_files / "panel.toml"),
    )
    assert code == 0, err
    assert shown == ""
    table = pd.read_csv(out)
    assert list(table) == [
        "ticket",
        "category",
        "need",
        "lower",
        "upper",
        "action",
        "certainty",
        "unseen",
    ]
    assert list(table["ticket"]) == list(pd.read_csv(beliefs)["ticket"])
    assert table["need"].between(table["lower"], table["upper"]).all()
    threshold = 2.97 / 8
    assert ((table["action"] == "escalate") == (table["need"] > threshold)).all()
    assert not table["unseen"].any()


def test_predict_without_costs_prints_need_alone_and_marks_unseen_categories(
    trust_router, saved_pool, tmp_path
):
    beliefs = tmp_path / "new.csv"
    beliefs.write_text("id,category,good,weak\na,login,0.9,0.8\nb,brand new,0.9,0.8\n")
    arguments = ("--posterior", saved_pool, "--beliefs", beliefs, "--belief-column", "ticket=id")
    code, out, err = trust_router("predict", *arguments)
    assert code == 0, err
    rows = [line.split(",") for line in out.strip().splitlines()]
    assert rows[0] == ["ticket", "category", "need", "lower", "upper", "unseen"]
    assert [(row[0], row[-1]) for row in rows[1:]] == [("a", "False"), ("b", "True")]
    assert "1 of categories that the fit has not seen" in err
    assert "no costs are stated" in err
    records = json.loads(trust_router("predict", *arguments, "--json")[1])
    assert [record["ticket"] for record in records] == ["a", "b"]


@pytest.mark.parametrize("kind", ["pool_posterior", "switch_posterior"])
def test_route_works_for_other_models(trust_router, tmp_path, request, kind):
    posterior = request.getfixturevalue(kind)
    saved = posterior.save(tmp_path / "p.nc")
    category = posterior.outcomes.categories[0]
    code, out, err = trust_router("route", category, "--posterior", saved, "--costs", PANEL)
    assert code == 0, err
    assert "Thompson 1: " in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fit", "panel", "outcomes"), "give a table of beliefs with --beliefs FILE"),
        (("fit", "outcomes", "beliefs"), "--beliefs needs --panel FILE"),
        (("exact", "panel", "outcomes", "beliefs"), "takes beliefs about categories"),
        (("route", "panel", "outcomes", "beliefs"), "takes beliefs about categories"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(trust_router, ticket_files, arguments, said):
    command, *names = arguments
    code, out, err = trust_router(command, *given(ticket_files, *names))
    assert (code, out) == (2, "")
    assert said in err.strip().splitlines()[-1]


def test_the_seed_model_refuses_beliefs_about_tickets(trust_router, ticket_files):
    files = given(ticket_files, "panel", "outcomes", "beliefs")
    code, _, err = trust_router("fit", *files, "--model", "seed")
    assert code == 2
    assert "the seed model takes beliefs about categories" in err


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
    assert "--belief-column names columns of the table that --beliefs gives" in err


@pytest.mark.slow
def test_the_installed_command_fits_for_real(tmp_path):
    command = Path(sys.executable).with_name("trust-router")
    done = subprocess.run(
        [command, "fit", "--seed", "1", "--out", tmp_path / "p.nc", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["diagnostics"]["divergences"] == 0
    assert "Traceback" not in done.stderr
    assert tr.load(tmp_path / "p.nc").provenance["random_seed"] == 1
