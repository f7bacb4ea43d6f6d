"""Names for groups of texts: words that are common in one and rarer elsewhere."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from trust_router.categories.clustering import Labels

__all__ = ["category_names"]

_NAME_TERMS = 3
# Scripts written without spaces; pairs of their characters stand for words.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"


def category_names(texts: Sequence[str], labels: Labels, weights: Any, number: int) -> list[str]:
    r"""Name each group by words that are common in it and rarer elsewhere; each name once.

    Notes
    -----
    A word's score is :math:`p \log (p / q) \log (1 / q)` with the shares :math:`p` of the group's
    tickets and :math:`q` of all tickets that have it: what is common everywhere scores low, in any
    language and without lists of words.
    """
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import CountVectorizer

    try:
        counter = CountVectorizer(analyzer=_words, binary=True, dtype=np.float32)
        present = counter.fit_transform(texts)
    except ValueError:  # no text has a word
        return [f"category {i + 1}" for i in range(number)]
    terms = counter.get_feature_names_out()
    member = csr_matrix((weights, (labels, np.arange(len(texts)))), shape=(number, len(texts)))
    inside = (member @ present).toarray()
    size = np.asarray(member.sum(axis=1)).ravel()
    everywhere = inside.sum(axis=0) / size.sum()
    share = inside / np.maximum(size, 1)[:, None]
    lift = np.log(np.maximum(share, 1e-12) / everywhere)
    score = share * lift * -np.log(everywhere) if number > 1 else share
    names: list[str] = []
    for i, row in enumerate(score):
        best = [terms[t] for t in np.argsort(-row, kind="stable")[:20] if row[t] > 0]
        names.append(_new_name(best, names, f"category {i + 1}"))
    return names


@cache
def _word_pattern() -> re.Pattern[str]:
    # Marks belong to words in many scripts, but not to the class \w.
    marks = "".join(
        re.escape(chr(c)) for c in range(0x10000) if unicodedata.category(chr(c)).startswith("M")
    )
    return re.compile(f"[{_UNSPACED}]+|(?:(?![{_UNSPACED}_])[\\w{marks}])+(?:['\u2019]\\w+)?")


def _words(text: str) -> list[str]:
    words: list[str] = []
    for run in _word_pattern().findall(text.casefold()):
        if re.match(f"[{_UNSPACED}]", run):
            words += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        elif len(run) > 1 and not run.isdigit():
            words.append(sys.intern(run))
    return words


def _new_name(terms: Sequence[str], taken: Sequence[str], otherwise: str) -> str:
    """Join the first terms, more of them if the name is taken, leaving out mere variants."""
    chosen: list[str] = []
    for term in terms:
        if any(term in other or other in term for other in chosen):
            continue
        chosen.append(term)
        name = " / ".join(chosen)
        if len(chosen) >= _NAME_TERMS and name not in taken:
            return name
    name = " / ".join(chosen) or otherwise
    number = 2
    while name in taken:
        name = f"{' / '.join(chosen)} ({number})"
        number += 1
    return name
