"""How many categories: the clear number is found, impossible ones are refused."""

from __future__ import annotations

import itertools

import pytest
from support.texts import ENDINGS, OPENINGS

import trust_router as tr


def test_suggestion_finds_the_number_of_clear_groups():
    groups = ["refund of an order", "forgotten password", "lost credit card", "slow website"]
    texts = [
        f"{group} {opening}{ending}"
        for group in groups
        for opening, ending in itertools.product(OPENINGS, ENDINGS)
    ]
    found = tr.categories.suggest_categories(texts, [2, 3, 4, 6, 8], random_seed=1)
    assert found.n_categories == 4
    assert found.table().loc[4, "stability"] > 0.95
    assert found.table().loc[4, "smallest"] == 42
    assert found.reason.startswith("4 categories: the fewest whose silhouette")
    assert found.reason in repr(found)
    assert "<table" in found._repr_html_()
    assert len(tr.fit_categories(texts, random_seed=1).names) == 4


@pytest.mark.parametrize(
    ("candidates", "said"),
    [
        ([], "at least one number; got none"),
        ([1], "whole number of at least 2; got 1"),
        ([16], "`candidates` must be at most 15 with 30 different texts; got 16"),
    ],
)
def test_impossible_candidates_are_refused(candidates, said):
    with pytest.raises(ValueError, match=said):
        tr.categories.suggest_categories([f"text {i}" for i in range(30)], candidates)
