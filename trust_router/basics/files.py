"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from trust_router.basics.checks import shown_path

__all__ = ["check_writable", "write_text", "write_whole"]


def write_whole(path: str | Path, write: Callable[[Path], object]) -> Path:
    """Write a file beside its place and put it there when it is complete.

    An older file keeps its content until then, and its permissions. If ``path`` is a link, what it
    points to is replaced.

    Parameters
    ----------
    path : path
        File to be written.
    write : callable
        Writes to the path that it is given.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    OSError
        If the file cannot be written; says why, of ``path``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = write_whole(f"{folder}/note.txt", lambda file: file.write_text("whole"))
    ...     path.read_text()
    'whole'
    """
    path = Path(path)
    with _partial(path) as (partial, target):
        write(partial)
        if target.exists():
            partial.chmod(target.stat().st_mode)
        partial.replace(target)
    return path


def write_text(path: str | Path, text: str) -> Path:
    """Write text to a file, whole or not at all; see `write_whole`."""
    return write_whole(path, lambda file: file.write_text(text, encoding="utf-8"))


def check_writable(path: str | Path) -> Path:
    """Refuse a file that could not be written, before time is spent on what goes into it.

    An empty file is put beside its place for a moment: rights alone do not tell.

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    OSError
        If the file cannot be written; says why.
    """
    path = Path(path)
    with _partial(path) as (partial, target):
        target.exists()  # a name that is too long is no error of the one beside it
        partial.touch(exist_ok=False)
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return path


def _check_replaceable(target: Path) -> None:
    if target.exists() and not target.is_file():
        raise OSError("it is there and is no file")


@contextmanager
def _partial(path: Path) -> Iterator[tuple[Path, Path]]:
    """Give a name beside what a path points to, and that; of the former nothing is left."""
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {shown_path(path.parent)} to save into")
    partial: Path | None = None
    try:
        target = Path(os.path.realpath(path))
        _check_replaceable(target)
        # Of a name of its own: two that write at once do not write into each other's file.
        partial = target.with_name(f".{secrets.token_hex(8)}.partial")
        yield partial, target
    except OSError as error:
        reason = str(error) if error.errno is None else os.strerror(error.errno)
        raise OSError(f"{shown_path(path)} cannot be written: {reason}") from None
    finally:
        if partial is not None:
            with suppress(OSError):
                partial.unlink()
