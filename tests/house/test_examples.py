"""Examples run: the Quarto document, the notebook with parameters, `make report`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from support.house import ROOT

from trust_router.examples.bundled import example_path

EXAMPLES = ROOT / "examples"
CELL = re.compile(r"^```\{python\}\n(.*?)^```$", re.M | re.S)


@pytest.fixture
def project(tmp_path, monkeypatch):
    for name in ("panel.toml", "outcomes.csv"):
        shutil.copy(example_path(name), tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    yield tmp_path
    plt.close("all")


@pytest.mark.usefixtures("project")
def test_all_cells_of_the_quarto_document_run_and_show_tables():
    cells = CELL.findall((EXAMPLES / "report.qmd").read_text(encoding="utf-8"))
    names: dict[str, object] = {}
    assert len(cells) >= 8
    assert "tags: [parameters]" in cells[0]
    for cell in cells:
        exec(cell, names)  # noqa: S102
    for shown in ("outcomes", "posterior"):
        assert "<table" in names[shown]._repr_html_()


@pytest.mark.slow
def test_papermill_runs_the_notebook_with_other_parameters(project):
    papermill = pytest.importorskip("papermill")
    lines = Path("outcomes.csv").read_text().splitlines()
    Path("march.csv").write_text("\n".join(lines[:11]))
    given = {"outcomes_file": "march.csv", "failure": 8}
    done = papermill.execute_notebook(
        EXAMPLES / "monday.ipynb", "march.ipynb", given, progress_bar=False
    )
    shown = str([cell.get("outputs") for cell in done.cells])
    assert "10 trials" in shown or "10 outcomes" in shown
    assert (project / "report.html").is_file()
    assert (project / "march.ipynb").is_file()


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_report_is_two_lines(project):
    page = (ROOT / "docs" / "reproduce.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```make\n(.*?)```", page, re.S)
    assert len(lines.strip().splitlines()) == 2
    (project / "Makefile").write_text(lines)
    command = project / "bin" / "trust-router"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m trust_router.cli.main "$@"\n')
    command.chmod(0o755)
    path = os.pathsep.join([str(command.parent), os.environ["PATH"]])
    subprocess.run(["make", "report"], env=os.environ | {"PATH": path}, check=True)
    assert (project / "report.html").is_file()
