"""ARCHITECTURE.md shows the house as it is."""

from __future__ import annotations

import re

from support.house import PACKAGE, ROOT, inner_imports, layers, level, room_of

TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def uses() -> dict[str, set[str]]:
    """For each room those it imports from."""
    found: dict[str, set[str]] = {room: set() for room in set().union(*layers())}
    for each in inner_imports():
        source, target = room_of(each.source), room_of(each.target)
        if source and source != target:
            found[source].add(target)
    return found


def drawn() -> set[tuple[str, str]]:
    return set(re.findall(r"^  (\w+) --> (\w+)$", TEXT, re.M))


def reached(graph: dict[str, set[str]], room: str) -> set[str]:
    return graph[room].union(*(reached(graph, below) for below in graph[room]))


def test_the_arrows_are_the_imports_that_do_not_follow_from_others():
    graph = uses()
    needed = {
        (room, below)
        for room in graph
        for below in graph[room]
        if not any(below in reached(graph, other) for other in graph[room] - {below})
    }
    assert drawn() == needed


def test_the_arrows_go_down_the_layers_of_the_import_rules():
    assert all(level(room) > level(below) for room, below in drawn())


def test_every_room_has_its_line_and_no_other():
    named = re.findall(r"^\| (`[^|]+`) \|", TEXT, re.M)
    listed = {name.rstrip("/") for line in named for name in re.findall(r"`([\w./]+)`", line)}
    packages = {
        str(path.parent.relative_to(PACKAGE))
        for path in PACKAGE.rglob("__init__.py")
        if path.parent not in (PACKAGE, PACKAGE / "show")
    }
    assert listed == packages | {"defaults.py"}


def test_files_that_the_text_names_exist():
    for name in re.findall(r"`((?:tests|docs|trust_router)/[\w./]+)`", TEXT):
        assert (ROOT / name).exists(), name
