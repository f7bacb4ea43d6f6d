"""Names for groups of texts: words that are common in one and rarer elsewhere."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trust_router.basics.arrays import Array
from trust_router.categories.clustering import Labels

__all__ = ["category_names"]

_NAME_TERMS = 3
_MOST = 20  # words that are tried for a name
_LEAST = 0.25  # of the score of a group's best word that another one must reach
_READ = 1000  # texts of which the language is looked at
_TELLING = 3  # stop words that tell the language of a text
_SHARE_OF_LANGUAGE = 0.1  # of the texts of the most frequent language that another one must have
# Scripts written without spaces; pairs of their characters stand for words.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"


def category_names(texts: Sequence[str], labels: Labels, weights: Any, number: int) -> list[str]:
    r"""Name each group by words that are common in it and rarer elsewhere; each name once.

    Notes
    -----
    A word's score is :math:`p \log (p / q) \log (1 / q)` with the shares :math:`p` of the group's
    tickets and :math:`q` of all tickets that have it: what is common everywhere scores low, in any
    language. What scores far lower than a group's best word does not name it, and stop words of
    the languages of the texts (stopwords-iso) do so only where a group has no other word.
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
    stops = _stop_words(texts)
    stopped = np.array([_is_stop(term, stops) for term in terms])
    names: list[str] = []
    for i, row in enumerate(score):
        names.append(_new_name(_best(terms, row, stopped), names, f"category {i + 1}"))
    return names


def _best(terms: NDArray[np.str_], score: Array, stopped: NDArray[np.bool_]) -> list[str]:
    """Give the words of a group that say most of it, the best first."""
    order = np.argsort(-score, kind="stable")
    held = [t for t in order.tolist() if score[t] > 0]
    said = [t for t in held if not stopped[t]]
    if not said:  # one word is enough then, and a long one says more: thank, and not for
        return [str(terms[t]) for t in sorted(held, key=lambda t: -score[t] * len(terms[t]))[:1]]
    return [str(terms[t]) for t in said[:_MOST] if score[t] >= _LEAST * score[said[0]]]


def _stop_words(texts: Sequence[str]) -> set[str]:
    """Give the stop words of the languages that texts are in: of those that know most of a text."""
    import stopwordsiso

    known = {
        name: {word.casefold() for word in stopwordsiso.stopwords(name)}
        for name in sorted(stopwordsiso.langs())
    }
    votes: Counter[str] = Counter()
    for text in texts[:: max(1, len(texts) // _READ)]:
        words = set(_words(text))
        count = {name: len(words & stops) for name, stops in known.items()}
        most = max(count.values())
        # Of one or two words many languages know as many, which tells nothing.
        votes.update(name for name, number in count.items() if number == most >= _TELLING)
    least = max(votes.values(), default=0) * _SHARE_OF_LANGUAGE
    spoken = [name for name, number in votes.items() if number >= least]
    return set().union(*(known[name] for name in spoken))


def _is_stop(term: str, stops: set[str]) -> bool:
    """Tell whether a word, or each part of it as in j'ai, is a stop word."""
    return term in stops or all(
        len(part) <= 1 or part in stops for part in re.split("['\u2019]", term)
    )


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
