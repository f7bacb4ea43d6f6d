"""Texts become vectors, any text and any language, and what is missing is named."""

from __future__ import annotations

import logging

import numpy as np
import pandas as pd
import pytest
from support.texts import needs_wordllama

import trust_router as tr
from trust_router.categories.embedding import clean_texts, embed, features, fit_embedding


def test_an_unknown_embedding_and_a_missing_package_are_named(monkeypatch):
    with pytest.raises(ValueError, match="must be one of tfidf, wordllama; got 'bert'"):
        tr.fit_categories(["a"], 1, embedding="bert")
    monkeypatch.setattr("trust_router.categories.embedding.find_spec", lambda _name: None)
    with pytest.raises(ModuleNotFoundError, match=r"pip install 'trust-router\[embed\]'"):
        tr.fit_categories(["a"], 1, embedding="wordllama")


def test_texts_are_cleaned_and_only_their_beginning_is_read():
    assert clean_texts(["  a\tb\n", "ﬁne", None, pd.NA]) == ["a b", "fine", "", ""]
    assert len(clean_texts(["x" * 10**6])[0]) == 2000
    assert clean_texts(["\ud800 a"]) == ["? a"]


def test_a_vector_is_as_long_as_what_is_known_of_its_text():
    texts = [f"{a} {b}" for a in ("card", "login", "refund") for b in ("lost", "failed", "late")]
    fitted = fit_embedding("tfidf", features("tfidf", texts), 1)
    known, half, none = np.linalg.norm(embed(fitted, ["card lost", "card ωψχ", "ωψχ"]), axis=1)
    assert known == pytest.approx(1, abs=1e-5)
    assert 0.2 < half < 0.8
    assert none == 0


def test_wordllama_groups_synonyms_and_leaves_logging_alone(tmp_path):
    needs_wordllama()
    handlers, level = list(logging.getLogger().handlers), logging.getLogger().level
    texts = ["lost my credit card", "debit card stolen", "forgot the password", "cannot sign in"]
    found = tr.fit_categories(texts, 2, embedding="wordllama", random_seed=1)
    nearest = found.assign(texts)["nearest"].tolist()
    assert nearest[0] == nearest[1] != nearest[2]
    assert logging.getLogger().handlers == handlers
    assert logging.getLogger().level == level
    loaded = tr.categories.load_categories(found.save(tmp_path / "c.npz"))
    assert loaded.assign(texts).equals(found.assign(texts))
