"""The command `logs`: from an export to tables that the other commands take."""

from __future__ import annotations

import json
import re

import pytest
from support.tool_exports import langfuse, litellm, otlp

import trust_router as tr


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    langfuse().to_parquet("scores.parquet")
    litellm().to_csv("spend.csv", index=False)
    tmp_path.joinpath("panel.toml").write_text(
        "[routers.a]\njudges = { hard = 1.0 }\n[routers.b]\njudges = { helpful = 1.0 }\n"
        "[costs]\nsimple = 0.0004\ncomplex = 0.03\nfailure = 0.5\n"
    )
    return tmp_path


ASKED = (
    "--panel",
    "panel.toml",
    "--scale",
    "helpful=1..5",
    "--high-means",
    "helpful=resolved",
    "--outcome",
    "thumbs",
    "--resolved",
    "1",
)
TABLES = ("--beliefs", "beliefs.csv", "--outcomes", "outcomes.csv")


@pytest.mark.usefixtures("folder")
def test_an_export_becomes_two_tables(trust_router):
    code, out, err = trust_router("logs", "langfuse", "scores.parquet", *ASKED, *TABLES)
    assert code == 0, err
    assert out.startswith("Langfuse: 14 scores, 5 tickets, 2026-03-02 to 2026-03-03\ntaken:\n")
    assert err == "wrote beliefs.csv\nwrote outcomes.csv\n"
    log = tr.logs.langfuse(
        "scores.parquet",
        ["hard", "helpful"],
        scale={"helpful": (1, 5)},
        high_means={"helpful": "resolved"},
        outcome="thumbs",
        resolved=1,
    )
    assert repr(tr.read_outcomes("outcomes.csv")) == repr(log.outcomes)
    assert tr.read_beliefs("beliefs.csv").mean.tolist() == log.beliefs.mean.tolist()


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_the_tables_walk_through_the_other_commands(trust_router):
    trust_router("logs", "langfuse", "scores.parquet", *ASKED, *TABLES)
    fitted = ("--panel", "panel.toml", *TABLES, "--seed", 1, "--out", "posterior.nc")
    code, out, err = trust_router("fit", *fitted)
    assert code == 0, err
    assert "4 of 4 outcomes have a belief" in err
    predicted = ("--posterior", "posterior.nc", "--beliefs", "beliefs.csv", "--costs", "panel.toml")
    code, out, err = trust_router("predict", *predicted)
    assert code == 0, err
    assert "t5" in out


@pytest.mark.usefixtures("folder")
def test_alone_it_says_what_the_export_holds(trust_router):
    code, out, _ = trust_router("logs", "langfuse", "scores.parquet")
    assert code == 0
    assert "5 scores 'helpful' by API, 1 to 5: named as no judge, nor outcome" in out


@pytest.mark.usefixtures("folder")
def test_calls_say_who_answered_and_what_it_cost(trust_router):
    calls = ("--calls", "spend.csv", "--simple", "gpt-4o-mini", "--complex", "gpt-4.1")
    ask = ("logs", "langfuse", "scores.parquet", *ASKED, *calls, "--both", "need")
    code, out, err = trust_router(*ask, *TABLES, "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found["price"] == pytest.approx({"simple": 0.0004, "complex": 0.03})
    assert found["tickets"] == 5
    assert found["left_out"][0].startswith("1 outcome of tickets that the complex model alone")
    assert "untried" not in found
    assert tr.read_outcomes("outcomes.csv").untried.tolist() == [1]


def test_words_have_scales_too(trust_router, tmp_path):
    path = tmp_path / "s.csv"
    path.write_text("id,name,value\nt1,verdict,pass\nt2,verdict,fail\n")
    asked = ("--judge", "verdict", "--scale", "verdict=pass:0.1,fail:0.9", "--column", "ticket=id")
    code, out, err = trust_router("logs", "scores", path, *asked)
    assert code == 0, err
    assert "judge 'verdict': 2 tickets, pass = need 10%, fail = need 90%" in out


def test_files_of_otlp_are_read(trust_router, tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in otlp()))
    code, out, _ = trust_router("logs", "opentelemetry", path, "--judge", "hard")
    assert code == 0
    assert "judge 'hard': 5 tickets" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("litellm", "spend.csv"),
            "LiteLLM's spend logs hold models and costs, and neither scores",
        ),
        (("langfuse", "spend.csv"), "these seem to be LiteLLM's spend logs"),
        (("langfish", "scores.parquet"), "the tool must be langfuse, mlflow, .*; got 'langfish'"),
        (
            ("langfuse", "scores.parquet", "--outcome", "thumbs"),
            r"write `resolved=1` \(--resolved 1\)",
        ),
        (
            ("langfuse", "scores.parquet", *TABLES),
            "--beliefs would be empty: --panel FILE or --judge",
        ),
        (
            ("langfuse", "scores.parquet", "--judge", "hard", *TABLES),
            "--outcomes would be empty: --outcome NAME names",
        ),
        (
            ("langfuse", "scores.parquet", "--judge", "hard", "--panel", "panel.toml"),
            "give --panel or --judge, not both",
        ),
        (
            ("langfuse", "scores.parquet", "--judge", "helpful"),
            r"\(--scale 'helpful=1\.\.5' --high-means 'helpful=resolved'\)",
        ),
        (
            ("langfuse", "scores.parquet", "--scale", "x=1..y"),
            "--scale must read low..high, as 1..5, a name",
        ),
        (
            ("langfuse", "scores.parquet", "--both", "need"),
            "need --simple MODEL and --complex MODEL",
        ),
        (
            ("langfuse", "scores.parquet", *ASKED, "--simple", "a"),
            "`complex` must name a model, or several",
        ),
        (
            (
                "langfuse",
                "scores.parquet",
                *ASKED,
                "--simple",
                "a",
                "--complex",
                "b",
                "--calls-of",
                "x",
            ),
            "--calls-of must be litellm or langfuse; got 'x'",
        ),
        (("langfuse", "nowhere.csv"), "nowhere.csv"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_cannot_be_read_is_one_sentence(trust_router, arguments, said):
    code, out, err = trust_router("logs", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert re.search(said, err), err
