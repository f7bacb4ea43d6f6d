"""The commands `solve` and `fit`: JSON for programs, sentences for people."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.commands import PANEL, given

import trust_router as tr
from trust_router.learning import fitting as sampling
from trust_router.learning.diagnostics import Diagnostics


def test_solve_json_holds_the_reference_values(trust_router):
    code, out, err = trust_router("solve", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["trust"]["simple"] == pytest.approx(0.3420062143831, abs=1e-12)
    assert found["trust"]["medium"] == pytest.approx(0.4792506103357, abs=1e-12)
    assert found["log_evidence"] == pytest.approx(-10.187301368309845, abs=1e-12)
    assert found["mixtures"]["simple"][0]["judge"] == "claude-haiku"
    assert found["mixtures"]["simple"][0]["weight"] == pytest.approx(0.2623906705539, abs=1e-12)
    assert "bundled panel and outcomes" in err


def test_solve_reads_for_people(trust_router):
    _, out, _ = trust_router("solve")
    assert "3 of 22 tickets needed the complex model" in out
    assert "medium   trust  47.9%" in out


def test_what_a_join_lost_is_said(trust_router, tmp_path):
    path = tmp_path / "b.csv"
    path.write_text(
        "judge,category,alpha,beta\n"
        + "".join(
            f"{judge},{category},2,5\n"
            for judge in tr.read_panel(PANEL).judge_names
            for category in ("transfer failed", "refund")
        )
    )
    _, _, err = trust_router("solve", "--panel", PANEL, "--beliefs", path)
    assert "22 of 22 outcomes have a belief; 1 category with beliefs has no outcome\n" in err
    assert "have a belief" not in trust_router("solve")[2]


def test_several_categories_and_mapped_columns(trust_router, two_categories):
    _, out, _ = trust_router("solve", "--json", *two_categories)
    found = json.loads(out)["categories"]
    assert [(c["category"], c["trials"], c["needs"], c["missing"]) for c in found] == [
        ("refund", 1, 0, 0),
        ("login", 1, 1, 1),
    ]
    _, out, _ = trust_router("solve", "--json", "--category", "login", *two_categories)
    assert json.loads(out)["category"] == "login"


def test_solve_needs_no_pymc():
    heavy = ("pymc", "pytensor", "arviz", "xarray", "pandas", "matplotlib", "scipy.stats")
    code = (
        "import sys; from trust_router.cli import main as cli\n"
        "sys.argv = ['trust-router', 'solve']\n"
        "try: cli.main()\nexcept SystemExit: pass\n"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


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
    assert "error: not converged: 9 divergences; `trust-router solve` gives the same exac" in err
    assert (tmp_path / "p.unconverged.nc").exists()
    assert not (tmp_path / "p.nc").exists()


def test_no_tuning_at_all_is_refused(trust_router):
    code, _, err = trust_router("fit", "--tune", "0")
    assert code == 2
    assert "--tune" in err
    assert "equal to 1" in err


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
    assert "trust: share of what the judges know that the router carries" in out
    _, out, _ = trust_router("fit", *files, "--json")
    seats = json.loads(out)["seats"]
    assert [(s["router"], s["judge"]) for s in seats] == [
        ("simple", "good"),
        ("simple", "weak"),
        ("complex", "vain"),
    ]
    assert sum(s["probability"] for s in seats) == pytest.approx(1)


def test_the_seed_model_refuses_beliefs_about_tickets(trust_router, ticket_files):
    files = given(ticket_files, "panel", "outcomes", "beliefs")
    code, _, err = trust_router("fit", *files, "--model", "seed")
    assert code == 2
    assert "the seed model takes beliefs about categories" in err


@pytest.mark.slow
def test_the_installed_command_fits_for_real_and_leaves_nothing_behind(tmp_path, nuts_posterior):
    command = Path(sys.executable).with_name("trust-router")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = subprocess.run(
        [command, "fit", "--seed", "1", "--out", tmp_path / "p.nc", "--json"],
        env=os.environ | {"TMPDIR": str(temporary), "PYTENSOR_FLAGS": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["diagnostics"]["divergences"] == 0
    assert "Traceback" not in done.stderr
    again = tr.load(tmp_path / "p.nc")
    assert again.provenance["random_seed"] == 1
    assert again.trust().equals(nuts_posterior.trust())  # compiled in another process
    assert list(temporary.iterdir()) == []
