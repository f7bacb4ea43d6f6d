"""What commands print: JSON that every parser takes, and lines that read well."""

from __future__ import annotations

import json

import numpy as np
import pytest
from support.known_pool import counted, four_who_know

from trust_router.cli.output import (
    describe_fit,
    describe_solved,
    print_fit,
    print_json,
    print_solved,
    say,
    show,
)
from trust_router.inputs.outcomes import Outcomes
from trust_router.learning.exact import closed_form


def test_json_holds_plain_numbers_and_null_for_what_does_not_exist(capsys):
    print_json({"a": [np.float64(1.5), np.int64(2), float("nan")], "b": (np.inf, None, "é", True)})
    assert json.loads(capsys.readouterr().out, parse_constant=pytest.fail) == {
        "a": [1.5, 2, None],
        "b": [None, None, "é", True],
    }


def test_a_category_is_described_in_full_and_printed_in_lines(seed, capsys):
    panel, beliefs, outcomes = seed
    (category,) = outcomes.categories
    seen = outcomes + Outcomes([category], [0], [0], [2])
    described = describe_solved(closed_form(panel, beliefs, seen), category)
    assert (described["trials"], described["needs"], described["missing"]) == (22, 3, 2)
    assert sum(described["trust"].values()) == pytest.approx(1)
    for parts in described["mixtures"].values():
        assert sum(part["weight"] for part in parts) == pytest.approx(1)
    assert described["log_bayes_factors"]["simple"]["simple"] == 0
    print_solved(described)
    first, *routers, last = capsys.readouterr().out.splitlines()
    assert first.endswith("3 of 22 tickets needed the complex model, 2 unknown")
    assert [line.split()[0] for line in routers] == list(panel.router_names)
    assert "log evidence -10.187301" in last


ORDERS = "\x1b[31m\x9b2J\u202egnp\x07\r\x08"
WRITTEN = r"\x1b[31m\x9b2J\u202egnp\x07\r\x08"


def test_a_terminal_is_told_nothing_but_text(capsys):
    show(f"a\tb\n{ORDERS}")
    say(ValueError(ORDERS))
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (f"a\tb\n{WRITTEN}\n", f"{WRITTEN}\n")


def test_json_holds_the_same_text_and_no_orders_to_a_terminal(capsys):
    print_json({"problem": ORDERS, "name": "退款"})
    written = capsys.readouterr().out
    assert json.loads(written) == {"problem": ORDERS, "name": "退款"}
    assert written.replace("\n", "").isascii()
    assert "\x1b" not in written


def test_a_name_of_several_lines_stays_in_its_line(seed, capsys):
    panel, beliefs, outcomes = seed
    described = describe_solved(closed_form(panel, beliefs, outcomes), outcomes.categories[0])
    print_solved(described | {"category": "a\nerror: b\rc"})
    assert capsys.readouterr().out.startswith(r"a\nerror: b\rc: 3 of 22 tickets")


def test_a_fit_says_how_many_independent_judges_there_are(exact_posterior, capsys):
    posterior, given = counted(*four_who_know())
    described = describe_fit(posterior)["effective_judges"]
    assert described["numbers"] == given.numbers.to_dict("index")
    assert [each["role"] for each in described["judges"]] == ["counts"] * 4
    print_fit(posterior)
    assert capsys.readouterr().out.splitlines()[-1] == repr(given)
    assert describe_fit(exact_posterior)["effective_judges"] is None
    print_fit(exact_posterior)
    assert "independent" not in capsys.readouterr().out
