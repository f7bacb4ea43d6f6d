"""A user's program is checked by mypy, strictly: names of all namespaces are seen."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from support.house import ROOT

pytestmark = pytest.mark.slow

PROGRAM = """
from pathlib import Path

import trust_router as tr


def program(folder: Path) -> float:
    panel, beliefs, outcomes = tr.examples.load_seed()
    router: tr.Router = panel.routers[0]
    llm = tr.LLM("openai:gpt-4o-mini")
    judge = tr.Judge("haiku", tr.Beta(2, 5), llm=llm)
    costs = tr.Costs(simple=0.03, complex=3.0, failure=5.0)
    posterior: tr.Posterior = tr.solve(panel, beliefs, outcomes)
    try:
        posterior = tr.fit(panel, beliefs, outcomes, model=tr.Switch(), draws=100, random_seed=1)
    except tr.ConvergenceError as error:
        posterior = error.posterior
    model: tr.models.Model = tr.Pool()
    compiled = tr.compile_model(panel, beliefs, outcomes, model=model, chains=2)
    posterior = compiled.fit(beliefs, outcomes, random_seed=1)
    decision = tr.decide(posterior, outcomes.categories[0], costs)
    tr.write_report(posterior, folder / "report.html", costs=costs)
    tr.plots.trust(posterior)
    tr.insight.trust_by_category(posterior)
    tr.evaluation.ticket_loo(posterior)
    tr.categories.suggest_categories(["a", "b"])
    tr.judges.ColumnJudge
    tr.reports.write_backtest
    print(router.name, judge.name)
    return decision.need
"""


MISSPELT = {
    "tr.fit(*tr.examples.load_seed(), drawz=5)": "drawz",
    "tr.compile_model(*tr.examples.load_seed(), chain=5)": "chain",
    "tr.fit(*tr.examples.load_seed(), seed=1)": "seed",
    "tr.fit(*tr.examples.load_seed(), draws='many')": "draws",
    "tr.plots.thrust": "thrust",
    "tr.solve_it": "solve_it",
}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What mypy says of both programs, in one run."""
    folder = tmp_path_factory.mktemp("programs")
    (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
    misspelt = "\n".join(["import trust_router as tr", *MISSPELT])
    (folder / "misspelt.py").write_text(misspelt, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *folder.iterdir()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "(checked 2 source files)" in done.stdout, done.stdout + done.stderr
    return re.findall(r"(?:program|misspelt)\.py:.*", done.stdout)


def test_a_program_that_uses_every_namespace_is_clean(found):
    assert [each for each in found if each.startswith("program.py")] == []


def test_what_is_misspelt_is_an_error(found):
    for line, (written, wrong) in enumerate(MISSPELT.items(), start=2):
        errors = [each for each in found if each.startswith(f"misspelt.py:{line}: error:")]
        assert any(wrong in each for each in errors), written
