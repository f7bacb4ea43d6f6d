"""Judges of every kind sit on the same footing."""

from __future__ import annotations

import numpy as np
import pandas as pd
from support.asking import scripted

import trust_router as tr


def test_every_kind_of_judge_sits_in_a_panel_on_the_same_footing():
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    past, outcomes = (
        ["lost card", "card gone", "open account", "account abroad"] * 5,
        [0, 0, 1, 1] * 5,
    )
    names = ["llm", "column", "function", "classifier", "neighbours"]
    panel = tr.Panel(
        [tr.Router("all", dict.fromkeys(names, 0.2))],
        [tr.Judge("llm", llm=tr.LLM("openai-chat:m"))]
        + [tr.Judge(n, by_ticket=True) for n in names[1:]],
    )
    tickets = pd.DataFrame(
        {
            "ticket": ["t1", "t2"],
            "text": ["my card is lost", "an account abroad"],
            "score": [0.3, None],
            "category": ["card", "account"],
        }
    )
    answers = tr.ask(
        panel,
        tickets,
        using={
            "llm": scripted({"probability": 0.2, "sureness": "sure"}),
            "column": "score",
            "function": lambda texts: [len(text) / 100 for text in texts],
            "classifier": make_pipeline(CountVectorizer(), LogisticRegression()).fit(
                past, outcomes
            ),
            "neighbours": tr.judges.NeighbourJudge("neighbours", past, outcomes, neighbours=5),
        },
    )
    held = answers.beliefs
    assert held.judges == tuple(names)
    assert held.category == ("card", "account")
    np.testing.assert_allclose(held.mean[:, :3], [[0.2, 0.3, 0.15], [0.2, np.nan, 0.17]])
    assert (held.mean[0, 3:] < 0.5).all()
    assert (held.mean[1, 3:] > 0.5).all()
