"""The commands `predict` and `route`: what to do with tickets."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from support.commands import PANEL
from support.full_disk import full_disk


def test_route_decides_and_repeats_with_its_seed(trust_router):
    asked = ("route", "--json", "--tickets", "3")
    code, out, _ = trust_router(*asked, "--random-seed", "4")
    found = json.loads(out)
    assert code == 0
    assert found["decision"]["action"] == "simple first"
    assert len(found["routed"]) == 3
    assert json.loads(trust_router(*asked, "--seed", "4")[1]) == found
    assert json.loads(trust_router(*asked, "--seed", "5")[1]) != found
    assert "certainty 99.3%" in trust_router("route", "transfer failed")[1]


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
        "probability",
        "judges",
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
    assert rows[0] == ["ticket", "category", "need", "lower", "upper", "judges", "unseen"]
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


def test_a_key_is_routed_the_same_way_every_time(trust_router):
    asked = ("route", "--json", "--key", "conversation 1")
    found = json.loads(trust_router(*asked)[1])["routed"]
    assert json.loads(trust_router(*asked)[1])["routed"] == found
    assert json.loads(trust_router("route", "--json", "--key", "other")[1])["routed"] != found


def test_a_share_of_tickets_is_escalated_without_costs(trust_router, ticket_files, saved_pool):
    given = ("predict", "--posterior", saved_pool, "--beliefs", ticket_files / "new.csv")
    code, out, err = trust_router(*given, "--share", "0.2", "--json")
    assert code == 0, err
    actions = [row["action"] for row in json.loads(out)]
    assert 0 < actions.count("escalate") <= 0.2 * len(actions)
    code, _, err = trust_router(*given, "--share", "2")
    assert code == 2
    assert "`share` must be a number from 0 to 1; got 2" in err


def test_warnings_about_judges_are_sentences(trust_router, monkeypatch):
    def suspicious(*_, **__):
        return "Do not decide so."

    monkeypatch.setattr("trust_router.decisions.deciding.worse_than_constant", suspicious)
    code, out, err = trust_router("route", "transfer failed")
    assert code == 0
    assert err.endswith("\nwarning: Do not decide so.\n")
    assert "simple first" in out


def test_results_are_printed_before_a_file_that_cannot_be_written(
    trust_router, saved_pool, tmp_path
):
    beliefs, out = tmp_path / "new.csv", tmp_path / "out.csv"
    beliefs.write_text("ticket,category,good,weak\n=1+1,login,0.9,0.8\nb,login,0.9,0.8\n")
    out.write_text("old")
    given = ("predict", "--posterior", saved_pool, "--beliefs", beliefs)
    with full_disk():
        code, printed, err = trust_router(*given, "--out", out, "--json")
    assert code == 2
    assert [row["ticket"] for row in json.loads(printed)] == ["=1+1", "b"]
    assert err.strip().splitlines()[-1] == f"error: '{out}' cannot be written: File too large"
    assert out.read_text() == "old"
    for safe, first in (((), "=1+1"), (("--spreadsheet-safe",), "'=1+1")):
        assert trust_router(*given, "--out", out, *safe)[0] == 0
        assert list(pd.read_csv(out)["ticket"]) == [first, "b"]
        assert trust_router(*given, *safe)[1].splitlines()[1].startswith(f"{first},login")


def test_tickets_get_their_category_from_another_table(
    trust_router, ticket_files, saved_pool, tmp_path
):
    table = pd.read_csv(ticket_files / "new.csv")
    bare, found = tmp_path / "bare.csv", tmp_path / "found.csv"
    table.drop(columns="category").to_csv(bare, index=False)
    table[["ticket", "category"]].iloc[::-1].to_csv(found, index=False)
    asked = ("predict", "--posterior", saved_pool, "--beliefs")
    whole = trust_router(*asked, ticket_files / "new.csv")[1]
    code, lost, err = trust_router(*asked, bare)
    assert code == 0
    assert lost != whole
    assert "warning: none of 30 tickets has a category" in err
    code, joined, err = trust_router(*asked, bare, "--categories", found)
    assert code == 0
    assert joined == whole
    assert "warning" not in err


def test_a_posterior_is_not_given_categories_beside(trust_router, saved_pool, tmp_path):
    (tmp_path / "found.csv").write_text("ticket,category\na,b\n")
    asked = ("route", "--posterior", saved_pool, "--costs", PANEL)
    code, _, err = trust_router(*asked, "--categories", tmp_path / "found.csv")
    assert code == 2
    assert "give --posterior or --categories, not both" in err
