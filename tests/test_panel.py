"""A panel means the same in TOML and in Python, and an invalid one says what is wrong and where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trust_router.basics.beta import Beta
from trust_router.examples import example_path
from trust_router.inputs.panel import Judge, Panel, Router, read_panel

TOML = """\
[routers.cheap]
nickname = "the optimist"
price = 0.03
initial_trust = 0.25
judges = { haiku = 0.6, gpt = 0.4 }

[routers.big]
initial_trust = 0.75
judges = { opus = 0.3, haiku = 0.7 }

[judges]
haiku.belief = { alpha = 3, beta = 9 }
gpt.belief = { mean = 0.2, concentration = 5 }
opus.belief = { probability = 0.75, concentration = 8 }
opus.category_beliefs.refund = { alpha = 2, beta = 1 }
"""
PYTHON = Panel(
    [
        Router("cheap", {"haiku": 0.6, "gpt": 0.4}, nickname="the optimist", price=0.03),
        Router("big", {"opus": 0.3, "haiku": 0.7}),
    ],
    [
        Judge("haiku", Beta(3, 9)),
        Judge("gpt", Beta(1, 4)),
        Judge("opus", Beta(6, 2), {"refund": Beta(2, 1)}),
    ],
    {"cheap": 0.25, "big": 0.75},
)
COSTS = "\n[costs]\nsimple = 0.03\ncomplex = 3\n"
DATE = "2020-01-01"


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "panel.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_toml_and_python_declare_the_same_panel(tmp_path):
    assert read_panel(write(tmp_path, TOML)).to_dict() == PYTHON.to_dict()


def test_toml_may_start_with_a_byte_order_mark(tmp_path):
    text = b"\xef\xbb\xbf" + TOML.encode()
    assert read_panel(write(tmp_path, text)).to_dict() == PYTHON.to_dict()


def test_the_order_of_routers_and_judges_is_the_declared_one():
    assert PYTHON.router_names == ("cheap", "big")
    assert PYTHON.judge_names == ("haiku", "gpt", "opus")
    assert PYTHON.seats.labels == ("cheap/haiku", "cheap/gpt", "big/opus", "big/haiku")


def test_seats_carry_router_judge_and_prior_weight():
    seats = PYTHON.seats
    assert seats.router.tolist() == [0, 0, 1, 1]
    assert seats.judge.tolist() == [0, 1, 2, 0]
    np.testing.assert_allclose(seats.within, [0.6, 0.4, 0.3, 0.7], rtol=1e-15)
    np.testing.assert_allclose(seats.weight, [0.15, 0.1, 0.225, 0.525], rtol=1e-15)
    np.testing.assert_allclose(seats.sum_by_router(seats.weight), PYTHON.share, rtol=1e-15)
    assert PYTHON.router_seats("big").tolist() == [2, 3]


def test_sum_by_router_sums_every_row():
    values = np.arange(8.0).reshape(2, 4)
    assert PYTHON.seats.sum_by_router(values).tolist() == [[1, 5], [9, 13]]


def test_initial_trust_is_equal_unless_stated():
    panel = Panel([Router(name, {"h": 1}) for name in "abc"])
    np.testing.assert_allclose(panel.share, 1 / 3, rtol=1e-15)


@pytest.mark.parametrize(
    "belief",
    [
        "{ alpha = 3, beta = 9 }",
        "{ alpha = 3.0, beta = 9.0 }",
        "{ mean = 0.25, concentration = 12 }",
        "{ probability = 0.25, concentration = 12 }",
        "{ concentration = 12, mean = 0.25 }",
    ],
)
def test_every_form_of_a_belief_is_the_same_belief(tmp_path, belief):
    text = TOML.replace("{ alpha = 3, beta = 9 }", belief)
    assert read_panel(write(tmp_path, text)).judges[0].belief == Beta(3, 9)


def test_weights_rounded_in_the_seventh_digit_are_made_to_sum_to_one():
    router = Router("a", {"x": 0.3333333, "y": 0.3333333, "z": 0.3333333})
    assert sum(router.judges.values()) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(
    "panel",
    [PYTHON, read_panel(example_path("panel.toml")), Panel([Router("r", {"j": 1})])],
    ids=["with category beliefs", "seed", "silent"],
)
def test_a_panel_survives_the_round_trip_to_plain_data(panel):
    again = Panel.from_dict(panel.to_dict())
    assert again.to_dict() == panel.to_dict()
    assert again.judges == panel.judges
    np.testing.assert_allclose(again.seats.weight, panel.seats.weight, rtol=1e-15)


def test_a_panel_cannot_be_changed_afterwards():
    with pytest.raises(TypeError, match="does not support item assignment"):
        PYTHON.routers[0].judges["haiku"] = 1.0
    with pytest.raises(TypeError, match="does not support item assignment"):
        PYTHON.initial_trust["cheap"] = 1.0


def test_a_table_of_costs_is_left_to_read_costs(tmp_path):
    assert read_panel(write(tmp_path, TOML + COSTS)).to_dict() == PYTHON.to_dict()


SUM = "must sum to 1; got 1.1 "
POSITIVE = "judge weights of router 'cheap' must be positive numbers; got {} for 'haiku'"
GPT = "gpt.belief = { mean = 0.2, concentration = 5 }"
PLACED = "for judge 'haiku'"
GIVEN = "`initial_trust` must be given for every router or for none; got none for router "


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("haiku = 0.6", "haiku = 0.7", f"judge weights of router 'cheap' {SUM}.*haiku 0.7"),
        ("haiku = 0.6", "haiku = 0", POSITIVE.format(0)),
        ("haiku = 0.6", "haiku = -0.6", POSITIVE.format(-0.6)),
        ("haiku = 0.6", "haiku = nan", POSITIVE.format("nan")),
        ("haiku = 0.6", "haiku = inf", POSITIVE.format("inf")),
        ("haiku = 0.6", "haiku = true", POSITIVE.format("True")),
        ("haiku = 0.6", "haiku = '0.6'", POSITIVE.format("'0.6'")),
        ("haiku = 0.6", f"haiku = {DATE}", "'cheap' must be positive numbers; got datetime.date"),
        ("haiku = 0.6, gpt = 0.4", "", "router 'cheap' has no judges; name at least one"),
        ("{ haiku = 0.6, gpt = 0.4 }", "['haiku']", "`judges` of router 'cheap' must map judges"),
        ("haiku = 0.6", "'' = 0.6", "(?=.*'cheap').*must have a non-empty name; got ''"),
        ("alpha = 3,", "alpha = 0,", f"`alpha` must be positive; got 0 {PLACED}"),
        ("alpha = 3,", "alpha = -0.2,", f"`alpha` must be positive; got -0.2 {PLACED}"),
        ("beta = 9", "beta = nan", f"`beta` must be finite; got nan {PLACED}"),
        ("alpha = 3,", "alpha = inf,", f"`alpha` must be finite; got inf {PLACED}"),
        ("alpha = 3,", "alpha = true,", f"`alpha` must be a number; got True {PLACED}"),
        ("alpha = 3,", "alpha = '3',", f"`alpha` must be a number; got '3' {PLACED}"),
        ("alpha = 3,", "alfa = 3,", "belief of judge 'haiku' must have the keys {alpha, beta} or"),
        ("alpha = 3,", "mean = 0.3,", r"belief of judge 'haiku'.*got \['beta', 'mean'\]"),
        ("{ alpha = 3, beta = 9 }", "3", "belief of judge 'haiku' must be a table; got 3"),
        ("mean = 0.2", "mean = 1.2", "`mean` must lie strictly.*got 1.2 for judge 'gpt'"),
        ("probability = 0.75", "probability = 0", "`probability` must lie.*0 for judge 'opus'"),
        ("concentration = 5", "concentration = 0", "`concentration` must be positive.*'gpt'"),
        ("concentration = 5", "concentration = 1e-6", "`concentration`.*for judge 'gpt'"),
        ("alpha = 2,", "alpha = -2,", "got -2 for judge 'opus' in category 'refund'"),
        ("gpt.belief", "gtp.belief", "judge 'gtp' is declared but sits in no router"),
        (GPT, "", "judge 'gpt' of router 'cheap' has no belief; state one for every judge, or"),
        ("gpt.belief", "gpt.believes", r"unknown key 'believes' in \[judges.gpt\]; allowed are"),
        ("nickname", "nick_name", r"unknown key 'nick_name' in \[routers.cheap\]; allowed are"),
        ("[judges]", "[judge]", "unknown key 'judge' in panel; allowed are"),
        ('"the optimist"', "7", "`nickname` of router 'cheap' must be text; got 7"),
        ("price = 0.03", "price = -1", "`price` of router 'cheap' must be a number of 0 or more"),
        ("price = 0.03", "price = nan", "`price` of router 'cheap' must be .* got nan"),
        ("initial_trust = 0.25", "", f"{GIVEN}'cheap'"),
        ("initial_trust = 0.25", "initial_trust = 0", "`initial_trust` of .*got 0 for 'cheap'"),
        ("initial_trust = 0.25", "initial_trust = 0.35", f"`initial_trust` of routers {SUM}"),
        ("[routers.big]", "[routers.cheap]", "is not valid TOML: .*twice"),
    ],
)
def test_an_invalid_file_is_refused_with_what_is_wrong_and_where(tmp_path, old, new, message):
    assert TOML.count(old) == 1
    path = write(tmp_path, TOML.replace(old, new))
    with pytest.raises(ValueError, match=f"^panel.toml.*{message}"):
        read_panel(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "panel.toml: a panel needs at least one router; got none"),
        ("routers = 3", r"panel.toml: \[routers\] must be a table; got 3"),
        ("routers.a = 3", r"panel.toml: \[routers.a\] must be a table; got 3"),
        ("[routers.a]", "panel.toml: router 'a' has no judges; name at least one"),
        ("x = ", "panel.toml is not valid TOML: .*"),
        (b"\xff\xfe\x00", "panel.toml is not valid TOML: .*can't decode byte"),
        ("x = " + "[" * 100_000, "panel.toml is not valid TOML: it nests too deeply"),
        ("x = 1" + "0" * 5000, "panel.toml is not valid TOML: .*limit"),
    ],
    ids=range(8),
)
def test_a_file_without_a_panel_is_refused(tmp_path, text, message):
    with pytest.raises(ValueError, match=message):
        read_panel(write(tmp_path, text))


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no panel file '.*nowhere.toml'"):
        read_panel(tmp_path / "nowhere.toml")
    with pytest.raises(ValueError, match="is a folder; name a TOML file"):
        read_panel(tmp_path)


A, B, H = Router("a", {"h": 1}), Router("b", {"h": 1}), Judge("h", Beta(1, 1))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Panel([]), "a panel needs at least one router; got none"),
        (lambda: Panel([A, B, A]), "router names must be unique; 'a' is used twice"),
        (lambda: Panel([A], [H, H]), "judge names must be unique; 'h' is used twice"),
        (lambda: Panel([A], [Judge("z")]), "judge 'z' is declared but sits in no router"),
        (lambda: Panel([A, B], [], {"a": 1}), f"{GIVEN}'b'"),
        (lambda: Panel([A], [], {"a": 1, "c": 1}), "names the unknown router 'c'; routers are a"),
        (lambda: Panel([A], [], {"a": True}), "must be positive numbers; got True for 'a'"),
        (lambda: Panel(["a"]), "must be a Router; got 'a'"),
        (lambda: Panel([A], ["h"]), "must be a Judge; got 'h'"),
        (lambda: Judge(" "), "judge must have a non-empty name; got ' '"),
        (lambda: Judge("h", (3, 9)), r"belief of judge 'h' must be a Beta; got \(3, 9\)"),
        (lambda: Judge("h", None, {"c": 3}), "judge 'h' in category 'c' must be a Beta; got 3"),
        (lambda: Judge("h", None, {"": Beta(1, 1)}), "category.*judge 'h'"),
        (lambda: Judge("h", None, {7: Beta(1, 1)}), "category.*judge 'h'"),
        (lambda: Judge("h", None, None), "`category_beliefs` of judge 'h' must map .*; got None"),
        (lambda: Judge("h\0"), r"judge must have a name without control .*; got 'h\\x00'"),
        (lambda: Judge("h", None, {"c\x1b": Beta(1, 1)}), "category.*judge 'h'.*without control"),
        (lambda: Router("a\x7f", {"h": 1}), "router must have a name without control"),
        (lambda: Router("a", {"h\ud800": 1}), "router 'a' must have a name without control"),
        (lambda: Router("a", {"h": 1}, nickname="\0"), "`nickname` of router 'a' must not hold"),
        (lambda: Router(3, {"h": 1}), "router must have a non-empty name; got 3"),
        (lambda: Router("a", ["h"]), r"`judges` of router 'a' must map judges.*got \['h'\]"),
        (lambda: PYTHON.router_seats("z"), "unknown router 'z'; the panel has cheap, big"),
    ],
)
def test_an_invalid_declaration_in_python_is_refused(build, message):
    with pytest.raises((ValueError, TypeError), match=message):
        build()
