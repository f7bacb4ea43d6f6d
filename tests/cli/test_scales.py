"""Scales in a shell are those of Python."""

from __future__ import annotations

import pytest

from trust_router.cli.scales import stated_meaning, stated_scale


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (None, None),
        ([], None),
        (["0..10"], (0, 10)),
        (["-1..1.5"], (-1, 1.5)),
        (["percent"], "percent"),
        (["a=b=1..5", "c=log odds"], {"a=b": (1, 5), "c": "log odds"}),
        (["a=pass:0.1, fail:0.9", "b=1..5"], {"a": {"pass": 0.1, "fail": 0.9}, "b": (1, 5)}),
    ],
)
def test_a_scale_is_of_all_judges_or_of_each(said, expected):
    assert stated_scale(said) == expected


def test_what_a_high_score_means_likewise():
    assert stated_meaning(["resolved"]) == "resolved"
    assert stated_meaning(["a=need", "b=resolved"]) == {"a": "need", "b": "resolved"}


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (["1..five"], "--scale must read low..high, as 1..5"),
        (
            ["1..5", "0..1"],
            "one for all judges, or one for each as haiku=...; got '1..5' and '0..1'",
        ),
        (["a=1..5", "0..1"], "one for all judges, or one for each"),
        (["a=pass:many"], "or pass:0.1,fail:0.9; got 'pass:many'"),
        (["pass:0.1,fail:0.9"], "of which judge words are, as verdict=pass:0.1,fail:0.9"),
        (["a=1..5", "a=0..1"], "names a judge twice"),
    ],
)
def test_what_is_no_scale_is_refused(said, message):
    with pytest.raises(ValueError, match=message):
        stated_scale(said)
