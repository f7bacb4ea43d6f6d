"""The command `backtest`: a table, a picture and a page; bad input is one sentence."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from support.commands import run
from support.simulated import simulated_tickets

PANEL = """
[routers.simple]
judges = { good = 0.5, weak = 0.5 }
[routers.complex]
judges = { vain = 1.0 }
"""


@pytest.fixture
def trust_router(capsys, monkeypatch):
    monkeypatch.delenv("TRUST_ROUTER_DATA", raising=False)
    return lambda *arguments: run(capsys, monkeypatch, *arguments)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "panel.toml").write_text(PANEL)
    table = simulated_tickets(90, 1)
    table.drop(columns="outcome").to_csv(tmp_path / "beliefs.csv", index=False)
    table[["ticket", "category", "outcome"]].to_csv(tmp_path / "outcomes.csv", index=False)
    facts = pd.DataFrame({"ticket": table["ticket"], "text": "x" * 5, "complex_quality": 1})
    facts.to_csv(tmp_path / "facts.csv", index=False)
    names = ("panel", "outcomes", "beliefs", "facts")
    ends = ("toml", "csv", "csv", "csv")
    pairs = zip(names, ends, strict=True)
    return [part for n, e in pairs for part in (f"--{n}", tmp_path / f"{n}.{e}")]


@pytest.mark.slow
def test_a_backtest_gives_table_picture_and_page(trust_router, files, tmp_path):
    out = {name: tmp_path / name for name in ("t.csv", "curves.png", "page.html")}
    code, printed, said = trust_router(
        "backtest", *files, "--feedbacks", "20,50", "--held-out", 40, "--splits", 1,
        "--draws", 200, "--tune", 200,
        "--out", out["t.csv"], "--picture", out["curves.png"], "--report", out["page.html"],
    )  # fmt: skip
    assert code == 0
    assert "after 20 outcomes:" in printed
    assert "logistic regression + category" in printed
    assert "how often 50% / 80% / 95% intervals of the rate in groups of tickets hold" in printed
    table = pd.read_csv(out["t.csv"])
    assert set(table["feedbacks"]) == {20, 50}
    assert "text length" in set(table["method"])
    coverage = table[table["metric"] == "coverage"]
    assert set(coverage["nominal"]) == {0.5, 0.8, 0.95}
    assert coverage["mean"].between(0, 1).all()
    assert out["curves.png"].read_bytes().startswith(b"\x89PNG")
    page = out["page.html"].read_text()
    assert "the pool model is" in page
    assert "backtest --panel" in page
    assert said.count("wrote") == 3


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (("--feedbacks", "20;60"), "--feedbacks must read like 25,100,400; got '20;60'"),
        (("--feedbacks", "2000"), "`feedbacks` must be numbers from 1 to 68"),
        (("--held-out", "90"), "`held_out` must be a share between 0 and 1"),
        (("--held-out", "1.5"), "`held_out` must be"),
        (("--held-out", "inf"), "`held_out` must be finite; got inf"),
        (("--held-out", "nan"), "`held_out` must be finite; got nan"),
        (("--held-out", "1e300"), "`held_out` must be a share between 0 and 1"),
        (("--splits", "9" * 20), "`splits` must be at most 10,000; got 99999999999999999999"),
        (("--picture", "curves.xyz"), "--picture must end in .png, .svg, .pdf; got 'curves.xyz'"),
        (("--model", "magic"), "`model` must be one of seed, switch, pool"),
        (("--data", "routellm"), "give --data or files, not both"),
        (("--folder", "."), "--folder says where --data lies; give both"),
        (("--out", "no/such/folder.csv"), "--out: there is no folder 'no/such'"),
        (("--facts", "nothing.csv"), "there is no facts file 'nothing.csv'"),
    ],
)
def test_bad_input_is_one_sentence_before_anything_runs(trust_router, files, extra, said):
    code, _, err = trust_router("backtest", *files, *extra)
    assert code == 2
    assert said in err


def test_a_data_set_that_is_not_there_is_named(trust_router):
    code, _, err = trust_router("backtest", "--data", "mmlupro-fails")
    assert code == 2
    assert "set TRUST_ROUTER_DATA to the one that holds 'mmlupro_judges'" in err


def test_json_of_a_backtest_can_be_read_by_programs(monkeypatch, trust_router, files):
    from trust_router.evaluation import backtesting

    original = backtesting.backtest

    def without_sampling(*inputs, **how):
        return original(*inputs, **(how | {"models": {}}))

    monkeypatch.setattr(backtesting, "backtest", without_sampling)
    code, out, _ = trust_router("backtest", *files, "--feedbacks", "20", "--splits", 2, "--json")
    assert code == 0
    rows = json.loads(out)
    assert {row["method"] for row in rows} >= {"random", "best judge"}
    assert "coverage" not in {row["metric"] for row in rows}  # of models alone
