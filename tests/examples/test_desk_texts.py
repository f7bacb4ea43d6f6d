"""Texts of the support desk tell of what kind a ticket is, and how hard."""

from __future__ import annotations

import re

import numpy as np

from trust_router.examples.desk_texts import ASKED, ticket_text


def words(kind):
    return set(re.findall(r"[a-z]{4,}", " ".join(ASKED[kind]).lower()))


def test_texts_have_no_slot_left_and_are_short():
    rng = np.random.default_rng(1)
    texts = [ticket_text(kind, h, rng) for kind in ASKED for h in rng.standard_normal(100)]
    assert not [text for text in texts if "{" in text or "}" in text]
    assert max(map(len, texts)) < 250


def test_every_kind_has_a_word_in_each_of_its_requests_that_no_other_kind_has():
    for kind in ASKED:
        others = set().union(*(words(other) for other in ASKED if other != kind))
        own = words(kind) - others
        assert all(own & set(re.findall(r"\w+", asked.lower())) for asked in ASKED[kind]), kind


def test_hard_tickets_say_what_is_hard_and_easy_ones_do_not():
    rng = np.random.default_rng(1)
    said = {
        hardness: np.mean(
            ["colleague" in ticket_text("refund", hardness, rng) for _ in range(2000)]
        )
        for hardness in (-1.5, 1.5)
    }
    assert said[1.5] > 5 * said[-1.5]
