"""The sources that PyTensor generates for compiled functions: kept while the process lives."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from tempfile import TemporaryDirectory

import pytensor

from trust_router.basics.words import plain

__all__ = ["passing_sources"]

_lock = threading.Lock()
_inside = 0
_setting = ExitStack()


@contextmanager
def passing_sources() -> Iterator[None]:
    """Let what is compiled inside leave no file behind when the process ends.

    Tracebacks and Numba read the sources, so they stay until then. Left to itself PyTensor writes
    each of them to the system's temporary folder and never removes it. A folder that the user's
    own setting ``generated_src_dir`` names is kept. The setting belongs to the whole process: of
    threads that compile at once the first one sets it and the last one sets it back.

    Raises
    ------
    OSError
        If PyTensor has no folder for what it compiles; names the setting.
    """
    global _inside
    _check_compiledir()
    with _lock:
        if not _inside and not pytensor.config.generated_src_dir:
            _setting.enter_context(pytensor.config.change_flags(generated_src_dir=_folder().name))
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                _setting.close()


def _check_compiledir() -> None:
    """Name the setting where PyTensor cannot write, as in a container without a home."""
    try:
        _ = pytensor.config.compiledir
    except (OSError, RuntimeError, ValueError) as error:
        raise OSError(
            f"PyTensor has no folder for what it compiles ({plain(str(error))}); name one that can "
            "be written, as PYTENSOR_FLAGS=base_compiledir=/tmp/pytensor in the environment"
        ) from None


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="trust_router_")
