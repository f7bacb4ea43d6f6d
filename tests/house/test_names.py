"""Notebooks, benchmarks and texts name only what is there; running them all takes long."""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections.abc import Iterator
from types import ModuleType

import pytest
from support.house import NAME, ROOT

import trust_router as tr

WRITTEN = [
    *sorted(ROOT.joinpath("notebooks").glob("*.ipynb")),
    *sorted(ROOT.joinpath("benchmarks").rglob("*.py")),
    *sorted(ROOT.joinpath("docs").rglob("*.md")),
    *sorted(ROOT.joinpath("docs").glob("*.py")),
    ROOT / "README.md",
]


def code(path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield text
    elif path.suffix == ".md":
        yield from re.findall(r"`(tr\.\w[\w.]*\w)", text)
    else:
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "code":
                yield re.sub(r"^[%!].*$", "", "".join(cell["source"]), flags=re.M)


def dotted(node: ast.AST) -> list[str]:
    """``["tr", "plots", "trust"]`` for the expression ``tr.plots.trust``, else nothing."""
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return [*before, node.attr]
    return []


def is_there(owner: ModuleType, name: str) -> bool:
    if hasattr(owner, name):
        return True
    try:
        importlib.import_module(f"{owner.__name__}.{name}")
    except ModuleNotFoundError:
        return False
    return True


def unknown(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        first, *names = dotted(node) or [""]
        owner = tr
        while first == "tr" and names and isinstance(owner, ModuleType):
            name = names.pop(0)
            if not is_there(owner, name):
                yield f"{owner.__name__}.{name}"
                break
            owner = getattr(owner, name)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == NAME:
            module = importlib.import_module(node.module)
            yield from (
                f"{node.module}.{each.name}"
                for each in node.names
                if not is_there(module, each.name)
            )


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_names_are_there(path):
    assert [name for source in code(path) for name in unknown(source)] == []
