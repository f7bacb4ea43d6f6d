"""Panels from TOML files."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from trust_router.basics.characters import canonical
from trust_router.basics.checks import repeated
from trust_router.inputs.panel import Panel
from trust_router.inputs.reading.looks import check_file, looks_like, reason

__all__ = ["read_panel", "read_toml"]

_MOST_PARTS = 20  # of a dotted key
_MOST_LETTERS = 500  # of a line that is searched for what is wrong with it
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_BETWEEN_KEYS = re.compile(r"[=,{}\[\]]")
_KEY = re.compile(r"([^\s={},\[\]]+)\s*=")
_HEADER = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]")
_TABLE = re.compile(r"^(routers|judges)\.")
_BARE = re.compile(r"[A-Za-z0-9_.-]*")


def read_panel(path: str | Path) -> Panel:
    """Read a panel from a TOML file.

    Parameters
    ----------
    path : path
        File with a table ``[routers.NAME]`` for each router (``judges``, and optionally
        ``nickname``, ``initial_trust``, ``price``) and ``[judges]`` with what each judge believes:
        ``NAME.belief = { alpha = 3, beta = 9 }``, or ``{ mean = 0.25, concentration = 12 }``, or
        ``{ probability = 0.25, concentration = 12 }``; per category in ``NAME.category_beliefs``.
        ``NAME.by_ticket = true`` marks a judge whose beliefs about tickets come in a table, and
        ``NAME.llm = { model = "openai:gpt-4o-mini", way = "probability" }`` one that `ask` asks;
        its keys are the parameters of `LLM`. A table ``[prices]`` is for `read_prices`.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not TOML, or declares no valid panel; the message says what and where.

    Examples
    --------
    >>> from trust_router.examples import example_path
    >>> read_panel(example_path("panel.toml")).router_names
    ('simple', 'medium', 'complex')
    """
    path = Path(path)
    data = read_toml(path)
    try:
        return Panel.from_dict(_canonical(data, "panel"), str(path.parent))
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None


def read_toml(path: str | Path, what: str = "panel") -> dict[str, Any]:
    """Parse a TOML file; what is wrong with it is said in one sentence."""
    path = Path(path)
    check_file(path, what, "a TOML file")
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        _check_depth(text)
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError(f"{path.name} is not valid TOML: it nests too deeply") from None
    except ValueError as error:  # also one of a number with thousands of digits
        hint = _quoting(text, str(error)) or looks_like(path)
        raise ValueError(
            f"{path.name} is not valid TOML: {reason(error)}{f'; {hint}' if hint else ''}"
        ) from None


def _check_depth(text: str) -> None:
    """Refuse keys of very many parts, for which the parser takes minutes."""
    for row, line in enumerate(text.splitlines(), start=1):
        if line.count(".") <= _MOST_PARTS:
            continue
        bare = _QUOTED.sub("", line).partition("#")[0]
        if any(part.count(".") > _MOST_PARTS for part in _BETWEEN_KEYS.split(bare)):
            raise ValueError(f"it nests too deeply (at line {row})")


def _quoting(text: str, error: str) -> str:
    """Say that a name must be quoted, where the parser stops at one that has other signs."""
    place = re.search(r"at line (\d+)", error)
    lines = text.splitlines()
    if place is None or int(place[1]) > len(lines):
        return ""
    line = lines[int(place[1]) - 1]
    if len(line) > _MOST_LETTERS:
        return ""
    line = _QUOTED.sub("", line).partition("#")[0]
    found = [*_KEY.findall(line), *_HEADER.findall(line)]
    wrong = [_TABLE.sub("", name) for name in found if not _BARE.fullmatch(name)]
    if not wrong:
        return ""
    return f'names with other signs than A-Z, a-z, 0-9, - and _ must be quoted: "{wrong[0]}"'


def _canonical(value: Any, place: str) -> Any:
    """Give names in the form in which tables are read."""
    if not isinstance(value, dict):
        return value
    names = {key: canonical(key) for key in value}
    if len(set(names.values())) < len(names):
        twice = repeated(list(names.values()))
        raise ValueError(f"{place} has two names that look the same, {twice!r}")
    return {name: _canonical(value[key], f"{key!r} of {place}") for key, name in names.items()}
