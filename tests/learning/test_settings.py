"""Settings of the sampler are checked before anything is compiled."""

from __future__ import annotations

import pytest

import trust_router as tr
from trust_router.learning.settings import Settings


@pytest.mark.parametrize(
    ("argument", "value"),
    [("draws", 0), ("chains", 0), ("tune", 0), ("random_seed", -1), ("cores", 1.5)],
)
def test_bad_settings_are_refused_before_anything_is_compiled(seed, argument, value):
    with pytest.raises(ValueError, match=rf"`{argument}` must be a whole number.*got {value}"):
        tr.fit(*seed, **{argument: value})


@pytest.mark.parametrize(("name", "most"), [("draws", 10**6), ("tune", 10**6), ("chains", 1000)])
def test_least_and_most_are_allowed_and_one_beyond_is_not(name, most):
    for value in (1, most):
        assert getattr(Settings.of({name: value}), name) == value
    with pytest.raises(ValueError, match=f"`{name}` must be at most {most:,}; got {most + 1}"):
        Settings.of({name: most + 1})


@pytest.mark.parametrize("accept", [0, 1, 1.5, -0.1])
def test_target_accept_is_a_probability_that_is_neither_sure_nor_impossible(accept):
    assert Settings.of({"target_accept": 0.999}).target_accept == 0.999
    with pytest.raises(ValueError, match="`target_accept` must lie strictly between 0 and 1"):
        Settings.of({"target_accept": accept})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("seed", "did you mean `random_seed`"),
        ("warmup", "did you mean `tune`"),
        ("drows", "did you mean `draws`"),
        ("zzz", "allowed are draws, tune, chains"),
    ],
)
def test_a_setting_that_there_is_not_is_answered_by_the_one_that_was_meant(given, said):
    with pytest.raises(TypeError, match=f"there is no setting `{given}`; {said}"):
        Settings.of({given: 1}, ("random_seed",))


def test_bad_on_failure_is_refused(seed):
    with pytest.raises(ValueError, match="`on_failure` must be 'raise' or 'warn'; got 'ignore'"):
        tr.fit(*seed, on_failure="ignore")
