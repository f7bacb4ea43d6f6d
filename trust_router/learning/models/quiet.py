"""PyMC without its running commentary, and without the warnings that our models bring about."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pymc as pm

from trust_router.learning.models.generated import passing_sources

__all__ = ["quiet_pymc"]


_turn = {"lock": threading.RLock()}


def _forget_the_turn() -> None:
    """Start anew in a forked process: whoever had the turn is not in it."""
    _turn["lock"] = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_the_turn)


@contextmanager
def quiet_pymc() -> Iterator[None]:
    """Mute PyMC's running commentary, and warnings that are to be expected of our models.

    One thread at a time: loggers, filters of warnings, PyTensor's settings and the data of a model
    belong to all threads. What takes the time, sampling with nutpie, goes on beside it.
    """
    with _turn["lock"], _quietly():
        yield


@contextmanager
def _quietly() -> Iterator[None]:
    logger = logging.getLogger("pymc")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings(), passing_sources():
            # Prior draws are our own functions, called in numba's object mode; fast enough.
            warnings.filterwarnings("ignore", message=".*object mode", category=UserWarning)
            warnings.filterwarnings("ignore", category=pm.exceptions.ImplicitFreezeWarning)
            yield
    finally:
        logger.setLevel(level)
