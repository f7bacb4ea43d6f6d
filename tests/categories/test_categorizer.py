"""New tickets get a category, or honestly none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import trust_router as tr
from trust_router.categories.categorizer import NO_CATEGORY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        None,
        float("nan"),
        "数据库连接失败",
        "Wie wird das Wetter?",
        "qwxzzy vvbbk jjkkq",
    ],
)
def test_what_is_like_no_past_ticket_is_none_of_these(fitted, text):
    row = fitted.assign([text]).iloc[0]
    assert row["category"] == NO_CATEGORY
    assert row["confidence"] == 0


def test_empty_texts_have_no_nearest_category_and_far_ones_have(fitted):
    assigned = fitted.assign(["", "Wie wird das Wetter?"])
    assert assigned["nearest"].isna().tolist() == [True, False]


def test_assign_keeps_the_index_of_a_series_and_takes_nothing(fitted):
    given = pd.Series(["login code", None], index=["a", "b"])
    assert fitted.assign(given).index.tolist() == ["a", "b"]
    assert fitted.assign([]).empty
    assert list(fitted.assign([])) == ["category", "confidence", "nearest", "similarity"]


def test_a_ticket_is_placed_alike_alone_and_among_others(past, fitted):
    together = fitted.assign(past[0][:50])
    alone = pd.concat([fitted.assign([text]) for text in past[0][:50]], ignore_index=True)
    assert together["category"].equals(alone["category"])
    np.testing.assert_allclose(together["similarity"], alone["similarity"], atol=1e-6)


def test_sizes_are_what_assign_gives(past, fitted):
    counts = fitted.assign(past[0])["category"].value_counts()
    assert [counts[name] for name in fitted.names] == list(fitted.sizes)
    assert f"{sum(fitted.sizes)} of {len(past[0])} texts assigned" in repr(fitted)


def test_one_text_is_one_category():
    found = tr.fit_categories(["lost card"], 1, random_seed=1)
    assert found.assign(["lost card", "数据库"])["category"].tolist() == [
        "lost / card" if found.names[0].startswith("lost") else "card / lost",
        NO_CATEGORY,
    ]


def test_renamed_changes_names_only(past, fitted):
    old = fitted.names[0]
    named = fitted.renamed({old: "refunds"})
    assert named.names[1:] == fitted.names[1:]
    assert (named.assign(past[0])["category"] == "refunds").sum() == fitted.sizes[0]
    for names, said in (
        ({"x": "y"}, "there is no category 'x'"),
        ({old: fitted.names[1]}, "is used twice"),
        ({old: NO_CATEGORY}, "got 'none of these'"),
        ({old: " "}, "must be non-empty text"),
    ):
        with pytest.raises(ValueError, match=said):
            fitted.renamed(names)


def test_tables_show_texts_of_tickets_escaped():
    found = tr.fit_categories(["<script>alert(1)</script>", "refund"], 2, random_seed=1)
    assert "<script>" not in found._repr_html_()
    assert "&lt;script&gt;" in found._repr_html_()
