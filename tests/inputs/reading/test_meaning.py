"""What 1 means is stated or asked for, and never turned in silence."""

from __future__ import annotations

import warnings
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from trust_router.inputs.reading.outcomes import read_outcomes


def counted(values, name="outcome", **said):
    frame = pd.DataFrame({"category": "a", name: pd.Series(values, dtype=object)})
    outcomes = read_outcomes(frame, columns={"outcome": name}, **said)
    return outcomes.trials.sum(), outcomes.needs.sum(), outcomes.missing.sum()


PASSES = [1] * 18 + [0] * 2


@pytest.mark.parametrize("said", [{"need": 0}, {"resolved": True}, {"need": "0", "resolved": [1]}])
@pytest.mark.parametrize("kind", [int, float, bool, str, Decimal, np.int64])
def test_where_one_is_pass_two_of_twenty_are_needs(said, kind):
    assert counted([kind(value) for value in PASSES], "success", **said) == (20, 2, 0)


@pytest.mark.parametrize(
    "name",
    ["success", "passed", "pass", "is_correct", "isResolved", "score", "OK", "gpt-4|accuracy"],
)
def test_a_column_that_is_named_for_what_went_well_is_questioned_with_numbers(name):
    with pytest.warns(UserWarning, match="2 of 3 tickets needs") as caught:
        assert counted([1, 1, 0, None], name) == (3, 2, 1)  # read as it stands
    (said,) = [str(warning.message) for warning in caught]
    assert repr(name) in said
    assert "`need=0` (--need 0)" in said
    assert "`need=1` (--need 1)" in said


def test_a_share_of_needs_that_is_rare_is_questioned_whatever_the_name():
    with pytest.warns(UserWarning, match="'cheap' is read .* 18 of 20 tickets needs; that is many"):
        assert counted(PASSES, "cheap") == (20, 18, 0)


@pytest.mark.parametrize(
    ("values", "name", "said"),
    [
        (PASSES, "success", {"need": 1}),
        (PASSES, "success", {"need": 0}),
        ([1, 0, 1], "needed_complex", {}),
        ([1, 0, 1], "not_solved", {}),
        ([1, 0, 1], "unresolved", {}),
        ([1] * 9, "outcome", {}),  # too few to tell
        ([1] * 17 + [0] * 3, "outcome", {}),
        ([None, None], "success", {}),
    ],
)
def test_nothing_is_asked_where_it_is_stated_or_plausible(values, name, said):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        counted(values, name, **said)


def test_words_are_read_on_request_alone():
    values = ["Reopened", "solved ", "partly", None, "n/a"]
    said = {"need": "reopened", "resolved": ["solved", "partly"]}
    assert counted(values, **said) == (3, 1, 2)
    with pytest.raises(ValueError, match=r"got 'Reopened' in row 1.*`need` and `resolved` say"):
        counted(values)
    with pytest.raises(
        ValueError, match=r"`need` \('reopened'\) or `resolved` \(not stated\); got"
    ):
        counted(values, need="reopened")


def test_a_word_for_missing_may_be_given_a_meaning():
    assert counted(["none", "1", ""], need=1, resolved=["none", 0]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"need": [1, "true"], "resolved": "1"}, "must not share a value; both have '1.0'"),
        ({"need": []}, "`need` must be a value of outcomes"),
        ({"resolved": ""}, "`resolved` must be a value of outcomes"),
        ({"need": float("nan")}, "`need` must be a value of outcomes"),
        ({"need": {"a": 1}.keys}, "`need` must be a value of outcomes"),
    ],
)
def test_what_says_nothing_is_refused(said, message):
    with pytest.raises(ValueError, match=message):
        counted([0, 1], **said)


@pytest.mark.parametrize(
    ("need", "resolved"), [("yes", "No"), ("Y", "n"), ("escalated", "RESOLVED")]
)
def test_words_of_a_known_pair_are_read_aloud(need, resolved):
    with pytest.warns(UserWarning, match=f"'{need.lower()}' is read as need") as caught:
        assert counted([need, resolved, resolved, None], "outcome") == (3, 1, 1)
    assert len(caught) == 1
    assert f"`need={resolved.lower()!r}` if it is the other way round" in str(caught[0].message)


@pytest.mark.parametrize(
    ("values", "said", "needs"),
    [
        (["yes", "no", "no"], {"need": "yes"}, 1),
        (["yes", "no", "no"], {"need": "NO"}, 2),
        (["yes", "no", "no"], {"resolved": "yes"}, 2),
        (["escalated", "resolved"], {"need": "escalated"}, 1),
    ],
)
def test_one_word_of_a_pair_says_what_the_other_means(values, said, needs):
    assert counted(values, "solved", **said)[:2] == (len(values), needs)


@pytest.mark.parametrize(
    ("values", "name", "message"),
    [
        (
            ["yes", "no"],
            "resolved",
            "'no' and 'yes', and its name usually says that yes is good: sa",
        ),
        (["n", "y"], "is_correct", "as `need='n'`"),
        (["yes", "escalated"], "outcome", "holds 'escalated' and 'yes': say which values mean"),
        (["yes", "partly"], "outcome", "got 'partly' in row 2"),
    ],
)
@pytest.mark.filterwarnings("ignore:column")
def test_words_that_could_mean_either_are_refused(values, name, message):
    with pytest.raises(ValueError, match=message):
        counted(values, name)
