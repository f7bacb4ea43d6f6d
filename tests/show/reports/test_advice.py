"""What a manager reads says what the numbers say, whichever way they point."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import trust_router as tr
from trust_router.decisions.gains import Gain
from trust_router.show.reports.advice import (
    do_sentences,
    kinds_of,
    names,
    saving_sentence,
    sure_sentence,
)
from trust_router.show.reports.volume import Volume

MONTH = Volume(2000.0, True, "as stated")


def money(gain, *, base="as today", policy="decide each ticket"):
    table = pd.DataFrame({"escalated": [0.4, 1.0]}, index=["as today", "all complex"])
    stated = SimpleNamespace(gain=gain, policy=policy, holds=True)
    return SimpleNamespace(stated=stated, base=base, policies=table, costs=tr.Costs(1, 2))


def test_kinds_are_those_whose_tickets_go_one_way():
    kinds = kinds_of(["a", "b", "c", "d"], [0.0, 1.0, 0.5, 0.96])
    assert kinds.first == ("a",)
    assert kinds.straight == ("b", "d")
    assert kinds.mixed == ("c",)
    assert do_sentences(kinds) == (
        "Try the simple model first for a.",
        "Give b and d to the complex model straight away.",
        "Decide ticket by ticket, as the judges say, for c.",
    )


def test_all_kinds_are_called_so_where_they_are_many():
    many = [f"k{i}" for i in range(14)]
    assert do_sentences(kinds_of(many, [0.5] * 14)) == (
        "Decide ticket by ticket, as the judges say, for all 14 kinds of tickets.",
    )
    assert len(do_sentences(kinds_of(many, [0.0] + [0.5] * 13))) == 2


def test_without_kinds_all_tickets_are_meant():
    assert do_sentences(kinds_of(["all"], [0.0])) == (
        "Try the simple model first for all tickets.",
    )
    assert do_sentences(kinds_of(["all", "b"], [0.0, 1.0]))[0].endswith("first for all.")


def test_of_many_kinds_the_first_are_named_and_the_rest_counted():
    assert names([f"k{i}" for i in range(7)]).endswith("k5 and k6")
    assert names([f"k{i}" for i in range(1200)]) == "k0, k1, k2, k3, k4, k5 and 1,194 more"


@pytest.mark.parametrize(
    ("gain", "said"),
    [
        (Gain(0.5, 0.25, 0.75, 0.2, 1.0),
         "That saves 1,000 USD a month, 20% of the cost (89% interval 500 to 1,500), against what "
         "is done today (40% of tickets go straight to the complex model)."),
        (Gain(-0.5, -0.75, -0.25, -1.818, 0.0),
         "That costs 1,000 USD more a month, 182% more (89% interval 500 to 1,500 more)"),
        (Gain(0.01, -0.02, 0.04, 0.01, 0.7),
         "That saves 20.0 USD a month, 1% of the cost (89% interval from 40.0 more to 80.0 less)"),
        (Gain(7.4e-17, -1e-17, 1e-16, 1e-17, 0.5), "That costs the same as what is done today"),
        (Gain(0.5, 0.25, 0.75, np.nan, 1.0),
         "That saves 1,000 USD a month (89% interval 500 to 1,500)"),
    ],
)  # fmt: skip
def test_what_is_saved_is_said_in_words_that_fit(gain, said):
    assert saving_sentence(money(gain), MONTH).startswith(said)


def test_against_what_it_is_compared_is_said():
    gain = Gain(0.5, 0.25, 0.75, 0.2, 1.0)
    said = saving_sentence(money(gain, base="all complex"), MONTH)
    assert said.endswith("(who answers today is not in the data).")
    same = money(gain, base="all complex", policy="all complex")
    assert saving_sentence(same, MONTH).startswith("That costs the same as giving every ticket")
    assert sure_sentence(same, pd.Series(dtype=float)) == ""


def test_no_probability_is_a_certainty():
    certainty = pd.Series({"login": 1.0, "refund": 0.83})
    gain = Gain(0.5, 0.25, 0.75, 0.2, 1.0)
    assert sure_sentence(money(gain), certainty) == (
        "It saves money with a probability of over 99.9%; the least sure decision, for refund, is "
        "right with 83.0%."
    )
    assert "the decision for login is right with over 99.9%" in sure_sentence(
        money(gain), certainty[:1]
    )
