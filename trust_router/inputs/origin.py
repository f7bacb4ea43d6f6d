"""Which file something was read from: its name as it was given, and a hash of what is in it."""

from __future__ import annotations

import hashlib
from pathlib import Path

__all__ = ["found_again", "origin", "stated_path"]


def origin(path: str | Path) -> dict[str, str]:
    """Give the name of a file and the SHA-256 of its content.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    """
    with Path(path).open("rb") as file:
        return {
            "path": stated_path(path),
            "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
        }


def stated_path(path: str | Path) -> str:
    """Give a path as it was given; of an absolute one what lies below this folder, or the name.

    What others read holds nothing of how folders of this machine are called.

    Examples
    --------
    >>> stated_path("data/outcomes.csv"), stated_path("/home/somebody/outcomes.csv")
    ('data/outcomes.csv', 'outcomes.csv')
    """
    path = Path(path)
    if not path.is_absolute():
        return path.as_posix()
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.name


def found_again(stated: str, beside: Path) -> Path | None:
    """Find a file by the path that was stated: from here, or from the folder of another file."""
    if Path(stated).is_absolute():
        return None  # never stated so
    places = (Path(stated), beside.parent / stated)
    return next((place for place in places if place.is_file()), None)
