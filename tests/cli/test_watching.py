"""The command `alarm`: a sentence, JSON, and an exit code that a schedule can act on."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import trust_router as tr

PANEL = """
[routers.first.judges]
a = 1.0

[routers.second.judges]
b = 1.0

[judges]
a.by_ticket = true
b.by_ticket = true
"""


@pytest.fixture(params=[True, False], ids=["changed", "quiet"])
def files(request, tmp_path):
    """A year in which need rises after half of it, or stays."""
    rng = np.random.default_rng(1)
    week = np.repeat(np.arange(30), 40)
    score = rng.normal(size=(len(week), 2))
    shift = 1.5 * (week >= 15) * request.param
    outcome = rng.random(len(week)) < 1 / (1 + np.exp(1 - shift - score.sum(axis=1)))
    names = [f"t{i}" for i in range(len(week))]
    (tmp_path / "panel.toml").write_text(PANEL)
    said = pd.DataFrame(1 / (1 + np.exp(-score)), columns=["a", "b"]).assign(ticket=names)
    said.to_csv(tmp_path / "beliefs.csv", index=False)
    time = (np.datetime64("2026-01-05") + 7 * week).astype(str)
    table = {"ticket": names, "category": "c", "outcome": outcome.astype(int), "time": time}
    pd.DataFrame(table).to_csv(tmp_path / "outcomes.csv", index=False)
    given = [x for n in ("panel", "outcomes", "beliefs") for x in (f"--{n}", _file(tmp_path, n))]
    return request.param, given


def _file(folder, name):
    return folder / ("panel.toml" if name == "panel" else f"{name}.csv")


def test_the_exit_code_tells_and_numbers_are_those_of_python(trust_router, files):
    changed, given = files
    code, out, err = trust_router("alarm", *given)
    assert code in (0, 5), err
    assert code == (5 if changed else 0)
    assert out.startswith("alarm in the week of" if changed else "no alarm (")
    found = json.loads(trust_router("alarm", *given, "--json")[1])
    panel = tr.read_panel(given[1])
    inputs = panel, tr.read_beliefs(given[5], judges=panel), tr.read_outcomes(given[3])
    same = tr.insight.drift_alarm(*inputs)
    assert found == {
        "raised": same.raised, "about": same.about, "p_value": same.p_value, "rate": same.rate
    }  # fmt: skip


def test_outcomes_without_a_time_are_refused(trust_router):
    code, _, err = trust_router("alarm")
    assert code == 2
    assert err.splitlines()[-1].startswith("error: ")
