"""The sources that PyTensor generates for compiled functions: kept while the process lives."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from tempfile import TemporaryDirectory

import pytensor

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
    """
    global _inside
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


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="trust_router_")
