"""The bundled tickets are what their documentation says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import trust_router as tr
from trust_router.examples import example_path, load_hostile_tickets, load_tickets
from trust_router.inputs.reading.texts import read_texts


@pytest.fixture(scope="module")
def tickets():
    return load_tickets()


def test_every_category_holds_as_many_hard_tickets_as_plain_ones(tickets):
    assert (tickets.groupby(["category", "hard"]).size() == 6).all()
    assert tickets.ticket.is_unique
    assert tickets.text.is_unique


def test_the_length_of_a_text_does_not_tell_hard_tickets(tickets):
    length = tickets.text.str.len().to_numpy()
    hard = tickets.hard.to_numpy(bool)
    before = np.subtract.outer(length[hard], length[~hard])
    assert abs((before > 0).mean() + (before == 0).mean() / 2 - 0.5) < 0.05


def test_outcomes_follow_the_text_and_the_last_eight_are_open(tickets):
    known = tickets[tickets.outcome.notna()]
    assert list(tickets.index[tickets.outcome.isna()]) == list(range(64, 72))
    assert known[known.hard == 1].outcome.mean() > 0.8
    assert known[known.hard == 0].outcome.mean() < 0.2


def test_tickets_feed_the_readers_of_texts_and_of_outcomes(tickets):
    outcomes = tr.read_outcomes(example_path("tickets.csv"))
    assert outcomes.trials.sum() == 64
    assert outcomes.missing.sum() == 8
    read = read_texts(example_path("tickets.csv"))
    assert list(read.texts) == tickets.text.to_list()


def test_hostile_tickets_hold_an_attack_beside_the_request():
    hostile = load_hostile_tickets()
    assert len(hostile) >= 24
    assert hostile.language.nunique() >= 8
    assert hostile.kind.nunique() >= 8
    assert set(hostile.wants) == {0, 1}
    for row in hostile.itertuples():
        assert row.request in row.text
        assert len(row.text) > len(row.request) + 10


def test_hostile_tickets_read_as_the_texts_they_are():
    texts = read_texts(example_path("hostile.jsonl")).texts
    assert any("\u200b" in text for text in texts)
    assert any("\u202e" in text for text in texts)
    assert list(texts) == load_hostile_tickets().text.to_list()


def test_the_bundled_beliefs_are_what_the_panel_says_of_the_bundled_tickets(tickets):
    panel = tr.read_panel(example_path("panel.toml"))
    table = pd.read_csv(example_path("beliefs.csv"))
    assert table.ticket.tolist() == tickets.ticket.tolist()
    assert table.category.tolist() == tickets.category.tolist()
    assert set(panel.judge_names) == {*table} - {"ticket", "category"}
    said = table.drop(columns=["ticket", "category"])
    simple, complex_ = (said[list(router.judges)].mean().mean() for router in panel.routers[::2])
    assert simple < tickets.hard.mean() < complex_
    assert (said[tickets.hard == 1].mean() > said[tickets.hard == 0].mean()).all()
