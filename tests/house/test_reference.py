"""The API reference: one page a room, every public name on one of them, what users call first."""

from __future__ import annotations

import importlib
import inspect
import re

import pytest
from support.house import ROOT, layers

import trust_router as tr

PAGES = sorted(path for path in ROOT.joinpath("docs", "api").glob("*.md") if path.stem != "index")
DIRECTIVE = re.compile(r"^\.\. auto(\w+):: (\S+)$", re.M)
NAMESPACES = [name for name in dir(tr) if inspect.ismodule(getattr(tr, name))]


def documented(page) -> list[str]:
    return [found[1] for found in DIRECTIVE.findall(page.read_text(encoding="utf-8"))]


def resolved(name: str):
    """What stands under a dotted name, by attributes or as a module of its own."""
    parts = name.split(".")
    thing = importlib.import_module(parts[0])
    for end, part in enumerate(parts[1:], start=2):
        try:
            thing = getattr(thing, part)
        except AttributeError:
            thing = importlib.import_module(".".join(parts[:end]))
    return thing


def test_every_room_has_a_page():
    rooms = set().union(*layers()) - {"cli", "defaults"}  # docs/cli.md; at the end of basics
    assert {page.stem for page in PAGES} == rooms
    index = ROOT.joinpath("docs", "api", "index.md").read_text(encoding="utf-8")
    assert all(f"{{doc}}`{page.stem}`" in index for page in PAGES)


def public() -> list:
    names = [getattr(tr, name) for name in dir(tr) if name not in (*NAMESPACES, "__version__")]
    names += [
        getattr(getattr(tr, room), name) for room in NAMESPACES for name in dir(getattr(tr, room))
    ]
    return names


def test_every_public_name_is_documented_once():
    named = [each for each in public() if inspect.isclass(each) or inspect.isfunction(each)]
    written = [resolved(name) for page in PAGES for name in documented(page)]
    assert [each.__name__ for each in named if sum(each is one for one in written) != 1] == []


def test_every_public_function_shows_an_example():
    called = [each for each in public() if inspect.isfunction(each)]
    called += [
        getattr(tr.logs, name)
        for name in dir(tr.logs)
        if not inspect.isclass(getattr(tr.logs, name))
    ]
    assert [each for each in called if callable(each) and ">>> " not in (each.__doc__ or "")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_functions_come_first_in_each_section(page):
    for block in re.findall(r"^```\{eval-rst\}$(.*?)^```$", page.read_text("utf-8"), re.M | re.S):
        kinds = [kind in ("function", "data") for kind, _ in DIRECTIVE.findall(block)]
        assert kinds == sorted(kinds, reverse=True), block


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_opens_with_what_users_call(page):
    first = resolved(documented(page)[0])
    assert inspect.isclass(first) or inspect.isfunction(first)


def test_the_reference_is_in_the_order_of_the_story():
    index = ROOT.joinpath("docs", "api", "index.md").read_text(encoding="utf-8")
    story = "inputs learning judges categories decisions insight evaluation show examples basics"
    assert re.findall(r"^(\w+)$", index, re.M) == story.split()
