"""A panel means the same in TOML and in Python, and an invalid one says what is wrong and where."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from support.panels import PYTHON, TOML

from trust_router.basics.beta import Beta
from trust_router.inputs.reading.panels import read_panel

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


DOTTED = "a name with a dot must be quoted in TOML"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[routers.r]\njudges = { gpt-5.5 = 1.0 }", f'{DOTTED}: "gpt-5.5"'),
        ("[routers.r]\njudges = { m-3.5.1 = 1.0 }", f'{DOTTED}: "m-3.5.1"'),
        (
            '[routers.r]\njudges = { "gpt-5.5" = 1 }\n[judges]\ngpt-5.5.belief = { alpha = 1 }',
            f'{DOTTED}: "gpt-5.5"',
        ),
        ("[routers.gpt-4.1-router]\njudges = { a = 1.0 }", f'{DOTTED}: "gpt-4.1-router"'),
        (
            "[routers.r]\njudges = { a = 1 }\n[judges.a.category_beliefs]\nv1.2 = { alpha = 1 }",
            DOTTED,
        ),
        ("[routers.r]\njudges = { openai/gpt-4o = 1.0 }", 'must be quoted: "openai/gpt-4o"'),
        ("[routers.r]\njudges = { m-3.5:beta = 1.0 }", 'must be quoted: "m-3.5:beta"'),
        ("[routers.a/b]\njudges = { m = 1.0 }", 'must be quoted: "a/b"'),
    ],
)
def test_a_name_that_toml_cuts_gets_the_hint_to_quote_it(tmp_path, text, hint):
    with pytest.raises(ValueError, match=f"{hint}$"):
        read_panel(write(tmp_path, text))


@pytest.mark.parametrize(
    "text",
    ["[routers.r]\njudge = { a = 1.0 }", "[routers.r]\nnick = 'x'", "x = ", "[routers.r]\n= 1"],
)
def test_other_mistakes_get_no_hint_of_quoting(tmp_path, text):
    with pytest.raises(ValueError, match=r"^panel\.toml") as caught:
        read_panel(write(tmp_path, text))
    assert "quoted" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * 30_000) + " = 1",
        "[" + ".".join("a" * 30_000) + "]",
        "x = { " + " . ".join("a" * 30_000) + " = 1 }",
        "[[" + ".".join('"a"' for _ in range(30_000)) + "]]",
        "x = " + "{a=" * 30_000,
        "x = " + "[" * 30_000 + "]" * 30_000,
    ],
    ids=["key", "table", "inline", "array", "braces", "brackets"],
)
def test_absurd_nesting_is_refused_fast(tmp_path, text):
    path = write(tmp_path, text)
    start = time.perf_counter()
    with pytest.raises(ValueError, match=r"^panel\.toml is not valid TOML: it nests too deeply"):
        read_panel(path)
    assert time.perf_counter() - start < 2


def test_many_points_that_cut_no_key_are_no_nesting(tmp_path):
    text = TOML.replace('"the optimist"', '"the optimist' + "." * 50 + '"  # ' + "." * 50)
    assert read_panel(write(tmp_path, text)).routers[0].nickname.endswith("....")


def test_names_are_read_in_the_form_of_tables(tmp_path):
    text = '[routers.r]\njudges = { "Zu\u0308rich\u200b" = 1.0 }'
    assert read_panel(write(tmp_path, text)).judge_names == ("Zürich",)
    text = '[routers.r]\njudges = { "a" = 0.5, "a\u200b" = 0.5 }'
    with pytest.raises(ValueError, match=r"panel\.toml: 'judges' of .* look the same, 'a'"):
        read_panel(write(tmp_path, text))


def test_a_path_of_a_thousand_letters_is_cut():
    with pytest.raises(ValueError, match="cannot be read: File name too long") as caught:
        read_panel("x" * 1000 + ".toml")
    assert len(str(caught.value)) < 600
