"""Tables are read the same way for outcomes and beliefs, and rows are counted alike everywhere."""

from __future__ import annotations

import pytest

from trust_router.belief_tables import read_beliefs
from trust_router.outcomes import read_outcomes

HUGE = "1" + "0" * 400
UNREADABLE = "1" + "0" * 5000  # Python refuses to parse it
NESTED = "[" * 100_000


@pytest.fixture
def write(tmp_path):
    def write(content: str, name: str = "t.csv"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (HUGE, r"outcome must be 0, 1 or missing; got 10+\.\.\. in row 1"),
        (UNREADABLE, "row 1 is not JSON: .*limit"),
        (NESTED, "row 1 is not JSON: it nests too deeply"),
    ],
    ids=["huge", "unreadable", "nested"],
)
def test_json_that_cannot_be_held_is_refused_in_one_sentence(write, value, message):
    path = write(f'{{"category": "a", "outcome": {value}}}\n', "o.jsonl")
    with pytest.raises(ValueError, match=rf"^o\.jsonl: {message}"):
        read_outcomes(path)


def test_a_huge_probability_is_refused_with_its_row(write):
    path = write(
        f'{{"ticket": "1", "haiku": 0.5}}\n{{"ticket": "2", "haiku": {HUGE}}}\n', "b.jsonl"
    )
    with pytest.raises(
        ValueError, match=r"'haiku' must be a number or missing; got 10+\.\.\. in row 2"
    ):
        read_beliefs(path)
