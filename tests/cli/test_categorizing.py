"""The command `categorize`: tickets in, their categories out."""

from __future__ import annotations

import json
import sys

import pandas as pd
import pytest
from support.full_disk import full_disk
from support.texts import topical_tickets

import trust_router as tr
from trust_router.categories.categorizer import NO_CATEGORY
from trust_router.cli import main as cli


@pytest.fixture
def command(capsys, monkeypatch):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["trust-router", "categorize", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        captured = capsys.readouterr()
        return stopped.value.code or 0, captured.out, captured.err

    return run


@pytest.fixture
def ticket_file(tmp_path):
    texts, _ = topical_tickets()
    path = tmp_path / "tickets.csv"
    frame = pd.DataFrame({"ticket": [f"t{i}" for i in range(len(texts))], "text": texts})
    frame.loc[len(frame)] = ["empty", ""]
    frame.to_csv(path, index=False)
    return path


def test_command_finds_saves_and_assigns_again(command, ticket_file, tmp_path):
    saved, out, again = (tmp_path / name for name in ("c.npz", "a.csv", "b.csv"))
    code, shown, err = command(
        ticket_file, "--categories", 3, "--save", saved, "--out", out, "--seed", 4
    )
    assert code == 0
    assert NO_CATEGORY in shown
    assert "finding 3 categories in 505 tickets" in err
    assert f"wrote {out}" in err
    assert list(pd.read_csv(out)) == ["ticket", "category", "confidence"]
    assert pd.read_csv(out)["category"].iloc[-1] == NO_CATEGORY
    assert command(ticket_file, "--using", saved, "--out", again)[0] == 0
    assert out.read_bytes() == again.read_bytes()


def test_command_makes_outcomes_of_tickets_that_have_them(command, tmp_path):
    path, out = tmp_path / "tickets.jsonl", tmp_path / "o.csv"
    rows = [
        {"id": i, "text": text, "needed_complex": [0, 1, None][i % 3]}
        for i, text in enumerate(topical_tickets()[0])
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    columns = ("--column", "ticket=id", "--column", "outcome=needed_complex")
    code, _, _ = command(path, "--categories", 3, *columns, "--out", out)
    assert code == 0
    outcomes = tr.read_outcomes(out)
    assert (outcomes.trials.sum(), outcomes.needs.sum(), outcomes.missing.sum()) == (336, 168, 168)
    assert set(outcomes.categories) <= {*pd.read_csv(out)["category"]}


def test_command_prints_json_and_suggests_a_number(command, ticket_file):
    code, shown, err = command(ticket_file, "--json")
    found = json.loads(shown)
    assert code == 0
    assert "comparing numbers of categories" in err
    assert sum(c["tickets"] for c in found["categories"]) == len(found["tickets"]) == 505
    assert found["tickets"][-1] == {
        "ticket": "empty",
        "category": NO_CATEGORY,
        "confidence": 0.0,
    }
    assert found["provenance"]["random_seed"] == 1


def test_command_refuses_in_one_sentence(command, ticket_file, tmp_path, monkeypatch):
    twice = tmp_path / "twice.csv"
    twice.write_text("ticket,text\na,x\nb,y\na,z\n")
    for arguments, said in (
        (("nope.csv",), "there is no tickets file 'nope.csv'"),
        ((twice,), "twice.csv: ticket 'a' stands in rows 1 and 3"),
        ((ticket_file, "--column", "text=body"), "there is no column 'body' for `text`"),
        ((ticket_file, "--embedding", "x"), "must be one of tfidf, wordllama; got 'x'"),
        ((ticket_file, "--using", ticket_file), "was not saved by trust_router"),
        ((ticket_file, "--using", "c", "--categories", "2"), "not both"),
        ((ticket_file, "--save", tmp_path), "--save must name a file"),
        ((ticket_file, "--out", tmp_path / "x" / "y.csv"), "--out: there is no folder"),
    ):
        code, out, err = command(*arguments)
        assert (code, out) == (2, "")
        assert said in err
        assert "Traceback" not in err
    monkeypatch.setattr("trust_router.categories.embedding.find_spec", lambda _name: None)
    assert "trust-router[embed]" in command(ticket_file, "--embedding", "wordllama")[2]


def test_categories_are_printed_before_files_that_cannot_be_written(command, ticket_file, tmp_path):
    out = tmp_path / "a.csv"
    for option in ("--save", "--out"):
        out.write_text("old")
        with full_disk():
            code, shown, err = command(ticket_file, "--categories", 3, option, out)
        assert code == 2
        assert NO_CATEGORY in shown
        assert err.strip().splitlines()[-1] == f"error: '{out}' cannot be written: File too large"
        assert out.read_text() == "old"


def test_what_outcomes_need_is_carried_over(command, tmp_path):
    path, out = tmp_path / "tickets.csv", tmp_path / "o.csv"
    texts = topical_tickets()[0]
    pd.DataFrame(
        {
            "ticket": range(len(texts)),
            "text": texts,
            "time": "2026-03-01",
            "answered_by": ["simple", "both", "complex"] * (len(texts) // 3),
            "outcome": [0, 1, None] * (len(texts) // 3),
        }
    ).to_csv(path, index=False)
    assert command(path, "--categories", 3, "--out", out)[0] == 0
    outcomes = tr.read_outcomes(out)
    assert outcomes.untried.sum() == len(texts) // 3
    assert not pd.isna(outcomes.log.time).any()
    joined = tr.read_outcomes(path, categories=out)
    assert joined.categories == outcomes.categories
    assert joined.trials.tolist() == outcomes.trials.tolist()
