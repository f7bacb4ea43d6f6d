"""Which files a result was made from, and those files found again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from trust_router.basics.words import plain
from trust_router.cli.inputs import Files
from trust_router.inputs.origin import found_again, origin

__all__ = ["changed", "files_again", "origin_of"]

# Fields that name files; the others say how to read them.
FILES = ("panel", "outcomes", "beliefs", "categories_file")


def origin_of(files: Files) -> dict[str, Any]:
    """Give what a command was given to read, as JSON can hold it: names, hashes, how to read.

    What is no file, such as a table in a database, is not named: it may hold a password.
    """
    held: dict[str, Any] = {}
    for name, value in _given(files):
        if name not in FILES:
            held[name] = list(value) if isinstance(value, (list, tuple)) else value
        else:
            held[name] = origin(value) if Path(value).is_file() else {}
    return held


def files_again(held: Mapping[str, Any], beside: Path, given: Mapping[str, Any]) -> Files | None:
    """Find the files that were read, from here or beside a file; those given go before.

    Returns
    -------
    Files or None
        None where no files are known.

    Raises
    ------
    ValueError
        If one is not there.
    """
    found: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    known = {field.name for field in fields(Files)}
    if not held and not found:
        return None
    for name, value in held.items():
        if name not in known or name in found:
            continue
        if name not in FILES:
            found[name] = value
            continue
        what = _named(name)
        if not value:
            raise ValueError(f"the {what} were read from no file; say with --{what} from where")
        place = found_again(str(value["path"]), beside)
        if place is None:
            raise ValueError(
                f"there is no file {plain(str(value['path']))} here or beside {beside.name}; say "
                f"with --{what} where it is"
            )
        found[name] = place
    return Files(**found)


def changed(held: Mapping[str, Any], files: Files) -> list[str]:
    """Say which files do not hold what they held."""
    said = []
    for name, value in _given(files):
        then = held.get(name)
        if name in FILES and then and Path(value).is_file():
            now = origin(value)["sha256"]
            if now != then["sha256"]:
                said.append(
                    f"{Path(value).name} is another file than the {_named(name)} then: its "
                    f"SHA-256 is {now[:12]}..., and was {str(then['sha256'])[:12]}..."
                )
    return said


def _given(files: Files) -> list[tuple[str, Any]]:
    held = [(field.name, getattr(files, field.name)) for field in fields(files)]
    return [(name, value) for name, value in held if value]


def _named(field: str) -> str:
    """Name what a file holds, as the option does that says where it is."""
    return field.removesuffix("_file")
