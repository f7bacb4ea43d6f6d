"""`check` says what is in the files, what is missing and how many outcomes it takes."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from support.commands import given

from trust_router.cli.checking import described, missing
from trust_router.examples import load_support_desk


@pytest.fixture
def desk(trust_router, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trust_router("init")
    return tmp_path


@pytest.mark.usefixtures("desk")
def test_the_desk_is_told_without_options(trust_router):
    code, out, err = trust_router("check")
    assert code == 0, err
    assert "3,000, 2026-01-05 to 2026-07-05 (26 weeks)" in out
    assert "1,848 known (61.6%); 19.0% needed the complex model" in out
    assert "676 tickets (22.5%) that only the complex model answered" in out
    assert "1,848 of 1,848 outcomes have some" in out
    assert "escalating pays where need is above 34.4%" in out
    assert "351 of the rarer kind: enough" in out
    assert "missing     nothing" in out


@pytest.mark.usefixtures("desk")
def test_json_holds_the_same_numbers(trust_router):
    found = json.loads(trust_router("check", "--json")[1])
    assert found["tickets"]["complex_alone"] == 676
    assert found["beliefs"] == {"about": "ticket", "number": 3000, "matched": 1848}
    by_name = {row["category"]: row for row in found["categories"]}
    assert sum(row["tickets"] for row in by_name.values()) == 3000
    assert by_name["privacy"]["known"] == 35
    assert {row["judge"]: row["spoke"] for row in found["judges"]}["large-llm"] == 2111
    assert found["enough"]["more"] == [0, 0]
    assert found["missing"] == []


def test_a_judge_that_the_table_does_not_know_is_named_and_no_error(desk, trust_router):
    table = pd.read_csv(desk / "beliefs.csv").drop(columns="mood")
    table.to_csv(desk / "beliefs.csv", index=False)
    code, out, _ = trust_router("check")
    assert code == 0
    assert "judge 'mood' of the panel says nothing" in out


def test_few_one_sided_outcomes_are_said_to_mislead(desk, trust_router):
    table = pd.read_csv(desk / "tickets.csv", dtype={"outcome": "Int64"})
    table.loc[100:, "outcome"] = pd.NA
    table.to_csv(desk / "tickets.csv", index=False)
    out = trust_router("check")[1]
    assert "not enough" in out
    assert "no better than always doing the same" in out
    assert "fewer than 10 outcomes are known of" in out


def test_what_is_missing_is_said_with_what_it_costs(trust_router, ticket_files):
    code, out, err = trust_router("check", *given(ticket_files, "panel", "outcomes", "beliefs"))
    assert code == 0, err
    assert "no column `time`" in out
    assert "`answered_by`" in out


def test_tickets_that_no_judge_knows_are_counted():
    panel, beliefs, outcomes = load_support_desk()
    half = beliefs._part(range(1500), range(7))
    matched = described(panel, half, outcomes)["beliefs"]["matched"]
    assert 0 < matched < 1848
    said = " ".join(missing(panel, half, outcomes, costs=False))
    assert f"{1848 - matched:,} tickets with an outcome have no beliefs" in said
    assert "no costs are stated" in said


def test_the_bundled_example_is_about_categories(trust_router):
    code, out, _ = trust_router("check")
    assert code == 0
    assert "about categories" in out
    assert "3 of the rarer kind: not enough" in out
    assert "no column `ticket`" in out or "no column `time`" in out
