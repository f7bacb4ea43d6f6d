"""Every result shows itself: a readable line or table, and a table in a notebook."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
from functools import cache

import pytest
from support.house import NAME, PACKAGE

DOORS = [
    ".".join((NAME, *path.parent.relative_to(PACKAGE).parts))
    for path in sorted(PACKAGE.rglob("__init__.pyi"))
]


def doors() -> list[object]:
    modules = [importlib.import_module(door) for door in DOORS]
    return [getattr(module, name) for module in modules for name in dir(module)]


def given_by(function) -> list[type]:
    """Classes that a function says it returns; annotations are texts."""
    words = re.findall(r"\w+", str(function.__annotations__.get("return", "")))
    named = [
        vars(inspect.getmodule(function)).get(word) or every_class().get(word) for word in words
    ]
    return [each for each in named if inspect.isclass(each)]


@cache
def every_class() -> dict[str, type]:
    found: dict[str, type] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if "cli" in parts or path.stem.startswith("__"):
            continue
        module = importlib.import_module(".".join((NAME, *parts)))
        found |= {
            name: each
            for name, each in vars(module).items()
            if inspect.isclass(each) and each.__module__ == module.__name__
        }
    return found


def results() -> list[type]:
    """Dataclasses that doors show, and those that their functions and methods give."""
    seen: set[object] = set()
    todo = [each for each in doors() if inspect.isclass(each) or inspect.isfunction(each)]
    while todo:
        each = todo.pop()
        if each in seen or not each.__module__.startswith(NAME):
            continue
        seen.add(each)
        if inspect.isclass(each):
            todo += [found for member in public(each) for found in given_by(member)]
        else:
            todo += given_by(each)
    found = [each for each in seen if inspect.isclass(each) and dataclasses.is_dataclass(each)]
    return sorted(found, key=lambda each: f"{each.__module__}.{each.__name__}")


def public(each: type) -> list[object]:
    """Functions behind the methods and properties of a class."""
    members = [value for name, value in inspect.getmembers(each) if not name.startswith("_")]
    bare = [getattr(member, "fget", None) or getattr(member, "func", member) for member in members]
    return [member for member in bare if inspect.isfunction(member)]


RESULTS = results()


def test_the_walk_finds_them():
    names = {each.__name__ for each in RESULTS}
    assert {"Panel", "Posterior", "Savings", "Prediction", "Diagnostics", "Change"} <= names
    assert len(RESULTS) > 50


@pytest.mark.parametrize("result", RESULTS, ids=lambda each: each.__name__)
def test_a_result_is_no_wall(result):
    made_by_dataclass = hasattr(result.__repr__, "__wrapped__")
    assert not made_by_dataclass, "derive it from `Shown` and give `@dataclass(repr=False)`"
    assert hasattr(result, "_repr_html_") or hasattr(result, "_repr_markdown_")
