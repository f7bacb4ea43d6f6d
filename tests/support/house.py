"""The package as its source reads: modules, what they import, how long their functions are."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import trust_router

PACKAGE = Path(trust_router.__file__).parent
ROOT = PACKAGE.parent
NAME = PACKAGE.name


@dataclass(frozen=True)
class Import:
    """One name that a module imports, wherever in it that is written."""

    source: str
    target: str
    line: int
    at_top: bool

    def __str__(self) -> str:
        return f"{self.source}:{self.line} imports {self.target}"


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    path: Path

    @property
    def name(self) -> str:
        parts = (NAME, *self.path.relative_to(PACKAGE).with_suffix("").parts)
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def room(self) -> str:
        """``learning`` for ``trust_router.learning.models.seed``, empty for the package."""
        return room_of(self.name)

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def imports(self) -> Iterator[Import]:
        top = set(map(id, self.tree.body))
        for node in ast.walk(self.tree):
            for target in _targets(node):
                yield Import(self.name, target, node.lineno, id(node) in top)  # type: ignore[attr-defined]

    @property
    def functions(self) -> Iterator[tuple[str, int]]:
        """Names of functions and methods, with the lines of their bodies without docstring."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[ast.get_docstring(node) is not None :]
                yield node.name, body[-1].end_lineno - body[0].lineno + 1 if body else 0


def room_of(name: str) -> str:
    """Room of a module, by its name."""
    return [*name.split("."), ""][1]


@cache
def modules() -> tuple[Module, ...]:
    """Give all modules of the package."""
    return tuple(Module(path) for path in sorted(PACKAGE.rglob("*.py")))


@cache
def names() -> frozenset[str]:
    """Give the names of all modules and packages."""
    return frozenset(module.name for module in modules())


def imports() -> list[Import]:
    """Give all imports of the package, those for types and inside functions too."""
    return [each for module in modules() for each in module.imports]


def inner_imports() -> list[Import]:
    """Give the imports of one module of the package by another."""
    return [each for each in imports() if room_of(f"{each.target}.") and each.target in names()]


@cache
def layers() -> tuple[frozenset[str], ...]:
    """Rooms as the import rules of pyproject.toml list them, the lowest first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    listed = next(each["layers"] for each in contracts if each["id"] == "rooms")
    return tuple(frozenset(layer.split(" | ")) for layer in reversed(listed))


def level(room: str) -> int:
    """How high a room stands: it may import from those that stand lower."""
    return next(at for at, layer in enumerate(layers()) if room in layer)


def _targets(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = node.module or ""
        whole = [f"{base}.{alias.name}" for alias in node.names]
        return [each if each in names() else base for each in whole]
    return []
