"""Categories from text: what belongs together is found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score
from support.texts import TOPICS, needs_wordllama

import trust_router as tr
from trust_router.categories.categorizer import NO_CATEGORY


def banking77():
    folder = os.environ.get("TRUST_ROUTER_DATA")
    if folder is None or not (Path(folder) / "banking77" / "train.csv").is_file():
        pytest.skip("no banking77 in the folder TRUST_ROUTER_DATA")
    return (pd.read_csv(Path(folder) / "banking77" / f"{part}.csv") for part in ("train", "test"))


def test_texts_alike_share_a_category_whatever_surrounds_them(past, fitted):
    assigned = fitted.assign(past[0])
    asked = [text for texts in TOPICS.values() for text in texts]
    own = [next(a for a in asked if a in text) for text in past[0]]
    assert adjusted_rand_score(own, assigned["nearest"]) > 0.6


def test_the_same_seed_gives_the_same_categorizer(past, fitted):
    again = tr.fit_categories(past[0], 12, random_seed=1)
    assert again.names == fitted.names
    assert again.assign(past[0]).equals(fitted.assign(past[0]))
    assert again.provenance["random_seed"] == 1


def test_an_unstated_seed_is_kept_in_the_provenance():
    texts = ["lost card", "refund", "login", "password"]
    first = tr.fit_categories(texts, 2)
    again = tr.fit_categories(texts, 2, random_seed=first.provenance["random_seed"])
    assert again.names == first.names


def test_duplicates_count_in_sizes_and_not_as_different_texts():
    texts = ["lost card"] * 30 + ["refund please"] * 5
    found = tr.fit_categories(texts, 2, random_seed=1)
    assert sorted(found.sizes) == [5, 30]
    assert found.provenance["distinct"] == 2
    assert found.table()["share"].sum() == pytest.approx(1)
    with pytest.raises(ValueError, match="number of different texts, 2; got 3"):
        tr.fit_categories(texts, 3)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("one text", 2), TypeError, "`texts` must be a list of texts; got a single one"),
        ((["a", 3.5], 1), TypeError, "got 3.5 in row 2"),
        (([], 2), ValueError, "at least one with words; got 0 empty"),
        ((["", None], 2), ValueError, "got 2 empty"),
        ((["a b"], 2), ValueError, "number of different texts, 1; got 2"),
        ((["a b"], 0), ValueError, "`n_categories` must be a whole number of at least 1; got 0"),
        ((["a b", "b a"], 2), ValueError, "differ in their words; got 2"),
        ((["a b"],), ValueError, "at least 20 different texts; got 1"),
    ],
)
def test_impossible_requests_are_refused_in_a_sentence(arguments, error, said):
    with pytest.raises(error, match=said):
        tr.fit_categories(*arguments, random_seed=1)


def test_import_brings_no_scikit_learn():
    code = "import sys, trust_router; print([m for m in ('sklearn', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
@pytest.mark.parametrize(("embedding", "purity"), [("tfidf", 0.40), ("wordllama", 0.50)])
def test_intents_of_banking77_are_found_better_than_by_words_alone(embedding, purity):
    train, test = banking77()
    if embedding == "wordllama":
        needs_wordllama()
    fitted = tr.fit_categories(train["text"], 77, embedding=embedding, random_seed=1)
    assigned = fitted.assign(test["text"])
    groups = pd.crosstab(assigned["nearest"], test["category"])
    assert groups.max(axis=1).sum() / len(test) > purity
    assert 0.01 < (assigned["category"] == NO_CATEGORY).mean() < 0.04
