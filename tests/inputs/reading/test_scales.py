"""Scores are read on the scale that was stated, and none is guessed."""

from __future__ import annotations

import numpy as np
import pytest

import trust_router as tr
from trust_router.inputs.reading.scales import Scale, Scales, stated_need

NAN = np.nan
FIVE = Scales.of((1, 5), "need").judged("x")


def need(values, scale=None, high_means=None):
    return stated_need(values, "x", Scales.of(scale, high_means).judged("x")).tolist()


@pytest.mark.parametrize(
    ("scale", "scores", "expected"),
    [
        ((1, 5), [1, 2, 5], [0, 0.25, 1]),
        ((0, 10), [0, 4.0, "10"], [0, 0.4, 1]),
        ("percent", [85, "15", "40%"], [0.85, 0.15, 0.4]),
        ("probability", [0.5], [0.5]),
        ((-3, 1), [-3, 0], [0, 0.75]),
        ("log odds", [0, np.log(3), -800, 800], [0.5, 0.75, 0, 1]),
    ],
)
def test_a_score_is_the_part_of_the_way_from_low_to_high(scale, scores, expected):
    np.testing.assert_allclose(need(scores, scale, "need"), expected, atol=1e-12)
    np.testing.assert_allclose(need(scores, scale, "resolved"), 1 - np.array(expected), atol=1e-12)


@pytest.mark.parametrize(
    ("text", "scale", "expected"),
    [
        ("85%", None, 0.85),
        ("8/10", None, 0.8),
        ("Score: 0.4", None, 0.4),
        ("[[90]]", "percent", 0.9),
        ("**4**", (1, 5), 0.75),
        ("4/5", (1, 5), 0.75),
        ("Final score: 4.", (1, 5), 0.75),
        ("50%", (1, 5), 0.5),
        (" 3 ", (1, 5), 0.5),
    ],
)
def test_texts_that_hold_one_score_are_read(text, scale, expected):
    assert need([text], scale, "need") == pytest.approx([expected])


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("4/10", (1, 5)),  # of another scale than was stated
        ("3 or 4", (1, 5)),
        ("[ERROR] rate limit 429", (0, 1000)),
        ("refused", None),
        ("8/0", None),
        ("10%", "log odds"),
        ("4 of 5", (1, 5)),
    ],
)
def test_texts_that_hold_none_or_several_are_refused_with_their_row(text, scale):
    with pytest.raises(ValueError, match=r"'x' must be a number or missing; got .* in row 2$"):
        need([1, text], scale, "need")


def test_missing_scores_are_missing():
    assert np.isnan(need([None, NAN, "", "n/a", " None "], (1, 5), "need")).all()


@pytest.mark.parametrize("score", [0, 6, "7", np.inf, 9.2e124, -1])
def test_a_score_off_the_stated_scale_is_refused_with_its_row(score):
    with pytest.raises(ValueError, match=r"'x' must lie between 1 and 5; got .* in row 2$"):
        need([3, score], (1, 5), "need")


def test_a_score_that_is_no_probability_says_what_to_state():
    with pytest.raises(ValueError, match=r"between 0 and 1; got 4 in row 1; of scores .*--scale"):
        need([4])
    with pytest.raises(ValueError, match="'x' must be finite; got inf in row 1"):
        need([np.inf], "log odds", "need")


def test_without_a_scale_scores_are_probabilities_and_may_be_turned():
    assert need([0.25]) == [0.25]
    assert need([0.25], high_means="resolved") == [0.75]


def test_scales_and_meanings_may_differ_by_judge():
    scales = Scales.of({"x": (1, 5), "y": "percent"}, {"x": "need", "y": "resolved"})
    assert scales.judged("x") == FIVE
    assert scales.judged("y") == Scale(0, 100, turned=True, stated=True)
    assert scales.judged("z") == Scale()
    scales.check(["x", "y", "z"])
    with pytest.raises(ValueError, match="names judge 'y', which is not read; judges are x"):
        scales.check(["x"])
    shared = Scales.of((1, 5), {"x": "need"})
    assert shared.judged("x") == FIVE
    with pytest.raises(ValueError, match="`scale` of judge 'y' is stated, but not what"):
        shared.judged("y")


@pytest.mark.parametrize(
    ("scale", "high_means", "said"),
    [
        ((1, 5), None, "not what a high score means; say `high_means='need'`"),
        ((5, 1), "need", r"must be the lowest and the highest score, as \(1, 5\), or 'prob"),
        ((1, 1), "need", "lowest and the highest"),
        ((1, 5, 7), "need", "lowest and the highest"),
        ((0, np.inf), "need", "lowest and the highest"),
        ("1..5", "need", "got '1..5'"),
        (5, "need", "got 5"),
        (None, "good", "must be 'need' or 'resolved'.*got 'good'"),
        ({"x": (5, 1)}, "need", "`scale` of judge 'x' must be"),
        (None, {"x": "up"}, "`high_means` of judge 'x' must be"),
        ({"x": (1, 5)}, {"y": "need"}, "`scale` of judge 'x' is stated, but not what"),
        ((1, 5, 7), "need", r"or of one judge .* as \{'pass': 0.1, 'fail': 0.9\}"),
        ({"x": {"good": 2}}, None, "must give a probability of need for each value; got 2"),
        ({"x": {None: 0.5}}, None, "of need for each value; got 0.5 for None"),
        ({"x": {"good": 0.2}}, {"x": "need"}, "would not be used beside its values"),
        ({"good": 0.2, "bad": 0.8}, None, "of judge 'good' must be the lowest and the highest"),
    ],
)
def test_what_is_no_scale_or_no_meaning_is_refused(scale, high_means, said):
    with pytest.raises(ValueError, match=said):
        Scales.of(scale, high_means)


def test_only_rows_that_are_read_are_looked_at():
    assert stated_need([7, 3, 9], "x", FIVE, np.array([1])).tolist() == [0.5]
    with pytest.raises(ValueError, match="got 9 in row 3"):
        stated_need([7, 3, 9], "x", FIVE, np.array([1, 2]))


WORDS = {"x": {"Pass": 0.1, "fail": 0.9, True: 0.2, 3: 0.7}}


def test_words_mean_the_need_that_is_stated():
    assert need(["pass", " FAIL ", "true", 1, "3.0"], WORDS) == [0.1, 0.9, 0.2, 0.2, 0.7]
    assert np.isnan(need([None, "n/a", ""], WORDS)).all()
    with pytest.raises(ValueError, match="says nothing about 'meh' of 'x', in row 2; it knows pa"):
        need(["pass", "meh"], WORDS)


def test_words_of_one_judge_stand_beside_scales_of_others():
    scores = {"x": ["pass", None], "y": [8, 3]}
    stated = {"scale": {"y": (0, 10), **WORDS}, "high_means": {"y": "resolved"}}
    beliefs = tr.scores_to_beliefs(scores, **stated)
    np.testing.assert_allclose(beliefs.mean, [[0.1, 0.2], [NAN, 0.7]])
    rows = [{"ticket": t, "judge": j, "probability": scores[j][t]} for j in "xy" for t in (0, 1)]
    long = tr.read_beliefs([row for row in rows if row["probability"] is not None], **stated)
    np.testing.assert_allclose(long.mean, beliefs.mean)
    assert tr.scores_to_beliefs({"x": ["fail"]}, scale=WORDS).mean.tolist() == [[0.9]]


def test_a_scale_is_told():
    def told(scale=None, high_means=None):
        return str(Scales.of(scale, high_means).judged("x"))

    assert told() == "0 to 1, read as the probability of need"
    assert told((0, 10), "resolved") == "0 to 10, a high score means resolved"
    assert told("percent", "need") == "0 to 100, a high score means need"
    assert told("log odds", "need") == "log odds, a high score means need"
    assert told({"x": {"pass": 0.1, 5: 0.8}}) == "pass = need 10%, 5 = need 80%"
