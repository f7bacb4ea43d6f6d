"""What results show of themselves: names escaped, numbers rounded to what is known, no walls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from trust_router.basics.shown import Shown, Table, framed, written

NONE = "\N{EN DASH}"
HOSTILE = "<b>\x1b[31m\u202e"


@dataclass(frozen=True, repr=False)
class Small(Shown):
    name: str
    share: float = 0.5
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Wide(Shown):
    need: float
    draws: np.ndarray
    first_judge: str
    second_judge: str
    shares: dict[str, float]
    mcse: Mapping[str, float] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, eq=False, repr=False)
class Tabled(Shown):
    frame: pd.DataFrame
    currency: str = "USD"
    tickets: int = 100

    def table(self):
        return self.frame


@dataclass(frozen=True)
class Spoken(Tabled):
    def __repr__(self):
        return "it was dear\nand late"


def wide(error=0.0):
    shares = dict.fromkeys("abcdefg", 1 / 7)
    return Wide(0.342006, np.zeros((4, 9000)), "x" * 40, "y" * 40, shares, {"need": error})


def test_a_small_value_is_one_line_and_leaves_out_what_is_as_usual():
    assert repr(Small("a")) == "Small(name='a')"
    assert repr(Small("a", 0.25, ("x", "y"))) == "Small(name='a', share=0.25, parts=<x, y>)"


def test_a_wide_value_is_a_list_without_arrays():
    lines = repr(wide()).split("\n")
    assert lines[0] == "Wide"
    assert lines[1].split() == ["need", "0.342"]
    assert lines[2].split() == ["draws", "4", "x", "9,000", "values"]
    assert lines[5].endswith("d: 0.1429 and 3 more")
    assert max(map(len, lines)) < 80
    assert "mcse" not in repr(wide())


def test_a_number_has_the_digits_that_its_error_leaves():
    assert "<bdi>0.34</bdi>" in wide(0.03)._repr_html_()
    assert "<bdi>0.342</bdi>" in wide(0.003)._repr_html_()
    assert written(0.3, error=0.004) == "0.300"
    assert written(1234.5, error=30.0) == "1,234"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), NONE),
        (None, NONE),
        (np.float64(0.123456), "0.1235"),
        (np.bool_(True), "yes"),
        (7.41e-17, "7.4e-17"),
        (0.0, "0"),
        (1234567.0, "1,234,567"),
        (np.arange(3), "0, 1, 2"),
        ("x" * 200, "x" * 57 + "..."),
        ((), NONE),
    ],
)
def test_a_value_is_written_as_people_read_it(value, text):
    assert written(value) == text


def test_a_table_shows_its_first_rows_and_says_how_many_follow():
    frame = pd.DataFrame({"mean": np.linspace(0, 1, 40), "mcse": 0.02}, index=list(range(40)))
    shown = framed(frame.rename_axis("ticket"))
    assert (len(shown.rows), shown.hidden) == (12, 28)
    assert shown.columns == ("ticket", "mean", "mcse")
    assert shown.rows[1] == ("1", "0.03", "0.02")
    assert str(shown).endswith("... and 28 more")
    assert "... and 28 more" in Tabled(frame)._repr_html_()


def test_all_levels_of_an_index_are_columns_and_mere_counting_is_none():
    levels = pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")], names=["judge", "router"])
    assert framed(pd.DataFrame({"p_saves": [1, 2]}, levels)).columns == (
        "judge",
        "router",
        "p saves",
    )
    assert framed(pd.DataFrame({"p_saves": [1, 2]})).columns == ("p saves",)
    nothing = framed(pd.DataFrame({"p": []}, index=pd.Index([], name="judge")))
    assert nothing.rows == ()
    assert str(nothing) == "judge  p"


def test_what_is_above_a_table_are_single_values_or_sentences():
    frame = pd.DataFrame({"cost": [3.0]}, index=pd.Index(["all"], name="policy"))
    assert repr(Tabled(frame, tickets=7)) == "Tabled(tickets=7)\npolicy  cost\nall        3"
    html = Spoken(frame)._repr_html_()
    assert "it was dear</caption>" in html
    assert "<p>and late</p>" in html
    assert "<bdi>all</bdi>" in html


def test_names_are_escaped_wherever_they_stand():
    frame = pd.DataFrame({HOSTILE: [HOSTILE]}, index=pd.Index([HOSTILE], name=HOSTILE))
    for value in (Small(HOSTILE), Tabled(frame)):
        assert "\x1b" not in repr(value)
        assert "\u202e" not in repr(value)
        html = value._repr_html_()
        assert "<b>" not in html
        assert "\x1b" not in html
        assert "\u202e" not in html
        assert "&lt;b&gt;" in html


def test_the_notebook_s_own_colours_hold():
    html = wide()._repr_html_()
    assert "color" not in html
    assert "background" not in html


def test_numbers_stand_right_and_texts_left():
    table = Table(("name", "share"), (("a", "3%"), ("bcdef", "12%")))
    assert str(table) == "name   share\na         3%\nbcdef    12%"
